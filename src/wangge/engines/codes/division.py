"""Division codes: GB/T 2260 (county, 6 digits), GB/T 10114 (street, 9), community (12), grid (15)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from wangge.engines.codes.errors import CodeError

# GB/T 2260: a range for each great region, then Taiwan, Hong Kong and Macao.
_REGIONS = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
_PROVINCES = frozenset(str(number) for first, last in _REGIONS for number in range(first, last + 1))


class Level(StrEnum):
    """A floor of the area tree, from the top."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


class StreetKind(StrEnum):
    """What a code of street level stands for (GB/T 10114)."""

    STREET = "街道"
    TOWN = "镇"
    TOWNSHIP = "乡"
    ZONE = "类似乡级单位"
    UNDIVIDED = "未分乡级"


class CommunityKind(StrEnum):
    """What a code of community level stands for (rules of the National Bureau of Statistics)."""

    RESIDENTS = "居委会"
    VILLAGERS = "村委会"
    SIMILAR = "类似"
    UNDIVIDED = "未分村级"


_LEVELS = {
    2: Level.PROVINCE,
    4: Level.CITY,
    6: Level.DISTRICT,
    9: Level.STREET,
    12: Level.COMMUNITY,
    15: Level.GRID,
}
_PARENT_LENGTH = {4: 2, 6: 4, 9: 6, 12: 9, 15: 12}
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True, order=True)
class DivisionCode:
    """A code whose level is its length. Make one with `parse`; `str()` gives the digits back."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises CodeError that says what is wrong."""
        if not _DIGITS.fullmatch(text):
            raise CodeError(f"division code {text!r}: only digits are allowed")
        if len(text) not in _LEVELS:
            raise CodeError(f"division code {text}: {len(text)} digits; it has 2, 4, 6, 9, 12 or 15")
        if text[:2] not in _PROVINCES:
            raise CodeError(f"division code {text}: no province has the number {text[:2]}")
        if len(text) == 15 and text[12:] == "000":
            raise CodeError(f"division code {text}: grids are numbered from 001")
        return cls(text)

    def __str__(self) -> str:
        return self.text

    @property
    def level(self) -> Level:
        return _LEVELS[len(self.text)]

    @property
    def parent(self) -> "DivisionCode | None":
        """The code one level up; None for a province."""
        length = _PARENT_LENGTH.get(len(self.text))
        return None if length is None else DivisionCode(self.text[:length])

    @property
    def own(self) -> str:
        """The digits that this level adds to its parent."""
        return self.text[_PARENT_LENGTH.get(len(self.text), 0) :]

    @property
    def ancestors(self) -> tuple["DivisionCode", ...]:
        """The codes above, from the province down."""
        return tuple(DivisionCode(self.text[:n]) for n in _LEVELS if n < len(self.text))

    def within(self, other: "DivisionCode") -> bool:
        """Is this code `other` or somewhere below it?"""
        return self.text.startswith(other.text)

    @property
    def street_kind(self) -> StreetKind | None:
        """The kind of street, for codes of street level and below; None above."""
        if len(self.text) < 9:
            return None
        number = int(self.text[6:9])
        if number == 0:
            return StreetKind.UNDIVIDED
        if number < 100:
            return StreetKind.STREET
        if number < 200:
            return StreetKind.TOWN
        return StreetKind.TOWNSHIP if number < 400 else StreetKind.ZONE

    @property
    def community_kind(self) -> CommunityKind | None:
        """The kind of community, for codes of community level and below; None above."""
        if len(self.text) < 12:
            return None
        number = int(self.text[9:12])
        if number == 0:
            return CommunityKind.UNDIVIDED
        if number < 200:
            return CommunityKind.RESIDENTS
        return CommunityKind.VILLAGERS if number < 400 else CommunityKind.SIMILAR
