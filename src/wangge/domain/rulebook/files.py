"""The rules as a workbook or as JSON, and back: a file becomes changes of a draft, never more.

Both hold the same four tables; a column is known by its key or by its heading in Chinese or the reader's
language.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from python_calamine import CalamineError, CalamineWorkbook

from wangge.domain.cases.models import Responsibility
from wangge.domain.catalogue.models import CalendarOverride, Condition, Matter
from wangge.platform import clock
from wangge.platform.errors import Invalid
from wangge.platform.sheets.cells import text_of
from wangge.platform.sheets.packages import Refused, kind_of

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_CHARS = 1000

Table = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the file: its key, its name, and (key, heading) of each column."""

    key: str
    name: str
    columns: tuple[tuple[str, str], ...]


MATTERS = Sheet(
    "matters",
    gettext_noop("事项"),
    (
        ("kind", gettext_noop("类别")),
        ("code", gettext_noop("编码")),
        ("name", gettext_noop("名称")),
        ("name_en", gettext_noop("英文名称")),
        ("group_code", gettext_noop("大类")),
        ("group_name", gettext_noop("大类名称")),
        ("explain", gettext_noop("说明")),
        ("explain_en", gettext_noop("说明（英文）")),
        ("lead_role", gettext_noop("职责领域")),
        ("legacy_code", gettext_noop("旧编码")),
        ("position", gettext_noop("次序")),
        ("enabled", gettext_noop("启用")),
    ),
)
CONDITIONS = Sheet(
    "conditions",
    gettext_noop("立案条件"),
    (
        ("kind", gettext_noop("类别")),
        ("code", gettext_noop("编码")),
        ("name", gettext_noop("名称")),
        ("number", gettext_noop("条件序号")),
        ("text", gettext_noop("立案条件")),
        ("text_en", gettext_noop("立案条件（英文）")),
        ("amount", gettext_noop("处置时限")),
        ("unit", gettext_noop("时限单位")),
        ("level", gettext_noop("办理层级")),
        ("procedure", gettext_noop("办理程序")),
        ("closing_condition", gettext_noop("结案条件")),
        ("closing_condition_en", gettext_noop("结案条件（英文）")),
        ("proof", gettext_noop("结案凭证")),
        ("on_the_spot", gettext_noop("可当场解决")),
    ),
)
DUTIES = Sheet(
    "duties",
    gettext_noop("责任清单"),
    (
        ("area", gettext_noop("区划编码")),
        ("area_name", gettext_noop("区划")),
        ("kind", gettext_noop("类别")),
        ("code", gettext_noop("编码")),
        ("duty", gettext_noop("职责领域")),
        ("unit", gettext_noop("主办单位")),
        ("when", gettext_noop("条件")),
        ("when_name", gettext_noop("条件说明")),
        ("note", gettext_noop("依据")),
        ("starts_on", gettext_noop("从哪天起")),
    ),
)
DAYS = Sheet(
    "days",
    gettext_noop("工作日历"),
    (
        ("area", gettext_noop("区划编码")),
        ("area_name", gettext_noop("区划")),
        ("day", gettext_noop("日期")),
        ("working", gettext_noop("上班")),
        ("note", gettext_noop("依据")),
    ),
)
SHEETS = (MATTERS, CONDITIONS, DUTIES, DAYS)


def tables() -> dict[str, Table]:
    """All rules as they hold or will hold last, by the sheet's key (4 statements)."""
    return {
        MATTERS.key: [_picked(MATTERS, row) for row in Matter.objects.order_by("kind", "code")],
        CONDITIONS.key: [
            _picked(CONDITIONS, row)
            | {"kind": row.matter.kind, "code": row.matter.code, "name": row.matter.name}
            for row in Condition.objects.filter(valid__endswith__isnull=True)
            .select_related("matter")
            .order_by("matter__kind", "matter__code", "number")
        ],
        DUTIES.key: [
            {
                "area": row.area.code,
                "area_name": row.area.name,
                "kind": row.matter.kind if row.matter else "",
                "code": row.matter.code if row.matter else "",
                "duty": row.duty,
                "unit": row.unit.name,
                "when": row.when,
                "when_name": row.when_name,
                "note": row.note,
                "starts_on": row.starts_on.isoformat(),
            }
            for row in Responsibility.objects.filter(ends_on__isnull=True)
            .select_related("area", "matter", "unit")
            .order_by("area__code", "matter__code", "duty", "when")
        ],
        DAYS.key: [
            {
                "area": row.area.code,
                "area_name": row.area.name,
                "day": row.day.isoformat(),
                "working": row.working,
                "note": row.note,
            }
            for row in CalendarOverride.objects.select_related("area").order_by("area__code", "day")
        ],
    }


def _picked(sheet: Sheet, row: Any) -> dict[str, Any]:
    return {key: getattr(row, key, "") for key, _heading in sheet.columns}


def as_json(found: Mapping[str, Table]) -> bytes:
    """The tables as JSON, for people too."""
    about = {"format": "wangge-rules", "version": 1, "on": clock.today().isoformat()}
    return json.dumps(about | dict(found), ensure_ascii=False, indent=1).encode()


def as_workbook(found: Mapping[str, Table]) -> bytes:
    """The tables as an xlsx workbook; every cell is text, a number or yes/no, never a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    heading = book.add_format({"bold": True, "bg_color": "#e8eef7", "border": 1})
    for sheet in SHEETS:
        page = book.add_worksheet(_(sheet.name))
        page.freeze_panes(1, 0)
        for column, (key, words) in enumerate(sheet.columns):
            page.set_column(column, column, _WIDTHS.get(key, 14))
            page.write_string(0, column, _(words), heading)
            for line, row in enumerate(found[sheet.key], start=1):
                _write(page, line, column, row[key])
    book.close()
    return out.getvalue()


_WIDTHS = {
    "text": 40,
    "closing_condition": 40,
    "explain": 50,
    "explain_en": 50,
    "name": 26,
    "unit": 24,
    "when": 36,
}


def _write(page: Any, line: int, column: int, value: Any) -> None:
    if isinstance(value, bool):
        page.write_string(line, column, _("是") if value else _("否"))
    elif isinstance(value, int):
        page.write_number(line, column, value)
    else:
        page.write_string(line, column, str(value or ""))


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file: its sheet, its number as people see it, and its cells as text by key."""

    sheet: Sheet
    number: int
    cells: dict[str, str]


def read(name: str, data: bytes) -> list[Line]:
    """The rows of a file that `tables` could have written. Raises Invalid with what is wrong with it."""
    if len(data) > MOST_BYTES:
        raise _unfit(_("文件超过 5 MB，请拆分后再导入。"))
    lines = list(_json_lines(data) if name.lower().endswith(".json") else _workbook_lines(data))
    if not lines:
        raise _unfit(_("文件里没有可以导入的行，请先导出一份，在它上面改。"))
    if len(lines) > MOST_ROWS:
        raise _unfit(_("文件超过 %(most)d 行，请拆分后再导入。") % {"most": MOST_ROWS})
    return lines


def _unfit(text: str) -> Invalid:
    return Invalid({"file": text})


def _json_lines(data: bytes) -> Iterator[Line]:
    try:
        held = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _unfit(_("这不是一份正确的 JSON 文件。")) from None
    if not isinstance(held, dict):
        raise _unfit(_("这不是从这里导出的 JSON 文件。"))
    for sheet in SHEETS:
        rows = held.get(sheet.key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise _unfit(_("这不是从这里导出的 JSON 文件。"))
        for number, row in enumerate(rows, start=1):
            yield Line(sheet, number, {key: _text(row[key]) for key, _h in sheet.columns if key in row})


def _workbook_lines(data: bytes) -> Iterator[Line]:
    book = _opened(data)
    for sheet in SHEETS:
        name = next((one for one in book.sheet_names if one in (sheet.name, _(sheet.name), sheet.key)), None)
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False) if name else []
        if rows:
            yield from _sheet_lines(sheet, rows)


def _opened(data: bytes) -> CalamineWorkbook:
    try:
        if kind_of(data) == "book":
            return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (Refused, CalamineError):
        pass
    raise _unfit(_("请选择 xlsx 或 JSON 文件；加密或展开后太大的文件不能导入。"))


def _sheet_lines(sheet: Sheet, rows: Sequence[Sequence[Any]]) -> Iterator[Line]:
    known = {name: key for key, words in sheet.columns for name in (key, words, _(words))}
    columns = [(known[_text(cell)], at) for at, cell in enumerate(rows[0]) if _text(cell) in known]
    for number, row in enumerate(rows[1 : MOST_ROWS + 2], start=2):
        cells = {key: _text(row[at]) for key, at in columns if at < len(row)}
        if any(cells.values()):
            yield Line(sheet, number, cells)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "".join(char for char in text_of(value) if char.isprintable()).strip()[:MOST_CHARS]
