"""The borders of the grids of an area as shared arcs, and what is wrong with a drawing of them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.db.models import Count
from django.utils.translation import gettext as _

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Area, AreaShape, Dwelling, DwellingUse, Level
from wangge.domain.places.sizes import Fault, bounds_for
from wangge.engines.geo import Frame
from wangge.engines.geo.topology import Point, Topology, build
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid

_HOMES = (DwellingUse.OWN, DwellingUse.LET, DwellingUse.EMPTY, DwellingUse.UNKNOWN)
_CROSSING_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Borders:
    """The arcs between the grids of an area as they are today. `base` tells one drawing from another."""

    area: Area
    topology: Topology[int]
    names: dict[int, str]

    @property
    def base(self) -> str:
        text = json.dumps([(arc.points, arc.sides) for arc in self.topology.arcs])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def as_data(self) -> dict[str, Any]:
        """For the editor: arcs with their areas, and the nodes that stay."""
        return {
            "base": self.base,
            "arcs": [{"points": arc.points, "sides": arc.sides} for arc in self.topology.arcs],
            "fixed": sorted(self.topology.fixed),
            "names": {str(key): name for key, name in self.names.items()},
        }


def borders_of(area: Area) -> Borders:
    """Of the grids inside an area, by today's outlines (1 statement). Conflict where they have none or overlap."""
    rows = AreaShape.objects.filter(
        version__valid__contains=clock.today(),
        version__area__level=Level.GRID,
        version__area__active=True,
        version__path__startswith=area.path,
    ).values_list("version__area_id", "version__short_name", "wkb")
    shapes = {pk: shapely.from_wkb(bytes(wkb)) for pk, _name, wkb in rows}
    if not shapes:
        raise Conflict(_("这里的网格还没有边界，请先导入。"))
    try:
        topology = build(shapes)
    except ValueError as error:
        raise Conflict(_("这里的网格边界互相重叠，请先导入改正后的边界。")) from error
    return Borders(area, topology, {pk: name for pk, name, _wkb in rows})


def read_changes(text: str) -> dict[int, tuple[Point, ...]]:
    """'{"3": [[113.1, 23.1], …]}' by the number of the arc. Raises Invalid."""
    try:
        sent = json.loads(text)
        found = {int(index): tuple((float(x), float(y)) for x, y in points) for index, points in sent.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid({"changed": _("画的边界没有完整送到，请再保存一次。")}) from error
    if not found:
        raise Invalid({"changed": _("还没有改动任何边界。")})
    if sum(map(len, found.values())) > 50_000:
        raise Invalid({"changed": _("一次改动的点太多，请分几次保存。")})
    return found


def redrawn(borders: Borders, changed: Mapping[int, Sequence[Point]]) -> Topology[int]:
    """The arcs after a change; Invalid with a sentence for who draws."""
    if not all(0 <= index < len(borders.topology.arcs) for index in changed):
        raise Invalid({"changed": _("画的边界没有完整送到，请再保存一次。")})
    try:
        return borders.topology.redrawn(changed)
    except ValueError as error:
        raise Invalid({"changed": _("只能改动网格之间的界线；外边界和外边界上的端点不能移动。")}) from error


def faults_of(borders: Borders, drawn: Topology[int]) -> list[Fault]:
    """Crossings, which must be put right, and grids whose number of homes is outside the bounds (2 statements)."""
    crossings = drawn.crossings()[:_CROSSING_LIMIT]
    faults = [Fault("crossing", _("界线在这里相交。"), place.representative_point()) for place in crossings]
    if faults:
        return faults
    areas = drawn.areas()
    gone = [key for key in borders.names if key not in areas or areas[key].is_empty]
    if gone:
        whole = shapely.union_all([*borders.topology.areas().values()]).representative_point()
        return [
            Fault("gone", _("“%(name)s”没有了面积。") % {"name": borders.names[key]}, whole) for key in gone
        ]
    return _sizes(borders, areas)


def _sizes(borders: Borders, areas: Mapping[int, shapely.Geometry]) -> list[Fault]:
    before = borders.topology.areas()
    changed = {key: shape for key, shape in areas.items() if not shape.equals(before[key])}
    return size_faults(borders.area, changed, borders.names)


def size_faults(area: Area, shapes: Mapping[int, shapely.Geometry], names: Mapping[int, str]) -> list[Fault]:
    """Grids of an area whose number of homes is outside the bounds of the district (2 statements)."""
    bounds = bounds_for(area)
    found = (bounds.fault(names[key], homes, shapes[key]) for key, homes in homes_inside(shapes).items())
    return [fault for fault in found if fault]


def homes_inside(shapes: Mapping[int, shapely.Geometry]) -> dict[int, int]:
    """How many homes stand in each shape, whoever draws: a number of places, nobody's data (1 statement)."""
    if not shapes:
        return {}
    west, south, east, north = shapely.total_bounds([*shapes.values()])
    near = {"building__lon__range": (west, east), "building__lat__range": (south, north)}
    with acting_as(System("homes of a drawing counted")):
        rows = Dwelling.objects.filter(use__in=_HOMES, **near).values_list("building__lon", "building__lat")
        points = list(rows.annotate(count=Count("pk")).order_by())
    return {
        key: sum(count for lon, lat, count in points if shapely.intersects_xy(shape, lon, lat))
        for key, shape in shapes.items()
    }


def square_metres(shape: shapely.Geometry) -> float:
    """Area on the ground."""
    if shape.is_empty:
        return 0.0
    middle = shape.centroid
    return float(Frame(middle.x, middle.y).project(shape).area)
