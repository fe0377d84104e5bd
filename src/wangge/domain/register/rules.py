"""What is true of the register without a database: how names and phones are written, found and masked."""

import re
import unicodedata
from collections.abc import Iterable

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from wangge.platform.personal import mark

# Of one length for everybody: a mask that showed letters would be a look that nobody wrote down.
HIDDEN_NAME, HIDDEN_PHONE = "***", "***********"
# Below this many people a figure could tell about single ones.
SMALLEST_CELL = 10

_NAME_LABEL = "register.Resident.name"
_PHONE_LABEL = "register.Resident.phone"
_ID_LABEL = "register.Detail.value"
_SPACE = re.compile(r"\s+")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]+")
_PHONE = re.compile(r"\+?\d{5,15}")


def name_of(text: str) -> str:
    """A name as it is kept: full-width letters made narrow, no blanks inside Chinese names, one inside others."""
    plain = _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip()
    packed = plain.replace(" ", "")
    return packed if _CHINESE.fullmatch(packed) else plain


def phone_of(text: str) -> str:
    """A phone as it is kept: digits, a leading + allowed; "" for what is none."""
    digits = re.sub(r"[\s\-()（）]", "", unicodedata.normalize("NFKC", text))
    digits = digits.removeprefix("+86") if digits.startswith("+86") else digits
    return digits if _PHONE.fullmatch(digits) else ""


def id_number_of(text: str) -> str:
    """An ID number as it is kept, "" when its date or check digit is wrong (GB 11643)."""
    try:
        return str(ric.validate(unicodedata.normalize("NFKC", text)))
    except ValidationError:
        return ""


def credit_code_of(text: str) -> str:
    """A unified social credit code as it is kept, "" when its check digit is wrong (GB 32100)."""
    try:
        return str(uscc.validate(unicodedata.normalize("NFKC", text)))
    except ValidationError:
        return ""


def name_parts(name: str) -> set[str]:
    """What a name is found by: all of it, and each two neighbouring characters of it."""
    folded = name_of(name).casefold()
    return {folded} | {folded[at : at + 2] for at in range(len(folded) - 1)} - {""}


def found_by(name: str, asked: str) -> bool:
    """Whether a name is what was asked for: all asked characters, in a row."""
    return name_of(asked).casefold() in name_of(name).casefold()


def name_marks(name: str) -> list[int]:
    """Marks of the parts of a name, which read back to nobody."""
    return sorted({mark(part, _NAME_LABEL) for part in name_parts(name)})


def asked_marks(asked: str) -> list[int]:
    """Marks that every name holds which is found by these two or more characters; whole when it is one of two."""
    folded = name_of(asked).casefold()
    return sorted({mark(folded[at : at + 2], _NAME_LABEL) for at in range(len(folded) - 1)})


def phone_mark(phone: str) -> int | None:
    """What a phone is found by; None without one."""
    return mark(phone_of(phone), _PHONE_LABEL) if phone_of(phone) else None


def id_mark(number: str) -> int | None:
    """What an ID number is found by; None for none."""
    return mark(id_number_of(number), _ID_LABEL) if id_number_of(number) else None


def suppressed(counts: Iterable[int]) -> list[int | None]:
    """Figures of small areas for those who may not see single people: None for one under SMALLEST_CELL that is not 0.

    When exactly one is left out, its total would tell it: then the smallest of the others goes too.
    """
    shown: list[int | None] = [count if count == 0 or count >= SMALLEST_CELL else None for count in counts]
    if shown.count(None) == 1 and any(shown):
        smallest = min((count for count in shown if count), default=None)
        shown[shown.index(smallest)] = None
    return shown
