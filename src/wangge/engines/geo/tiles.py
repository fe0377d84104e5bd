"""Vector tiles: which part of the earth a tile shows, and how shapes become one (Mapbox Vector Tile 2.1)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely

from wangge.engines.geo.polygons import BBox

EXTENT = 4096
"""Units across a tile."""
DEEPEST = 19
_BUFFER = 96
# Half a pixel of a screen tile of 512 pixels; what is smaller is not seen.
_FINEST = 4.0
_MERCATOR_LIMIT = 85.0511287798066


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of the web map: zoom, column from the west, row from the north. Raises ValueError for none."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.z <= DEEPEST and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z):
            raise ValueError(f"no tile {self.z}/{self.x}/{self.y}")

    @property
    def box(self) -> BBox:
        """What it shows, with a margin for lines that run along its edge."""
        margin = _BUFFER / EXTENT
        west, east = self._lon(self.x - margin), self._lon(self.x + 1 + margin)
        return BBox(west, self._lat(self.y + 1 + margin), east, self._lat(self.y - margin))

    def _lon(self, column: float) -> float:
        return float(column / 2**self.z * 360.0 - 180.0)

    def _lat(self, row: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**self.z))))

    def place(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Degrees to units from the tile's north-western corner; numbers or arrays."""
        size = 2.0**self.z
        inside = np.clip(lat, -_MERCATOR_LIMIT, _MERCATOR_LIMIT)
        row = (1 - np.arcsinh(np.tan(np.radians(inside))) / np.pi) / 2 * size
        return (np.add(lon, 180.0) / 360.0 * size - self.x) * EXTENT, (row - self.y) * EXTENT


@dataclass(frozen=True, slots=True)
class TileLayer:
    """Shapes in degrees (WGS-84) with the properties of each, in the order in which they are drawn."""

    name: str
    shapes: Sequence[shapely.Geometry]
    properties: Sequence[dict[str, Any]]
    finest: float = _FINEST


def encode_tile(tile: Tile, layers: Sequence[TileLayer]) -> bytes:
    """The tile's bytes. Shapes are cut at its margin and thinned to what a screen can show."""
    cut = [{"name": layer.name, "features": _features(tile, layer)} for layer in layers]
    body: bytes = mapbox_vector_tile.encode(
        [layer for layer in cut if layer["features"]],
        default_options={"extents": EXTENT, "y_coord_down": True},
    )
    return body


def _features(tile: Tile, layer: TileLayer) -> list[dict[str, Any]]:
    if not layer.shapes:
        return []
    placed = shapely.transform(np.array(layer.shapes, dtype=object), tile.place, interleaved=False)
    edge = EXTENT + _BUFFER
    west, south, east, north = shapely.bounds(placed).T
    crossing = (west < -_BUFFER) | (south < -_BUFFER) | (east > edge) | (north > edge)
    placed[crossing] = shapely.clip_by_rect(placed[crossing], -_BUFFER, -_BUFFER, edge, edge)
    thin = shapely.simplify(placed, layer.finest, preserve_topology=False)
    points = shapely.get_dimensions(placed) == 0
    seen = ~shapely.is_empty(thin) & (points | (shapely.length(placed) > 2 * layer.finest))
    return [{"geometry": thin[i], "properties": layer.properties[i]} for i in np.flatnonzero(seen).tolist()]
