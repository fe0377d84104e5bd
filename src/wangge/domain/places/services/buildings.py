"""Writes of buildings and compounds one by one; many come by an import."""

from datetime import date

import shapely
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor, System
from wangge.domain.access.policy import may_keep_places
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Area, Building, BuildingKind, Compound, Dwelling, Facility, Panorama
from wangge.domain.places.patterns import HIGHEST_FLOOR
from wangge.domain.places.queries import forget_shapes, grid_at, grid_ids_at
from wangge.domain.places.services.stamp import map_changed
from wangge.engines.geo import box_around
from wangge.platform.errors import Invalid, NotAllowed

# A house is drawn this far around its entrance until somebody draws or imports its outline.
_HALF_SIDE_M = 6.0


@transaction.atomic
def add(
    actor: AnyActor,
    *,
    lon: float,
    lat: float,
    kind: str,
    floors: int,
    address: str = "",
    number: str = "",
    name: str = "",
    compound: Compound | None = None,
) -> Building:
    """A building at its entrance, which decides the grid; drawn as a small square. Raises Invalid, NotAllowed."""
    grid = _grid(lon, lat)
    _check_keeper(actor, grid)
    _check(kind, floors, address, number, name)
    box = shapely.box(*box_around(lon, lat, _HALF_SIDE_M))
    west, south, east, north = box.bounds
    made = Building.objects.create(
        area=grid,
        compound=_of_community(compound, grid),
        name=name,
        number=number,
        address=address,
        kind=kind,
        floors=floors,
        lon=lon,
        lat=lat,
        wkb=box.wkb,
        west=west,
        south=south,
        east=east,
        north=north,
    )
    map_changed()
    return made


@transaction.atomic
def change(
    actor: AnyActor,
    building: Building,
    *,
    kind: str,
    floors: int,
    address: str = "",
    number: str = "",
    name: str = "",
    compound: Compound | None = None,
) -> Building:
    """Other signs, floors or use."""
    _check_keeper(actor, building.area)
    _check(kind, floors, address, number, name)
    building.kind, building.floors, building.address = kind, floors, address
    building.number, building.name = number, name
    building.compound = _of_community(compound, building.area)
    building.save(update_fields=["kind", "floors", "address", "number", "name", "compound"])
    map_changed()
    return building


@transaction.atomic
def remove(actor: AnyActor, building: Building, on: date) -> Building:
    """It was pulled down: it goes from maps and lists, its rows stay."""
    _check_keeper(actor, building.area)
    building.removed_on = on
    building.save(update_fields=["removed_on"])
    map_changed()
    return building


@transaction.atomic
def find_grids_again() -> int:
    """After borders changed: every building and facility comes to the grid in which it lies today; how many moved.

    What lies outside every grid stays where it was. Dwellings and panoramas follow their building.
    """
    forget_shapes()
    moved = 0
    with acting_as(System("borders changed")):
        for model in (Building, Facility):
            for grid, ids in _strayed(model).items():
                moved += model.objects.filter(pk__in=ids).update(area_id=grid)
        for hanging in (Dwelling, Panorama):
            hanging.objects.exclude(area=F("building__area")).update(
                area=Subquery(Building.objects.filter(pk=OuterRef("building")).values("area"))
            )
    return moved


def _strayed(model: type[Building] | type[Facility]) -> dict[int, list[int]]:
    """Rows by the grid in which they lie, of those that are entered for another."""
    rows = list(model.objects.values_list("pk", "area_id", "lon", "lat"))
    found = grid_ids_at([row[2] for row in rows], [row[3] for row in rows])
    strayed: dict[int, list[int]] = {}
    for (pk, area_id, _lon, _lat), grid in zip(rows, found, strict=True):
        if grid is not None and grid != area_id:
            strayed.setdefault(grid, []).append(pk)
    return strayed


def _grid(lon: float, lat: float) -> Area:
    grid = grid_at(lon, lat)
    if grid is None:
        raise Invalid({"lon": _("这里不在任何网格里，请在地图上重新选择。")})
    return grid


def _check_keeper(actor: AnyActor, grid: Area) -> None:
    if not may_keep_places(actor, grid.path):
        raise NotAllowed(_("楼栋和房屋由所在网格、社区和街道的人员维护。"))


def _check(kind: str, floors: int, address: str, number: str, name: str) -> None:
    if kind not in BuildingKind.values:
        raise Invalid({"kind": _("没有这种楼栋类型。")})
    if not 1 <= floors <= HIGHEST_FLOOR:
        raise Invalid({"floors": _("层数须在 1 到 %(most)d 之间。") % {"most": HIGHEST_FLOOR}})
    if not (address or number or name):
        raise Invalid({"address": _("地址、楼号和名称至少写一个。")})


def _of_community(compound: Compound | None, grid: Area) -> Compound | None:
    if compound is not None and compound.area_id != grid.parent_id:
        raise Invalid({"compound": _("这个小区不在楼栋所在的社区。")})
    return compound
