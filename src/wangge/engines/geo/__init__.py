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
from wangge.engines.geo.polygons import BBox, PolygonIndex, bbox, read_geometry

__all__ = [
    "BBox",
    "Frame",
    "PolygonIndex",
    "bbox",
    "bd_to_gcj",
    "bd_to_wgs",
    "distance_m",
    "gcj_to_bd",
    "gcj_to_wgs",
    "read_geometry",
    "wgs_to_bd",
    "wgs_to_gcj",
]
