"""Tables to take away. No cell is ever a formula or a link, whatever its text begins with."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A spreadsheet's own bounds.
_MOST_CHARS = 32_767
_MOST_NAME = 31
_MOST_PAGE_LINE = 200
_NAME_SIGNS = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and width in characters."""

    name: str
    width: int = 16


@dataclass(frozen=True, slots=True)
class Marked:
    """A cell that is shown in the colour of a fault."""

    text: str


Value = str | int | float | datetime | date | Marked | None


def write_xlsx(
    out: IO[bytes], name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], mark: str = ""
) -> int:
    """Write a book of one sheet to `out`, row by row in constant memory; returns how many rows.

    Times are shown in the district's zone. `mark` says whose copy it is: above the header, and on each printed page.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    count = 0
    with xlsxwriter.Workbook(out, options) as book:
        plain = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top", "text_wrap": True}
        form = {
            "text": book.add_format(plain),
            "head": book.add_format(plain | {"bold": True, "bg_color": "#E7EEF7", "bottom": 1}),
            "fault": book.add_format(plain | {"bg_color": "#FDE2E1", "font_color": "#8A1C1C"}),
            "mark": book.add_format(
                {"font_name": "Microsoft YaHei", "font_size": 9, "font_color": "#8A1C1C"}
            ),
            "moment": book.add_format(plain | {"num_format": "yyyy-mm-dd hh:mm"}),
            "day": book.add_format(plain | {"num_format": "yyyy-mm-dd"}),
        }
        sheet = book.add_worksheet(_sheet_name(name))
        for n, column in enumerate(columns):
            sheet.set_column(n, n, column.width, form["text"])
        top = 0
        if mark:
            top = 1
            sheet.set_row(0, None, form["mark"])
            sheet.write_string(0, 0, mark[:_MOST_CHARS], form["mark"])
            line = mark.replace("&", "&&")[:_MOST_PAGE_LINE]
            sheet.set_header(f"&L{line}")
            sheet.set_footer(f"&L{line}&R&P/&N")
            sheet.repeat_rows(0, 1)
        for n, column in enumerate(columns):
            sheet.write_string(top, n, column.name[:_MOST_CHARS], form["head"])
        sheet.freeze_panes(top + 1, 0)
        for count, row in enumerate(rows, start=1):
            for n, value in enumerate(row):
                _write(sheet, top + count, n, value, form)
    return count


def _write(sheet: Any, row: int, column: int, value: Value, form: dict[str, Any]) -> None:
    match value:
        case None | "":
            sheet.write_blank(row, column, None, form["text"])
        case Marked(text=text):
            sheet.write_string(row, column, text[:_MOST_CHARS], form["fault"])
        case datetime():
            local = timezone.localtime(value).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, form["moment"])
        case date():
            sheet.write_datetime(row, column, value, form["day"])
        case bool() | int() | float():
            sheet.write_number(row, column, value, form["text"])
        case _:
            sheet.write_string(row, column, value[:_MOST_CHARS], form["text"])


def _sheet_name(name: str) -> str:
    return _NAME_SIGNS.sub(" ", name).strip()[:_MOST_NAME] or "Sheet1"
