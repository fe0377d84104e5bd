"""Bytes to rows, in a process of its own: `python -m wangge.platform.sheets.parse` reads the file from its input.

A small book may claim a cell at its farthest corner, for which the reader takes memory for all in between;
so this runs under a memory and a time limit, and knows nothing of the database. Answers JSON:
{"rows": [[row number, [text, …]], …]} or {"error": code, "at": place}.
"""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice

import python_calamine

from wangge.platform.sheets import limits
from wangge.platform.sheets.cells import text_of
from wangge.platform.sheets.packages import Refused, kind_of

Rows = list[tuple[int, list[str]]]


def rows_of(data: bytes) -> Rows:
    """The rows that hold anything, with the number each has in the file; raises Refused."""
    found = _book(data) if kind_of(data) == "book" else _text(data)
    rows: Rows = []
    for number, cells in found:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > limits.MOST_COLUMNS:
            raise Refused("too_many_columns", str(number))
        if any(len(cell) > limits.MOST_CHARS for cell in cells):
            raise Refused("cell_too_long", str(number))
        rows.append((number, cells))
        if len(rows) > limits.MOST_ROWS:
            raise Refused("too_many_rows")
    if not rows:
        raise Refused("empty")
    return rows


def _book(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The first sheet that is shown and holds something."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        for name in shown:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(map(any, rows)):
                return ((number, [text_of(cell) for cell in row]) for number, row in enumerate(rows, 1))
    except python_calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except python_calamine.CalamineError as error:
        raise Refused("broken") from error
    raise Refused("empty")


def _text(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    csv.field_size_limit(limits.MOST_CHARS * 4)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for row in lines:
            yield lines.line_num, [_plain(cell) for cell in row]
    except csv.Error as error:
        raise Refused("broken", str(lines.line_num)) from error


def _plain(cell: str) -> str:
    """Without the ="…" or leading tab by which systems keep a spreadsheet from touching numbers."""
    text = text_of(cell)
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codings: Iterable[str] = ("utf-16",)
    else:
        codings = ("utf-8-sig", "gb18030")
    for coding in codings:
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding")


def _delimiter(text: str) -> str:
    """The sign that cuts the first lines into the most columns, evenly."""
    best, most = ",", 0
    for sign in (",", "\t", ";"):
        widths = [len(row) for row in islice(_cut(text, sign), 12) if row]
        score = min(widths[1:] or widths or [0]) * 1000 + max(widths or [0])
        if score > most:
            best, most = sign, score
    return best


def _cut(text: str, sign: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=sign)
    except csv.Error:
        return


def main() -> None:
    """Read the file from standard input, write the answer to standard output."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - does not exist everywhere

        resource.setrlimit(resource.RLIMIT_AS, (limits.MOST_MEMORY_BYTES, limits.MOST_MEMORY_BYTES))
    try:
        answer: dict[str, object] = {"rows": rows_of(sys.stdin.buffer.read())}
    except Refused as refusal:
        answer = {"error": refusal.code, "at": refusal.at}
    except MemoryError:
        answer = {"error": "too_large_inside", "at": ""}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
