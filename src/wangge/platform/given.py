"""What people and programs send, before anything is made of it."""

import re
from datetime import date

NUL = "\x00"
# Control characters but tab and line ends, signs that turn the reading direction, halves of surrogate pairs.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Days beyond these are slips of the finger; counting from them would leave the calendar.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_WHOLE = re.compile(r"[0-9]{1,19}")


def plain(text: str) -> str:
    """The text without characters that nobody types and nobody sees, such as come along with a copy from a PDF."""
    return _INVISIBLE.sub("", text)


def whole(text: object) -> int | None:
    """The number that a text of digits stands for, None for anything else and for what no id can be."""
    if not _WHOLE.fullmatch(str(text)):
        return None
    found = int(str(text))
    return found if found < 2**63 else None


def day(text: object) -> date | None:
    """The day of an ISO date, None for anything else and outside FIRST_DAY .. LAST_DAY."""
    try:
        found = date.fromisoformat(str(text))
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None
