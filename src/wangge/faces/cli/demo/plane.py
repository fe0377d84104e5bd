"""A flat frame round one point: metres east and north, exact enough for a town."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

G = TypeVar("G", bound=BaseGeometry)

_A, _E2 = 6378137.0, 6.69437999014e-3
_DECIMALS = 7
"""Published coordinates are rounded to a centimetre; shared vertices stay shared."""


@dataclass(frozen=True)
class Plane:
    """Affine map between WGS-84 degrees and metres, with the ellipsoid's scale at its origin."""

    lon0: float
    lat0: float

    @cached_property
    def scale(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """Metres to one degree of longitude and of latitude."""
        phi = math.radians(self.lat0)
        w = math.sqrt(1 - _E2 * math.sin(phi) ** 2)
        return np.array([math.radians(_A / w * math.cos(phi)), math.radians(_A * (1 - _E2) / w**3)])

    def degrees(self, geometry: G) -> G:
        """The geometry, given in metres, as longitude and latitude."""
        origin = (self.lon0, self.lat0)
        return shapely.transform(geometry, lambda xy: np.round(xy / self.scale + origin, _DECIMALS))

    def metres(self, geometry: G) -> G:
        """The geometry, given as longitude and latitude, in metres."""
        origin = (self.lon0, self.lat0)
        return shapely.transform(geometry, lambda lonlat: (lonlat - origin) * self.scale)
