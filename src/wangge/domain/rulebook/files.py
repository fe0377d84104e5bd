"""The rules as a workbook or as JSON, and back: a file becomes changes of a draft, never more.

Both hold the same four tables; a column is known by its key or by its Chinese heading. Columns marked `told`
are for the reader and are not read back.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
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
    "事项",
    (
        ("kind", "类别"), ("code", "编码"), ("name", "名称"), ("name_en", "英文名称"), ("group_code", "大类"),
        ("group_name", "大类名称"), ("explain", "说明"), ("explain_en", "说明（英文）"), ("lead_role", "职责领域"),
        ("legacy_code", "旧编码"), ("position", "次序"), ("enabled", "启用"),
    ),
)  # fmt: skip
CONDITIONS = Sheet(
    "conditions",
    "立案条件",
    (
        ("kind", "类别"), ("code", "编码"), ("name", "名称"), ("number", "条件序号"), ("text", "立案条件"),
        ("text_en", "立案条件（英文）"), ("amount", "处置时限"), ("unit", "时限单位"), ("level", "办理层级"),
        ("procedure", "办理程序"), ("closing_condition", "结案条件"), ("closing_condition_en", "结案条件（英文）"),
        ("proof", "结案凭证"), ("on_the_spot", "可当场解决"),
    ),
)  # fmt: skip
DUTIES = Sheet(
    "duties",
    "责任清单",
    (
        ("area", "区划编码"), ("area_name", "区划"), ("kind", "类别"), ("code", "编码"), ("duty", "职责领域"),
        ("unit", "主办单位"), ("when", "条件"), ("when_name", "条件说明"), ("note", "依据"), ("starts_on", "从哪天起"),
    ),
)  # fmt: skip
DAYS = Sheet(
    "days",
    "工作日历",
    (("area", "区划编码"), ("area_name", "区划"), ("day", "日期"), ("working", "上班"), ("note", "依据")),
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
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for column, (key, words) in enumerate(sheet.columns):
            page.set_column(column, column, _WIDTHS.get(key, 14))
            page.write_string(0, column, words, heading)
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
        page.write_string(line, column, "是" if value else "否")
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
        if sheet.name not in book.sheet_names:
            continue
        rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
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
    known = {words: key for key, words in sheet.columns} | {key: key for key, _words in sheet.columns}
    columns = [(known[_text(cell)], at) for at, cell in enumerate(rows[0]) if _text(cell) in known]
    for number, row in enumerate(rows[1 : MOST_ROWS + 2], start=2):
        cells = {key: _text(row[at]) for key, at in columns if at < len(row)}
        if any(cells.values()):
            yield Line(sheet, number, cells)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "".join(char for char in text_of(value) if char.isprintable()).strip()[:MOST_CHARS]
