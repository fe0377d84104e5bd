"""Cutting a polygon into shares by bent lines, turning lines into an exact coverage, metres into degrees."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from wangge.engines.geo import Frame

G = TypeVar("G", bound=BaseGeometry)

SNAP_M = 0.01
"""All lines meet on a raster of one centimetre, so that neighbours share their vertices exactly."""

_DECIMALS = 7
_OVERSHOOT_M = 0.5
_ATTEMPTS = 8


@dataclass(frozen=True)
class Style:
    """How straight the cuts are: `tilt` in radians, `bend` as a share of the cut's length."""

    tilt: float = 0.08
    bend: float = 0.03
    rounds: int = 14


def long_axis(polygon: Polygon) -> float:
    """Direction of the longer side of the smallest enclosing rectangle, in radians."""
    corners = shapely.get_coordinates(polygon.minimum_rotated_rectangle)
    (ax, ay), (bx, by), (cx, cy) = corners[0], corners[1], corners[2]
    first, second = (bx - ax, by - ay), (cx - bx, cy - by)
    dx, dy = first if math.hypot(*first) >= math.hypot(*second) else second
    return math.atan2(dy, dx)


def carve(
    polygon: Polygon, shares: Sequence[float], rng: Random, style: Style | None = None
) -> tuple[list[Polygon], list[LineString]]:
    """Cuts `polygon` into `len(shares)` parts whose areas are close to the shares, in their order.

    Returns the parts and the lines of the cuts, longest cuts first made. The lines overshoot a little, so
    that `coverage` closes every face.
    """
    style = style or Style()
    if len(shares) == 1:
        return [polygon], []
    middle = len(shares) // 2
    share = sum(shares[:middle]) / sum(shares)
    left, right, line = _cut(polygon, share, rng, style)
    parts_left, lines_left = carve(left, shares[:middle], rng, style)
    parts_right, lines_right = carve(right, shares[middle:], rng, style)
    return parts_left + parts_right, [line, *lines_left, *lines_right]


def coverage(lines: Iterable[BaseGeometry]) -> list[Polygon]:
    """The faces between the lines; neighbours share every vertex of their border."""
    noded = shapely.union_all(list(lines), grid_size=SNAP_M)
    return [face for face in shapely.polygonize([noded]).geoms if isinstance(face, Polygon)]


def assign(faces: Iterable[Polygon], drafts: Sequence[Polygon]) -> list[Polygon]:
    """For every draft the face that takes its place, in their order. ValueError if they differ."""
    tree = shapely.STRtree(drafts)
    found: dict[int, list[Polygon]] = {}
    for face in faces:
        index = int(tree.nearest(face.representative_point()))
        found.setdefault(index, []).append(face)
    result = []
    for index in range(len(drafts)):
        merged = shapely.coverage_union_all(found.get(index, []))
        if not isinstance(merged, Polygon):
            raise ValueError(f"draft {index} became {merged.geom_type}")
        result.append(merged)
    return result


def in_degrees(frame: Frame, geometry: G) -> G:
    """The geometry, given in metres, as longitude and latitude.

    Coordinates are rounded to about a centimetre; vertices that were shared stay shared.
    """
    return shapely.transform(frame.unproject(geometry), lambda lonlat: np.round(lonlat, _DECIMALS))


def _cut(polygon: Polygon, share: float, rng: Random, style: Style) -> tuple[Polygon, Polygon, LineString]:
    for attempt in range(_ATTEMPTS):
        calm = 1 - attempt / (_ATTEMPTS - 1)
        axis = long_axis(polygon) + rng.uniform(-style.tilt, style.tilt) * calm
        cut = _bent_line(polygon, axis, share, rng.uniform(-style.bend, style.bend) * calm, style.rounds)
        pieces = [piece for piece in split(polygon, cut).geoms if piece.area > SNAP_M]
        if len(pieces) == 2:
            pieces.sort(key=lambda piece: _along(piece.centroid, axis))
            return pieces[0], pieces[1], _overshoot(shapely.intersection(cut, polygon))
    raise ValueError("the polygon is too crooked to be cut")


def _bent_line(polygon: Polygon, axis: float, share: float, bend: float, rounds: int) -> LineString:
    """A line across `axis` with the wanted share of the area behind it, bent in its middle."""
    ux, uy = math.cos(axis), math.sin(axis)
    points = shapely.get_coordinates(polygon)
    along = points @ (ux, uy)
    across = points @ (-uy, ux)
    low, high = float(along.min()), float(along.max())
    near, far = float(across.min()) - 5, float(across.max()) + 5
    wanted = share * polygon.area
    start = low
    for _ in range(rounds):
        middle = (low + high) / 2
        behind = _box(start - 1, middle, near, far, ux, uy).intersection(polygon).area
        low, high = (middle, high) if behind < wanted else (low, middle)
    at = (low + high) / 2
    kink = at + bend * (far - near)
    spots = [(at, near), (kink, near + 0.45 * (far - near)), (kink, near + 0.62 * (far - near)), (at, far)]
    return LineString([(t * ux - s * uy, t * uy + s * ux) for t, s in spots])


def _box(t0: float, t1: float, s0: float, s1: float, ux: float, uy: float) -> Polygon:
    corners = [(t0, s0), (t1, s0), (t1, s1), (t0, s1)]
    return Polygon([(t * ux - s * uy, t * uy + s * ux) for t, s in corners])


def _along(point: Point, axis: float) -> float:
    return point.x * math.cos(axis) + point.y * math.sin(axis)


def _overshoot(line: BaseGeometry) -> LineString:
    """The line made a little longer at both ends, lest rounding leaves a gap at its foot."""
    points = [tuple(point) for point in shapely.get_coordinates(line)]
    return LineString([_beyond(points[1], points[0]), *points[1:-1], _beyond(points[-2], points[-1])])


def _beyond(origin: tuple[float, ...], end: tuple[float, ...]) -> tuple[float, float]:
    dx, dy = end[0] - origin[0], end[1] - origin[1]
    length = math.hypot(dx, dy) or 1.0
    return end[0] + dx / length * _OVERSHOOT_M, end[1] + dy / length * _OVERSHOOT_M
