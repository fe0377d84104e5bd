"""From the hand-drawn skeleton to communities, grids and roads, all in metres."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Literal

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from wangge.faces.cli.demo import skeleton
from wangge.faces.cli.demo.carve import Style, assign, carve, coverage
from wangge.faces.cli.demo.skeleton import XY, Landmark, RoadKind, Ward

Use = Literal["lanes", "gated", "school", "market", "hospital", "park"]

_NUMERALS = "一二三四五六七八九十"
_GRID_STYLE = Style(tilt=0.16, bend=0.05)


@dataclass(frozen=True)
class RoadDraft:
    """A road's centre line in metres."""

    name: str
    kind: RoadKind
    line: LineString


@dataclass(frozen=True)
class GridDraft:
    """A grid of a community, with what stands on it."""

    ward: Ward
    serial: int
    use: Use
    landmark: Landmark | None
    shape: Polygon


@dataclass(frozen=True)
class Layout:
    """The town's plan before blocks and buildings. All shapes are in metres."""

    outline: Polygon
    bank: LineString
    creek: Polygon
    promenade: Polygon
    roads: tuple[RoadDraft, ...]
    grids: tuple[GridDraft, ...]


def lay_out(rng: Random) -> Layout:
    """The plan of the town: 12 communities cut into 79 grids along roads, lanes and water."""
    bank, creek = curve(skeleton.BANK), curve(skeleton.CREEK)
    sides = [bank, curve(skeleton.EAST), curve(skeleton.SOUTH)]
    outline = Polygon([point for side in sides for point in side.coords[:-1]])
    water = creek.buffer(skeleton.CREEK_WIDTH_M / 2, cap_style="flat").intersection(outline)
    borders = [outline.boundary, creek, *(curve(stroke.points) for stroke in skeleton.STROKES)]
    wards = _wards(coverage(borders))
    drafts: list[GridDraft] = []
    lanes: list[RoadDraft] = []
    cuts: list[LineString] = []
    for (ward, shape), count in zip(wards, _grid_counts([shape for _, shape in wards]), strict=True):
        grids, lines = _grids(ward, shape, count, rng)
        drafts += grids
        cuts += lines
        lanes += _lanes(ward, [ashore(line, shape, water) for line in lines])
    shapes = assign(coverage([*borders, *cuts]), [draft.shape for draft in drafts])
    return Layout(
        outline=outline,
        bank=bank,
        creek=water,
        promenade=bank.buffer(skeleton.PROMENADE_INSET_M, cap_style="flat").intersection(outline),
        roads=(*_named_roads(outline, bank, creek), *lanes),
        grids=tuple(
            GridDraft(d.ward, d.serial, d.use, d.landmark, shape)
            for d, shape in zip(drafts, shapes, strict=True)
        ),
    )


def curve(points: Sequence[XY]) -> LineString:
    """The polyline with its corners cut twice (Chaikin); its ends stay where they are."""
    line = list(points)
    for _ in range(2):
        cut = [mix for a, b in pairwise(line) for mix in (_between(a, b, 0.25), _between(a, b, 0.75))]
        line = [line[0], *cut[1:-1], line[-1]]
    return LineString(line)


def ashore(line: LineString, land: Polygon, water: Polygon) -> LineString:
    """The part of a lane on its land; it ends at the water's edge."""
    return _longest(line.intersection(land).difference(water))


def _between(a: XY, b: XY, share: float) -> XY:
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def _wards(faces: list[Polygon]) -> list[tuple[Ward, Polygon]]:
    found = []
    for ward in skeleton.WARDS:
        (face,) = (face for face in faces if face.contains(shapely.Point(ward.anchor)))
        found.append((ward, face))
    return found


def _grid_counts(shapes: list[Polygon]) -> list[int]:
    """Grids of each community, in proportion to its area and within the bounds, summing to the total."""
    low, high = skeleton.GRIDS_PER_COMMUNITY
    per_area = skeleton.GRID_COUNT / sum(shape.area for shape in shapes)
    wanted = [shape.area * per_area for shape in shapes]
    counts = [min(high, max(low, round(share))) for share in wanted]
    while (gap := skeleton.GRID_COUNT - sum(counts)) != 0:
        step = 1 if gap > 0 else -1
        free = [i for i, count in enumerate(counts) if low <= count + step <= high]
        best = max(free, key=lambda i: step * (wanted[i] - counts[i]))
        counts[best] += step
    return counts


def _grids(ward: Ward, shape: Polygon, count: int, rng: Random) -> tuple[list[GridDraft], list[LineString]]:
    landmark = next((mark for mark in skeleton.LANDMARKS if mark.ward == ward.name), None)
    seat = rng.randrange(count) if landmark else -1
    shares = [landmark.share if landmark and i == seat else 1.0 for i in range(count)]
    parts, lines = carve(shape, shares, rng, _GRID_STYLE)
    ordinary = [i for i in range(count) if i != seat]
    gated = set(rng.sample(ordinary, round(ward.gated * count)))
    grids = []
    for i, part in enumerate(parts):
        mark = landmark if i == seat else None
        use: Use = mark.use if mark else "gated" if i in gated else "lanes"
        grids.append(GridDraft(ward, i + 1, use, mark, part))
    return grids, lines


def _lanes(ward: Ward, lines: list[LineString]) -> Iterator[RoadDraft]:
    """The longest two cuts carry the community's lane names, the others are numbered side lanes."""
    first, second = ward.lanes
    for i, line in enumerate(sorted(lines, key=lambda line: -line.length)):
        stem = first if i % 2 == 0 else second
        name = stem if i < 2 else f"{stem}{_NUMERALS[i // 2 - 1]}巷"
        yield RoadDraft(name, "lane", line)


def _named_roads(outline: Polygon, bank: LineString, creek: LineString) -> Iterator[RoadDraft]:
    riverside = bank.offset_curve(-skeleton.PROMENADE_INSET_M)
    yield RoadDraft(skeleton.PROMENADE, "secondary", _inside(riverside, outline))
    for stroke in skeleton.STROKES:
        yield RoadDraft(stroke.name, stroke.kind, _inside(curve(stroke.points), outline))
    inland = outline.difference(bank.buffer(skeleton.PROMENADE_INSET_M))
    reach = skeleton.CREEK_WIDTH_M / 2 + skeleton.WIDTH_M["lane"] / 2
    for name, side in zip(skeleton.QUAYS, (-reach, reach), strict=True):
        yield RoadDraft(name, "lane", _inside(creek.offset_curve(side), inland))


def _inside(line: LineString, outline: Polygon) -> LineString:
    """The line inside the outline or along its border."""
    return _longest(shapely.line_merge(line.intersection(outline.buffer(0.05))))


def _longest(lines: BaseGeometry) -> LineString:
    return max(shapely.get_parts(lines), key=shapely.length)
