"""The plan of a grid for a board: its border, streets, buildings and neighbours, in metres, cut to a frame."""

from dataclasses import dataclass

import shapely

from wangge.domain.places.models import Area, AreaShape, Building, MapFeature, MapLayer
from wangge.engines.geo import Frame
from wangge.platform import clock
from wangge.platform.db.boxes import in_box

# Room around the grid as a share of its longer side.
_MARGIN = 0.12


@dataclass(frozen=True, slots=True)
class Street:
    """A piece of a road: its middle line and what it is called."""

    line: shapely.Geometry
    width_m: float
    name: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The part of a neighbouring grid that the frame shows."""

    shape: shapely.Geometry
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Shapes in metres, x to the east and y to the north; everything lies inside (0, 0) – (width, height)."""

    width: float
    height: float
    border: shapely.Geometry
    neighbours: tuple[Neighbour, ...]
    water: tuple[shapely.Geometry, ...]
    parks: tuple[shapely.Geometry, ...]
    streets: tuple[Street, ...]
    buildings: tuple[shapely.Geometry, ...]


def plan_of(area: Area, ratio: float) -> Plan | None:
    """The plan of an area in a frame of width : height = `ratio`; None without an outline (4 statements)."""
    today = AreaShape.objects.filter(version__valid__contains=clock.today())
    wkb = today.filter(version__area=area).values_list("wkb", flat=True).first()
    if wkb is None:
        return None
    outline = shapely.from_wkb(bytes(wkb))
    middle = shapely.box(*outline.bounds).centroid
    paper = _Frame(Frame(middle.x, middle.y), outline, ratio)
    beside = today.filter(in_box(*paper.box), version__area__level=area.level, version__area__active=True)
    neighbours = [
        Neighbour(shape, name)
        for raw, name in beside.exclude(version__area=area).values_list("wkb", "version__short_name")
        if not (shape := paper.cut(raw)).is_empty
    ]
    features = MapFeature.objects.filter(in_box(*paper.box)).order_by("pk")
    rows = list(features.values_list("layer", "wkb", "width_m", "name"))
    houses = Building.objects.filter(in_box(*paper.box), removed_on=None).order_by("pk")
    return Plan(
        paper.width,
        paper.height,
        paper.cut(outline.wkb),
        tuple(neighbours),
        tuple(paper.cut(raw) for layer, raw, _width, _name in rows if layer == MapLayer.WATER),
        tuple(paper.cut(raw) for layer, raw, _width, _name in rows if layer == MapLayer.PARK),
        tuple(
            Street(line, width or 6.0, name)
            for layer, raw, width, name in rows
            if layer == MapLayer.WAY and not (line := paper.cut(raw)).is_empty
        ),
        tuple(paper.cut(raw) for raw in houses.values_list("wkb", flat=True)),
    )


class _Frame:
    """The rectangle of ground that is shown."""

    def __init__(self, frame: Frame, outline: shapely.Geometry, ratio: float) -> None:
        self._frame = frame
        west, south, east, north = frame.project(outline).bounds
        width, height = east - west, north - south
        room = 1 + 2 * _MARGIN
        self.width = max(width, height * ratio) * room
        self.height = self.width / ratio
        self._west, self._south = (west + east - self.width) / 2, (south + north - self.height) / 2
        sides = (self._west, self._south, self._west + self.width, self._south + self.height)
        self.box = frame.unproject(shapely.box(*sides)).bounds

    def cut(self, wkb: bytes | memoryview) -> shapely.Geometry:
        shape = self._frame.project(shapely.from_wkb(bytes(wkb)))
        moved = shapely.transform(shape, lambda points: points - (self._west, self._south))
        return shapely.clip_by_rect(shapely.make_valid(moved), 0, 0, self.width, self.height)
