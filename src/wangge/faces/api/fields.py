"""Kinds of values that many operations take or give, with their limits."""

import base64
import binascii
import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Header, Query, Schema
from pydantic import ConfigDict

from wangge.domain.access.models import Unit
from wangge.domain.places.models import Area
from wangge.platform import clock
from wangge.platform.errors import Invalid

# No control characters but line ends and tabs: PostgreSQL cannot keep NUL, and nobody can read the others.
CLEAN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
LARGEST_ID = 2**63 - 1
_UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Limit = Annotated[int, Query(50, ge=1, le=200, description="Rows of a page")]
Cursor = Annotated[
    str, Query("", max_length=200, pattern=r"^[A-Za-z0-9_-]*$", description="`next` of the page before")
]
Day = Annotated[date | None, Query(None, description="The day that counts; today when left out")]
Words = Annotated[str, Query("", max_length=60, pattern=CLEAN)]
Key = Annotated[
    str,
    Field(json_schema_extra={"format": "uuid", "examples": ["7d1f6b0e-6f0b-4b0e-9a57-3f1d3c6f6d11"]}),
    Header(
        alias="Idempotency-Key",
        pattern=_UUID,
        description="A UUID made once for this act. A repeat with the same content answers the same again.",
    ),
]
Level = Literal["province", "city", "district", "street", "community", "grid"]
Photos = Annotated[
    list[Annotated[str, Field(max_length=14_000_000, json_schema_extra={"contentEncoding": "base64"})]],
    Field(default_factory=list, max_length=6, description="JPG, PNG or WebP in base64, 10 MB each at most"),
]


class Given(Schema):
    """What a caller sends: nothing is converted and nothing unknown is passed over."""

    model_config = ConfigDict(strict=True, extra="forbid")


class AreaRef(Schema):
    """An area in a few words."""

    id: int
    code: str
    name: str
    level: Level


class UnitRef(Schema):
    id: int
    name: str


class Named(Schema):
    """A stored value with its name in both languages."""

    key: str
    name: str
    name_en: str


def level_of(area: Area) -> Any:
    """The level, one of Level: the database holds no other."""
    return area.level


def area_ref(area: Area) -> AreaRef:
    return AreaRef(id=area.pk, code=area.code, name=area.name, level=level_of(area))


def unit_ref(unit: Unit | None) -> UnitRef | None:
    return UnitRef(id=unit.pk, name=unit.name) if unit else None


def day_of(asked: date | None) -> date:
    return asked or clock.today()


def images_of(photos: list[str]) -> tuple[bytes, ...]:
    """The bytes of photos in base64; Invalid naming which one is none."""
    return tuple(_image(text, number) for number, text in enumerate(photos, start=1))


def _image(text: str, number: int) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        words = _("第 %(number)d 张照片不是正确的 base64。") % {"number": number}
        raise Invalid({"photos": words}) from None


def cursor_of(*place: Any) -> str:
    """Where a page ended, as an opaque word."""
    text = json.dumps(place, default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(cursor: str, *kinds: type) -> list[Any] | None:
    """What `cursor_of` was given, None for the first page; Invalid for a word that is none of ours."""
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(found, list) or len(found) != len(kinds):
            raise ValueError(cursor)
        return [_read(kind, value) for kind, value in zip(kinds, found, strict=True)]
    except (ValueError, TypeError, OverflowError):
        raise Invalid({"query.cursor": _("不是上一页给出的游标。")}) from None


def _read(kind: type[Any], value: Any) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment
    if type(value) is not int or not 0 <= value <= LARGEST_ID:
        raise ValueError(value)
    return value
