"""Addressed spots of the town: frontages, compounds, houses, the park, the market, the school, the shore."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from wangge.faces.cli.demo import skeleton
from wangge.faces.cli.demo.fabric import Fabric
from wangge.faces.cli.demo.layout import Layout, RoadDraft, curve

PlaceKind = Literal["street", "lane", "compound", "building", "park", "market", "school", "river"]
PLACE_KINDS: tuple[PlaceKind, ...] = get_args(PlaceKind)

_STEP_M = 9.0
_CLEARANCE_M = 1.5
_JITTER_M = 1.0

_WHERE: dict[PlaceKind, tuple[str, ...]] = {
    "street": ("门前", "门前", "门前人行道", "对面", "旁边", "门口路边", "附近公交站旁", "斜对面"),
    "lane": ("门口", "门口", "巷口", "旁边空地", "门前巷道", "转角处", "后巷"),
    "compound": ("", "", "楼下", "楼下", "旁边", "门口"),
    "building": ("", "", "", "一楼"),
    "park": ("东门", "凉亭旁", "水池边", "健身区", "环园步道", "儿童沙池旁", "榕树广场"),
    "market": ("正门", "水产档口旁", "后门卸货区", "蔬菜区通道", "东侧门口", "二楼楼梯口"),
    "school": ("正门", "后门", "门口接送区", "围墙外", "门前斑马线"),
    "river": ("亲水步道", "护栏边", "观景平台", "石阶旁", "骑行道"),
}


@dataclass(frozen=True)
class Spot:
    """A point with the first part of its address. Metres in the town's plane."""

    x: float
    y: float
    kind: PlaceKind
    stem: str
    compound: int | None = None


Spots = dict[int, dict[PlaceKind, list[Spot]]]
"""Spots by the index of their grid and their kind."""


def find_spots(layout: Layout, fabric: Fabric) -> Spots:
    """Every spot that lies clearly inside one grid."""
    roads = frontages(layout)
    other = [*_waterside(layout), *_estates(fabric), *_grounds(layout, fabric), *_houses(fabric, roads)]
    return _by_grid([*roads, *other], [grid.shape for grid in layout.grids])


def choose(spots: Spots, rng: Random, grid: int | None, kind: PlaceKind) -> tuple[int, Spot, str]:
    """A spot, its grid and where exactly ("门前").

    Without `grid` any grid that has the kind may come. A grid without the kind gives a street or a lane.
    """
    if grid is None:
        grids = [index for index, kinds in spots.items() if kind in kinds]
        weights = [len(spots[index][kind]) for index in grids]
        grid = rng.choices(grids, weights)[0]
    kinds = spots[grid]
    order: tuple[PlaceKind, ...] = (kind, "lane", "street", "building")
    found = next(option for option in order if option in kinds)
    spot = rng.choice(kinds[found])
    return grid, spot, rng.choice(_WHERE[found])


def jitter(spot: Spot, rng: Random) -> Point:
    """A point within a step of the spot, in metres."""
    return Point(spot.x + rng.uniform(-_JITTER_M, _JITTER_M), spot.y + rng.uniform(-_JITTER_M, _JITTER_M))


def _frontage(road: RoadDraft) -> Iterator[Spot]:
    """Doors on both sides: odd numbers on the left, even on the right."""
    kind: PlaceKind = "lane" if road.kind == "lane" else "street"
    reach = skeleton.WIDTH_M[road.kind] / 2 + 2
    for first, side in ((1, reach), (2, -reach)):
        for i, (x, y) in enumerate(_steps(road.line.offset_curve(side))):
            yield Spot(x, y, kind, f"{road.name}{first + 2 * i}号")


def _waterside(layout: Layout) -> Iterator[Spot]:
    for x, y in _steps(layout.bank.offset_curve(-5)):
        yield Spot(x, y, "river", skeleton.PROMENADE)
    creek = curve(skeleton.CREEK)
    for side in (-1, 1):
        for x, y in _steps(creek.offset_curve(side * (skeleton.CREEK_WIDTH_M / 2 + 2))):
            yield Spot(x, y, "river", skeleton.CREEK_NAME)


def _estates(fabric: Fabric) -> Iterator[Spot]:
    for building in fabric.buildings:
        if building.compound is not None:
            centre = building.shape.representative_point()
            compound = fabric.compounds[building.compound]
            name = f"{compound.name}{building.label}"
            yield Spot(centre.x, centre.y, "building", name, building.compound)
            court = fabric.compounds[building.compound].shape
            for x, y in _steps(building.shape.buffer(3.5).exterior):
                if court.contains(Point(x, y)):
                    yield Spot(x, y, "compound", name, building.compound)


def _grounds(layout: Layout, fabric: Fabric) -> Iterator[Spot]:
    """The park inside; the school and the market along the edge of their block."""
    for block in fabric.blocks:
        mark = layout.grids[block.grid].landmark
        if mark is None or block.use not in ("park", "market", "school"):
            continue
        kind: PlaceKind = "park" if block.use == "park" else "market" if block.use == "market" else "school"
        for inset in (2.0, 14.0) if kind == "park" else (1.0,):
            for x, y in _steps(block.shape.buffer(-inset).exterior):
                yield Spot(x, y, kind, mark.name)


def _houses(fabric: Fabric, roads: list[Spot]) -> Iterator[Spot]:
    """Houses outside compounds take the number of the nearest door of a street or lane."""
    for index, stem in house_doors(fabric, roads).items():
        centre = fabric.buildings[index].shape.representative_point()
        yield Spot(centre.x, centre.y, "building", stem)


def house_doors(fabric: Fabric, roads: Sequence[Spot]) -> dict[int, str]:
    """The door ("福安街12号") of each house outside the compounds, by its index."""
    houses = [i for i, b in enumerate(fabric.buildings) if b.kind in ("house", "arcade")]
    centres = [fabric.buildings[i].shape.representative_point() for i in houses]
    nearest = shapely.STRtree([Point(spot.x, spot.y) for spot in roads]).nearest(centres)
    return {i: roads[int(index)].stem for i, index in zip(houses, nearest, strict=True)}


def frontages(layout: Layout) -> list[Spot]:
    """Every door along the named roads."""
    return [spot for road in layout.roads for spot in _frontage(road)]


def _steps(line: LineString) -> Iterable[tuple[float, float]]:
    distances = np.arange(_STEP_M / 2, line.length, _STEP_M)
    return ((float(x), float(y)) for x, y in shapely.get_coordinates(line.interpolate(distances)))


def _by_grid(spots: list[Spot], grids: list[Polygon]) -> Spots:
    points = shapely.points([(spot.x, spot.y) for spot in spots])
    indexes, owners = shapely.STRtree(grids).query(points, predicate="within")
    edges = np.array([grid.boundary for grid in grids])
    clear = shapely.distance(points[indexes], edges[owners]) > _CLEARANCE_M
    result: dict[int, dict[PlaceKind, list[Spot]]] = defaultdict(lambda: defaultdict(list))
    for index, owner in sorted(zip(indexes[clear].tolist(), owners[clear].tolist(), strict=True)):
        result[owner][spots[index].kind].append(spots[index])
    return {owner: dict(kinds) for owner, kinds in sorted(result.items())}
