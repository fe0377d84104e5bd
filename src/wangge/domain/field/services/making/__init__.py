"""What each published form becomes: by the services that everybody uses, as the person who made the record."""

from collections.abc import Callable
from typing import Any

from wangge.domain.access.actor import Actor
from wangge.domain.field.models import Record
from wangge.domain.field.services.making import caring, cases, rounds

Made = dict[str, Any]
Maker = Callable[[Actor, Record, dict[str, Any]], Made]

# Each answers with what the phone is told of the result; a form stays here as long as a phone may bring it.
MAKERS: dict[str, Maker] = {
    "report-1": cases.report_case,
    "move-1": cases.move_case,
    "note-1": cases.note_case,
    "visit-1": rounds.visit,
    "diary-1": rounds.diary_entry,
    "shift-1": rounds.shift,
    "patch-1": cases.patch_case,
    "care-1": caring.care,
    "minutes-1": rounds.minutes,
    "agreed-1": rounds.agreed,
}
