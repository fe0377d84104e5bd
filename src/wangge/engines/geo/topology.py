"""Areas side by side as nodes and shared arcs: a border that two areas share is stored once, so both move with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

import numpy as np
import shapely

K = TypeVar("K", str, int)
Point: TypeAlias = tuple[float, float]

SNAP = 1e-7
"""Degrees, about a centimetre: vertices nearer than this are one."""
_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Arc(Generic[K]):
    """A piece of border between two nodes, or a closed ring; `sides` are the areas on it, one at the outer border."""

    points: tuple[Point, ...]
    sides: tuple[K, ...]

    @property
    def line(self) -> shapely.LineString:
        return shapely.LineString(self.points)

    @property
    def closed(self) -> bool:
        return self.points[0] == self.points[-1]


@dataclass(frozen=True, slots=True)
class Topology(Generic[K]):
    """Areas that lie side by side, as arcs in an order that depends on the shapes alone."""

    arcs: tuple[Arc[K], ...]

    @property
    def keys(self) -> set[K]:
        return {key for arc in self.arcs for key in arc.sides}

    @property
    def fixed(self) -> set[Point]:
        """Nodes on the outer border: moving one would change what lies beside."""
        outer = [arc for arc in self.arcs if len(arc.sides) == 1]
        return {end for arc in outer for end in (arc.points[0], arc.points[-1])}

    def areas(self) -> dict[K, shapely.Geometry]:
        """The areas that the arcs enclose."""
        lines: dict[K, list[shapely.LineString]] = {}
        for arc in self.arcs:
            for key in arc.sides:
                lines.setdefault(key, []).append(arc.line)
        return {key: shapely.build_area(shapely.MultiLineString(own)) for key, own in lines.items()}

    def redrawn(self, changed: Mapping[int, Sequence[Point]]) -> "Topology[K]":
        """The same areas with other points for some arcs, by their place in `arcs`.

        Raises ValueError when an outer arc is among them, when an arc has under two points, or when ends that met
        in one node no longer do.
        """
        arcs = list(self.arcs)
        moved: dict[Point, Point] = {}
        for index, points in changed.items():
            before, after = arcs[index], tuple((round(x, _DIGITS), round(y, _DIGITS)) for x, y in points)
            if len(before.sides) < 2:
                raise ValueError("an outer border stays as it is")
            if len(after) < 2 or (before.closed and (len(after) < 4 or after[0] != after[-1])):
                raise ValueError("a border needs more points")
            for old, new in zip((before.points[0], before.points[-1]), (after[0], after[-1]), strict=True):
                if moved.setdefault(old, new) != new:
                    raise ValueError("borders that met in a point no longer meet")
            arcs[index] = replace(before, points=after)
        if any(old != new and old in self.fixed for old, new in moved.items()):
            raise ValueError("an outer border stays as it is")
        ends = {end: moved.get(end, end) for arc in self.arcs for end in (arc.points[0], arc.points[-1])}
        for before, after_arc in zip(self.arcs, arcs, strict=True):
            if (ends[before.points[0]], ends[before.points[-1]]) != (
                after_arc.points[0],
                after_arc.points[-1],
            ):
                raise ValueError("borders that met in a point no longer meet")
        return Topology(tuple(arcs))

    def crossings(self) -> list[shapely.Geometry]:
        """Where arcs cross themselves or one another other than in nodes; empty when the areas lie side by side."""
        lines = np.array([arc.line for arc in self.arcs], dtype=object)
        found = [_self_crossing(line) for line in lines if not line.is_simple]
        first, second = shapely.STRtree(lines).query(lines, predicate="intersects")
        for i, j in zip(first.tolist(), second.tolist(), strict=True):
            if i < j:
                shared = {self.arcs[i].points[0], self.arcs[i].points[-1]} & {
                    self.arcs[j].points[0],
                    self.arcs[j].points[-1],
                }
                meets = shapely.difference(
                    shapely.intersection(lines[i], lines[j]), shapely.MultiPoint(sorted(shared))
                )
                if not meets.is_empty:
                    found.append(meets)
        return found


def build(areas: Mapping[K, shapely.Geometry]) -> Topology[K]:
    """The arcs of areas in degrees. Raises ValueError where they overlap, or where they are none.

    Vertices are snapped to a centimetre; a vertex on a neighbour's edge becomes a vertex of both.
    """
    keys = sorted(areas)
    shapes = shapely.set_precision([areas[key] for key in keys], SNAP)
    if any(shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon") for shape in shapes):
        raise ValueError("areas are needed")
    noded = shapely.union_all(shapely.boundary(shapes), grid_size=SNAP)
    merged = shapely.line_merge(noded)
    lines = [_rounded(line) for line in shapely.get_parts(merged) if line.length > 0]
    lines.sort()
    arcs = [Arc(line, _sides(keys, shapes, line)) for line in lines]
    if any(not 1 <= len(arc.sides) <= 2 for arc in arcs):
        raise ValueError("the areas overlap")
    return Topology(tuple(arcs))


def _rounded(line: shapely.LineString) -> tuple[Point, ...]:
    points = [(round(float(x), _DIGITS), round(float(y), _DIGITS)) for x, y in line.coords]
    if points[0] == points[-1]:
        # A ring begins at its smallest point and runs towards the smaller neighbour.
        ring = points[:-1]
        first = ring.index(min(ring))
        ring = ring[first:] + ring[:first]
        ring = ring if ring[1] <= ring[-1] else [ring[0], *reversed(ring[1:])]
        return (*ring, ring[0])
    return tuple(points if points <= points[::-1] else points[::-1])


def _sides(keys: Sequence[K], shapes: Iterable[shapely.Geometry], line: tuple[Point, ...]) -> tuple[K, ...]:
    """The areas whose border the line is part of, by the middle of its first edge."""
    (ax, ay), (bx, by) = line[0], line[1]
    middle = shapely.Point((ax + bx) / 2, (ay + by) / 2)
    away = shapely.distance(shapely.boundary(np.array(list(shapes), dtype=object)), middle)
    return tuple(key for key, metres in zip(keys, away.tolist(), strict=True) if metres < SNAP)


def _self_crossing(line: shapely.LineString) -> shapely.Geometry:
    """The points in which a line meets itself."""
    pieces = shapely.get_parts(shapely.node(line))
    ends = [point for piece in pieces for point in (piece.coords[0], piece.coords[-1])]
    return shapely.MultiPoint(sorted({point for point in ends if ends.count(point) > 2}))
