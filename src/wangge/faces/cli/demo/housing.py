"""The demo's town as rows: the base map, compounds, buildings with their dwellings, and public facilities."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from wangge.domain.access.models import Unit
from wangge.domain.catalogue.models import Matter, MatterKind
from wangge.domain.places.models import (
    Area,
    Building,
    BuildingKind,
    Compound,
    Dwelling,
    DwellingUse,
    Facility,
    FacilityState,
    MapFeature,
    MapLayer,
    Stairwell,
)
from wangge.domain.places.patterns import Pattern
from wangge.domain.places.services.stamp import map_changed
from wangge.engines.codes import ComponentCode, MatterClassCode
from wangge.engines.geo import Frame, PolygonIndex
from wangge.faces.cli.demo import skeleton
from wangge.faces.cli.demo.town import Building as TownBuilding
from wangge.faces.cli.demo.town import Town
from wangge.platform.db.copying import copy_in, take_ids

_OUTLINE = ("wkb", "west", "south", "east", "north")
_KINDS = {
    "house": BuildingKind.HOME,
    "arcade": BuildingKind.MIXED,
    "slab": BuildingKind.HOME,
    "tower": BuildingKind.HOME,
    "school": BuildingKind.SCHOOL,
    "market": BuildingKind.MARKET,
    "hospital": BuildingKind.HEALTH,
}
_STOREY_M = {"arcade": 3.6, "market": 5.0, "school": 3.8, "hospital": 4.0}
# Gross floor of a flat; two flats share a stairwell of a slab.
_FLAT_M2 = {"house": 100.0, "arcade": 100.0, "slab": 96.0, "tower": 93.0}
_SLAB_STAIR = 2
_USES = {
    DwellingUse.OWN: 62,
    DwellingUse.LET: 25,
    DwellingUse.EMPTY: 9,
    DwellingUse.OFFICE: 1,
    DwellingUse.UNKNOWN: 3,
}
_CLOSED_SHOPS = 0.12
# Class of the catalogue: one facility every so many metres of which kinds of road.
_ALONG: dict[str, tuple[float, tuple[str, ...]]] = {
    "01001": (70.0, ("main", "arcade", "secondary", "lane")),
    "01002": (40.0, ("main", "arcade", "secondary", "lane", "alley")),
    "01003": (45.0, ("main", "arcade", "secondary", "lane")),
    "01004": (30.0, ("main", "arcade", "secondary")),
    "01013": (110.0, ("main", "arcade", "secondary", "lane")),
    "01027": (180.0, ("main", "arcade", "secondary")),
    "01030": (60.0, ("lane",)),
    "01037": (28.0, ("main", "arcade", "secondary", "lane")),
    "02004": (350.0, ("main", "secondary")),
    "02010": (120.0, ("main", "arcade", "secondary")),
    "03005": (55.0, ("main", "arcade", "secondary", "lane")),
    "04002": (14.0, ("main", "secondary")),
    "04007": (120.0, ("secondary", "main")),
}
_STATES = {
    FacilityState.SOUND: 955,
    FacilityState.DAMAGED: 35,
    FacilityState.MISSING: 5,
    FacilityState.DISUSED: 5,
}


def furnish(town: Town, areas: Mapping[str, Area], seed: int) -> None:
    """Write everything that stands in the town, as the system; the same seed gives the same rows."""
    rng = Random(seed)  # noqa: S311 - a plan, not a secret
    _base_map(town)
    compounds = _compounds(town, areas)
    ids = _buildings(town, areas, compounds)
    _dwellings(town, areas, ids, rng)
    _facilities(town, areas, rng)
    map_changed()


def _drawn(shape: BaseGeometry) -> tuple[Any, ...]:
    return (shapely.to_wkb(shape), *shape.bounds)


def _base_map(town: Town) -> None:
    rows: list[tuple[Any, ...]] = [
        (MapLayer.LAND, block.use, "", None, *_drawn(block.shape)) for block in town.blocks
    ]
    rows += [(MapLayer.PARK, "", name, None, *_drawn(shape)) for name, shape in town.parks]
    rows += [(MapLayer.WATER, "", name, None, *_drawn(shape)) for name, shape in town.water]
    rows += [(MapLayer.WAY, road.kind, road.name, road.width_m, *_drawn(road.line)) for road in town.roads]
    copy_in(MapFeature, ("layer", "kind", "name", "width_m", *_OUTLINE), rows)


def _compounds(town: Town, areas: Mapping[str, Area]) -> dict[str, int]:
    """Id by key."""
    ids = take_ids(Compound, len(town.compounds))
    copy_in(
        Compound,
        ("id", "area", "name", *_OUTLINE),
        (
            (pk, areas[one.grid_key[:12]].pk, one.name, *_drawn(one.shape))
            for pk, one in zip(ids, town.compounds, strict=True)
        ),
    )
    return {one.key: pk for pk, one in zip(ids, town.compounds, strict=True)}


def _buildings(town: Town, areas: Mapping[str, Area], compounds: Mapping[str, int]) -> dict[str, int]:
    """Id by key."""
    ids = take_ids(Building, len(town.buildings))
    fields = (
        *("id", "area", "compound", "name", "number", "address", "kind", "floors", "floors_below"),
        *("height_m", "lon", "lat", *_OUTLINE),
    )
    copy_in(
        Building,
        fields,
        (
            (
                *(pk, areas[one.grid_key].pk, compounds.get(one.compound or ""), "", one.label, one.address),
                *(_KINDS[one.kind], one.levels, 1 if one.kind == "tower" else 0),
                round(one.levels * _STOREY_M.get(one.kind, 3.0) + 1, 1),
                *_inside(one.shape),
                *_drawn(one.shape),
            )
            for pk, one in zip(ids, town.buildings, strict=True)
        ),
    )
    return {one.key: pk for pk, one in zip(ids, town.buildings, strict=True)}


def _inside(shape: BaseGeometry) -> tuple[float, float]:
    point = shape.representative_point()
    return point.x, point.y


def _dwellings(town: Town, areas: Mapping[str, Area], ids: Mapping[str, int], rng: Random) -> None:
    frame = Frame(*skeleton.ORIGIN)
    stairs: list[tuple[int, int]] = []
    flats: list[tuple[int, int, int, str, str, str]] = []
    for one in town.buildings:
        if one.kind not in _FLAT_M2:
            continue
        pattern = _pattern(one, frame.project(one.shape).area)
        stairs += [(ids[one.key], number) for number in range(1, pattern.stairwells + 1)]
        for room in pattern.rooms():
            use = _use(one, room.floor, rng)
            flats.append((ids[one.key], room.stairwell, room.floor, room.room, use, one.grid_key))
    taken = take_ids(Stairwell, len(stairs))
    copy_in(
        Stairwell,
        ("id", "building", "number", "name"),
        ((pk, *stair, "") for pk, stair in zip(taken, stairs, strict=True)),
    )
    stair_ids = dict(zip(stairs, taken, strict=True))
    copy_in(
        Dwelling,
        ("building", "stairwell", "area", "floor", "room", "use"),
        (
            (building, stair_ids.get((building, stair)), areas[grid].pk, floor, room, use)
            for building, stair, floor, room, use, grid in flats
        ),
    )


def _pattern(one: TownBuilding, area_m2: float) -> Pattern:
    flats = max(1, round(area_m2 / _FLAT_M2[one.kind]))
    if one.kind == "slab":
        return Pattern(f"1-{one.levels}", _SLAB_STAIR, stairwells=max(1, round(flats / _SLAB_STAIR)))
    return Pattern(f"1-{one.levels}", flats, stairwells=1 if one.kind == "tower" else 0)


def _use(one: TownBuilding, floor: int, rng: Random) -> str:
    if one.kind == "arcade" and floor == 1:
        return DwellingUse.EMPTY if rng.random() < _CLOSED_SHOPS else DwellingUse.SHOP
    return str(rng.choices([*_USES], [*_USES.values()])[0])


def _facilities(town: Town, areas: Mapping[str, Area], rng: Random) -> None:
    lead = dict(
        Matter.objects.filter(kind=MatterKind.COMPONENT, code__in=_ALONG).values_list("code", "lead_role")
    )
    keepers = dict(Unit.objects.filter(area=areas[skeleton.STREET_CODE[:6]]).values_list("duty", "pk"))
    grids = PolygonIndex((grid.key, grid.shape) for grid in town.grids)
    serials: Counter[str] = Counter()
    rows = []
    for code, lon, lat, place in _spots(town, lead):
        if (grid := grids.find(lon, lat)) is None:
            continue
        serials[code] += 1
        of_class = MatterClassCode(skeleton.STREET_CODE[:6], code[:2], code[2:])
        full = str(ComponentCode.make(of_class, serials[code]))
        state = rng.choices([*_STATES], [*_STATES.values()])[0]
        rows.append((full, code, areas[grid].pk, lon, lat, place, state, keepers.get(lead[code]), ""))
    copy_in(Facility, ("code", "class_code", "area", "lon", "lat", "place", "state", "owner", "photo"), rows)


def _spots(town: Town, classes: Iterable[str]) -> Iterator[tuple[str, float, float, str]]:
    """(class, lon, lat, where) along the roads, alternating between their two sides."""
    frame = Frame(*skeleton.ORIGIN)
    for road in town.roads:
        line = frame.project(road.line)
        for code in sorted(classes):
            step, kinds = _ALONG[code]
            if road.kind not in kinds:
                continue
            aside = max(road.width_m / 2 - 1, 0.5)
            for number in range(int(line.length / step)):
                side = line.offset_curve(aside if number % 2 else -aside)
                point = frame.unproject(
                    side.interpolate((number + 0.5) / (line.length / step), normalized=True)
                )
                yield code, round(point.x, 7), round(point.y, 7), road.name
