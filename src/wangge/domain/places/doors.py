"""Dwellings by their address in words: "南华西街道长庚新村2栋3单元502室" finds the door."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from django.db.models import Q

from wangge.domain.places.models import Dwelling

# How people write a building, and how it is compared.
_BUILDING = re.compile(r"(?:号楼|幢|座|栋楼|#楼|#|(?<=\d)楼(?=[\d\-单]))")
_LAST = re.compile(r"[室房户号]$")
_DASHES = re.compile(r"[\-‐‑–—－_~/]+")
_LONG = re.compile(r"^(.*?\D)?(\d+)-(\d+)-(\d+)$")
_SHORT = re.compile(r"^(.*?\D)?(\d+)-(\d+)$")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d+(?:栋|单元))")
_WORDS = tomllib.loads(
    resources.files("wangge.domain.places").joinpath("names.toml").read_text(encoding="utf-8")
)
_HOUSE, _STREET_DOOR, _STAIR = _WORDS["building"], _WORDS["street_door"], _WORDS["stairwell"]
_ABOVE = tuple(_WORDS["above_a_house"])
_MOST_CHARS = 120


@dataclass(frozen=True, slots=True)
class Door:
    """A dwelling that an address names; without `dwelling_id` the code says why not, with the house that was found."""

    dwelling_id: int | None = None
    area_id: int | None = None
    code: str = ""
    house: str = ""


class Doors:
    """The dwellings below some paths by every way to write them (1 statement; some 300 bytes a dwelling)."""

    def __init__(self, paths: Sequence[str]) -> None:
        within = Q(pk__in=[])
        for path in paths:
            within |= Q(area__path__startswith=path)
        self._doors: dict[str, tuple[int, int] | None] = {}
        self._houses: dict[str, str] = {}
        rows = Dwelling.objects.filter(within, building__removed_on=None).values_list(
            "pk", "area_id", "room", "stairwell__number", "stairwell__name", "building__number",
            "building__address", "building__name", "building__compound__name",
        )  # fmt: skip
        for pk, area, room, stair, stair_name, number, street, name, compound in rows.iterator(
            chunk_size=5000
        ):
            houses = {
                f"{compound}{number}" if compound and number else "",
                street,
                name,
                f"{compound or ''}{name}",
            }
            for house in filter(None, houses):
                self._add((pk, area), house, room, stair, stair_name)

    def find(self, address: str) -> Door:
        """The one dwelling that the address names, whatever stands before the house."""
        if not address.strip():
            return Door(code="no_address")
        for text in _readings(address[:_MOST_CHARS]):
            for at in range(len(text)):
                if (at == 0 or text[at - 1] in _ABOVE) and (known := text[at:]) in self._doors:
                    door = self._doors[known]
                    return Door(*door) if door else Door(code="ambiguous")
        return self._house_alone(address[:_MOST_CHARS])

    def holds(self, address: str) -> bool:
        """Whether the text is an address here, or at least names a house."""
        found = self.find(address)
        return found.code in ("", "no_room", "ambiguous")

    def _add(
        self, door: tuple[int, int], house: str, room: str, stair: int | None, stair_name: str | None
    ) -> None:
        plain, last = _plain(house), _room(room)
        self._houses[plain] = house
        ways = {plain + last, f"{plain}-{last}"}
        for way in filter(None, (f"{stair}{_STAIR}" if stair else "", _plain(stair_name or ""))):
            ways |= {plain + way + last}
        for way in ways:
            held = self._doors.setdefault(way, door)
            if held != door:
                self._doors[way] = None

    def _house_alone(self, address: str) -> Door:
        text = _plain(address)
        for at in range(len(text)):
            for end in range(len(text), at + 1, -1):
                if (house := self._houses.get(text[at:end])) is not None:
                    return Door(code="no_room", house=house)
        return Door(code="no_house")


def _plain(text: str) -> str:
    """Without blanks, one sign for a building, no zeros in front."""
    packed = "".join(unicodedata.normalize("NFKC", text).split())
    packed = _BUILDING.sub(_HOUSE, _DASHES.sub("-", packed))
    return _ZEROS.sub("", packed)


def _room(text: str) -> str:
    """Without the 室 or 号 behind the number of a room."""
    plain = _plain(text)
    return _LAST.sub("", plain) if plain[-2:-1].isascii() and plain[-2:-1].isalnum() else plain


def _readings(address: str) -> Iterator[str]:
    """The address, and what 2-3-502 or 12-302 at its end may stand for."""
    text = _room(address)
    yield text
    if found := _LONG.match(text):
        yield f"{found[1] or ''}{int(found[2])}{_HOUSE}{int(found[3])}{_STAIR}{found[4]}"
    elif found := _SHORT.match(text):
        for sign in (_HOUSE, _STREET_DOOR):
            yield f"{found[1] or ''}{int(found[2])}{sign}{found[3]}"
