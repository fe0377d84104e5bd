"""Reads of a member of staff's notices."""

from dataclasses import dataclass

from django.db.models import QuerySet

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.office.models import Mail, Notice

MOST_COUNTED = 200


@dataclass(frozen=True, slots=True)
class Unread:
    """How many notices wait, and the urgent ones among them, newest first."""

    total: int
    urgent: list[Notice]


def unread(actor: Actor) -> Unread:
    """The actor's unread notices, at most MOST_COUNTED of them (1 statement)."""
    found = list(notices(actor).filter(read_at__isnull=True).select_related("case")[:MOST_COUNTED])
    return Unread(len(found), [notice for notice in found if notice.urgent])


def notices(actor: Actor) -> "QuerySet[Notice]":
    """The actor's notices, newest first."""
    return Notice.objects.filter(user_id=actor.user_id).order_by("-made_at", "-pk")


def failed_mail() -> int:
    """How many mails to reporters were given up (1 statement)."""
    with acting_as(System("count of failed mail")):
        count: int = Mail.objects.filter(state=Mail.State.FAILED).count()
        return count
