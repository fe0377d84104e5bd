"""Areas: the tree on a day, one area with its versions, and the area of a point."""

from datetime import date
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from wangge.domain.places import queries
from wangge.domain.places.models import AreaVersion
from wangge.faces.api.about import about
from wangge.faces.api.fields import (
    AreaRef,
    Cursor,
    Day,
    Id,
    Level,
    Limit,
    area_ref,
    cursor_of,
    day_of,
    level_of,
    place_of,
)
from wangge.platform.errors import NotFound

router = Router(tags=["areas"])
_SCOPE = "areas:read"


class Area(Schema):
    """An area as it was on the day asked for."""

    id: int = Field(description="Never changes, whatever the area is called")
    code: str = Field(description="GB/T 2260 and GB/T 10114; a grid has 15 digits", examples=["440105008001"])
    name: str = Field(examples=["Baogang community"])
    short_name: str
    level: Level
    kind: str = Field(description="ordinary, or dedicated for a grid of one school, market, park …")
    parent_id: int | None
    valid_from: date | None
    valid_until: date | None = Field(description="The first day on which it does not hold any more")


class AreaPage(Schema):
    items: list[Area]
    next: str | None = Field(description="`cursor` of the next page; null on the last")


class AreaDetail(Area):
    """With the areas above it, from the top, and all versions there ever were."""

    above: list[AreaRef]
    versions: list[Area]


@router.get("/areas", **about("listAreas", _SCOPE, AreaPage, "List areas"))
def list_areas(
    request: object,
    parent: Annotated[Id | None, Query(None, description="Only those right below this area")],
    level: Annotated[Level | None, Query(None)],
    code: Annotated[str, Query("", max_length=15, pattern="^[0-9]*$")],
    on: Day,
    cursor: Cursor,
    limit: Limit,
) -> AreaPage:
    """Areas that held on a day, in the order of their ids."""
    rows = queries.on_day(day_of(on), code=code or None).order_by("area_id")
    if parent is not None:
        rows = rows.filter(parent_id=parent)
    if level is not None:
        rows = rows.filter(area__level=level)
    if place := place_of(cursor, int):
        rows = rows.filter(area_id__gt=place[0])
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return AreaPage(
        items=[_area(row) for row in found[:limit]],
        next=cursor_of(found[limit - 1].area_id) if more else None,
    )


@router.get("/areas/at", **about("areaAtPoint", _SCOPE, Area, "The area of a point", missing=True))
def area_at_point(
    request: object,
    lon: Annotated[float, Query(ge=-180, le=180, description="WGS-84 degrees")],
    lat: Annotated[float, Query(ge=-90, le=90, description="WGS-84 degrees")],
    level: Annotated[Level, Query("grid")],
    on: Day,
) -> Area:
    """The grid, or the area of another level, in which a point lay on a day."""
    found = queries.point_on(lon, lat, day_of(on), level)
    if found is None:
        raise NotFound(_("这个位置不在任何已划定的区划内。"))
    return _area(found)


@router.get("/areas/{area_id}", **about("getArea", _SCOPE, AreaDetail, "One area"))
def get_area(request: object, area_id: Id, on: Day) -> AreaDetail:
    """An area on a day, with its past and the areas above it."""
    day = day_of(on)
    found = queries.on_day(day).filter(area_id=area_id).first()
    if found is None:
        raise NotFound(_("这一天没有这个区划。"))
    above = [area_ref(area) for area in queries.ancestors(found.area) if area.pk != area_id]
    versions = found.area.versions.select_related("area").order_by("valid")
    return AreaDetail(**_area(found).dict(), above=above, versions=[_area(row) for row in versions])


def _area(row: AreaVersion) -> Area:
    return Area(
        id=row.area_id,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        level=level_of(row.area),
        kind=row.area.kind,
        parent_id=row.parent_id,
        valid_from=row.valid.lower,
        valid_until=row.valid.upper,
    )
