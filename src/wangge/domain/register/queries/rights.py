"""Grants and corrections as the desk lists them: nobody's data."""

from dataclasses import dataclass

from django.db.models import QuerySet

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.models import User
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.register.models import Correction, Grant
from wangge.domain.register.services.base import keeps
from wangge.platform import clock

MOST_GRANTS = 100


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant: for which case, to whom, by whom, whether it is the reader's own and still runs."""

    grant: Grant
    case: str
    to: str
    by: str
    mine: bool
    runs: bool
    may_end: bool


def my_grants(actor: Actor) -> list[Granted]:
    """Grants to the actor and those of the actor's ring, the newest first (3 statements)."""
    with acting_as(actor):
        rows = list(Grant.objects.select_related("area").order_by("-made_at")[:MOST_GRANTS])
    # Whoever was granted a look for a case may not see the case itself: its number is no secret.
    with acting_as(System("numbers of cases")):
        numbers = dict(Case.objects.filter(pk__in={row.case_id for row in rows}).values_list("pk", "number"))
    ids = {one for row in rows for one in (row.user_id, row.made_by_id) if one}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    now = clock.now()
    return [
        Granted(
            grant=row,
            case=numbers.get(row.case_id, ""),
            to=names.get(row.user_id, ""),
            by=names.get(row.made_by_id or 0, ""),
            mine=row.user_id == actor.user_id,
            runs=(runs := row.ended_at is None and row.until > now),
            may_end=runs and keeps(actor, row.area),
        )
        for row in rows
    ]


def waiting_corrections(actor: Actor) -> "QuerySet[Correction]":
    """Corrections of the actor's ring that wait, the oldest first; for a page of them."""
    waiting = Correction.objects.filter(state=Correction.State.WAITING).defer("proposed")
    found: QuerySet[Correction] = waiting.select_related("area").order_by("made_at", "pk")
    return found
