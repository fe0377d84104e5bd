"""Bytes to rows, in a process of its own: `python -m wangge.platform.sheets.parse` reads the file from its input.

A small book may claim a cell at its farthest corner, for which the reader takes memory for all in between;
so this runs under a memory and a time limit, and knows nothing of the database. Its word is how many rows there may
be. Answers lines of JSON: [row number, [text, …], [column of a formula, …]] each, and at the end {"end": true} or
{"error": code, "at": place}.
"""

import csv
import io
import json
import sys
from collections.abc import Iterator
from itertools import islice

import python_calamine

from wangge.platform.sheets import limits
from wangge.platform.sheets.cells import text_of
from wangge.platform.sheets.encodings import decoded
from wangge.platform.sheets.formulas import formulas_of
from wangge.platform.sheets.packages import Refused, kind_of


def rows_of(data: bytes, most: int = limits.MOST_ROWS) -> Iterator[tuple[int, list[str], list[int]]]:
    """The rows that hold anything: the number each has in the file, its texts, the columns (from 0) whose text is what
    a formula came to. Raises Refused."""
    found = _book(data) if kind_of(data) == "book" else _text(data)
    count = 0
    for number, cells, formulas in found:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > limits.MOST_COLUMNS:
            raise Refused("too_many_columns", str(number))
        if any(len(cell) > limits.MOST_CHARS for cell in cells):
            raise Refused("cell_too_long", str(number))
        count += 1
        if count > most:
            raise Refused("too_many_rows")
        yield number, cells, formulas
    if not count:
        raise Refused("empty")


def _book(data: bytes) -> Iterator[tuple[int, list[str], list[int]]]:
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
            sheet = book.get_sheet_by_name(name)
            if sheet.start is not None and any(map(any, sheet.iter_rows())):
                break
        else:
            raise Refused("empty")
        formulas, before = formulas_of(data, book.sheet_names.index(name)), [""] * sheet.start[1]
        for number, row in enumerate(sheet.iter_rows(), 1):
            yield number, before + [text_of(cell) for cell in row], sorted(formulas.get(number, ()))
    except python_calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except python_calamine.CalamineError as error:
        raise Refused("broken") from error


def _text(data: bytes) -> Iterator[tuple[int, list[str], list[int]]]:
    text = decoded(data)
    csv.field_size_limit(limits.MOST_CHARS * 4)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for row in lines:
            cells = [_plain(cell) for cell in row]
            yield lines.line_num, cells, [at for at, cell in enumerate(cells) if cell[:1] in ("=", "＝")]
    except csv.Error as error:
        raise Refused("broken", str(lines.line_num)) from error


def _plain(cell: str) -> str:
    """Without the ="…" or leading tab by which systems keep a spreadsheet from touching numbers."""
    text = text_of(cell)
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text


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
    answer: dict[str, object] = {"end": True}
    try:
        for row in rows_of(sys.stdin.buffer.read(), int(sys.argv[1])):
            sys.stdout.write(json.dumps(row) + "\n")
    except Refused as refusal:
        answer = {"error": refusal.code, "at": refusal.at}
    except MemoryError:
        answer = {"error": "too_large_inside", "at": ""}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
