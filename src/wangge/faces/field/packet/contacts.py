"""Whom to call back, for who must: the reporters of cases that wait for it, and nobody else."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import CALL_BACK_ROLES
from wangge.domain.cases.models import Contact
from wangge.domain.cases.queries.lists import my_work
from wangge.domain.cases.services.contacts import CALL_BACK
from wangge.domain.field.rules import MOST_HOUSEHOLDS


def rows(actor: Actor) -> Iterator[dict[str, Any]]:
    """By the id of the case, the most urgent (2 statements, none for posts that call nobody). What of it is told is
    logged when it is told."""
    if not actor.has(*CALL_BACK_ROLES):
        return
    waiting = [case.pk for case in my_work(actor, "callback")[:MOST_HOUSEHOLDS]]
    for contact in Contact.objects.filter(pk__in=waiting):
        yield {
            "id": str(contact.pk),
            "name": str(contact.name),
            "phone": str(contact.phone),
            "purpose": _(CALL_BACK),
        }
