"""What a map shows of areas: outlines as GeoJSON in WGS-84 degrees, and the town plan under them."""

from typing import Any

import shapely
from django.db.models import Q
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from wangge.domain.places.models import Area, AreaShape, Level, TownLayer
from wangge.platform import clock
from wangge.platform.errors import NotFound

GeoJSON = dict[str, Any]

# 0.1 m; more digits only make the page heavier.
_DIGITS = 6
# Layers that outlines from the register replace.
_OUTLINES = {"communities": Level.COMMUNITY, "grids": Level.GRID}


def outlines(area_id: int, level: str) -> GeoJSON:
    """Today's outlines of the areas of a level inside an area, in code order (2 statements).

    Properties: id, code, name, short, dedicated. Raises NotFound for an area that does not exist.
    """
    area = _area(area_id)
    rows = (
        AreaShape.objects.filter(
            version__area__level=level,
            version__area__active=True,
            version__area__path__startswith=area.path,
            version__valid__contains=clock.today(),
        )
        .order_by("version__code")
        .select_related("version__area")
    )
    return {"type": "FeatureCollection", "features": [_feature(row) for row in rows]}


def town_layer(area_id: int, name: str) -> GeoJSON:
    """One picture layer of a town plan; NotFound if the plan has none of that name."""
    layer = TownLayer.objects.filter(area_id=area_id, name=name).first()
    if layer is None:
        raise NotFound(_("没有这张底图。"))
    geojson: GeoJSON = layer.geojson
    return geojson


def town_plan(area_id: int) -> dict[str, GeoJSON]:
    """All layers of a map of an area by name, the areas inside it among them (6 statements).

    The plans of the area itself, of those below it and of those above it are drawn together.
    """
    area = _area(area_id)
    above = [int(part) for part in area.path.rstrip(".").split(".")]
    layers = TownLayer.objects.filter(Q(area__path__startswith=area.path) | Q(area_id__in=above))
    plan: dict[str, GeoJSON] = {}
    for layer in layers.exclude(name__in=_OUTLINES).order_by("pk"):
        drawn = plan.setdefault(layer.name, {"type": "FeatureCollection", "features": []})
        drawn["features"] = drawn["features"] + layer.geojson["features"]
    return plan | {name: outlines(area_id, level) for name, level in _OUTLINES.items()}


def centre_of_area(area_id: int) -> tuple[float, float] | None:
    """A point well inside today's outline as (lon, lat), None if it has no outline (1 statement)."""
    wkb = (
        AreaShape.objects.filter(version__area_id=area_id, version__valid__contains=clock.today())
        .values_list("wkb", flat=True)
        .first()
    )
    if wkb is None:
        return None
    point = shapely.from_wkb(bytes(wkb)).representative_point()
    return round(point.x, _DIGITS), round(point.y, _DIGITS)


def planned_areas() -> set[int]:
    """Ids of the areas that have a town plan (1 statement)."""
    return set(TownLayer.objects.values_list("area_id", flat=True).distinct())


def _area(area_id: int) -> Area:
    area = Area.objects.filter(pk=area_id, active=True).first()
    if area is None:
        raise NotFound(_("没有这个区划。"))
    return area


def _feature(row: AreaShape) -> GeoJSON:
    area = row.version.area
    shape = shapely.transform(shapely.from_wkb(bytes(row.wkb)), lambda points: points.round(_DIGITS))
    properties = {
        "id": area.pk,
        "code": area.code,
        "name": area.short_name,
        "dedicated": area.kind == "dedicated",
    }
    return {"type": "Feature", "properties": properties, "geometry": mapping(shape)}
