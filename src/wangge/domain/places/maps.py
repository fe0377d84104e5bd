"""What a map shows of areas: outlines as GeoJSON in WGS-84 degrees, where to look, and whether anything changed."""

from collections.abc import Iterable
from typing import Any

import shapely
from django.db.models import Exists, Max, Min, OuterRef
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from wangge.domain.places.models import Area, AreaShape, MapFeature, MapStamp
from wangge.engines.geo import BBox
from wangge.platform import clock
from wangge.platform.db.boxes import boxes_meet
from wangge.platform.errors import NotFound
from wangge.platform.fresh import fresh_for

GeoJSON = dict[str, Any]

# 0.1 m; more digits only make the page heavier.
_DIGITS = 6


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


@fresh_for(60)
def bounds_of_area(area_id: int) -> BBox | None:
    """The box around today's outline, or without one around those below it; None without any (1 to 3 statements, kept 60 s)."""
    today = AreaShape.objects.filter(version__valid__contains=clock.today())
    sides = dict(zip(BBox._fields, (Min("west"), Min("south"), Max("east"), Max("north")), strict=True))
    found = today.filter(version__area_id=area_id).aggregate(**sides)
    if found["west"] is None:
        path = Area.objects.filter(pk=area_id).values_list("path", flat=True).first()
        found = today.filter(version__path__startswith=path or "-").aggregate(**sides)
    return BBox(**found) if found["west"] is not None else None


def drawn_streets(streets: Iterable[int]) -> set[int]:
    """Which of these areas have a base map: something of it lies in their box (1 statement)."""
    sides = [OuterRef(side) for side in BBox._fields]
    mapped = MapFeature.objects.filter(boxes_meet(sides))
    shapes = AreaShape.objects.filter(version__area_id__in=streets, version__valid__contains=clock.today())
    return set(shapes.filter(Exists(mapped)).values_list("version__area_id", flat=True))


def stamp() -> int:
    """The number of the last change of what maps show (1 statement)."""
    return MapStamp.objects.filter(pk=1).values_list("number", flat=True).first() or 0


stamp_lately = fresh_for(20)(stamp)
"""For the addresses of tiles in a page: the number of at most 20 s ago."""


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
