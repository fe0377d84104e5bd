"""Reading what a record says: plain words and numbers, and the bytes of its files."""

import base64
import json
from typing import Any

from django.utils.translation import gettext as _

from wangge.domain.field.models import Record
from wangge.domain.field.rules import OF_PERSONS
from wangge.domain.field.services.keeping import SEALED
from wangge.domain.field.services.uploads import path_of
from wangge.platform.errors import Invalid
from wangge.platform.given import plain, whole
from wangge.platform.personal import unseal


def content(record: Record) -> dict[str, Any]:
    """What the record says; Invalid when it is no JSON object."""
    text = record.payload
    if record.form in OF_PERSONS:
        text = unseal(base64.b64decode(text), SEALED)
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise unreadable()
    return given


def unreadable() -> Invalid:
    return Invalid({"payload": _("这条记录的内容读不懂。")})


def subject(record: Record) -> int:
    """The id of the row that the record is about."""
    found = whole(record.subject)
    if found is None:
        raise unreadable()
    return found


def part(given: dict[str, Any], name: str) -> dict[str, Any]:
    """An object inside the record, {} where there is none."""
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def words(given: Any) -> str:
    return plain(given) if isinstance(given, str) else ""


def value(given: Any) -> Any:
    """A value with its texts plain."""
    if isinstance(given, list):
        return [value(one) for one in given]
    return words(given) if isinstance(given, str) else given


def degrees(given: Any) -> float | None:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    return float(given) if number and -180 <= given <= 180 else None


def files(record: Record, named: Any) -> list[bytes]:
    """The bytes of the named files of the record, in their order."""
    own = {file["sha256"] for file in record.files}
    wanted = [sha for sha in named if sha in own] if isinstance(named, list) else []
    return [path_of(record.user_id, sha).read_bytes() for sha in wanted]
