"""A list is taken back as a whole: whoever came with it and on whom nobody has worked since leaves no trace."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.enrolment.models import Enrolled, Enrolment, State
from wangge.domain.enrolment.services import steps
from wangge.domain.register.models import (
    CareNeed,
    Correction,
    Detail,
    Grant,
    Household,
    Merge,
    Resident,
    Tenancy,
)
from wangge.domain.register.services.erasing import delete_residents
from wangge.domain.sheets import steps as sheets
from wangge.platform import clock
from wangge.platform.errors import Invalid

HOUSEHOLDS = 500
UNDO = System("enrolment undone")
# What somebody hung on a resident since.
_HANGING: tuple[tuple[Any, str], ...] = (
    (CareNeed, "resident"),
    (Detail, "resident"),
    (Grant, "resident"),
    (Correction, "resident"),
    (Merge, "kept"),
    (Merge, "gone"),
    (Resident, "merged_into"),
)


@transaction.atomic
def begin_undo(actor: Actor, enrolment_id: int) -> Enrolment:
    """Let the worker take the list back, paused ones too. Invalid when everybody has been worked on."""
    batch = steps.lock(actor, enrolment_id, State.DONE, State.PAUSED, State.UNDOING)
    if batch.state != State.UNDOING:
        with acting_as(UNDO):
            total = batch.enrolled.count()
            if not total or total == batch.stay_done:
                raise Invalid({"rows": _("没有可以撤回的登记。")})
            batch.rows.all().delete()
            sheets.begin(batch, State.UNDOING, total)
    steps.tell_worker(batch)
    return batch


def undo(enrolment_id: int) -> None:
    """Take back household by household, some hundred in a transaction; it can be killed and goes on."""
    last: int | None = 0
    while last is not None:
        last = _undo_some(enrolment_id, last)


def _undo_some(enrolment_id: int, after: int) -> int | None:
    """The households after this id; the last one's id, None at the end. First those who joined a household."""
    with transaction.atomic(), acting_as(UNDO):
        batch = Enrolment.objects.select_for_update().get(pk=enrolment_id)
        if batch.state != State.UNDOING:
            return None
        came = Enrolled.objects.filter(batch=batch)
        gone = _take_back_joined(came) if not after else 0
        made = came.filter(household__gt=after).order_by("household")
        ids = list(made.values_list("household", flat=True).distinct()[:HOUSEHOLDS])
        gone += _take_back_households(
            ids, set(made.filter(household__in=ids).values_list("resident", flat=True))
        )
        batch.done += gone
        if not ids:
            batch.stay_done, batch.ended_at = came.count(), clock.now()
            batch.state = State.DONE if batch.stay_done else State.UNDONE
        batch.save(update_fields=["done", "stay_done", "ended_at", "state"])
    return ids[-1] if ids else None


def _take_back_joined(came: "QuerySet[Enrolled]") -> int:
    """People whom the list brought into households that were there before (a statement for each table)."""
    residents = Resident.objects.filter(pk__in=came.filter(household__isnull=True).values("resident"))
    people = list(residents.select_for_update())
    worked = _worked_on(people)
    free = [one for one in people if one.pk not in worked]
    delete_residents(free)
    return len(free)


def _take_back_households(ids: Collection[int], came: set[int]) -> int:
    """Households that the list made, when nobody worked on one of their people or added somebody."""
    if not ids:
        return 0
    households = {one.pk: one for one in Household.objects.select_for_update().filter(pk__in=ids)}
    people = list(Resident.objects.select_for_update().filter(household__in=ids))
    worked = _worked_on(people)
    stay = {one.household_id for one in people if one.pk in worked or one.pk not in came}
    stay |= {pk for pk, one in households.items() if one.version}
    stay |= set(Tenancy.objects.filter(household__in=ids).values_list("household", flat=True))
    free = [one for one in people if one.household_id not in stay]
    delete_residents(free)
    Household.objects.filter(pk__in=households.keys() - stay).delete()
    return len(free)


def _worked_on(people: Collection[Resident]) -> set[int]:
    """Who was changed, or on whom something hangs."""
    ids = [one.pk for one in people]
    found = {one.pk for one in people if one.version or one.merged_into_id}
    for model, name in _HANGING:
        found |= set(model.objects.filter(Q(**{f"{name}__in": ids})).values_list(name, flat=True))
    return found
