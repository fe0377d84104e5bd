"""Taking in what a phone sends: kept as it came, before anything is made of it."""

import base64
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.field.models import Aside, Device, Record, RecordState, Upload
from wangge.domain.field.rules import OF_PERSONS, Arrived, Malformed, arrived
from wangge.platform import clock
from wangge.platform.errors import WanggeError
from wangge.platform.personal import seal

FIELD = System("field sync")
# What binds an encrypted payload to its column.
SEALED = "field.Record.payload"


class Revoked(WanggeError):
    """This phone was revoked; it wipes what it downloaded."""

    status = 401

    def __init__(self) -> None:
        super().__init__(_("这部手机已被停用。"), "revoked")


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one record of a request: `answer` is kept, conflict or malformed."""

    id: str
    answer: str
    problem: str | None = None


def device_of(actor: Actor, uid: uuid.UUID) -> Device:
    """The actor's entry for a phone, made at its first sync (2 statements); raises Revoked, also for who has no post
    left."""
    now = clock.now()
    with transaction.atomic(), acting_as(FIELD):
        first = {"first_at": now, "seen_at": now}
        device, new = Device.objects.get_or_create(uid=uid, user_id=actor.user_id, defaults=first)
        if device.revoked_at or not actor.posts:
            raise Revoked
        if not new:
            Device.objects.filter(pk=device.pk).update(seen_at=now)
        return device


def keep(actor: Actor, device: Device, given: list[Any]) -> list[Kept]:
    """Keep each record in its very bytes (at most 4 statements, one transaction).

    The same id with the same bytes is kept again; with other bytes, or another person's, it is a conflict and laid
    aside. A record that cannot be read is malformed and stops no other.
    """
    answers: list[Kept] = []
    good: list[Arrived] = []
    for row in given:
        try:
            good.append(arrived(row))
        except Malformed as error:
            named = row.get("id") if isinstance(row, dict) else None
            answers.append(Kept(str(named), "malformed", str(error)))
    if not good:
        return answers
    with transaction.atomic(), acting_as(FIELD):
        # A microsecond apart: those of one request stay in the order in which the phone sent them.
        now = clock.now()
        rows = [_row(actor, device, one, now + timedelta(microseconds=n)) for n, one in enumerate(good)]
        Record.objects.bulk_create(rows, ignore_conflicts=True)
        there = Record.objects.in_bulk([record.id for record in good])
        for record in good:
            held = there[record.id]
            if (held.user_id, held.sha256, held.form) == (actor.user_id, record.sha256, record.form):
                answers.append(Kept(str(record.id), "kept"))
            else:
                _lay_aside(actor, record)
                answers.append(Kept(str(record.id), "conflict", _("同一编号的记录内容不同，已另存待查。")))
    return answers


def _row(actor: Actor, device: Device, record: Arrived, at: datetime) -> Record:
    return Record(
        id=record.id,
        device=device,
        user_id=actor.user_id,
        area_id=_area_of(actor),
        kind=record.kind,
        form=record.form,
        subject=record.subject,
        after=record.after,
        payload=_as_kept(record),
        sha256=record.sha256,
        files=record.files,
        language=get_language() or "",
        received_at=at,
    )


def _as_kept(record: Arrived) -> str:
    """The payload; one that names a person encrypted, in base64."""
    if record.form not in OF_PERSONS:
        return record.payload
    return base64.b64encode(seal(record.payload, SEALED)).decode()


def _area_of(actor: Actor) -> int | None:
    """Where the actor works: the area of an own post before one stood in for."""
    posts = sorted(actor.posts, key=lambda post: post.on_behalf_of is not None)
    return posts[0].area_id if posts else None


def _lay_aside(actor: Actor, record: Arrived) -> None:
    values = {
        "payload": _as_kept(record),
        "form": record.form,
        "area_id": _area_of(actor),
        "received_at": clock.now(),
    }
    Aside.objects.get_or_create(
        record=record.id, sha256=record.sha256, user_id=actor.user_id, defaults=values
    )


def receipts(actor: Actor, ids: Iterable[uuid.UUID]) -> list[dict[str, Any]]:
    """What the server holds of the actor's records, by hash (at most 2 statements, none for no ids)."""
    wanted = list(ids)
    if not wanted:
        return []
    with acting_as(FIELD):
        rows = list(Record.objects.filter(pk__in=wanted, user_id=actor.user_id))
        whole = whole_files(actor.user_id, rows)
    return [_receipt(row, whole) for row in rows]


def whole_files(user_id: int, rows: Iterable[Record]) -> set[str]:
    """Hashes of the files of the records that are here from end to end (1 statement, none without files)."""
    wanted = {file["sha256"] for row in rows for file in row.files}
    if not wanted:
        return set()
    found = Upload.objects.filter(user_id=user_id, sha256__in=wanted, whole=True)
    return set(found.values_list("sha256", flat=True))


def _receipt(row: Record, whole: set[str]) -> dict[str, Any]:
    # What is done had all its files; they are thrown away some days later.
    done = row.state == RecordState.DONE
    return {
        "id": str(row.pk),
        "sha256": row.sha256,
        "files": {
            file["sha256"]: "whole" if done or file["sha256"] in whole else "missing" for file in row.files
        },
        "state": row.state,
        "result": row.result,
        "problem": row.problem,
        "differs": row.differs,
    }
