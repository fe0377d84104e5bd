"""The phones on which somebody uses the field app: seen and revoked by the person."""

from datetime import datetime

from django.db import transaction

from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.field.models import Device
from wangge.domain.field.services.keeping import FIELD
from wangge.platform import clock
from wangge.platform.errors import NotFound


def phones_of(actor: Actor) -> list[Device]:
    """One's own phones, the one used last first (1 statement)."""
    with acting_as(FIELD):
        rows = Device.objects.filter(user_id=actor.user_id).order_by("-seen_at")
        return list(rows.only("first_at", "seen_at", "revoked_at"))


def revoke(actor: Actor, device_id: int) -> None:
    """At its next sync the phone wipes what it downloaded; records that it had not sent stay on it."""
    _set(actor, device_id, clock.now())


def allow(actor: Actor, device_id: int) -> None:
    """A phone that was found again may sync again."""
    _set(actor, device_id, None)


def _set(actor: Actor, device_id: int, revoked_at: datetime | None) -> None:
    with transaction.atomic(), acting_as(FIELD):
        mine = Device.objects.filter(pk=device_id, user_id=actor.user_id)
        # Told anew from the beginning: a revoked phone has wiped what it held.
        if not mine.update(revoked_at=revoked_at, told={}, before={}):
            raise NotFound("")
