"""What a community is made of, read from its places: the units to divide, their ground and their borders."""

import io
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db.models import Count
from django.utils.translation import gettext as _

from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import (
    Area,
    AreaShape,
    Building,
    Compound,
    Dwelling,
    DwellingUse,
    Kind,
    MapFeature,
    MapLayer,
)
from wangge.domain.planning import cells
from wangge.domain.planning.services import PLANNING
from wangge.engines.geo import Frame
from wangge.platform import clock
from wangge.platform.db.boxes import in_box
from wangge.platform.errors import Invalid

# Dwellings that are lived in, or of which nobody noted that they are not.
LIVED_IN = (DwellingUse.OWN, DwellingUse.LET, DwellingUse.UNKNOWN)
# Streets that part people: a grid border should run along them before all others.
_MAJOR = frozenset({"main", "secondary", "primary", "trunk", "motorway", "railway"})
_USUAL_WIDTH_M = 6.0


@dataclass(frozen=True)
class Town:
    """`arrays` as the engine's planning file, `cells` in degrees, `units` as in models.Plan; all in one order."""

    arrays: dict[str, Any]
    cells: shapely.Geometry
    units: list[dict[str, Any]]

    def file(self) -> bytes:
        """The planning file (npz)."""
        out = io.BytesIO()
        np.savez_compressed(out, **self.arrays)
        return out.getvalue()


@dataclass
class _Unit:
    name: str
    shapes: list[shapely.Geometry]
    compound: bool
    homes: int
    doors: list[tuple[float, float, int]]
    grids: dict[int, float]


def ordinary_grids(area: Area) -> list[Area]:
    """The grids of a community that a plan divides anew: all of today's but the dedicated ones (1 statement)."""
    return list(area.children.filter(active=True, kind=Kind.ORDINARY).order_by("code"))


def town_of(area: Area, least: int, most: int, wanted: int | None) -> Town:
    """The units of a community as it is registered today (8 statements).

    The ground of dedicated grids, and what stands on it, stays out. Raises Invalid with what is missing.
    """
    outline = _outline(area)
    if outline is None:
        raise Invalid({"area": _("这个社区还没有边界，请先导入或画出边界。")})
    middle = shapely.box(*outline.bounds).centroid
    frame = Frame(middle.x, middle.y)
    ground = frame.project(outline)
    units = [unit for unit in _units(area, frame) if _on(ground, unit)]
    if len(units) < 2 or not any(unit.homes for unit in units):
        raise Invalid({"area": _("这个社区登记的楼栋和住房太少，没有可以划分的。请先登记楼栋和房屋。")})
    bodies = [shapely.union_all(unit.shapes) for unit in units]
    minor, major = _ways(outline, frame)
    made = cells.build(ground, bodies, minor, major)
    arrays: dict[str, Any] = {
        "households": np.array([unit.homes for unit in units]),
        "xy": np.array([_door(unit, body) for unit, body in zip(units, bodies, strict=True)]),
        "area": shapely.area(made.cells),
        "perimeter": shapely.length(made.cells),
        "edges": made.edges,
        "edge_len": made.along,
        "lo": np.array(least),
        "hi": np.array(most),
        "old": np.array([_grid(unit) for unit in units]),
    }
    if wanted is not None:
        arrays["k"] = np.array(wanted)
    told = [
        {"name": unit.name, "homes": unit.homes, "grid": _grid(unit), "compound": unit.compound}
        for unit in units
    ]
    return Town(arrays, frame.unproject(shapely.GeometryCollection(list(made.cells))), told)


def _outline(area: Area) -> shapely.Geometry | None:
    """The ground of the community without its dedicated grids."""
    today = AreaShape.objects.filter(version__valid__contains=clock.today())
    wkb = today.filter(version__area=area).values_list("wkb", flat=True).first()
    grids = today.filter(version__area__parent=area, version__area__active=True)
    rows = [
        (kind, shapely.from_wkb(bytes(raw))) for kind, raw in grids.values_list("version__area__kind", "wkb")
    ]
    whole = shapely.from_wkb(bytes(wkb)) if wkb else shapely.union_all([shape for _kind, shape in rows])
    left = shapely.difference(
        whole, shapely.union_all([shape for kind, shape in rows if kind == Kind.DEDICATED])
    )
    polygons = [part for part in shapely.get_parts(left) if part.geom_type == "Polygon" and part.area > 1e-10]
    return shapely.union_all(polygons) if polygons else None


def _units(area: Area, frame: Frame) -> list[_Unit]:
    grids = [grid.pk for grid in ordinary_grids(area)]
    houses = Building.objects.filter(area__in=grids, removed_on=None).order_by("pk")
    with acting_as(PLANNING):
        lived = Dwelling.objects.filter(use__in=LIVED_IN, area__in=grids).values_list("building_id")
        homes = dict(lived.annotate(count=Count("pk")).order_by())
    compounds = {one.pk: one for one in Compound.objects.filter(area=area)}
    members: dict[tuple[str, int], list[Building]] = defaultdict(list)
    for house in houses:
        whole = house.compound_id in compounds
        members["compound" if whole else "building", house.compound_id if whole else house.pk].append(house)  # type: ignore[index]
    units = []
    for (kind, pk), group in members.items():
        shapes = [shapely.make_valid(frame.project(shapely.from_wkb(bytes(one.wkb)))) for one in group]
        if kind == "compound":
            shapes.append(shapely.make_valid(frame.project(shapely.from_wkb(bytes(compounds[pk].wkb)))))
        doors = [(*map(float, frame.to_metres(one.lon, one.lat)), homes.get(one.pk, 0)) for one in group]
        held: dict[int, float] = defaultdict(float)
        for one in group:
            held[one.area_id] += homes.get(one.pk, 0) + 0.001
        name = compounds[pk].name if kind == "compound" else str(group[0])
        total = sum(homes.get(one.pk, 0) for one in group)
        units.append(_Unit(name, shapes, kind == "compound", total, doors, held))
    return units


def _on(ground: shapely.Geometry, unit: _Unit) -> bool:
    return any(shapely.intersection(ground, shape).area > 1.0 for shape in unit.shapes)


def _grid(unit: _Unit) -> int:
    """Today's grid of most of its homes."""
    return max(unit.grids, key=lambda grid: (unit.grids[grid], -grid))


def _door(unit: _Unit, body: shapely.Geometry) -> tuple[float, float]:
    """Where one goes to: the entrances, weighted by the homes behind them."""
    total = sum(homes for _x, _y, homes in unit.doors)
    if not total:
        return float(body.centroid.x), float(body.centroid.y)
    return (
        sum(x * homes for x, _y, homes in unit.doors) / total,
        sum(y * homes for _x, y, homes in unit.doors) / total,
    )


def _ways(outline: shapely.Geometry, frame: Frame) -> tuple[shapely.Geometry, shapely.Geometry]:
    """The ground of minor streets, and of main roads and water."""
    shown = MapFeature.objects.filter(in_box(*outline.bounds), layer__in=[MapLayer.WAY, MapLayer.WATER])
    minor: list[shapely.Geometry] = []
    major: list[shapely.Geometry] = []
    for layer, kind, wkb, width in shown.values_list("layer", "kind", "wkb", "width_m"):
        shape = shapely.make_valid(frame.project(shapely.from_wkb(bytes(wkb))))
        if layer == MapLayer.WATER:
            major.append(shape)
        else:
            (major if kind in _MAJOR else minor).append(shape.buffer((width or _USUAL_WIDTH_M) / 2))
    return shapely.union_all(minor), shapely.union_all(major)
