"""Towns made up for planning, in the format of planning files: blocks between streets, houses in the blocks.

A rectangle is cut into halves again and again; the first cuts are main roads, the later ones minor
streets. Each block gets houses of its kind; a unit is a house's Voronoi cell. Every border is told apart
by what lies along it, so that good grids follow streets here as they do in a real town.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Style:
    """What kind of town: its size in units, grids and households, and its blocks."""

    units: int
    grids: int
    households: float
    block_units: float
    main_roads: int
    empty: float
    spread: float
    compounds: float
    lo: int = 300
    hi: int = 500


# A dense quarter of large houses, a town with villages around it, a part of a city.
QUARTER = Style(312, 31, 40.0, 7.0, 4, 0.12, 0.75, 0.03)
TOWN = Style(2800, 27, 3.87, 9.0, 5, 0.25, 1.3, 0.01)
CITY = Style(49_000, 252, 2.06, 10.0, 8, 0.25, 1.2, 0.008)


def make_town(style: Style, seed: int) -> dict[str, Any]:
    """A planning instance (the arrays of a planning file), always the same for a seed."""
    chance = np.random.default_rng(seed)
    side = 60.0 * np.sqrt(style.units)
    blocks = _blocks(style, side, chance)
    points, block, kind = _houses(style, blocks, chance)
    edges, length, area, perimeter = _cells(points, side)
    level = _crossed(blocks, block, edges)
    edge_len = np.zeros((len(edges), 3))
    edge_len[np.arange(len(edges)), level] = length
    households = _households(style, kind, chance)
    unit = _compounds(style, block, kind, chance)
    return _merged(style, points, edges, edge_len, area, perimeter, households, unit)


def _blocks(style: Style, side: float, chance: np.random.Generator) -> list[tuple[Floats, list[int]]]:
    """Rectangles with the cuts (node and half, in order) that lead to each."""
    wanted = style.block_units * 3600.0
    blocks, stack, node = [], [(np.array([0.0, 0.0, side, side]), [])], 0
    while stack:
        box, way = stack.pop()
        wide, high = box[2] - box[0], box[3] - box[1]
        centre = np.hypot(*((box[:2] + box[2:]) / 2 - side / 2)) / side
        if wide * high < wanted * chance.uniform(0.5, 1.8) * (0.6 + 1.6 * centre):
            blocks.append((box, way))
            continue
        axis = int(high > wide)
        at = box[axis] + (box[axis + 2] - box[axis]) * chance.uniform(0.33, 0.67)
        node += 1
        for half in (0, 1):
            part = box.copy()
            part[axis + 2 if half == 0 else axis] = at
            stack.append((part, [*way, 2 * node + half]))
    return blocks


def _houses(
    style: Style, blocks: list[tuple[Floats, list[int]]], chance: np.random.Generator
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Points in rows in each block, the block and the kind (0 houses, 1 flats, 2 offices) of each."""
    sizes = np.array([(b[2] - b[0]) * (b[3] - b[1]) for b, _ in blocks])
    density = chance.lognormal(0.0, 0.5, len(blocks)) * np.where(chance.random(len(blocks)) < 0.08, 0.1, 1.0)
    share = sizes**0.6 * density
    counts = np.maximum(1, np.round(share / share.sum() * style.units).astype(int))
    kinds = chance.choice(3, len(blocks), p=[0.55, 0.35, 0.1])
    points, block, kind = [], [], []
    for number, ((box, _), count) in enumerate(zip(blocks, counts, strict=True)):
        wide, high = box[2] - box[0], box[3] - box[1]
        columns = max(1, round(np.sqrt(count * wide / high)))
        rows = -(-count // columns)
        cells = chance.permutation(columns * rows)[:count]
        grid = np.stack([cells % columns + 0.5, cells // columns + 0.5], 1) + chance.uniform(
            -0.3, 0.3, (count, 2)
        )
        points.append(box[:2] + grid / [columns, rows] * [wide, high])
        block.append(np.full(count, number))
        kind.append(np.full(count, kinds[number]))
    return np.concatenate(points), np.concatenate(block), np.concatenate(kind)


def _cells(points: Floats, side: float) -> tuple[npt.NDArray[np.int64], Floats, Floats, Floats]:
    """Which cells touch (u < v), for how many metres, and each cell's area and perimeter."""
    n, step = len(points), 45.0
    along = np.arange(-step, side + 2 * step, step)
    ring = [np.stack(pair, 1) for at in (-step / 2, side + step / 2) for pair in _sides(along, at)]
    every = np.concatenate([points, *ring])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(every), ordered=True))[:n]
    corner, owner = shapely.get_coordinates(cells, return_index=True)
    follows = owner[1:] == owner[:-1]
    one, two = corner[:-1][follows], corner[1:][follows]
    owner = owner[1:][follows]
    length = np.hypot(*(one - two).T)
    middle = np.round((one + two) / 2, 5)
    order = np.lexsort((owner, middle[:, 1], middle[:, 0]))
    same = (middle[order][1:] == middle[order][:-1]).all(1)
    u, v, shared = owner[order][:-1][same], owner[order][1:][same], length[order][1:][same]
    long = shared > 0.05
    return np.stack([u, v], 1)[long], shared[long], shapely.area(cells), shapely.length(cells)


def _sides(along: Floats, at: float) -> list[tuple[Floats, Floats]]:
    return [(along, np.full(len(along), at)), (np.full(len(along), at), along)]


def _crossed(
    blocks: list[tuple[Floats, list[int]]], block: npt.NDArray[np.int64], edges: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """What lies between two cells: 0 nothing, 1 a minor street, 2 a main road."""
    ways = [way for _, way in blocks]
    found = np.zeros(len(edges), np.int64)
    for i, (a, b) in enumerate(block[edges]):
        if a == b:
            continue
        shared = next(d for d, (x, y) in enumerate(zip(ways[a], ways[b], strict=False)) if x != y)
        found[i] = 2 if shared < _main_levels(len(blocks)) else 1
    return found


def _main_levels(blocks: int) -> int:
    """The first cuts are main roads: until a quarter holds about twenty blocks."""
    return max(1, int(np.log2(blocks / 16)))


def _households(style: Style, kind: npt.NDArray[np.int64], chance: np.random.Generator) -> Floats:
    """Households of each house: few in houses, many in flats, none in offices; the mean is the style's."""
    size = chance.lognormal(0.0, style.spread, len(kind)) * np.choose(kind, [1.0, 2.5, 0.0])
    size[chance.random(len(kind)) < style.empty] = 0.0
    size = np.minimum(size, 12 * size.mean())
    size *= style.households * len(kind) / size.sum()
    return np.floor(size + chance.random(len(kind)))


def _compounds(
    style: Style, block: npt.NDArray[np.int64], kind: npt.NDArray[np.int64], chance: np.random.Generator
) -> npt.NDArray[np.int64]:
    """The unit of each house: itself, or its block where that is a compound."""
    number = np.arange(len(block))
    gated = np.unique(block)[chance.random(len(np.unique(block))) < style.compounds * style.block_units]
    for b in gated:
        houses = np.flatnonzero(block == b)
        if style.households * len(houses) < style.hi / 3 and kind[houses[0]] < 2:
            number[houses] = houses[0]
    return np.unique(number, return_inverse=True)[1]


def _merged(
    style: Style,
    points: Floats,
    edges: npt.NDArray[np.int64],
    edge_len: Floats,
    area: Floats,
    perimeter: Floats,
    households: Floats,
    unit: npt.NDArray[np.int64],
) -> dict[str, Any]:
    """The planning file's arrays, with the houses of a unit as one."""
    n = unit.max() + 1
    pairs = np.sort(unit[edges], 1)
    inner = pairs[:, 0] == pairs[:, 1]
    around = np.bincount(unit, perimeter, n)
    around -= 2 * np.bincount(pairs[inner, 0], edge_len[inner].sum(1), n)
    once, number = np.unique(pairs[~inner], axis=0, return_inverse=True)
    lengths = np.zeros((len(once), 3))
    np.add.at(lengths, number.ravel(), edge_len[~inner])
    many = np.bincount(unit, minlength=n)
    total = np.bincount(unit, households, n).astype(np.int64)
    return {
        "households": total,
        "xy": np.stack([np.bincount(unit, points[:, d], n) / many for d in (0, 1)], 1),
        "area": np.bincount(unit, area, n),
        "perimeter": around,
        "edges": once.astype(np.int64),
        "edge_len": lengths,
        "is_compound": many > 1,
        "n_buildings": many,
        "k": np.int64(style.grids if style.grids else round(total.sum() / 400)),
        "lo": np.int64(style.lo),
        "hi": np.int64(style.hi),
    }
