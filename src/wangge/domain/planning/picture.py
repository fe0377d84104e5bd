"""What a drawing of a division shows, in metres inside a frame: cells, outlines, streets, water, houses."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from wangge.domain.places.models import Building, MapFeature, MapLayer
from wangge.domain.planning.queries import Division
from wangge.engines.geo import Frame
from wangge.platform.db.boxes import in_box

# Neighbours never have the same tone; so many tones there are.
TONES = 6
_MARGIN = 0.04


@dataclass(frozen=True)
class Ground:
    """Under every alternative of a plan the same; (0, 0) is the lower left corner."""

    width: float
    height: float
    frame: Frame
    corner: tuple[float, float]
    water: shapely.Geometry
    streets: tuple[tuple[shapely.Geometry, float], ...]
    houses: shapely.Geometry

    def placed(self, shape: shapely.Geometry) -> shapely.Geometry:
        """From degrees into the frame."""
        return _moved(self.frame, shape, self.corner)


@dataclass(frozen=True)
class Picture:
    """One division on its ground."""

    ground: Ground
    division: Division

    @cached_property
    def cells(self) -> list[shapely.Geometry]:
        return [self.ground.placed(cell) for cell in self.division.cells()]

    @cached_property
    def outlines(self) -> list[shapely.Geometry]:
        return [self.ground.placed(shape) for shape in self.division.shapes()]

    @cached_property
    def tones(self) -> list[int]:
        """A tone for each grid, another than those of the grids that touch it."""
        of, edges = np.array(self.division.grid), self.division.problem.edges
        touching = {(int(of[one]), int(of[two])) for one, two in edges if of[one] != of[two]}
        found: list[int] = []
        for grid in range(len(self.division.alternative.names)):
            near = {one for pair in touching if grid in pair for one in pair}
            taken = {found[other] for other in near if other < grid}
            free = [tone for tone in range(TONES) if tone not in taken]
            # Spread over the tones, so that two grids look alike as seldom as can be.
            found.append(min(free, key=lambda tone: (found.count(tone), tone)) if free else grid % TONES)
        return found

    @property
    def short_names(self) -> list[str]:
        """Names of the grids without that of their community."""
        area = self.division.plan.area
        names = [one["name"] for one in self.division.alternative.names]
        return [name.removeprefix(area.name).removeprefix(area.short_name) or name for name in names]

    def label(self, grid: int) -> tuple[float, float]:
        """Where the name of a grid has most room."""
        shape = self.outlines[grid]
        largest = max(shapely.get_parts(shape), key=lambda part: part.area, default=shape)
        circle = shapely.maximum_inscribed_circle(largest, tolerance=1.0)
        x, y = circle.coords[0]
        return float(x), float(y)


def ground_of(division: Division) -> Ground:
    """Streets, water and houses round the cells of a plan (2 statements)."""
    whole = shapely.from_wkb(bytes(division.plan.cells))
    middle = shapely.box(*whole.bounds).centroid
    frame = Frame(middle.x, middle.y)
    west, south, east, north = frame.project(whole).bounds
    room = _MARGIN * max(east - west, north - south)
    width, height = east - west + 2 * room, north - south + 2 * room
    corner = (west - room, south - room)
    box = shapely.box(0, 0, width, height)
    bounds = frame.unproject(shapely.box(*corner, corner[0] + width, corner[1] + height)).bounds

    def cut(wkb: bytes | memoryview) -> shapely.Geometry:
        shape = _moved(frame, shapely.make_valid(shapely.from_wkb(bytes(wkb))), corner)
        return shapely.clip_by_rect(shape, *box.bounds)

    shown = MapFeature.objects.filter(in_box(*bounds), layer__in=[MapLayer.WAY, MapLayer.WATER]).order_by(
        "pk"
    )
    rows = list(shown.values_list("layer", "wkb", "width_m"))
    houses = Building.objects.filter(in_box(*bounds), removed_on=None).order_by("pk")
    return Ground(
        width,
        height,
        frame,
        corner,
        shapely.union_all([cut(wkb) for layer, wkb, _width in rows if layer == MapLayer.WATER]),
        tuple((cut(wkb), width_m or 6.0) for layer, wkb, width_m in rows if layer == MapLayer.WAY),
        shapely.MultiPolygon(_polygons([cut(wkb) for wkb in houses.values_list("wkb", flat=True)])),
    )


def _polygons(shapes: list[shapely.Geometry]) -> list[shapely.Geometry]:
    return [part for shape in shapes for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


def _moved(frame: Frame, shape: shapely.Geometry, corner: tuple[float, float]) -> shapely.Geometry:
    return shapely.transform(frame.project(shape), lambda points: points - corner)
