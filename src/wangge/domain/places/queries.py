"""Reads of areas: the tree, a day's answers, and which grid a point lies in."""

import time
from datetime import date

from django.db.models import QuerySet

from wangge.domain.places.models import Area, AreaShape, AreaVersion, Level
from wangge.engines.geo import PolygonIndex

# Another process's new outline is seen after this many seconds.
_FRESH_SECONDS = 60.0
_index: tuple[float, PolygonIndex[int]] | None = None


def grid_at(lon: float, lat: float) -> Area | None:
    """The grid of today in which a WGS-84 point lies, None outside all."""
    grid_id = _grids().find(lon, lat)
    return Area.objects.filter(pk=grid_id).first() if grid_id is not None else None


def forget_shapes() -> None:
    """After outlines changed, in the process that changed them."""
    global _index
    _index = None


def _grids() -> "PolygonIndex[int]":
    global _index
    if _index is None or time.monotonic() - _index[0] > _FRESH_SECONDS:
        shapes = AreaShape.objects.filter(version__area__level=Level.GRID, version__area__active=True, version__valid__endswith__isnull=True)
        _index = (time.monotonic(), PolygonIndex((area, bytes(wkb)) for area, wkb in shapes.values_list("version__area_id", "wkb")))
    return _index[1]


def on_day(day: date, *, code: str | None = None) -> "QuerySet[AreaVersion]":
    """The versions that held on a day; with `code`, at most one (the database sees to it)."""
    versions = AreaVersion.objects.filter(valid__contains=day).select_related("area", "parent")
    return versions.filter(code=code) if code else versions


def ancestors(area: Area) -> "QuerySet[Area]":
    """The areas above, from the top, and the area itself."""
    return Area.objects.filter(pk__in=[int(part) for part in area.path.rstrip(".").split(".")]).order_by("path")


def subtree(area: Area, level: str | None = None) -> "QuerySet[Area]":
    """Active areas below, in code order; all levels or one."""
    rows = Area.objects.filter(path__startswith=area.path, active=True).exclude(pk=area.pk).order_by("code")
    return rows.filter(level=level) if level else rows
