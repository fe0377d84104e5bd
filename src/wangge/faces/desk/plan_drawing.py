"""A division as SVG: each unit's ground is a path, and on the page where one edits, a link."""

from dataclasses import dataclass

import shapely

from wangge.domain.planning.picture import Ground, Picture

# Pixels of the drawing a metre of the ground, so that a community is about a thousand wide.
_WIDE = 1000.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit on the map."""

    unit: int
    path: str
    tone: int
    name: str
    homes: int
    grid: str


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    x: float
    y: float
    homes: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """All paths of a map; y points down."""

    width: float
    height: float
    water: str
    houses: str
    streets: tuple[tuple[str, float], ...]
    cells: tuple[Cell, ...]
    borders: tuple[str, ...]
    labels: tuple[Label, ...]


def drawing_of(picture: Picture, *, houses: bool = True) -> Drawing:
    """The paths of a picture; `houses` leaves them out of small maps."""
    ground, division = picture.ground, picture.division
    pen = _Pen(ground)
    names, units = picture.short_names, division.plan.units
    return Drawing(
        width=round(ground.width * pen.scale, 1),
        height=round(ground.height * pen.scale, 1),
        water=pen.path(ground.water),
        houses=pen.path(ground.houses) if houses else "",
        streets=tuple((pen.path(way), round(wide * pen.scale, 1)) for way, wide in ground.streets),
        cells=tuple(
            Cell(
                unit,
                pen.path(cell),
                picture.tones[grid],
                units[unit]["name"],
                units[unit]["homes"],
                names[grid],
            )
            for unit, (cell, grid) in enumerate(zip(picture.cells, division.grid, strict=True))
        ),
        borders=tuple(pen.path(shape) for shape in picture.outlines),
        labels=tuple(
            Label(name, *pen.point(*picture.label(number)), division.homes[number])
            for number, name in enumerate(names)
        ),
    )


class _Pen:
    """From metres, y up, to the units of the drawing, y down."""

    def __init__(self, ground: Ground) -> None:
        self.scale = _WIDE / max(ground.width, ground.height)
        self._height = ground.height

    def point(self, x: float, y: float) -> tuple[float, float]:
        return round(x * self.scale, 1), round((self._height - y) * self.scale, 1)

    def path(self, shape: shapely.Geometry) -> str:
        parts = []
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                parts += [self._line(ring.coords) + "Z" for ring in (part.exterior, *part.interiors)]
            elif part.geom_type == "LineString":
                parts.append(self._line(part.coords))
        return "".join(parts)

    def _line(self, points: object) -> str:
        placed = [self.point(float(x), float(y)) for x, y, *_z in points]  # type: ignore[attr-defined]
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in placed)
