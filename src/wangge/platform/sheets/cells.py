"""A cell as people see it, and what their text means: numbers without .0, dates as dates."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

# Beyond this a spreadsheet's number has lost its last digits.
_EXACT = 10**15
_EPOCH = datetime(1899, 12, 30)
_SCIENTIFIC = re.compile(r"^[+-]?\d+(\.\d+)?[eE][+-]?\d+$")
_SERIAL = re.compile(r"^\d{5}(\.\d+)?$")
# 1954 to 2119: other numbers of five digits are no dates.
_SERIALS = range(20_000, 80_001)
# 2026-11-22 8:30, with slashes, dots or the Chinese signs for year, month, day, hour, minute and second.
_MOMENT = re.compile(
    r"^(\d{4})\s*[-/.\u5e74]\s*(\d{1,2})\s*[-/.\u6708]\s*(\d{1,2})\s*\u65e5?"
    r"(?:[\sT]*(\d{1,2})\s*[:\uff1a\u65f6]\s*(\d{1,2})(?:\s*[:\uff1a\u5206]\s*(\d{1,2})(?:\.\d+)?)?\s*[\u79d2\u5206]?)?$"
)
_PACKED = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\s?(\d{2}):?(\d{2}):?(\d{2})?)?$")


def text_of(value: Any) -> str:
    """The text of a cell: 13800001234.0 > "13800001234"; a number too long to be exact > "1.234E+17"."""
    match value:
        case None:
            return ""
        case str():
            return value.replace("\r\n", "\n").replace("\r", "\n").strip()
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value)
        case datetime():
            return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M:%S")
        case timedelta():
            return str(value)
    return str(value)


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else repr(value)


def lost_digits(text: str) -> bool:
    """Whether the table turned a long number into 1.38E+10, so that its digits are gone."""
    return bool(_SCIENTIFIC.match(text.strip()))


def moment_of(text: str) -> datetime | None:
    """A date with or without a time as the text says it, naive; None when it says none.

    Reads 2026-11-22 8:30, 2026/11/22, 20261122083000, the Chinese way of writing, and a spreadsheet's serial number.
    """
    given = text.strip()
    if found := _MOMENT.match(given) or _PACKED.match(given):
        try:
            return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]
        except ValueError:
            return None
    if _SERIAL.match(given) and int(float(given)) in _SERIALS:
        return _EPOCH + timedelta(seconds=round(float(given) * 86400))
    return None
