"""Places: which area holds a point, distances, local metres, and the coordinate systems of Chinese maps.

Coordinates are degrees in WGS-84 (to our accuracy CGCS2000), longitude before latitude, unless a name
says otherwise.
"""

from wangge.engines.geo.datum import (
    bd_to_gcj,
    bd_to_wgs,
    gcj_to_bd,
    gcj_to_wgs,
    wgs_to_bd,
    wgs_to_gcj,
)
from wangge.engines.geo.frame import Frame, distance_m
from wangge.engines.geo.polygons import BBox, PolygonIndex, bbox, box_around, read_geometry
from wangge.engines.geo.tiles import EXTENT, Tile, TileLayer, encode_tile

__all__ = [
    "EXTENT",
    "BBox",
    "Frame",
    "PolygonIndex",
    "Tile",
    "TileLayer",
    "bbox",
    "bd_to_gcj",
    "bd_to_wgs",
    "box_around",
    "distance_m",
    "encode_tile",
    "gcj_to_bd",
    "gcj_to_wgs",
    "read_geometry",
    "wgs_to_bd",
    "wgs_to_gcj",
]
