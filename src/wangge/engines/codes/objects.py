"""Codes of public facilities and of classes of matters (GB/T 47678, formerly GB/T 30428)."""

import re
from dataclasses import dataclass
from typing import Self

from wangge.engines.codes.division import DivisionCode
from wangge.engines.codes.errors import CodeError

_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True, order=True)
class MatterClassCode:
    """A class of matters as one district uses it: district 6 + group 2 + class 3 digits."""

    district: str
    group: str
    number: str

    def __post_init__(self) -> None:
        _check_parts(self, district=6, group=2, number=3)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 11 digits. Raises CodeError."""
        _check_length("matter class code", text, 11)
        return cls(text[:6], text[6:8], text[8:])

    @property
    def catalogue_code(self) -> str:
        """The five digits of the national catalogue: group and class."""
        return self.group + self.number

    def __str__(self) -> str:
        return self.district + self.group + self.number


@dataclass(frozen=True, slots=True, order=True)
class ComponentCode:
    """One public facility: district 6 + group 2 + class 3 + serial 6 digits."""

    district: str
    group: str
    number: str
    serial: str

    def __post_init__(self) -> None:
        _check_parts(self, district=6, group=2, number=3, serial=6)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 17 digits. Raises CodeError."""
        _check_length("component code", text, 17)
        return cls(text[:6], text[6:8], text[8:11], text[11:])

    @classmethod
    def make(cls, matter_class: MatterClassCode, serial: int) -> Self:
        """The `serial`th (1 to 999,999) facility of a class. Raises CodeError."""
        return cls(matter_class.district, matter_class.group, matter_class.number, f"{serial:06d}")

    @property
    def matter_class(self) -> MatterClassCode:
        return MatterClassCode(self.district, self.group, self.number)

    def __str__(self) -> str:
        return self.district + self.group + self.number + self.serial


def _check_length(kind: str, text: str, length: int) -> None:
    if not _DIGITS.fullmatch(text) or len(text) != length:
        raise CodeError(f"{kind} {text!r}: expected {length} digits")


def _check_parts(code: MatterClassCode | ComponentCode, **lengths: int) -> None:
    for name, length in lengths.items():
        text = getattr(code, name)
        if not _DIGITS.fullmatch(text) or len(text) != length or int(text) == 0:
            raise CodeError(f"{name} {text!r}: expected {length} digits, not all 0")
    DivisionCode.parse(code.district)
