"""Making of kept records what everybody makes: by the services of the cases, as the worker, each exactly once."""

import json
import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from wangge.domain.access.actor import Actor
from wangge.domain.access.models import User
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Channel
from wangge.domain.cases.services.intake import STAFF_CHANNELS, Report, report, settle_on_the_spot
from wangge.domain.cases.services.moves import move
from wangge.domain.field.models import Record, RecordState
from wangge.domain.field.services.keeping import FIELD, whole_files
from wangge.domain.field.services.uploads import path_of
from wangge.platform import clock
from wangge.platform.errors import Invalid, WanggeError
from wangge.platform.given import plain, whole

_log = logging.getLogger(__name__)
# After so many failures of ours a record is given back to the person instead of being tried for ever.
MOST_FAILURES = 5
_AT_A_TIME = 500


def map_waiting(user_id: int | None = None, most: int = _AT_A_TIME) -> int:
    """Map what waits, of one person or of all, those that never failed first; returns how many have ended.

    A record waits on while a file of it is missing or the one before it waits.
    """
    with acting_as(FIELD):
        waiting = Record.objects.filter(state=RecordState.WAITING)
        if user_id is not None:
            waiting = waiting.filter(user_id=user_id)
        ids = list(waiting.order_by("failures", "received_at", "pk").values_list("pk", flat=True)[:most])
    return sum(map_one(record_id) for record_id in ids)


def map_one(record_id: uuid.UUID) -> bool:
    """Map one record in one transaction with its new state, so that it happens once; whether it has ended.

    A fault of ours is counted and logged, and the record waits; it never stops another.
    """
    try:
        with transaction.atomic(), acting_as(FIELD):
            record = _locked(record_id)
            return record is not None and _end(record)
    except Exception:
        _log.exception("a field record could not be mapped: %s", record_id)
        with transaction.atomic(), acting_as(FIELD):
            _count_failure(record_id)
        return False


def _locked(record_id: uuid.UUID) -> Record | None:
    """The record if it waits, is nobody else's at this moment, and nothing of it or before it is missing."""
    rows = Record.objects.select_for_update(skip_locked=True)
    record = rows.filter(pk=record_id, state=RecordState.WAITING).first()
    if record is None:
        return None
    missing = {file["sha256"] for file in record.files} - whole_files(record.user_id, [record])
    earlier = Record.objects.filter(pk=record.after, user_id=record.user_id, state=RecordState.WAITING)
    return None if missing or (record.after and earlier.exists()) else record


def _end(record: Record) -> bool:
    actor = actor_of(User.objects.get(pk=record.user_id), clock.today())
    try:
        with transaction.atomic(), override(record.language or None):
            record.result = _MAPPERS[record.form](actor, record, _payload(record))
        record.state = RecordState.DONE
    except WanggeError as error:
        record.state = RecordState.REFUSED
        record.problem = error.fields if isinstance(error, Invalid) else {"": error.text}
    record.ended_at = clock.now()
    record.save(update_fields=["state", "result", "problem", "ended_at"])
    return True


def _count_failure(record_id: uuid.UUID) -> None:
    record = Record.objects.select_for_update().filter(pk=record_id, state=RecordState.WAITING).first()
    if record is None:
        return
    record.failures += 1
    if record.failures >= MOST_FAILURES:
        record.state, record.ended_at = RecordState.REFUSED, clock.now()
        with override(record.language or None):
            record.problem = {"": _("服务器办理时出错，请把记录导出，交给平台管理员。")}
    record.save(update_fields=["failures", "state", "ended_at", "problem"])


def _payload(record: Record) -> dict[str, Any]:
    try:
        given = json.loads(record.payload)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Invalid({"payload": _("这条记录的内容读不懂。")})
    return given


def _report(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, str]:
    place = given.get("place")
    place = place if isinstance(place, dict) else {}
    wanted = Report(
        key=record.pk,
        description=_words(given.get("description")),
        channel=_channel(actor),
        lon=_degrees(place.get("lon")),
        lat=_degrees(place.get("lat")),
        address=_words(place.get("address")),
        area_id=whole(place.get("area")),
        facility_id=whole(place.get("facility")),
        matter_id=whole(given.get("matter")),
        danger=given.get("danger") is True,
        images=_images(record, given.get("photos")),
    )
    if given.get("settled") is True:
        condition = whole(given.get("condition"))
        if condition is None or wanted.matter_id is None:
            raise Invalid({"condition": _("当场解决的请选事项和情形。")})
        proof = _images(record, given.get("proof"))
        done = settle_on_the_spot(actor, wanted, condition, proof, _words(given.get("note")))
    else:
        done = report(actor, wanted)
    return {"case": str(done.case.pk), "number": done.case.number}


def _move(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, str]:
    """Made if it is open in the case as it now stands: what others did meanwhile is no harm while it still is."""
    case_id, data = whole(record.subject), given.get("data")
    if case_id is None or not isinstance(data, dict):
        raise Invalid({"payload": _("这条记录的内容读不懂。")})
    answers = {str(key): _plain(value) for key, value in data.items()}
    case = move(
        actor, case_id, _words(given.get("move")), answers, images=_images(record, given.get("photos"))
    )
    return {"case": str(case.pk), "number": case.number}


_MAPPERS: dict[str, Callable[[Actor, Record, dict[str, Any]], dict[str, str]]] = {
    "report-1": _report,
    "move-1": _move,
}


def _channel(actor: Actor) -> str:
    return next((channel for channel, roles in STAFF_CHANNELS.items() if actor.has(*roles)), Channel.WORKER)


def _images(record: Record, named: Any) -> list[bytes]:
    """The bytes of the named files of the record, in their order."""
    own = {file["sha256"] for file in record.files}
    wanted = [sha for sha in named if sha in own] if isinstance(named, list) else []
    return [path_of(record.user_id, sha).read_bytes() for sha in wanted]


def _words(given: Any) -> str:
    return plain(given) if isinstance(given, str) else ""


def _plain(given: Any) -> Any:
    if isinstance(given, list):
        return [_plain(value) for value in given]
    return plain(given) if isinstance(given, str) else given


def _degrees(given: Any) -> float | None:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    return float(given) if number and -180 <= given <= 180 else None
