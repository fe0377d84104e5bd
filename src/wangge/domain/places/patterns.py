"""Room numbers from a pattern: "1-12", 4 a floor, "{floor}{no:02}" gives 101, 102 … 1204."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from wangge.domain.places.models import DwellingUse
from wangge.platform.errors import Invalid

MOST_ROOMS = 3000
MOST_STAIRWELLS = 40
HIGHEST_FLOOR, LOWEST_FLOOR = 200, -9
MOST_A_FLOOR = 99
_SPAN = re.compile(r"(-?\d{1,3})(?:\s*[-~～至]\s*(-?\d{1,3}))?")
_PART = re.compile(r"\{(floor|no|stair)(?::0?([1-4]))?\}")
_SEPARATORS = re.compile(r"[,，、;；]")


class Room(NamedTuple):
    """One dwelling to be: `stairwell` 0 is a building without stairwells."""

    stairwell: int
    floor: int
    room: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """How the rooms of a building are numbered.

    `floors`: "1-12", "-1, 1-3, 5-12"; there is no floor 0. `stairwells`: 0 for none, else 1 to that number.
    `first`: the number of the first door of a floor. `room`: text with {floor}, {no} and {stair}, each with the
    number of digits after a colon; floors below ground are written B1, B2.
    """

    floors: str
    per_floor: int
    stairwells: int = 1
    room: str = "{floor}{no:02}"
    first: int = 1
    use: str = DwellingUse.UNKNOWN

    def rooms(self) -> list[Room]:
        """All rooms, stairwell by stairwell from the lowest floor. Raises Invalid, naming the field."""
        if not 1 <= self.per_floor <= MOST_A_FLOOR:
            raise Invalid({"per_floor": _("每层户数须在 1 到 %(most)d 之间。") % {"most": MOST_A_FLOOR}})
        if not 0 <= self.stairwells <= MOST_STAIRWELLS:
            raise Invalid({"stairwells": _("单元数须在 0 到 %(most)d 之间。") % {"most": MOST_STAIRWELLS}})
        floors = read_floors(self.floors)
        if len(floors) * self.per_floor * max(self.stairwells, 1) > MOST_ROOMS:
            raise Invalid({"floors": _("一次最多生成 %(most)d 户。") % {"most": MOST_ROOMS}})
        rooms = list(self._rooms(floors))
        twice = {(one.stairwell, one.room) for one in rooms}
        if len(twice) < len(rooms):
            raise Invalid({"room": _("这样写，同一单元里会有重复的房号。请把 {floor} 和 {no} 都写上。")})
        return rooms

    def _rooms(self, floors: list[int]) -> Iterator[Room]:
        check_room_pattern(self.room)
        for stairwell in range(1, self.stairwells + 1) if self.stairwells else (0,):
            for floor in floors:
                for number in range(self.first, self.first + self.per_floor):
                    yield Room(stairwell, floor, _written(self.room, floor, number, stairwell))


def read_floors(text: str) -> list[int]:
    """ "-1, 1-3, 5" gives [-1, 1, 2, 3, 5]. Raises Invalid."""
    floors: set[int] = set()
    for part in filter(None, (part.strip() for part in _SEPARATORS.split(text))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise Invalid({"floors": _("楼层请写成 1-12，或 1-3,5-12 这样的形式。")})
        low = int(match[1])
        high = int(match[2]) if match[2] else low
        if not LOWEST_FLOOR <= low <= high <= HIGHEST_FLOOR:
            words = {"low": LOWEST_FLOOR, "high": HIGHEST_FLOOR}
            raise Invalid({"floors": _("楼层须在 %(low)d 到 %(high)d 之间，从低写到高。") % words})
        floors |= set(range(low, high + 1)) - {0}
    if not floors:
        raise Invalid({"floors": _("请写明从几层到几层。")})
    return sorted(floors)


def check_room_pattern(pattern: str) -> None:
    """Raises Invalid for a brace that is no part, for an empty pattern and for one that is too long."""
    if not pattern.strip() or len(pattern) > 40:
        raise Invalid({"room": _("请写房号的样子，例如 {floor}{no:02}。")})
    if "{" in (rest := _PART.sub("", pattern)) or "}" in rest:
        raise Invalid({"room": _("花括号里只能是 floor（楼层）、no（户序号）、stair（单元）。")})


def _written(pattern: str, floor: int, number: int, stairwell: int) -> str:
    def part(match: re.Match[str]) -> str:
        digits = int(match[2] or 1)
        if match[1] == "floor":
            return f"B{-floor}" if floor < 0 else f"{floor:0{digits}d}"
        return f"{number if match[1] == 'no' else stairwell:0{digits}d}"

    return _PART.sub(part, pattern)
