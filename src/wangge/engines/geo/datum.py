"""GCJ-02 (phones and most Chinese web maps) and BD-09 (Baidu) from and to WGS-84.

Neither system is published; the formulas are those that map programs have used since 2013 and agree with
the maps to a few metres. The ways back are solved by iteration, to far below a millimetre. Every
function takes longitude and latitude in degrees, numbers or numpy arrays of one shape, and returns the
same two. Outside a rectangle around China GCJ-02 is WGS-84.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = float | npt.NDArray[np.float64]
Pair: TypeAlias = tuple[Any, Any]

# The ellipsoid of Krasovsky, which the formula uses.
_A = 6378245.0
_EE = 0.00669342162296594323
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271
_BD_TURN = np.pi * 3000.0 / 180.0
# Each step gains two digits: ten reach the last one a float has.
_STEPS = 10


def wgs_to_gcj(lon: Numbers, lat: Numbers) -> Pair:
    """WGS-84 to GCJ-02."""
    return _where_in_china(lon, lat, _shifted(lon, lat), lon, lat)


def gcj_to_wgs(lon: Numbers, lat: Numbers) -> Pair:
    """GCJ-02 to WGS-84."""
    back_lon, back_lat = _inverse(_shifted, lon, lat)
    return _where_in_china(back_lon, back_lat, (back_lon, back_lat), lon, lat)


def gcj_to_bd(lon: Numbers, lat: Numbers) -> Pair:
    """GCJ-02 to BD-09."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd_to_gcj(lon: Numbers, lat: Numbers) -> Pair:
    """BD-09 to GCJ-02."""
    return _inverse(gcj_to_bd, lon, lat)


def wgs_to_bd(lon: Numbers, lat: Numbers) -> Pair:
    """WGS-84 to BD-09."""
    return gcj_to_bd(*wgs_to_gcj(lon, lat))


def bd_to_wgs(lon: Numbers, lat: Numbers) -> Pair:
    """BD-09 to WGS-84."""
    return gcj_to_wgs(*bd_to_gcj(lon, lat))


def _inverse(forward: Callable[[Numbers, Numbers], Pair], lon: Numbers, lat: Numbers) -> Pair:
    """The point that `forward` takes to (lon, lat), for a `forward` close to standing still."""
    x, y = lon, lat
    for _ in range(_STEPS):
        there_lon, there_lat = forward(x, y)
        x, y = x + (lon - there_lon), y + (lat - there_lat)
    return x, y


def _where_in_china(lon: Numbers, lat: Numbers, inside: Pair, out_lon: Numbers, out_lat: Numbers) -> Pair:
    in_china = (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)
    # [()] turns an array without dimensions into a number and leaves others alone.
    return np.where(in_china, inside[0], out_lon)[()], np.where(in_china, inside[1], out_lat)[()]


def _shifted(lon: Numbers, lat: Numbers) -> Pair:
    x, y = np.subtract(lon, 105.0), np.subtract(lat, 35.0)
    root = np.sqrt(np.abs(x))
    waves = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + _wave(x, 20, 1) + _wave(x, 40, 3) + _wave(x, 150, 12) + _wave(x, 300, 30)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + _wave(y, 20, 1) + _wave(y, 40, 3) + _wave(y, 160, 12) + _wave(y, 320, 30)) * 2.0 / 3.0
    slope = np.radians(lat)
    curve = 1.0 - _EE * np.sin(slope) ** 2
    return (
        lon + np.degrees(east * np.sqrt(curve) / (_A * np.cos(slope))),
        lat + np.degrees(north * curve * np.sqrt(curve) / (_A * (1.0 - _EE))),
    )


def _wave(x: Numbers, size: float, length: float) -> Any:
    return size * np.sin(x * np.pi / length)
