"""Vector tiles of what anybody may see: areas, the base map, compounds, buildings as they stand, facilities."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

import shapely

from wangge.domain.places.maps import stamp
from wangge.domain.places.models import (
    AreaShape,
    Building,
    Compound,
    Facility,
    Level,
    MapFeature,
    MapLayer,
)
from wangge.engines.geo import EXTENT, Tile, TileLayer, encode_tile
from wangge.platform import clock
from wangge.platform.db.boxes import box_of, in_box
from wangge.platform.fresh import forgotten_by

# From which zoom a tile holds what; a tile of a lower zoom would be full of specks.
_LEVELS = {
    Level.PROVINCE: (0, 7),
    Level.CITY: (5, 10),
    Level.DISTRICT: (8, 14),
    Level.STREET: (10, 15),
    Level.COMMUNITY: (12, 22),
    Level.GRID: (14, 22),
}
_LAYERS = {MapLayer.WATER: 9, MapLayer.PARK: 11, MapLayer.WAY: 13, MapLayer.LAND: 13}
_MAIN_WAYS = ("main", "motorway", "trunk", "primary", "secondary", "rail")
_MAIN_WAYS_FROM, _ALLEYS_FROM = 11, 15
_COMPOUNDS_FROM, _BUILDINGS_FROM, _FACILITIES_FROM = 14, 15, 17
# What a storey is high where a building does not say how high it is.
STOREY_M = 3.0
# Bytes of tiles that a process keeps.
_MOST_KEPT = 48_000_000

Row = tuple[Any, dict[str, Any]]


class _Kept:
    """The tiles used last, up to a number of bytes; all are dropped when the map changes."""

    def __init__(self) -> None:
        self._tiles: OrderedDict[Tile, bytes] = OrderedDict()
        self._lock = Lock()
        self._forget(-1)

    def get(self, number: int, tile: Tile, make: Callable[[Tile], bytes]) -> bytes:
        with self._lock:
            if number != self._stamp:
                self._forget(number)
            if tile in self._tiles:
                self._tiles.move_to_end(tile)
                return self._tiles[tile]
        body = make(tile)
        with self._lock:
            if number == self._stamp and tile not in self._tiles:
                self._tiles[tile] = body
                self._size += len(body)
                while self._size > _MOST_KEPT:
                    self._size -= len(self._tiles.popitem(last=False)[1])
        return body

    def forget(self) -> None:
        with self._lock:
            self._forget(-1)

    def _forget(self, number: int) -> None:
        self._tiles.clear()
        self._stamp, self._size = number, 0


_kept = _Kept()
forgotten_by(_kept.forget)


def base_tile(tile: Tile) -> bytes:
    """The tile's bytes (1 statement when it is kept, at most 7 otherwise)."""
    return _kept.get(stamp(), tile, make_tile)


def make_tile(tile: Tile) -> bytes:
    """The same, made anew."""
    areas, names = _areas(tile)
    layers = [*_features(tile), *_compounds(tile), *_buildings(tile), *areas, *names, *_facilities(tile)]
    return encode_tile(tile, layers)


def _areas(tile: Tile) -> tuple[list[TileLayer], list[TileLayer]]:
    """A layer of borders and one of names, each row with its level."""
    levels = [level for level, (first, last) in _LEVELS.items() if first <= tile.z <= last]
    rows = AreaShape.objects.filter(
        in_box(*tile.box), version__area__level__in=levels, version__valid__contains=clock.today()
    ).values_list(
        "wkb",
        "version__area_id",
        "version__code",
        "version__short_name",
        "version__area__level",
        "version__area__kind",
    )
    shapes, properties = [], []
    for wkb, area_id, code, name, level, kind in rows.order_by("version__code"):
        shapes.append(shapely.from_wkb(bytes(wkb)))
        properties.append({"id": area_id, "code": code, "name": name, "level": level, "kind": kind})
    points = shapely.point_on_surface(shapes) if shapes else []
    return [TileLayer("areas", shapes, properties)], [_points_inside("area-names", tile, points, properties)]


def _points_inside(
    name: str, tile: Tile, points: Iterable[Any], properties: Iterable[dict[str, Any]]
) -> TileLayer:
    """Only points of this very tile: the one beside it writes the name of a point in the margin."""
    inside = [
        (point, told)
        for point, told in zip(points, properties, strict=True)
        if all(0 <= at < EXTENT for at in tile.place(point.x, point.y))
    ]
    return TileLayer(name, [point for point, _ in inside], [told for _, told in inside])


def _features(tile: Tile) -> list[TileLayer]:
    layers = [layer for layer, first in _LAYERS.items() if tile.z >= first]
    rows = MapFeature.objects.filter(in_box(*tile.box), layer__in=layers)
    if tile.z < _ALLEYS_FROM:
        rows = rows.exclude(kind="alley")
    if _MAIN_WAYS_FROM <= tile.z < _LAYERS[MapLayer.WAY]:
        rows = rows | MapFeature.objects.filter(in_box(*tile.box), layer=MapLayer.WAY, kind__in=_MAIN_WAYS)
    found: dict[str, list[Row]] = {layer: [] for layer in MapLayer.values}
    for layer, wkb, kind, name, width_m in rows.order_by("pk").values_list(
        "layer", "wkb", "kind", "name", "width_m"
    ):
        told = {"kind": kind, "name": name, "width_m": width_m}
        found[layer].append((shapely.from_wkb(bytes(wkb)), _said(told)))
    layers_of = [_layer(layer, rows_of) for layer, rows_of in found.items()]
    return [*layers_of, _names("park-names", tile, found[MapLayer.PARK])]


def _compounds(tile: Tile) -> list[TileLayer]:
    if tile.z < _COMPOUNDS_FROM:
        return []
    rows = (
        Compound.objects.filter(in_box(*tile.box), removed_on=None)
        .order_by("pk")
        .values_list("wkb", "pk", "name")
    )
    drawn = [(shapely.from_wkb(bytes(wkb)), {"id": pk, "name": name}) for wkb, pk, name in rows]
    return [_layer("compounds", drawn), _names("compound-names", tile, drawn)]


def _buildings(tile: Tile) -> list[TileLayer]:
    """As they stand; what they are used for and by whom is for those who serve the place."""
    if tile.z < _BUILDINGS_FROM:
        return []
    rows = Building.objects.filter(in_box(*tile.box), removed_on=None).order_by("pk")
    drawn = [
        (
            shapely.from_wkb(bytes(wkb)),
            _said({"id": pk, "name": name or number, "height": height or floors * STOREY_M}),
        )
        for wkb, pk, name, number, floors, height in rows.values_list(
            "wkb", "pk", "name", "number", "floors", "height_m"
        )
    ]
    return [_layer("buildings", drawn)]


def _facilities(tile: Tile) -> list[TileLayer]:
    if tile.z < _FACILITIES_FROM:
        return []
    rows = Facility.objects.filter(in_box(*tile.box, box_of("lon", "lat", "lon", "lat"))).exclude(
        state="removed"
    )
    drawn = [
        (shapely.Point(lon, lat), {"id": pk, "code": code, "class": class_code, "state": state})
        for pk, code, class_code, state, lon, lat in rows.order_by("pk").values_list(
            "pk", "code", "class_code", "state", "lon", "lat"
        )
    ]
    return [_layer("facilities", drawn)]


def _layer(name: str, rows: list[Row]) -> TileLayer:
    return TileLayer(name, [shape for shape, _ in rows], [told for _, told in rows])


def _names(name: str, tile: Tile, rows: list[Row]) -> TileLayer:
    """A point a name; of several things with one name the largest carries it."""
    by_size = sorted(rows, key=lambda row: -row[0].area)
    named = list(
        {told["name"]: (shape, told) for shape, told in reversed(by_size) if "name" in told}.values()
    )
    points = shapely.point_on_surface([shape for shape, _ in named]) if named else []
    return _points_inside(name, tile, points, [told for _, told in named])


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """Only what is known: a tile has no word for nothing."""
    return {key: value for key, value in values.items() if value not in ("", None)}
