"""Which area holds a point."""

from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import shapely

from wangge.engines.geo.frame import Frame

K = TypeVar("K", str, int)

# A degree of latitude is never shorter.
_METRES_PER_DEGREE = 110_500.0


class BBox(NamedTuple):
    """West, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float


def read_geometry(geometry: shapely.Geometry | bytes) -> shapely.Geometry:
    """A geometry, read from WKB where it is not one yet. Raises ValueError for broken WKB."""
    if isinstance(geometry, shapely.Geometry):
        return geometry
    try:
        return shapely.from_wkb(bytes(geometry))
    except shapely.errors.ShapelyError as error:
        raise ValueError(f"not a WKB geometry: {error}") from error


def bbox(geometry: shapely.Geometry | bytes) -> BBox:
    """The bounds of a geometry or its WKB. Raises ValueError for an empty one."""
    shape = read_geometry(geometry)
    if shape.is_empty:
        raise ValueError("an empty geometry has no bounds")
    return BBox(*(float(bound) for bound in shape.bounds))


class PolygonIndex(Generic[K]):
    """Areas by key, made once for many questions; safe to share between threads.

    `items`: (key, polygon or multipolygon in degrees, or its WKB). A point on the border belongs to the
    area; where areas share it, the smallest key wins. Raises ValueError for a geometry that is empty,
    invalid or not an area, and for a key given twice.
    """

    def __init__(self, items: Iterable[tuple[K, shapely.Geometry | bytes]]) -> None:
        # In the order of the keys, so that the smallest key is the smallest position.
        ordered = sorted(((key, read_geometry(shape)) for key, shape in items), key=lambda item: item[0])
        self.keys: list[K] = [key for key, _ in ordered]
        if len(set(self.keys)) < len(self.keys):
            twice = next(a for a, b in zip(self.keys, self.keys[1:], strict=False) if a == b)
            raise ValueError(f"the area {twice!r} is given twice")
        for key, shape in ordered:
            _check_area(key, shape)
        self._shapes = np.array([shape for _, shape in ordered], dtype=object)
        self._tree = shapely.STRtree(self._shapes)
        self._prepare()

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, lon: float, lat: float) -> K | None:
        """The key of the area that holds the point, or None."""
        if not self.keys:
            return None
        near = self._tree.query(shapely.Point(lon, lat))
        inside = near[shapely.intersects_xy(self._shapes[near], lon, lat)]
        return self.keys[int(inside.min())] if len(inside) else None

    def find_many(self, lons: npt.ArrayLike, lats: npt.ArrayLike) -> list[K | None]:
        """`find` for many points at once: two sequences of n numbers in, n keys or None out."""
        x, y = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        if x.shape != y.shape or x.ndim != 1:
            raise ValueError(f"expected two lists of one length, not shapes {x.shape} and {y.shape}")
        nowhere = len(self.keys)
        found = np.full(len(x), nowhere)
        points, shapes = self._tree.query(shapely.points(x, y))
        inside = shapely.intersects_xy(self._shapes[shapes], x[points], y[points])
        np.minimum.at(found, points[inside], shapes[inside])
        return [self.keys[position] if position < nowhere else None for position in found.tolist()]

    def nearest(self, lon: float, lat: float, limit_m: float) -> K | None:
        """The area that holds the point or else the nearest within `limit_m` metres, or None.

        Between areas at the same distance the smallest key wins.
        """
        inside = self.find(lon, lat)
        if inside is not None or not self.keys:
            return inside
        frame = Frame(lon, lat)
        near = np.sort(self._tree.query(shapely.box(*box_around(lon, lat, limit_m))))
        away = shapely.distance([frame.project(self._shapes[i]) for i in near], shapely.Point(0, 0))
        within: list[tuple[float, int]] = [
            (float(metres), int(i)) for metres, i in zip(away, near, strict=True) if metres <= limit_m
        ]
        return self.keys[min(within)[1]] if within else None

    def _prepare(self) -> None:
        """Build every shape's inner index now: GEOS would do it at the first question, without a lock."""
        shapely.prepare(self._shapes)
        if self.keys:
            west, south, east, north = shapely.bounds(self._shapes).T
            shapely.intersects_xy(self._shapes, (west + east) / 2, (south + north) / 2)


def _check_area(key: Any, shape: shapely.Geometry) -> None:
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"the shape of {key!r} is a {shape.geom_type}, not an area")
    if shape.is_empty:
        raise ValueError(f"the shape of {key!r} is empty")
    if not shape.is_valid:
        raise ValueError(f"the shape of {key!r} is not valid: {shapely.is_valid_reason(shape)}")


def box_around(lon: float, lat: float, metres: float) -> BBox:
    """A box that holds everything within this distance of a point."""
    high = metres / _METRES_PER_DEGREE
    wide = high / max(np.cos(np.radians(min(abs(lat) + high, 89.0))), 0.01)
    return BBox(lon - wide, lat - high, lon + wide, lat + high)
