"""The ground of a community shared among its buildings and compounds, and what their borders run along; pure.

Each unit gets the ground that is nearer to it than to any other (Voronoi of the footprints), cut to the outline. A
border between two units counts as major where a main road or water lies on it, as minor along any other street.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

# Metres: how close the points of a footprint stand; how far footprints draw back, so that those that touch keep apart.
_STEP, _BACK = 4.0, 0.4
_STIR = 0.03
# Metres beside a road or a bank in which a border still runs along it; shorter borders are corners that touch.
_BESIDE, _SHORTEST = 4.0, 1.0

Shapes = Sequence[shapely.Geometry]


@dataclass(frozen=True)
class Cells:
    """`cells` of the units in metres; `edges` (m, 2) with `along` (m, 3) metres of open, minor and major border."""

    cells: tuple[shapely.Geometry, ...]
    edges: np.ndarray
    along: np.ndarray


def build(
    outline: shapely.Geometry, units: Shapes, minor: shapely.Geometry, major: shapely.Geometry
) -> Cells:
    """The cells of `units` (footprints or whole compounds) inside the outline; all in metres.

    `minor` and `major` are the ground of streets, and of main roads and water.
    """
    shapely.prepare([minor, major])
    cells = _whole(_shared_out(outline, units), units)
    edges, lines = _borders(cells)
    wide = major.buffer(_BESIDE)
    main = shapely.length(shapely.intersection(lines, wide))
    streets = shapely.difference(minor.buffer(_BESIDE), wide)
    small = shapely.length(shapely.intersection(lines, streets))
    open_ground = np.maximum(shapely.length(lines) - main - small, 0.0)
    return Cells(tuple(cells), edges, np.stack([open_ground, small, main], 1))


def _shared_out(outline: shapely.Geometry, units: Shapes) -> list[shapely.Geometry]:
    points, owner = [], []
    for number, unit in enumerate(units):
        smaller = unit.buffer(-_BACK)
        body = unit.representative_point() if smaller.is_empty else shapely.segmentize(smaller, _STEP)
        found = np.unique(np.round(shapely.get_coordinates(body), 3), axis=0)
        points.append(found)
        owner.append(np.full(len(found), number))
    xy, first = np.unique(np.concatenate(points), axis=0, return_index=True)
    of = np.concatenate(owner)[first]
    # Points on one line or circle make GEOS draw cells over each other; so none are, by a few centimetres.
    xy = xy + np.random.default_rng(1).uniform(-_STIR, _STIR, xy.shape)
    if len(xy) == 1:
        return [outline for _unit in units]
    parts = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=outline, ordered=True)
    )
    return [
        shapely.make_valid(shapely.intersection(shapely.union_all(parts[of == number]), outline))
        for number in range(len(units))
    ]


def _whole(cells: list[shapely.Geometry], units: Shapes) -> list[shapely.Geometry]:
    """A corner of ground cut off from its unit by the outline goes to the neighbour with the longest border."""
    kept, strays = [], []
    for cell, unit in zip(cells, units, strict=True):
        parts = [part for part in shapely.get_parts(cell) if part.geom_type == "Polygon"]
        reached = [part for part in parts if part.intersects(unit)] or sorted(parts, key=lambda p: -p.area)[
            :1
        ]
        kept.append(shapely.union_all(reached))
        strays += [part for part in parts if not any(part is one for one in reached)]
    for stray in strays:
        bodies = np.array(kept, dtype=object)
        touching = shapely.length(shapely.intersection(stray, bodies))
        heir = int(np.lexsort((shapely.distance(stray, bodies), -touching))[0])
        kept[heir] = shapely.union_all([kept[heir], stray])
    return kept


def _borders(cells: Shapes) -> tuple[np.ndarray, np.ndarray]:
    """Pairs u < v of cells with a border, and the border as a line."""
    shapes = np.array(cells, dtype=object)
    tree = shapely.STRtree(shapes)
    one, two = tree.query(shapes, predicate="intersects")
    near = one < two
    one, two = one[near], two[near]
    lines = shapely.intersection(shapes[one], shapes[two])
    long_enough = shapely.length(lines) >= _SHORTEST
    return np.stack([one, two], 1)[long_enough].astype(np.int64), lines[long_enough]
