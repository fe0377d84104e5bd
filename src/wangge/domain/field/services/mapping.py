"""Making of kept records what everybody makes: as the worker, each exactly once."""

import logging
import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from wangge.domain.access.models import User
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.field.models import Record, RecordState
from wangge.domain.field.rules import OF_CASES, OF_PERSONS
from wangge.domain.field.services.keeping import FIELD, whole_files
from wangge.domain.field.services.making import MAKERS
from wangge.domain.field.services.making.cases import as_it_stands
from wangge.domain.field.services.making.reading import content
from wangge.platform import clock
from wangge.platform.errors import Invalid, WanggeError

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
        with override(record.language or None), transaction.atomic():
            record.result = MAKERS[record.form](actor, record, content(record))
        record.state = RecordState.DIFFERS if record.differs else RecordState.DONE
    except WanggeError as error:
        record.state = RecordState.REFUSED
        record.problem = error.fields if isinstance(error, Invalid) else {"": error.text}
        if record.form in OF_CASES:
            with override(record.language or None):
                record.result = as_it_stands(actor, record)
    _close(record, "state", "result", "problem", "differs")
    return True


def _close(record: Record, *changed: str) -> None:
    """Note how a record ended; of one that names a person nothing is left to read. The phone has it until it is done."""
    record.ended_at, ended = clock.now(), [*changed, "ended_at"]
    if record.form in OF_PERSONS:
        record.payload = ""
        ended.append("payload")
    record.save(update_fields=ended)


def _count_failure(record_id: uuid.UUID) -> None:
    record = Record.objects.select_for_update().filter(pk=record_id, state=RecordState.WAITING).first()
    if record is None:
        return
    record.failures += 1
    if record.failures < MOST_FAILURES:
        record.save(update_fields=["failures"])
        return
    record.state = RecordState.REFUSED
    with override(record.language or None):
        record.problem = {"": _("服务器办理时出错，请把记录导出，交给平台管理员。")}
    _close(record, "failures", "state", "problem")
