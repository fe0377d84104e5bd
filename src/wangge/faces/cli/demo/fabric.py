"""Blocks, gated compounds and building footprints inside the grids, all in metres."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal

import shapely
from shapely import LineString, Polygon
from shapely.affinity import rotate, translate
from shapely.geometry.base import BaseGeometry

from wangge.faces.cli.demo.carve import Style, carve, long_axis
from wangge.faces.cli.demo.layout import GridDraft, Layout, RoadDraft, ashore
from wangge.faces.cli.demo.skeleton import COMPOUND_NAMES, WIDTH_M

BuildingKind = Literal["house", "arcade", "slab", "tower", "school", "market", "hospital"]

_BLOCK_M2 = 2900
_LOT_M2 = 420
_SMALLEST_M2 = 70
# Old houses are narrow: a larger lot holds several of about this size, wall to wall.
_HOUSE_M2 = 150
_BLOCK_STYLE = Style(tilt=0.12, bend=0.06)
_LOT_STYLE = Style(tilt=0.05, bend=0.0, rounds=5)
_PHASES = ("", "二期", "三期", "四期")


@dataclass(frozen=True)
class BuildingDraft:
    """A footprint. `label` is its number in its compound ("3栋"), empty in the lanes."""

    kind: BuildingKind
    levels: int
    label: str
    grid: int
    compound: int | None
    shape: Polygon


@dataclass(frozen=True)
class CompoundDraft:
    """A gated estate; lies wholly in one grid."""

    name: str
    grid: int
    shape: Polygon


@dataclass(frozen=True)
class BlockDraft:
    """Land between streets, with its use: a grid's use, or `green` on the promenade."""

    use: str
    grid: int
    shape: Polygon


@dataclass
class Fabric:
    """What stands on the grids. `grid` and `compound` are indexes into the lists."""

    blocks: list[BlockDraft] = field(default_factory=list)
    compounds: list[CompoundDraft] = field(default_factory=list)
    buildings: list[BuildingDraft] = field(default_factory=list)
    alleys: list[RoadDraft] = field(default_factory=list)
    ponds: list[Polygon] = field(default_factory=list)


def weave(layout: Layout, rng: Random) -> Fabric:
    """Fills every grid with blocks and buildings."""
    fabric = Fabric()
    lanes = [road.line.buffer(WIDTH_M[road.kind] / 2 + 1) for road in layout.roads] + [layout.creek.buffer(1)]
    tree = shapely.STRtree(lanes)
    arcades = shapely.union_all([road.line for road in layout.roads if road.kind == "arcade"])
    for index, grid in enumerate(layout.grids):
        near = shapely.union_all([lanes[i] for i in tree.query(grid.shape)])
        cuts = _alleys(grid, rng)
        fabric.alleys += [RoadDraft("", "alley", ashore(cut, grid.shape, layout.creek)) for cut in cuts]
        gaps = [near, *(cut.buffer(WIDTH_M["alley"] / 2) for cut in cuts)]
        for shape in _polygons(grid.shape.difference(shapely.union_all(gaps))):
            green = shape.representative_point().within(layout.promenade)
            fabric.blocks.append(BlockDraft("green" if green else grid.use, index, shape))
            if not green:
                _fill(fabric, grid, index, shape, arcades, rng)
    # With chance of their own, so that everything else stays where it was.
    narrow = Random(len(fabric.buildings))  # noqa: S311 - a plan, not a secret
    fabric.buildings = [part for whole in fabric.buildings for part in _narrowed(whole, narrow)]
    return fabric


def _narrowed(house: BuildingDraft, rng: Random) -> Iterator[BuildingDraft]:
    count = round(house.shape.area / _HOUSE_M2)
    if house.kind not in ("house", "arcade") or count < 2:
        yield house
        return
    parts, _ = carve(house.shape, [1.0] * count, rng, _LOT_STYLE)
    for part in parts:
        levels = max(2, house.levels + rng.choice((-1, 0, 0, 0, 1)))
        yield replace(house, shape=part, levels=levels)


def _alleys(grid: GridDraft, rng: Random) -> list[LineString]:
    count = max(2, round(grid.shape.area / _BLOCK_M2)) if grid.use == "lanes" else 1
    if grid.use == "gated" and grid.shape.area > 13_000:
        count = 2
    _, cuts = carve(grid.shape, [1.0] * count, rng, _BLOCK_STYLE)
    return cuts


def _fill(
    fabric: Fabric, grid: GridDraft, index: int, block: Polygon, arcades: BaseGeometry, rng: Random
) -> None:
    if grid.use == "lanes":
        fabric.buildings += _houses(block, index, arcades, rng)
    elif grid.use == "gated":
        number = len(fabric.compounds)
        phase, name = divmod(number, len(COMPOUND_NAMES))
        shape = block.buffer(-1, join_style="mitre")
        fabric.compounds.append(CompoundDraft(COMPOUND_NAMES[name] + _PHASES[phase], index, shape))
        fabric.buildings += _estate(shape, index, number, rng)
    elif grid.use == "park":
        heart = block.buffer(-22).representative_point()
        pond = heart.buffer(19).union(translate(heart, 19, 9).buffer(12))
        fabric.ponds += _polygons(pond.buffer(6).buffer(-6).intersection(block.buffer(-6)))
    else:
        fabric.buildings += _institution(block, grid, index)


def _houses(block: Polygon, grid: int, arcades: BaseGeometry, rng: Random) -> Iterator[BuildingDraft]:
    """Tight old houses: lots with a hand's breadth between them, a yard here and there."""
    lots, _ = carve(block, [1.0] * max(1, round(block.area / _LOT_M2)), rng, _LOT_STYLE)
    for lot in lots:
        fronted = lot.distance(arcades) < WIDTH_M["arcade"] / 2 + 6
        if not fronted and rng.random() < 0.06:
            continue
        for house in _polygons(lot.buffer(-rng.uniform(0.5, 1.6), join_style="mitre")):
            if house.area >= _SMALLEST_M2:
                kind: BuildingKind = "arcade" if fronted else "house"
                yield BuildingDraft(kind, rng.choice((2, 3, 3, 4, 5, 7)), "", grid, None, house)


def _estate(compound: Polygon, grid: int, number: int, rng: Random) -> Iterator[BuildingDraft]:
    """Parallel slabs, or a cluster of towers, with light between them."""
    towers = rng.random() < 0.3
    depth, length = (20.0, 22.0) if towers else (12.0, rng.uniform(34, 46))
    rows, columns = (depth + 16, length + 14) if towers else (depth + 15, length + 7)
    levels = rng.choice((18, 24, 28)) if towers else rng.choice((6, 7, 8, 9))
    serial = 0
    for shape in _array(compound, depth, length, rows, columns):
        for piece in _polygons(shape.intersection(compound.buffer(-4))):
            if piece.area >= 0.5 * depth * length:
                serial += 1
                kind: BuildingKind = "tower" if towers else "slab"
                yield BuildingDraft(kind, levels, f"{serial}栋", grid, number, piece)


def _array(within: Polygon, depth: float, length: float, rows: float, columns: float) -> Iterator[Polygon]:
    angle = math.degrees(long_axis(within))
    centre = within.centroid
    level = rotate(within, -angle, origin=centre)
    x0, y0, x1, y1 = level.bounds
    across, down = max(1, round((x1 - x0) / columns)), max(1, round((y1 - y0) / rows))
    for j in range(down):
        for i in range(across):
            x = x0 + (i + 0.5) * (x1 - x0) / across
            y = y0 + (j + 0.5) * (y1 - y0) / down
            slab = shapely.box(x - length / 2, y - depth / 2, x + length / 2, y + depth / 2)
            yield rotate(slab, angle, origin=centre)


def _institution(block: Polygon, grid: GridDraft, index: int) -> Iterator[BuildingDraft]:
    """A hall for a market, wings round a yard for a school or a hospital."""
    kind: BuildingKind = (
        "market" if grid.use == "market" else "school" if grid.use == "school" else "hospital"
    )
    if kind == "market":
        halls = _polygons(block.buffer(-9, join_style="mitre"))
    else:
        ring = block.buffer(-5, join_style="mitre").difference(block.buffer(-19, join_style="mitre"))
        yard = rotate(shapely.box(-200, 0, 200, 200), math.degrees(long_axis(block)), origin=(0, 0))
        half = translate(yard, block.centroid.x, block.centroid.y)
        halls = _polygons(ring.intersection(half)) if kind == "school" else _polygons(ring)
    for number, hall in enumerate(halls, start=1):
        levels = {"market": 2, "school": 5, "hospital": 11}[kind]
        yield BuildingDraft(kind, levels, f"{number}号楼", index, None, hall)


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    parts = (part for part in shapely.get_parts(geometry) if isinstance(part, Polygon))
    return [part for part in parts if part.area >= _SMALLEST_M2]
