"""A book as Excel 97 writes it, for tests: [MS-XLS] records in an [MS-CFB] package."""

import struct
from dataclasses import dataclass

_SECTOR = 512
_END_OF_CHAIN, _FREE, _OF_TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


@dataclass(frozen=True)
class Formula:
    """A cell that came to `value` when the book was saved."""

    value: float


Cell = str | float | Formula | None


def old_book(**sheets: list[list[Cell]]) -> bytes:
    """The bytes of an .xls with these sheets, by name."""
    parts = [_sheet(rows) for rows in sheets.values()]
    place = len(_globals(list(sheets), [0] * len(parts)))
    places = [place + sum(map(len, parts[:number])) for number in range(len(parts))]
    return _package(_globals(list(sheets), places) + b"".join(parts))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 6))


def _globals(names: list[str], places: list[int]) -> bytes:
    told = b"".join(
        _record(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name), 1) + name.encode("utf-16-le"))
        for name, place in zip(names, places, strict=True)
    )
    return _begin(5) + _record(0x0042, struct.pack("<H", 1200)) + told + _record(0x000A)


def _sheet(rows: list[list[Cell]]) -> bytes:
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0)
    cells = b"".join(
        _cell(row, column, value)
        for row, given in enumerate(rows)
        for column, value in enumerate(given)
        if value is not None
    )
    return _begin(0x10) + _record(0x0200, size) + cells + _record(0x000A)


def _cell(row: int, column: int, value: Cell) -> bytes:
    at = struct.pack("<HHH", row, column, 0)
    match value:
        case str():
            return _record(0x0204, at + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
        case Formula(value=result):
            return _record(0x0006, at + struct.pack("<dHIH", result, 0, 0, 3) + b"\x1e\x01\x00")
        case _:
            return _record(0x0203, at + struct.pack("<d", value))


def _package(stream: bytes) -> bytes:
    """One stream, padded so that it is none of the small ones; sector 0 is the table, 1 the directory."""
    count = max(8, -(-len(stream) // _SECTOR))
    chain = [_OF_TABLE, _END_OF_CHAIN, *range(3, 2 + count), _END_OF_CHAIN]
    assert len(chain) <= _SECTOR // 4
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END_OF_CHAIN, 0, _END_OF_CHAIN, 0
    )
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    root = _entry("Root Entry", 5, child=1, begin=_END_OF_CHAIN, size=0)
    entries = root + _entry("Workbook", 2, child=_FREE, begin=2, size=count * _SECTOR)
    return head + table + entries.ljust(_SECTOR, b"\0") + stream.ljust(count * _SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, begin: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    links = struct.pack("<BBIII", kind, 1, _FREE, _FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<H", len(text) + 2)
        + links
        + bytes(36)
        + struct.pack("<IQ", begin, size)
    )
