"""A plan drawn on paper: water, parks, streets with names, buildings, neighbours, and the grid's own border."""

from collections.abc import Callable
from itertools import pairwise
from math import atan2, degrees

import shapely

from wangge.domain.boards.plan import Plan, Street
from wangge.engines.paper import Paper

LAND, WATER, PARK, ROAD, HOUSE = "#f4f2ed", "#bfdae6", "#cfe5cb", "#ffffff", "#dbd4c6"
OWN, BORDER, TEXT, SOFT = "#e3f0f1", "#0f6570", "#2c3c40", "#5b6a6d"
_NAME_POINTS, _NEIGHBOUR_POINTS = 9.0, 11.0
# A name needs this much more road than it is long.
_ROOM_FOR_NAME = 1.15
# From the border to the middle of a name.
_CLEAR_MM = 3.0

_Placed = Callable[[shapely.Geometry], shapely.Geometry]
_Point = tuple[float, float]


def draw_plan(paper: Paper, plan: Plan, x: float, y: float, width: float) -> None:
    """The plan with its top left corner at (x, y), `width` mm wide."""
    scale = width / plan.width
    height = plan.height * scale

    def placed(shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, lambda points: points * (scale, -scale) + (x, y + height))

    paper.box(x, y, width, height, fill=LAND)
    paper.shape(placed(plan.border), fill=OWN)
    for park in plan.parks:
        paper.shape(placed(park), fill=PARK)
    for water in plan.water:
        paper.shape(placed(water), fill=WATER)
    for street in plan.streets:
        paper.shape(placed(street.line), edge=ROAD, pen=max(street.width_m * scale, 0.4))
    paper.shape(_together([placed(house) for house in plan.buildings]), fill=HOUSE, edge="#b9b09d", pen=0.1)
    for neighbour in plan.neighbours:
        paper.shape(placed(neighbour.shape.boundary), edge=SOFT, pen=0.2)
    paper.shape(placed(plan.border), edge=BORDER, pen=1.0)
    _street_names(paper, plan.streets, placed(plan.border.boundary), placed)
    for neighbour in plan.neighbours:
        _neighbour_name(paper, neighbour.name, placed(neighbour.shape))
    paper.box(x, y, width, height, edge=SOFT, pen=0.3)


def _together(shapes: list[shapely.Geometry]) -> shapely.Geometry:
    """One shape to draw with one stroke."""
    polygons = [part for shape in shapes for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(polygons)


def _street_names(
    paper: Paper, streets: tuple[Street, ...], border: shapely.Geometry, placed: _Placed
) -> None:
    """Each name once, along the longest straight piece of its street that has room for it, beside the border."""
    longest: dict[str, tuple[float, _Point, _Point]] = {}
    for street in streets:
        if not street.name:
            continue
        for part in shapely.get_parts(placed(street.line)):
            points = [(float(px), float(py)) for px, py in part.coords]
            for start, end in pairwise(points):
                length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
                if length > longest.get(street.name, (0.0,))[0]:
                    longest[street.name] = (length, start, end)
    for name, (length, start, end) in longest.items():
        if length < paper.width_of(name, _NAME_POINTS) * _ROOM_FOR_NAME:
            continue
        middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        if border.distance(shapely.Point(middle)) < _CLEAR_MM:
            away = _CLEAR_MM / length
            middle = middle[0] - (end[1] - start[1]) * away, middle[1] + (end[0] - start[0]) * away
        paper.turned(name, *middle, _NAME_POINTS, _angle(start, end), TEXT)


def _angle(start: _Point, end: _Point) -> float:
    """Degrees against the clock, so that a name is never upside down (y points down on paper)."""
    (x1, y1), (x2, y2) = sorted((start, end))
    return degrees(atan2(y1 - y2, x2 - x1))


def _neighbour_name(paper: Paper, name: str, shape: shapely.Geometry) -> None:
    """Where the neighbour is widest inside the frame, if the name fits there."""
    point = shapely.maximum_inscribed_circle(shape).coords[0] if shape.area > 0 else None
    if point is None:
        return
    half = paper.width_of(name, _NEIGHBOUR_POINTS) / 2
    west, _south, east, _north = shape.bounds
    if east - west >= 2 * half:
        middle = min(max(point[0], west + half), east - half)
        paper.turned(name, middle, point[1], _NEIGHBOUR_POINTS, 0, SOFT)
