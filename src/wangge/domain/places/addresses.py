"""A point on the map in words: its grid, its community, and an address to start from."""

import time
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import shape

from wangge.domain.places.models import LEVELS, Area, TownLayer
from wangge.domain.places.queries import grid_at
from wangge.engines.geo import Frame, PolygonIndex

# A building this near is meant by a point beside its wall; a road this near names the place.
BUILDING_METRES = 12.0
ROAD_METRES = 60.0
_FRESH_SECONDS = 300.0
_plans: "dict[int, tuple[float, _Plan]]" = {}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a point lies. `address` is a suggestion from the town plan, empty without one."""

    grid: Area
    community: Area
    address: str


def spot_at(lon: float, lat: float) -> Spot | None:
    """The spot of a WGS-84 point, None outside every grid of today (at most 2 statements once warm)."""
    grid = grid_at(lon, lat)
    if grid is None or grid.parent is None:
        return None
    street_id = int(grid.path.split(".")[LEVELS.index("street")])
    return Spot(grid, grid.parent, _plan(street_id).address(lon, lat))


def forget_plans() -> None:
    """After a town plan changed, in the process that changed it."""
    _plans.clear()


def _plan(street_id: int) -> "_Plan":
    known = _plans.get(street_id)
    if known is None or time.monotonic() - known[0] > _FRESH_SECONDS:
        layers = TownLayer.objects.filter(
            area_id=street_id, name__in=("compounds", "buildings", "roads", "park")
        )
        known = (time.monotonic(), _Plan({layer.name: layer.geojson for layer in layers}))
        _plans[street_id] = known
    return known[1]


class _Plan:
    """The named things of a town plan, made ready for questions."""

    def __init__(self, layers: dict[str, Any]) -> None:
        self._compounds = _Named(layers.get("compounds"))
        self._parks = _Named(layers.get("park"))
        self._buildings = _Named(layers.get("buildings"), "label")
        roads = [(name, line) for name, line in _features(layers.get("roads"), "name") if name]
        self._road_names = [name for name, _ in roads]
        self._roads = [line for _, line in roads]

    def address(self, lon: float, lat: float) -> str:
        """ "宝业花园3栋", "江滨公园" or "南田路附近"."""
        if compound := self._compounds.at(lon, lat):
            return compound + self._buildings.at(lon, lat, BUILDING_METRES)
        if park := self._parks.at(lon, lat):
            return park
        road = self._road_near(lon, lat)
        return f"{road}附近" if road else ""

    def _road_near(self, lon: float, lat: float) -> str:
        frame, here = Frame(lon, lat), shapely.Point(0, 0)
        away = [frame.project(line).distance(here) for line in self._roads]
        nearest = min(range(len(away)), key=away.__getitem__, default=None)
        return self._road_names[nearest] if nearest is not None and away[nearest] <= ROAD_METRES else ""


class _Named:
    """Polygons with names."""

    def __init__(self, layer: Any, key: str = "name") -> None:
        named = [(name, area) for name, area in _features(layer, key) if name and area.is_valid]
        self._names = [name for name, _ in named]
        self._index = PolygonIndex(enumerate(area for _, area in named))

    def at(self, lon: float, lat: float, metres: float = 0.0) -> str:
        found = self._index.nearest(lon, lat, metres) if metres else self._index.find(lon, lat)
        return "" if found is None else self._names[found]


def _features(layer: Any, key: str) -> list[tuple[str, shapely.Geometry]]:
    features = (layer or {}).get("features", ())
    return [(row["properties"].get(key) or "", shape(row["geometry"])) for row in features]
