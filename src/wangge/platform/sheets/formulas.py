"""Which cells of a packed book hold formulas: the reader of books tells only what they came to."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from typing import IO
from xml.parsers import expat

from wangge.platform.sheets import limits
from wangge.platform.sheets.packages import Refused

# A cell with a formula, as an xlsx writes it; a piece is read with what may be cut off before it.
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*><f[ />]')
_PIECE, _LONGEST_CELL = 1 << 20, 200

Found = Mapping[int, set[int]]


def formulas_of(data: bytes, at: int) -> Found:
    """Row number (from 1) > columns (from 0) that hold formulas, in the sheet of this place in an xlsx or ods; other
    books tell none. Raises Refused("broken")."""
    if not data.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.namelist()
        if "content.xml" in parts:
            with package.open("content.xml") as content:
                return _Tables(at).read(content)
        part = f"xl/worksheets/sheet{at + 1}.xml"
        if part not in parts:
            return {}
        with package.open(part) as sheet:
            return _of_xlsx(sheet)


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

    def read(self, content: IO[bytes]) -> Found:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.EntityDeclHandler = _no_entities
        try:
            parser.ParseFile(content)
        except expat.ExpatError as error:
            raise Refused("broken") from error
        return self.found

    def _begin(self, name: str, given: dict[str, str]) -> None:
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

    def _end(self, name: str) -> None:
        if name == "table:table-row" and self.table == self.at:
            self.row += self.rows


def _times(given: dict[str, str], name: str) -> int:
    times = given.get(name, "1")
    if not times.isdecimal():
        raise Refused("broken")
    return int(times)


def _no_entities(*_declared: object) -> None:
    raise Refused("broken")
