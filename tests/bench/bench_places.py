"""Points to grids and tiles of a city: `dev.py bench places` prints one JSON line a measure.

A city of 200 x 200 = 40,000 grids of twelve corners, in communities of 25 and streets of 400, with buildings in its
middle, is made inside a transaction that is rolled back. CPU is of this process; `yard_ms` is the CPU of a fixed
piece of Python at that moment: compare lines of equal `yard_ms`.
"""

import json
import math
import os
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from typing import Any

import django
import numpy as np
import shapely

SIDE = 200
STEP = 0.002
WEST, SOUTH = 113.0, 22.9
HOUSES = 60


def main() -> None:
    words = ArgumentParser(prog="bench places")
    words.add_argument("--points", type=int, default=1_000_000)
    words.add_argument("--times", type=int, default=3)
    options = words.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.platform.settings")
    django.setup()
    grids = _grids()
    _points_to_grids(grids, options.points, options.times)
    _tiles(grids, options.times)


def _grids() -> list[shapely.Geometry]:
    """Cells whose sides bend a little, so that none is a box; in rows from the south-west."""
    rng = np.random.default_rng(7)
    bend = rng.uniform(-0.2, 0.2, (SIDE + 1, SIDE + 1, 4)) * STEP

    def row(i: int, j: int) -> list[tuple[float, float]]:
        x, y = WEST + i * STEP, SOUTH + j * STEP
        return [(x, y), (x + STEP / 3, y + bend[i, j, 0]), (x + 2 * STEP / 3, y + bend[i, j, 1])]

    def column(i: int, j: int) -> list[tuple[float, float]]:
        x, y = WEST + i * STEP, SOUTH + j * STEP
        return [(x, y), (x + bend[i, j, 2], y + STEP / 3), (x + bend[i, j, 3], y + 2 * STEP / 3)]

    return [
        shapely.Polygon(
            [
                *row(i, j),
                *column(i + 1, j),
                (WEST + (i + 1) * STEP, SOUTH + (j + 1) * STEP),
                *row(i, j + 1)[:0:-1],
                (WEST + i * STEP, SOUTH + (j + 1) * STEP),
                *column(i, j)[:0:-1],
            ]
        )
        for j in range(SIDE)
        for i in range(SIDE)
    ]


def _points_to_grids(grids: list[shapely.Geometry], count: int, times: int) -> None:
    """Ours against the bare tree of shapely on the same polygons, both with their preparation done."""
    from wangge.engines.geo import PolygonIndex  # noqa: PLC0415 - beside what it measures

    rng = np.random.default_rng(11)
    lons = rng.uniform(WEST, WEST + SIDE * STEP, count)
    lats = rng.uniform(SOUTH, SOUTH + SIDE * STEP, count)
    index = PolygonIndex(enumerate(grids))
    tree = shapely.STRtree(grids)
    shapely.prepare(np.array(grids))

    def bare() -> None:
        tree.query(shapely.points(lons, lats), predicate="intersects")

    ours, theirs = _best(lambda: index.find_many(lons, lats), times), _best(bare, times)
    _say(
        "points_to_grids",
        points=count,
        grids=len(grids),
        cpu_s=ours,
        shapely_cpu_s=theirs,
        ratio=ours / theirs,
    )


def _best(act: Callable[[], Any], times: int) -> float:
    """The least CPU seconds of some runs."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        act()
        spent.append(time.process_time() - began)
    return min(spent)


def _tiles(grids: list[shapely.Geometry], times: int) -> None:
    from django.db import transaction  # noqa: PLC0415 - Django must be set up first

    from wangge.domain.places import tiles  # noqa: PLC0415
    from wangge.engines.geo import Tile  # noqa: PLC0415

    with transaction.atomic():
        _city(grids)
        lon, lat = WEST + SIDE * STEP / 2, SOUTH + SIDE * STEP / 2
        for z in (9, 10, 11, 12, 13, 14, 15, 16, 17):
            tile = Tile(z, *_at(lon, lat, z))
            seconds = _best(lambda tile=tile: tiles.make_tile(tile), times)
            body = tiles.base_tile(tile)
            kept = _best(lambda tile=tile: tiles.base_tile(tile), times)
            _say("tile", z=z, bytes=len(body), cpu_ms=1000 * seconds, kept_cpu_ms=1000 * kept)
        transaction.set_rollback(True)


def _at(lon: float, lat: float, z: int) -> tuple[int, int]:
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * 2**z), int(row * 2**z)


def _city(grids: list[shapely.Geometry]) -> None:
    """The grids, and what they make together: squares of 5 x 5 and of 20 x 20; and houses in the middle."""
    from wangge.domain.places.models import Area, AreaShape, AreaVersion, Building, Level  # noqa: PLC0415
    from wangge.platform.db.copying import copy_in, take_ids  # noqa: PLC0415

    shapes: list[tuple[str, str, shapely.Geometry]] = []
    for level, size in ((Level.STREET, 20), (Level.COMMUNITY, 5)):
        for j in range(0, SIDE, size):
            for i in range(0, SIDE, size):
                inside = [grids[row * SIDE + i + k] for row in range(j, j + size) for k in range(size)]
                shapes.append((level, f"8{len(shapes):08d}", shapely.union_all(inside)))
    shapes += [(Level.GRID, f"9{number:08d}", shape) for number, shape in enumerate(grids)]
    areas, versions = take_ids(Area, len(shapes)), take_ids(AreaVersion, len(shapes))
    copy_in(
        Area,
        ("id", "level", "kind", "code", "name", "short_name", "path", "active"),
        (
            (pk, level, "ordinary", code, code, code, f"{pk}.", True)
            for pk, (level, code, _shape) in zip(areas, shapes, strict=True)
        ),
    )
    copy_in(
        AreaVersion,
        ("id", "area", "code", "name", "short_name", "path", "valid"),
        (
            (version, pk, code, code, code, f"{pk}.", f"[{date(2024, 1, 1)},)")
            for version, pk, (_level, code, _shape) in zip(versions, areas, shapes, strict=True)
        ),
    )
    box = ("wkb", "west", "south", "east", "north")
    copy_in(
        AreaShape,
        ("version", *box),
        ((pk, shape.wkb, *shape.bounds) for pk, (_l, _c, shape) in zip(versions, shapes, strict=True)),
    )
    copy_in(
        Building,
        ("area", "name", "number", "address", "kind", "floors", "floors_below", "lon", "lat", *box),
        _houses(areas[-1]),
    )


def _houses(area: int) -> Any:
    """A dense quarter in the middle of the city: 60 x 60 houses of 12 m, 17 m apart."""
    side = STEP * 0.06
    west, south = (
        WEST + SIDE * STEP / 2 - HOUSES / 2 * side * 1.4,
        SOUTH + SIDE * STEP / 2 - HOUSES / 2 * side * 1.4,
    )
    for i in range(HOUSES):
        for j in range(HOUSES):
            x, y = west + i * side * 1.4, south + j * side * 1.4
            shape = shapely.box(x, y, x + side, y + side)
            yield (area, "", "", f"{i}-{j}", "home", 7, 0, x, y, shape.wkb, *shape.bounds)


def _say(name: str, **figures: float) -> None:
    began = time.process_time()
    sum(range(300_000))
    yard = 1000 * (time.process_time() - began)
    print(
        json.dumps(
            {"measure": name}
            | {key: round(value, 3) for key, value in figures.items()}
            | {"yard_ms": round(yard, 1)}
        )
    )


if __name__ == "__main__":
    main()
