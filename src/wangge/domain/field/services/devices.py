"""The phones on which somebody uses the field app: seen and revoked by the person, and revoked when they leave."""

import uuid
from datetime import datetime

from django.db import transaction

from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.queries import holders
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


def revoke_leavers() -> int:
    """Phones of people who have no post today, their own or as a stand-in, or whose account is closed; returns how many."""
    working = holders(clock.today(), roles=tuple(Role))
    with transaction.atomic(), acting_as(FIELD):
        left = Device.objects.filter(revoked_at=None).exclude(user_id__in=working)
        return int(left.update(revoked_at=clock.now(), told={}, before={}))


def is_revoked(uid: str) -> bool:
    """Whether a phone that names itself without a session is revoked for everybody who used it (1 statement)."""
    try:
        named = uuid.UUID(uid)
    except ValueError:
        return False
    with acting_as(FIELD):
        uses = list(Device.objects.filter(uid=named).values_list("revoked_at", flat=True))
    return bool(uses) and all(uses)


def _set(actor: Actor, device_id: int, revoked_at: datetime | None) -> None:
    with transaction.atomic(), acting_as(FIELD):
        mine = Device.objects.filter(pk=device_id, user_id=actor.user_id)
        # Told anew from the beginning: a revoked phone has wiped what it held.
        if not mine.update(revoked_at=revoked_at, told={}, before={}):
            raise NotFound("")
