"""The names of the areas somebody serves: a text in, the smallest area that it names out."""

import difflib
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib import resources

import shapely
from django.db.models import Q

from wangge.domain.places.models import Area, Compound, Level
from wangge.domain.places.queries import grid_at

_FILE = resources.files("wangge.domain.places").joinpath("names.toml")
_ENDINGS = tuple(tomllib.loads(_FILE.read_text(encoding="utf-8"))["community_endings"])


class Gazetteer:
    """Communities and grids below some paths, and the compounds there (2 statements, and one a compound hit)."""

    def __init__(self, paths: Sequence[str]) -> None:
        within = Q(pk__in=[])
        compounds = Q(pk__in=[])
        for path in paths:
            within |= Q(path__startswith=path)
            compounds |= Q(area__path__startswith=path)
        levels = [Level.COMMUNITY, Level.GRID]
        self._paths = tuple(paths)
        self._named: dict[str, set[int]] = defaultdict(set)
        self._loose: dict[str, set[int]] = defaultdict(set)
        self._streets: dict[int, str] = {}
        self._communities: list[str] = []
        for area in Area.objects.filter(within, active=True, level__in=levels).select_related("parent"):
            self._add(area)
        self._compounds = _compounds(Compound.objects.filter(compounds))
        self._found: dict[str, int | None] = {}

    def find(self, area: str, address: str) -> int | None:
        """The id of the area that a row names: by its area's name or code, else by a name in its address."""
        area, address = _plain(area), _plain(address)
        text = area + address
        for names, where in ((self._named, area), (self._loose, area)):
            if where and (hit := self._only(names.get(where, set()), text)) is not None:
                return hit
        for where in (area, address):
            if (hit := self._inside(where, text)) is not None:
                return hit
        return self._by_compound(address)

    def similar(self, area: str) -> str:
        """The community whose name is most like the text, empty when none is."""
        found = difflib.get_close_matches(area, self._communities, n=1, cutoff=0.5)
        return found[0] if found else ""

    def _add(self, area: Area) -> None:
        self._streets[area.pk] = _plain(area.parent.short_name) if area.parent else ""
        for name in {_plain(area.name), _plain(area.short_name), area.code}:
            self._named[name].add(area.pk)
        if area.level != Level.COMMUNITY:
            return
        self._communities.append(area.short_name)
        stem = _stem(_plain(area.name))
        self._loose[stem].add(area.pk)
        for ending in _ENDINGS:
            self._named[stem + ending].add(area.pk)

    def _only(self, ids: set[int], text: str) -> int | None:
        """The one area of the name; of several, the one whose street the text names too."""
        if len(ids) > 1:
            ids = {pk for pk in ids if self._streets[pk] and self._streets[pk] in text}
        return next(iter(ids)) if len(ids) == 1 else None

    def _inside(self, where: str, text: str) -> int | None:
        """By the longest full name that stands in the text."""
        held = [name for name in self._named if len(name) > 2 and name in where]
        for name in sorted(held, key=len, reverse=True):
            if (hit := self._only(self._named[name], text)) is not None:
                return hit
        return None

    def _by_compound(self, address: str) -> int | None:
        name = max((name for name in self._compounds if name in address), key=len, default="")
        if not name:
            return None
        if name not in self._found:
            grid = grid_at(*self._compounds[name])
            ours = grid is not None and grid.path.startswith(self._paths)
            self._found[name] = grid.pk if grid and ours else None
        return self._found[name]


def _compounds(rows: Iterable[Compound]) -> dict[str, tuple[float, float]]:
    """Name > a point inside; a name that stands for two compounds is left out."""
    points: dict[str, tuple[float, float]] = {}
    twice = set()
    for row in rows:
        name = _plain(row.name)
        if len(name) < 2:
            continue
        if name in points:
            twice.add(name)
        inside = shapely.from_wkb(bytes(row.wkb)).representative_point()
        points[name] = (inside.x, inside.y)
    return {name: point for name, point in points.items() if name not in twice}


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _stem(name: str) -> str:
    return next((name.removesuffix(end) for end in _ENDINGS if name.endswith(end) and name != end), name)
