"""A point on the map in words: its grid, its community, and an address to start from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from wangge.domain.places.models import Area, Building, Compound, MapFeature, MapLayer, Outlined
from wangge.domain.places.queries import grid_at
from wangge.engines.geo import Frame, box_around
from wangge.platform.db.boxes import in_box

# A building this near is meant by a point beside its wall; a road this near names the place.
BUILDING_METRES = 12.0
ROAD_METRES = 60.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a point lies. `address` is a suggestion from the map, empty without one."""

    grid: Area
    community: Area
    address: str


def spot_at(lon: float, lat: float) -> Spot | None:
    """The spot of a WGS-84 point, None outside every grid of today (at most 5 statements once warm)."""
    grid = grid_at(lon, lat)
    if grid is None or grid.parent is None:
        return None
    return Spot(grid, grid.parent, address_at(lon, lat))


def address_at(lon: float, lat: float) -> str:
    """ "宝业花园3栋", "厚德里12号", "江滨公园" or "南田路附近"; empty where nothing has a name (at most 3 statements)."""
    building = building_near(lon, lat)
    compound = building.compound if building else None
    if compound is None:
        here = Compound.objects.filter(in_box(lon, lat, lon, lat))
        compound = next((row for row in here if shapely.intersects_xy(_shape(row), lon, lat)), None)
    if building and (building.compound_id or compound is None):
        return f"{compound or ''}{building}"
    return str(compound) if compound else _ground(lon, lat)


def building_near(lon: float, lat: float) -> Building | None:
    """The building that holds the point, or the nearest within a few metres (1 statement)."""
    around = box_around(lon, lat, BUILDING_METRES)
    rows = Building.objects.filter(in_box(*around), removed_on=None).select_related("compound").order_by("pk")
    return _nearest(list(rows), lon, lat, BUILDING_METRES)


def _ground(lon: float, lat: float) -> str:
    """The park that holds the point, else the nearest road."""
    named = MapFeature.objects.filter(
        in_box(*box_around(lon, lat, ROAD_METRES)), layer__in=[MapLayer.PARK, MapLayer.WAY]
    ).exclude(name="")
    rows = list(named.order_by("pk"))
    parks = [row for row in rows if row.layer == MapLayer.PARK]
    if park := next((row for row in parks if shapely.intersects_xy(_shape(row), lon, lat)), None):
        return park.name
    road = _nearest([row for row in rows if row.layer == MapLayer.WAY], lon, lat, ROAD_METRES)
    return f"{road.name}附近" if road else ""


def _nearest(rows: Sequence[Any], lon: float, lat: float, limit_m: float) -> Any:
    frame, here = Frame(lon, lat), shapely.Point(0, 0)
    away = np.array([frame.project(_shape(row)).distance(here) for row in rows])
    nearest = int(away.argmin()) if len(away) else -1
    return rows[nearest] if nearest >= 0 and away[nearest] <= limit_m else None


def _shape(row: Outlined) -> shapely.Geometry:
    return shapely.from_wkb(bytes(row.wkb))
