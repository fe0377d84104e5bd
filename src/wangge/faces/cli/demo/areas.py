"""Rough shapes for areas that have no plan of their own: enough that a point finds its grid."""

import math
from collections.abc import Iterable
from random import Random

import shapely
from shapely import LineString, Polygon

from wangge.engines.geo import Frame
from wangge.faces.cli.demo.carve import Style, assign, carve, coverage, in_degrees
from wangge.faces.cli.demo.town import Town

_STYLE = Style(tilt=0.35, bend=0.08)
_GRIDS = (4, 7)

_HAIZHU = (
    (-900, 560), (1500, 620), (4200, 1150), (7800, 1500), (11800, 1900), (14300, 300), (13200, -2600),
    (9800, -4300), (6100, -4900), (3000, -5600), (600, -6100), (-1300, -4700), (-1150, -2600), (-760, -700),
)  # fmt: skip
"""Haizhu is an island in the river with our street at its north-western tip; metres from the street."""


def make_simple_areas(
    codes: Iterable[str],
    lon: float,
    lat: float,
    *,
    size_km: tuple[float, float] = (13.0, 10.0),
    seed: int = 1,
) -> dict[str, Polygon]:
    """Polygons in WGS-84 for a district round (lon, lat), by code.

    `codes` are the 12-digit codes of its communities. The result holds the district (6 digits), its streets
    (9), the communities (12) and for each community 4 to 7 grids (15), which tile it exactly.
    """
    rng = Random(seed)  # noqa: S311 - a plan, not a secret
    communities = sorted(code for code in codes if len(code) == 12)
    grids = {code: [f"{code}{n:03d}" for n in range(1, rng.randint(*_GRIDS) + 1)] for code in communities}
    streets = sorted({code[:9] for code in communities})
    lines: list[LineString] = []
    drafts: dict[str, Polygon] = {}

    outline = _blob(size_km, rng)
    weights = [float(sum(code.startswith(street) for code in communities)) for street in streets]
    for street, street_shape in zip(streets, _carved(outline, weights, rng, lines), strict=True):
        members = [code for code in communities if code.startswith(street)]
        equal = [1.0] * len(members)
        for code, shape in zip(members, _carved(street_shape, equal, rng, lines), strict=True):
            keys = grids[code]
            parts = _carved(shape, [1.0] * len(keys), rng, lines)
            drafts.update(zip(keys, parts, strict=True))
    frame = Frame(lon, lat)
    shapes = [
        in_degrees(frame, face) for face in assign(coverage([outline.boundary, *lines]), [*drafts.values()])
    ]
    return _with_parents(dict(zip(drafts, shapes, strict=True)))


def haizhu_outline(town: Town) -> Polygon:
    """A rough outline of the district round the town's street, in WGS-84; contains the street."""
    centre = town.outline.centroid
    island = in_degrees(Frame(centre.x, centre.y), Polygon(_HAIZHU))
    return Polygon(shapely.union(island, town.outline.buffer(0)).exterior)


def _carved(shape: Polygon, shares: list[float], rng: Random, lines: list[LineString]) -> list[Polygon]:
    parts, cuts = carve(shape, shares, rng, _STYLE)
    lines += cuts
    return parts


def _blob(size_km: tuple[float, float], rng: Random) -> Polygon:
    """An outline without corners, a little different in every direction."""
    half_x, half_y = size_km[0] * 500, size_km[1] * 500
    waves = [(k, rng.uniform(0.02, 0.05), rng.uniform(0, math.tau)) for k in (2, 3, 5, 7)]
    points = []
    for step in range(72):
        angle = step / 72 * math.tau
        reach = 1 + sum(size * math.cos(k * angle + shift) for k, size, shift in waves)
        points.append((half_x * reach * math.cos(angle), half_y * reach * math.sin(angle)))
    return Polygon(points)


def _with_parents(grids: dict[str, Polygon]) -> dict[str, Polygon]:
    areas: dict[str, Polygon] = {}
    for length in (6, 9, 12):
        for code in sorted({key[:length] for key in grids}):
            shapes = [shape for key, shape in grids.items() if key.startswith(code)]
            areas[code] = shapely.coverage_union_all(shapes)
    return areas | grids
