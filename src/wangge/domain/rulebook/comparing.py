"""A file of rules against what holds: for each row, what it would change."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wangge.domain.access.models import Unit
from wangge.domain.cases.leading import when_faults
from wangge.domain.cases.models import Responsibility
from wangge.domain.catalogue.models import CalendarOverride, Condition, Matter
from wangge.domain.catalogue.services import condition_faults
from wangge.domain.catalogue.services.snapshots import CONDITION_FIELDS, of_condition
from wangge.domain.places.models import Area
from wangge.domain.rulebook.bases import ROW_FIELDS
from wangge.domain.rulebook.files import CONDITIONS, DAYS, DUTIES, MATTERS, Line
from wangge.platform import clock

YES = (gettext_noop("是"), "1", "true", "yes")
NO = (gettext_noop("否"), "0", "false", "no", "")
_OWN = ("name", "name_en", "explain", "explain_en", "lead_role", "legacy_code", "position", "enabled")


class _Wrong(Exception):
    """A row that cannot be taken, with words for the person."""


@dataclass(slots=True)
class _Present:
    """What holds, by the keys that files use (6 statements)."""

    matters: dict[tuple[str, str], Matter] = field(
        default_factory=lambda: {(row.kind, row.code): row for row in Matter.objects.all()}
    )
    conditions: dict[tuple[int, int], Condition] = field(
        default_factory=lambda: {
            (row.matter_id, row.number): row for row in Condition.objects.filter(valid__endswith__isnull=True)
        }
    )
    rows: dict[tuple[int, int | None, str, str], Responsibility] = field(
        default_factory=lambda: {
            (row.area_id, row.matter_id, row.duty, row.when): row
            for row in Responsibility.objects.filter(ends_on__isnull=True)
        }
    )
    days: dict[tuple[int, str], CalendarOverride] = field(
        default_factory=lambda: {
            (row.area_id, row.day.isoformat()): row for row in CalendarOverride.objects.all()
        }
    )
    areas: dict[str, Area] = field(default_factory=dict)
    units: dict[str, int] = field(
        default_factory=lambda: dict(Unit.objects.filter(active=True).values_list("name", "pk"))
    )


def compare(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Each row with its outcome (8 statements, however many rows).

    {"sheet", "row", "what", "state": new | changed | unchanged | error, "text", "change"}; `change` is
    {"kind", ...} as services/uploads.py takes it into a draft, None unless new or changed.
    """
    lines = list(lines)
    present = _Present()
    codes = {line.cells.get("area", "") for line in lines}
    present.areas = {area.code: area for area in Area.objects.filter(code__in=codes)}
    seen: set[tuple[Any, ...]] = set()
    return [_outcome(line, present, seen) for line in lines]


def _outcome(line: Line, present: _Present, seen: set[tuple[Any, ...]]) -> dict[str, Any]:
    told = {"sheet": _(line.sheet.name), "row": line.number, "what": _what(line), "text": "", "change": None}
    readers = {MATTERS.key: _matter, CONDITIONS.key: _condition, DUTIES.key: _duty, DAYS.key: _day}
    try:
        state, change = readers[line.sheet.key](line.cells, present)
        if change is not None:
            key = tuple(change["key"])
            if key in seen:
                raise _Wrong(_("和前面的一行说的是同一件事。"))
            seen.add(key)
    except _Wrong as wrong:
        return told | {"state": "error", "text": str(wrong)}
    return told | {"state": state, "change": change}


def _what(line: Line) -> str:
    cells = line.cells
    names = ("area_name", "code", "name", "number", "duty", "day", "when_name")
    return " ".join(cells[name] for name in names if cells.get(name))


def _matter(cells: dict[str, str], present: _Present) -> tuple[str, None]:
    matter = _matter_of(cells, present)
    for name in _OWN:
        if name not in cells:
            continue
        held = getattr(matter, name)
        given: Any = _yes(cells[name]) if name == "enabled" else cells[name]
        if str(given) != str(held) and not (name == "position" and (given or "0") == str(held)):
            raise _Wrong(_("事项自己的名称、说明、次序和启用在事项页上改，不能由文件导入。"))
    return "unchanged", None


def _condition(cells: dict[str, str], present: _Present) -> tuple[str, dict[str, Any] | None]:
    matter = _matter_of(cells, present)
    number = _number(cells.get("number", "")) if cells.get("number") else None
    row = present.conditions.get((matter.pk, number)) if number else None
    if number and row is None:
        raise _Wrong(_("这个事项没有条件 %(number)d；新的条件请把序号空着。") % {"number": number})
    values = of_condition(row) if row else {"text_en": "", "closing_condition_en": "", "on_the_spot": False}
    for name in CONDITION_FIELDS:
        if name in cells:
            values[name] = _value(name, cells[name])
    missing = [name for name in CONDITION_FIELDS if name not in values]
    if missing:
        raise _Wrong(_("新的条件要填齐各列。"))
    if wrong := condition_faults(Condition(matter=matter, number=number or 0, **values)):
        raise _Wrong(" ".join(wrong.values()))
    if row and values == of_condition(row):
        return "unchanged", None
    key = ["condition", matter.pk, number if number else values["text"]]
    change = {"kind": "condition", "key": key, "matter_id": matter.pk, "number": number, "values": values}
    return ("changed" if row else "new"), change


def _duty(cells: dict[str, str], present: _Present) -> tuple[str, dict[str, Any] | None]:
    area = _area_of(cells, present)
    matter = _matter_of(cells, present) if cells.get("code") else None
    unit_id = present.units.get(cells.get("unit", ""))
    if unit_id is None:
        raise _Wrong(_("没有名为“%(name)s”的单位，或者它已停用。") % {"name": cells.get("unit", "")})
    values = {
        "matter_id": matter.pk if matter else None,
        "duty": "" if matter else cells.get("duty", ""),
        "unit_id": unit_id,
        "when": cells.get("when", ""),
        "when_name": cells.get("when_name", "")[:80],
        "note": cells.get("note", "")[:300],
    }
    if not matter and not values["duty"]:
        raise _Wrong(_("请填写事项编码，或者职责领域。"))
    if values["when"] and (found := when_faults(str(values["when"]))):
        raise _Wrong(" ".join(found))
    if values["when"] and not values["when_name"]:
        raise _Wrong(_("请用一句话说明这个条件，派遣员会看到。"))
    held = present.rows.get(
        (area.pk, matter.pk if matter else None, str(values["duty"]), str(values["when"]))
    )
    if held and all(getattr(held, name) == values[name] for name in ROW_FIELDS):
        return "unchanged", None
    key = ["duty", area.pk, values["matter_id"], values["duty"], values["when"]]
    change = {"kind": "duty", "key": key, "area_id": area.pk, "values": values}
    return ("changed" if held else "new"), change


def _day(cells: dict[str, str], present: _Present) -> tuple[str, dict[str, Any] | None]:
    area = _area_of(cells, present)
    try:
        day = date.fromisoformat(cells.get("day", ""))
    except ValueError:
        raise _Wrong(_("日期请写成 2026-12-25 的样子。")) from None
    working, note = _yes(cells.get("working", "")), cells.get("note", "")[:100]
    held = present.days.get((area.pk, day.isoformat()))
    if held and (held.working, held.note) == (working, note):
        return "unchanged", None
    if day < clock.today():
        raise _Wrong(_("过去的日子不能再改。"))
    if not note:
        raise _Wrong(_("请写明依据，例如通知的文号。"))
    values = {"day": day.isoformat(), "working": working, "note": note}
    key = ["day", area.pk, day.isoformat()]
    change = {"kind": "day", "key": key, "area_id": area.pk, "values": values}
    return ("changed" if held else "new"), change


def _matter_of(cells: dict[str, str], present: _Present) -> Matter:
    matter = present.matters.get((cells.get("kind", ""), cells.get("code", "")))
    if matter is None:
        raise _Wrong(_("目录里没有这个事项，请先在页面上建立；类别写 component、event 或 local。"))
    return matter


def _area_of(cells: dict[str, str], present: _Present) -> Area:
    area = present.areas.get(cells.get("area", ""))
    if area is None:
        raise _Wrong(_("没有编码为“%(code)s”的区划。") % {"code": cells.get("area", "")})
    return area


def _value(name: str, text: str) -> Any:
    if name == "amount":
        return _number(text)
    if name == "on_the_spot":
        return _yes(text)
    if len(text) > 200:
        raise _Wrong(_("每格最多 200 字。"))
    return text


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise _Wrong(_("“%(text)s”应是整数。") % {"text": text[:20]})
    return int(text)


def _yes(text: str) -> bool:
    if text.lower() not in (*YES, *NO):
        raise _Wrong(_("“%(text)s”应写是或否。") % {"text": text[:20]})
    return text.lower() in YES
