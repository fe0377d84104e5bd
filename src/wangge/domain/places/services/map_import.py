"""Buildings and the base map from a file of shapes: the same file again changes what it made, and makes none twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.places.models import Building, BuildingKind, MapFeature, MapLayer
from wangge.domain.places.queries import grid_ids_at
from wangge.domain.places.services.stamp import map_changed
from wangge.engines.geo import bd_to_wgs, gcj_to_wgs
from wangge.platform.errors import NotAllowed
from wangge.platform.geodata.reading import Feature

# How the shapes of a file become WGS-84; CGCS2000 is the same to our accuracy.
DATUMS: dict[str, Any] = {"wgs84": None, "gcj02": gcj_to_wgs, "bd09": bd_to_wgs}
_BATCH = 1000
_KINDS = {
    **dict.fromkeys(("apartments", "residential", "house", "dormitory"), BuildingKind.HOME),
    **dict.fromkeys(("retail", "commercial", "supermarket", "hotel"), BuildingKind.TRADE),
    **dict.fromkeys(("office", "government", "public"), BuildingKind.OFFICE),
    **dict.fromkeys(("school", "university", "kindergarten"), BuildingKind.SCHOOL),
    **dict.fromkeys(("hospital", "clinic"), BuildingKind.HEALTH),
    **dict.fromkeys(("industrial", "warehouse"), BuildingKind.INDUSTRY),
}
_WIDTH_M = {"primary": 20.0, "secondary": 14.0, "tertiary": 10.0, "residential": 7.0, "footway": 2.0}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows a file made or changed, and how many lay outside every grid or were no such shapes."""

    kept: int
    outside: int
    unfit: int


def in_wgs(features: Iterable[Feature], datum: str) -> list[Feature]:
    """The features with their shapes in WGS-84."""
    convert = DATUMS[datum]
    return [
        feature
        if convert is None
        else Feature(
            feature.number, shapely.transform(feature.shape, convert, interleaved=False), feature.values
        )
        for feature in features
    ]


@transaction.atomic
def import_buildings(actor: AnyActor, features: Sequence[Feature], source: str) -> Imported:
    """Footprints in WGS-84 with the tags of OpenStreetMap, each into the grid that holds a point inside it.

    `source` names the file's data set; with the id of a feature it finds what an earlier import made.
    """
    _check(actor)
    areas = [
        one for one in features if one.shape.geom_type in ("Polygon", "MultiPolygon") and one.shape.is_valid
    ]
    points = shapely.get_coordinates(shapely.point_on_surface([one.shape for one in areas]))
    grids = grid_ids_at(points[:, 0].tolist(), points[:, 1].tolist()) if areas else []
    rows = []
    for feature, (lon, lat), grid in zip(areas, points.tolist(), grids, strict=True):
        if grid is not None:
            rows.append(
                Building(area_id=grid, lon=lon, lat=lat, **_signs(feature, source), **_outline(feature.shape))
            )
    fields = [
        "area",
        "lon",
        "lat",
        "wkb",
        "west",
        "south",
        "east",
        "north",
        "name",
        "address",
        "kind",
        "floors",
    ]
    _merge(Building, rows, fields)
    return Imported(len(rows), len(areas) - len(rows), len(features) - len(areas))


@transaction.atomic
def import_ways(actor: AnyActor, features: Sequence[Feature], source: str) -> Imported:
    """Centre lines in WGS-84 with the tags of OpenStreetMap."""
    _check(actor)
    lines = [one for one in features if one.shape.geom_type in ("LineString", "MultiLineString")]
    rows = [
        MapFeature(
            layer=MapLayer.WAY,
            kind=one.values.get("highway", "")[:20],
            name=one.values.get("name", "")[:80],
            width_m=_WIDTH_M.get(one.values.get("highway", "")),
            origin=_origin(one, source),
            **_outline(one.shape),
        )
        for one in lines
    ]
    _merge(MapFeature, rows, ["wkb", "west", "south", "east", "north", "kind", "name", "width_m"])
    return Imported(len(rows), 0, len(features) - len(lines))


def _merge(model: Any, rows: Sequence[Any], fields: Sequence[str]) -> None:
    model.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["origin"], update_fields=fields
    )
    map_changed()


def _signs(feature: Feature, source: str) -> dict[str, Any]:
    """What the tags say of a building; without any sign it is known by its number in the file."""
    tags = feature.values
    address = f"{tags.get('addr:street', '')} {tags.get('addr:housenumber', '')}".strip()
    name = tags.get("name", "")[:60]
    return {
        "name": name,
        "address": address[:120] or ("" if name else _("建筑%(number)d") % {"number": feature.number}),
        "kind": _KINDS.get(tags.get("building", ""), BuildingKind.OTHER),
        "floors": _floors(tags.get("building:levels", "")),
        "origin": _origin(feature, source),
    }


def _floors(text: str) -> int:
    try:
        return min(max(round(float(text)), 1), 200)
    except ValueError:
        return 1


def _origin(feature: Feature, source: str) -> str:
    number = feature.values.get("id") or feature.values.get("osm_id") or feature.number
    return f"{source}:{number}"[:80]


def _outline(shape: shapely.Geometry) -> dict[str, Any]:
    west, south, east, north = shape.bounds
    return {"wkb": shape.wkb, "west": west, "south": south, "east": east, "north": north}


def _check(actor: AnyActor) -> None:
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以导入地图。"))
