"""Which cells of a book hold formulas: the reader of books tells only what they came to."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import IO
from xml.parsers import expat

from wangge.platform.sheets import limits
from wangge.platform.sheets.packages import OLD_BOOK, Refused
from wangge.platform.sheets.records import formulas_of_records

# A cell with a formula, as an xlsx writes it; a piece is read with what may be cut off before it.
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*><f[ />]')
_PIECE, _LONGEST_CELL = 1 << 20, 200

Found = Mapping[int, set[int]]


def formulas_of(data: bytes, at: int) -> Found:
    """Row number (from 1) > columns (from 0) that hold formulas, in the sheet of this place in an xlsx, ods or xls.
    Raises Refused("broken")."""
    if data.startswith(OLD_BOOK):
        return formulas_of_records(data, at)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.namelist()
        if "content.xml" in parts:
            tables = _Tables(at)
            _walk(package, "content.xml", tables.begin, tables.end)
            return tables.found
        part = _part_of(package, at)
        if part not in parts:
            return {}
        with package.open(part) as sheet:
            return _of_xlsx(sheet)


def _part_of(package: zipfile.ZipFile, at: int) -> str:
    """The part that holds the sheet of this place: sheets that were moved keep the names of their parts."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(package.namelist()):
        return ""
    sheets = [given.get("r:id", "") for given in _elements(package, "xl/workbook.xml", "sheet")]
    links = _elements(package, "xl/_rels/workbook.xml.rels", "Relationship")
    targets = {given.get("Id"): given.get("Target", "") for given in links}
    target = targets.get(sheets[at], "") if at < len(sheets) else ""
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _elements(package: zipfile.ZipFile, part: str, wanted: str) -> list[dict[str, str]]:
    """What the elements of this name say, in their order."""
    found: list[dict[str, str]] = []
    _walk(package, part, lambda name, given: found.append(given) if name == wanted else None)
    return found


def _walk(
    package: zipfile.ZipFile,
    part: str,
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
) -> None:
    """Read a part's elements; one that declares entities is refused."""
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.EntityDeclHandler = _no_entities
    try:
        with package.open(part) as content:
            parser.ParseFile(content)
    except expat.ExpatError as error:
        raise Refused("broken") from error


def _of_xlsx(sheet: IO[bytes]) -> Found:
    found: dict[int, set[int]] = defaultdict(set)
    held = b""
    while piece := sheet.read(_PIECE):
        held += piece
        for column, row in _FORMULA.findall(held):
            found[int(row)].add(_column(column))
        last = held.rfind(b"<c ")
        held = held[max(last, len(held) - _LONGEST_CELL) if last >= 0 else len(held) :]
    return found


def _column(letters: bytes) -> int:
    """A > 0, Z > 25, AA > 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


class _Tables:
    """Walks the tables of an ods, whose rows and cells stand without their numbers and may be told once for many."""

    def __init__(self, at: int) -> None:
        self.at, self.table = at, -1
        self.row, self.rows, self.column = 0, 1, 0
        self.found: dict[int, set[int]] = defaultdict(set)

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "table:table":
            self.table += 1
        elif self.table != self.at:
            return
        elif name == "table:table-row":
            self.rows, self.column = _times(given, "table:number-rows-repeated"), 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            times = _times(given, "table:number-columns-repeated")
            if "table:formula" in given:
                columns = range(self.column, min(self.column + times, limits.MOST_COLUMNS))
                for row in range(min(self.rows, limits.MOST_STREAMED_ROWS)):
                    self.found[self.row + row + 1].update(columns)
            self.column += times

    def end(self, name: str) -> None:
        if name == "table:table-row" and self.table == self.at:
            self.row += self.rows


def _times(given: dict[str, str], name: str) -> int:
    times = given.get(name, "1")
    if not times.isdecimal():
        raise Refused("broken")
    return int(times)


def _no_entities(*_declared: object) -> None:
    raise Refused("broken")
