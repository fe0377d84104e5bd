"""Sessions kept in PostgreSQL: seen and ended by their owner, dead at once when ended.

Django's setting SESSION_ENGINE names this module. Reading a session stays one statement; its last use is
written at most once in SEEN_EVERY. A signed-in session that rests for SESSION_IDLE_MINUTES is over.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.models import Session
from wangge.domain.access.policy import may_administer
from wangge.platform import clock
from wangge.platform.db.instances import Instances, all_columns
from wangge.platform.errors import NotFound

SEEN_EVERY = timedelta(minutes=5)
# What signing in notes in the session's data for the columns: at (ISO time), device, address.
SIGNED_IN = "signed_in"


# At every request: the ORM's building of this statement costs more than its answer.
_ALL: Instances[Session] = Instances(Session, *all_columns(Session))


class SessionStore(DatabaseStore):
    """Django's database sessions on our own table."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        now = clock.now()
        living = _ALL.where("session_key = %s AND expire_date > %s", [self.session_key, now])
        if not living:
            self._session_key = None
            return None
        (found,) = living
        resting = now - found.seen_at
        if found.user_id and resting > timedelta(minutes=settings.SESSION_IDLE_MINUTES):
            self._session_key = None
            return None
        if resting > SEEN_EVERY:
            Session.objects.filter(pk=found.pk).update(seen_at=now)
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        noted = data.get(SIGNED_IN, {})
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.began_at = datetime.fromisoformat(noted["at"]) if noted else None
        row.device, row.address = noted.get("device", ""), noted.get("address", "")
        row.seen_at = clock.now()
        return row


@dataclass(frozen=True, slots=True)
class Held:
    """A session as it is listed; `handle` names it without giving away its key."""

    handle: str
    device: str
    address: str
    began_at: datetime | None
    seen_at: datetime
    this: bool


def note(device: str, address: str) -> dict[str, str]:
    """What signing in keeps under SIGNED_IN; the address is shortened here."""
    return {"at": clock.now().isoformat(), "device": device[:60], "address": short_address(address)}


def short_address(address: str) -> str:
    """An address without the part that tells one machine: 203.0.113.x, or the first three groups of IPv6."""
    if "." in address and ":" not in address:
        return f"{address.rpartition('.')[0]}.x"
    return f"{':'.join(address.split(':')[:3])}::" if address else ""


def sessions_of(actor: AnyActor, user_id: int, this_key: str | None = None) -> list[Held]:
    """Living sessions of oneself, or of anybody for an administrator; the latest first (1 statement)."""
    _must_be_mine(actor, user_id)
    rows = _living(user_id).defer("session_data").order_by("-seen_at")
    return [
        Held(_handle(row), row.device, row.address, row.began_at, row.seen_at, row.pk == this_key)
        for row in rows
    ]


def end_session(actor: AnyActor, user_id: int, handle: str) -> None:
    """End one session; NotFound for a handle that is none of the user's."""
    _must_be_mine(actor, user_id)
    ended = [row.pk for row in _living(user_id).only("session_key") if _handle(row) == handle]
    if not ended:
        raise NotFound("")
    Session.objects.filter(pk__in=ended).delete()


def end_sessions(actor: AnyActor, user_id: int, but: str | None = None) -> int:
    """End all sessions of oneself, or of anybody for an administrator, except the one of key `but`; how many."""
    _must_be_mine(actor, user_id)
    return end_sessions_of(user_id, but)


def end_sessions_of(user_id: int, but: str | None = None) -> int:
    """The same for services that have decided already; returns how many ended."""
    rows = Session.objects.filter(user_id=user_id).exclude(pk=but or "")
    return int(rows.delete()[0])


def _living(user_id: int) -> Any:
    now = clock.now()
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    return Session.objects.filter(user_id=user_id, expire_date__gt=now, seen_at__gt=now - idle)


def _must_be_mine(actor: AnyActor, user_id: int) -> None:
    if not may_administer(actor) and not (isinstance(actor, Actor) and actor.user_id == user_id):
        raise NotFound("")


def _handle(row: Session) -> str:
    return hashlib.sha256(row.session_key.encode()).hexdigest()[:24]
