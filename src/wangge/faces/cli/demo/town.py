"""The demo's town: a generated plan of Nanhuaxi Street with communities, grids, streets and buildings.

Only the street's name, its place on the river and the names of its communities are real. Everything is made
from one seed, in WGS-84 degrees.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from random import Random

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from wangge.engines.codes import short_name
from wangge.engines.geo import Frame
from wangge.faces.cli.demo import skeleton
from wangge.faces.cli.demo.carve import in_degrees
from wangge.faces.cli.demo.fabric import BuildingKind, Fabric, weave
from wangge.faces.cli.demo.layout import Layout, RoadDraft, Use, lay_out
from wangge.faces.cli.demo.places import PlaceKind, Spots, choose, find_spots, frontages, house_doors, jitter
from wangge.faces.cli.demo.skeleton import RoadKind

_NUMERALS = "一二三四五六七八九十"
_RIVER_M = 320
"""The river is drawn this far beyond the street."""


@dataclass(frozen=True)
class Community:
    """A community with its official 12-digit code and official name; `short` is the name in use."""

    code: str
    name: str
    short: str
    shape: Polygon


@dataclass(frozen=True)
class Grid:
    """A grid; `key` is the national code of 15 digits. `use` tells what mostly stands on it."""

    key: str
    name: str
    community: str
    dedicated: bool
    use: Use
    shape: Polygon


@dataclass(frozen=True)
class Road:
    """A street's centre line. Alleys have no name."""

    name: str
    kind: RoadKind
    width_m: float
    line: LineString


@dataclass(frozen=True)
class Compound:
    """A gated estate, wholly inside one grid."""

    key: str
    name: str
    grid_key: str
    shape: Polygon


@dataclass(frozen=True)
class Building:
    """A footprint; `label` is the number inside its compound or yard ("3栋"), `address` its door in a lane or street.

    Of both one is there.
    """

    key: str
    kind: BuildingKind
    levels: int
    label: str
    address: str
    grid_key: str
    compound: str | None
    shape: Polygon


@dataclass(frozen=True)
class Block:
    """Land between streets and its use: a grid's use, or `green`."""

    use: str
    shape: Polygon


@dataclass(frozen=True)
class Place:
    """Where something is reported. `compound` is the key of the compound, if any."""

    lon: float
    lat: float
    address: str
    grid_key: str
    compound: str | None
    kind: PlaceKind


@dataclass(frozen=True)
class Town:
    """The whole plan, in WGS-84."""

    outline: Polygon
    communities: tuple[Community, ...]
    grids: tuple[Grid, ...]
    roads: tuple[Road, ...]
    blocks: tuple[Block, ...]
    compounds: tuple[Compound, ...]
    buildings: tuple[Building, ...]
    water: tuple[tuple[str, Polygon], ...]
    parks: tuple[tuple[str, Polygon], ...]
    _spots: Spots
    _frame: Frame

    def random_place(self, rng: Random, grid_key: str | None, kind: PlaceKind) -> Place:
        """A place of the wanted kind; a grid that has none of it gives a door on a lane or street.

        KeyError if the town has no such grid.
        """
        wanted = None if grid_key is None else self._grid_index[grid_key]
        index, spot, where = choose(self._spots, rng, wanted, kind)
        grid, point = self.grids[index], in_degrees(self._frame, jitter(spot, rng))
        short = next(c.short for c in self.communities if c.code == grid.community)
        compound = None if spot.compound is None else self.compounds[spot.compound].key
        address = f"{skeleton.STREET_NAME}{short} {spot.stem}{where}"
        return Place(point.x, point.y, address, grid.key, compound, spot.kind)

    def place_kinds(self, grid_key: str) -> frozenset[PlaceKind]:
        """The kinds of place a grid really has. KeyError if the town has no such grid."""
        return frozenset(self._spots[self._grid_index[grid_key]])

    @property
    def _grid_index(self) -> Mapping[str, int]:
        return {grid.key: index for index, grid in enumerate(self.grids)}


def make_town(seed: int = 440105008) -> Town:
    """The plan made from `seed`; the same seed always gives the same town. Takes about a second."""
    rng = Random(seed)  # noqa: S311 - a plan, not a secret
    layout = lay_out(rng)
    fabric = weave(layout, rng)
    frame = Frame(*skeleton.ORIGIN)
    grids = _grids(layout, frame)
    keys = [grid.key for grid in grids]
    communities = _communities(grids)
    return Town(
        outline=_only(shapely.coverage_union_all([community.shape for community in communities])),
        communities=communities,
        grids=grids,
        roads=tuple(_road(road, frame) for road in (*layout.roads, *fabric.alleys)),
        blocks=tuple(Block(block.use, in_degrees(frame, block.shape)) for block in fabric.blocks),
        compounds=_compounds(fabric, keys, frame),
        buildings=_buildings(layout, fabric, keys, frame),
        water=tuple((name, in_degrees(frame, shape)) for name, shape in _water(layout, fabric)),
        parks=tuple((name, in_degrees(frame, shape)) for name, shape in _parks(layout, fabric)),
        _spots=find_spots(layout, fabric),
        _frame=frame,
    )


def divisions() -> dict[str, str]:
    """Official names by code of every province, city, district, street and community of the demo."""
    text = files("wangge.faces.cli.demo").joinpath("divisions.json").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in json.loads(text)}


def _grids(layout: Layout, frame: Frame) -> tuple[Grid, ...]:
    codes = {short_name(name): code for code, name in divisions().items() if len(code) == 12}
    grids = []
    for draft in layout.grids:
        community = codes[draft.ward.name]
        mark = draft.landmark
        dedicated = mark is not None and mark.dedicated
        name = f"{mark.name}专属网格" if mark and dedicated else f"{draft.ward.name}第{draft.serial}网格"
        key = f"{community}{draft.serial:03d}"
        grids.append(Grid(key, name, community, dedicated, draft.use, in_degrees(frame, draft.shape)))
    return tuple(grids)


def _communities(grids: Iterable[Grid]) -> tuple[Community, ...]:
    parts: dict[str, list[Polygon]] = {}
    for grid in grids:
        parts.setdefault(grid.community, []).append(grid.shape)
    names = divisions()
    return tuple(
        Community(code, names[code], short_name(names[code]), _only(shapely.coverage_union_all(shapes)))
        for code, shapes in sorted(parts.items())
    )


def _road(road: RoadDraft, frame: Frame) -> Road:
    return Road(road.name, road.kind, skeleton.WIDTH_M[road.kind], in_degrees(frame, road.line))


def _compounds(fabric: Fabric, keys: list[str], frame: Frame) -> tuple[Compound, ...]:
    return tuple(
        Compound(f"c{number:03d}", draft.name, keys[draft.grid], in_degrees(frame, draft.shape))
        for number, draft in enumerate(fabric.compounds)
    )


def _buildings(layout: Layout, fabric: Fabric, keys: list[str], frame: Frame) -> tuple[Building, ...]:
    doors = house_doors(fabric, frontages(layout))
    taken: Counter[str] = Counter()
    for index, door in doors.items():
        taken[door] += 1
        # Houses behind one door are told apart as in the old lanes: 12号之二.
        doors[index] = door if taken[door] == 1 else f"{door}之{_NUMERALS[taken[door] - 1]}"
    return tuple(
        Building(
            key=f"b{number:04d}",
            kind=draft.kind,
            levels=draft.levels,
            label=draft.label,
            address=doors.get(number, ""),
            grid_key=keys[draft.grid],
            compound=None if draft.compound is None else f"c{draft.compound:03d}",
            shape=in_degrees(frame, draft.shape),
        )
        for number, draft in enumerate(fabric.buildings)
    )


def _water(layout: Layout, fabric: Fabric) -> Iterable[tuple[str, Polygon]]:
    x0, y0, x1, y1 = layout.outline.bounds
    mouth, corner = layout.bank.coords[0], layout.bank.coords[-1]
    land = [(mouth[0] + 20, y0 - _RIVER_M), *layout.bank.coords, (x1 + _RIVER_M, corner[1] + 40)]
    frame = shapely.box(x0 - _RIVER_M, y0 - _RIVER_M, x1 + _RIVER_M, y1 + _RIVER_M)
    yield "珠江", _only(frame.difference(Polygon([*land, (x1 + _RIVER_M, y0 - _RIVER_M)])))
    yield skeleton.CREEK_NAME, layout.creek
    for pond in fabric.ponds:
        yield "", pond


def _parks(layout: Layout, fabric: Fabric) -> Iterable[tuple[str, Polygon]]:
    for block in fabric.blocks:
        mark = layout.grids[block.grid].landmark
        if block.use == "park" and mark is not None:
            yield mark.name, block.shape
        elif block.use == "green":
            yield "滨江绿带", block.shape


def _only(geometry: BaseGeometry) -> Polygon:
    if not isinstance(geometry, Polygon):
        raise ValueError(f"one polygon expected, got {geometry.geom_type}")
    return geometry
