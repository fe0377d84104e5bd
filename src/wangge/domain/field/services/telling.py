"""What a phone is told: the difference between what it holds and what it may hold now."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services import contacts
from wangge.domain.field.models import Device
from wangge.domain.field.services.keeping import FIELD
from wangge.domain.register.services.looking import log_carried
from wangge.platform import clock

Packet = Mapping[str, Mapping[str, Any]]
# While records of a phone wait it asks again and again; it need not be told everything each time.
TOLD_LATELY = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Told:
    """`fresh`: the phone forgets all that it held before it takes the changes."""

    changes: dict[str, list[Any]]
    gone: dict[str, list[str]]
    cursor: str
    fresh: bool


def told_lately(device: Device, cursor: str | None) -> bool:
    recent = device.told_at is not None and clock.now() - device.told_at < TOLD_LATELY
    return recent and cursor == str(device.number)


@transaction.atomic
def tell(actor: Actor, device: Device, cursor: str | None, packet: Packet) -> Told:
    """The difference for a phone at `cursor`, and the note of what it holds then (at most 2 statements).

    A phone whose last answer was lost comes with the cursor of before and is told the difference from there. Whom it is
    told about is written in the log of looks in the same transaction.
    """
    told = _difference(device, cursor, packet)
    people = {int(one["id"]) for row in told.changes.get("households", ()) for one in row["people"]}
    if people:
        log_carried(actor, people)
    if called := {int(row["id"]) for row in told.changes.get("contacts", ())}:
        contacts.log_carried(actor, called)
    return told


def _difference(device: Device, cursor: str | None, packet: Packet) -> Told:
    now = {kind: {key: _mark(row) for key, row in rows.items()} for kind, rows in packet.items()}
    with acting_as(FIELD):
        held = Device.objects.select_for_update().get(pk=device.pk)
        fresh = cursor is None or cursor not in (str(held.number), str(held.number - 1))
        base = {} if fresh else held.told if cursor == str(held.number) else held.before
        if now != base or fresh:
            if fresh or cursor == str(held.number):
                held.number += 1
                held.before = base
            held.told = now
        held.told_at = clock.now()
        held.save(update_fields=["number", "before", "told", "told_at"])
        # An answer without a change leaves the phone where it is.
        cursor_now = cursor if now == base and cursor and not fresh else str(held.number)
    changes = {
        kind: [packet[kind][key] for key, mark in rows.items() if base.get(kind, {}).get(key) != mark]
        for kind, rows in now.items()
    }
    gone = {kind: [key for key in rows if key not in now.get(kind, {})] for kind, rows in base.items()}
    return Told(
        {kind: rows for kind, rows in changes.items() if rows},
        {kind: keys for kind, keys in gone.items() if keys},
        cursor_now,
        fresh,
    )


def _mark(row: Any) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:12]
