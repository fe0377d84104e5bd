"""Case numbers: district, local date of the report, serial of that day."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from wangge.engines.codes.division import DivisionCode
from wangge.engines.codes.errors import CodeError

LAST_SERIAL = 9_999_999
_TEXT = re.compile(r"([0-9]{6})-([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{7})")


@dataclass(frozen=True, slots=True, order=True)
class CaseNumber:
    """ "440105-20261122-0000123" in its parts. Raises CodeError for parts that cannot be."""

    district: str
    day: date
    serial: int

    def __post_init__(self) -> None:
        if len(self.district) != 6:
            raise CodeError(f"case number: district {self.district!r} has not 6 digits")
        DivisionCode.parse(self.district)
        if not 1 <= self.serial <= LAST_SERIAL:
            raise CodeError(f"case number: serial {self.serial} is outside 1 to {LAST_SERIAL}")

    @classmethod
    def parse(cls, text: str) -> Self:
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise CodeError(f"case number {text!r}: expected such as 440105-20261122-0000123")
        try:
            day = date(int(match[2]), int(match[3]), int(match[4]))
        except ValueError as error:
            raise CodeError(f"case number {text!r}: {error}") from error
        return cls(match[1], day, int(match[5]))

    def __str__(self) -> str:
        return f"{self.district}-{self.day.isoformat().replace('-', '')}-{self.serial:07d}"


def case_number(county6: str, local_date: date, serial: int) -> str:
    """The written number of the `serial`th case (from 1) that a district took in on its local date."""
    return str(CaseNumber(county6, local_date, serial))
