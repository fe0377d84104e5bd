"""Writes of outlines."""

from datetime import date

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.places import rules
from wangge.domain.places.models import Area, AreaShape
from wangge.domain.places.queries import forget_shapes
from wangge.domain.places.services import versions
from wangge.domain.places.services.stamp import map_changed
from wangge.engines.geo import BBox, read_geometry
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed

_WORLD = BBox(-180.0, -90.0, 180.0, 90.0)


@transaction.atomic
def set_shape(actor: AnyActor, area: Area, geometry: shapely.Geometry | bytes, on: date) -> AreaShape:
    """The outline from a day on: a polygon or multipolygon in WGS-84 degrees, or its WKB.

    A version without an outline receives it; one that has another ends, and its copy begins on the day.
    """
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以变更区划。"))
    rules.check_day(on, clock.today())
    versions.lock()
    outline = _read(geometry)
    version = versions.last(area, on)
    if AreaShape.objects.filter(version=version).exists():
        version = versions.begin(version, on)
    west, south, east, north = outline.bounds
    shape, _made = AreaShape.objects.update_or_create(
        version=version,
        defaults={"wkb": outline.wkb, "west": west, "south": south, "east": east, "north": north},
    )
    map_changed()
    transaction.on_commit(forget_shapes)
    return shape


def _read(geometry: shapely.Geometry | bytes) -> shapely.Geometry:
    try:
        outline = read_geometry(geometry)
    except ValueError as error:
        raise Invalid({"geometry": _("边界数据无法读取。")}) from error
    if outline.geom_type not in ("Polygon", "MultiPolygon") or outline.is_empty:
        raise Invalid({"geometry": _("边界须是面。")})
    if not outline.is_valid:
        reason = shapely.is_valid_reason(outline)
        raise Invalid({"geometry": _("边界不合格：%(reason)s") % {"reason": reason}})
    west, south, east, north = outline.bounds
    if west < _WORLD.west or south < _WORLD.south or east > _WORLD.east or north > _WORLD.north:
        raise Invalid({"geometry": _("边界须是经纬度（WGS-84）。")})
    return outline
