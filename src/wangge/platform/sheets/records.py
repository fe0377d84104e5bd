"""Which cells of an xls hold formulas: the records of a book before 2007, [MS-XLS] 2.1.7 and 2.4."""

import io
import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping

from xlrd.compdoc import CompDoc, CompDocError  # type: ignore[import-untyped]

from wangge.platform.sheets.packages import Refused

# Of Excel 97 and of Excel 5.
_STREAMS = ("Workbook", "Book")
_FORMULA, _END, _SHEET, _BEGIN = 0x0006, 0x000A, 0x0085, 0x0809
_HEAD, _CELL, _PLACE = struct.Struct("<HH"), struct.Struct("<HH"), struct.Struct("<I")


def formulas_of_records(data: bytes, at: int) -> Mapping[int, set[int]]:
    """Row number (from 1) > columns (from 0) that hold formulas, in the sheet of this place. Raises Refused("broken")."""
    book = _stream(data)
    try:
        places = [_PLACE.unpack_from(body)[0] for kind, body in _part(book, 0) if kind == _SHEET]
        found: dict[int, set[int]] = defaultdict(set)
        for kind, body in _part(book, places[at]):
            if kind == _FORMULA:
                row, column = _CELL.unpack_from(body)
                found[row + 1].add(column)
    except (struct.error, IndexError) as error:
        raise Refused("broken") from error
    return found


def _stream(data: bytes) -> memoryview:
    try:
        # What it remarks about a file would stand among our answers.
        package = CompDoc(data, logfile=io.StringIO(), ignore_workbook_corruption=True)
        found = next(filter(None, map(package.get_named_stream, _STREAMS)), None)
    except (CompDocError, struct.error, IndexError, AssertionError, RecursionError) as error:
        raise Refused("broken") from error
    if found is None:
        raise Refused("broken")
    return memoryview(found)


def _part(book: memoryview, begin: int) -> Iterator[tuple[int, memoryview]]:
    """The records of one part, the parts inside it (charts) with it."""
    depth = 0
    while begin + _HEAD.size <= len(book):
        kind, size = _HEAD.unpack_from(book, begin)
        begin += _HEAD.size
        yield kind, book[begin : begin + size]
        begin += size
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
