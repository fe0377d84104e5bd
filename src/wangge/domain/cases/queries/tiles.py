"""Cases on the map where they are too many to send at once: vector tiles of what the actor may see."""

from collections import defaultdict
from typing import Any

import shapely

from wangge.domain.access.actor import Actor
from wangge.domain.cases.queries.lists import Filters, listing
from wangge.engines.geo import EXTENT, Tile, TileLayer, encode_tile

# From this zoom each case is a point of its own; before, those of a cell of 64 pixels are one with their number.
SINGLE_FROM = 17
_CELL = EXTENT / 8
_MOST_IN_A_TILE = 50_000


def on_the_map(actor: Actor, filters: Filters) -> Any:
    """Cases of a list that have a place: open ones, unless the list asks for others (a query, not yet asked)."""
    found = listing(actor, filters).filter(lon__isnull=False, lat__isnull=False)
    return found if filters.flag else found.filter(ended=False)


def case_tile(actor: Actor, filters: Filters, tile: Tile) -> bytes:
    """One tile with a layer `cases` (1 statement).

    A single case has id, light and title; several in a cell are a point at the first of them with `point_count`, and
    of these `red` and `yellow`. Empty bytes where there is none.
    """
    west, south, east, north = tile.box
    inside = on_the_map(actor, filters).filter(lon__range=(west, east), lat__range=(south, north))
    rows = inside.order_by("pk").values_list("pk", "lon", "lat", "light", "matter__name", "number")
    cells: dict[Any, list[Any]] = defaultdict(list)
    for row in rows[:_MOST_IN_A_TILE]:
        x, y = tile.place(row[1], row[2])
        # What lies in the margin is drawn by the tile beside this one.
        if 0 <= x < EXTENT and 0 <= y < EXTENT:
            cells[row[0] if tile.z >= SINGLE_FROM else (x // _CELL, y // _CELL)].append(row)
    points = [shapely.Point(together[0][1], together[0][2]) for together in cells.values()]
    told = [_told(together) for together in cells.values()]
    return encode_tile(tile, [TileLayer("cases", points, told)])


def _told(together: list[Any]) -> dict[str, Any]:
    if len(together) == 1:
        pk, _lon, _lat, light, matter, number = together[0]
        return {"id": pk, "light": light, "title": matter or number}
    lights = [row[3] for row in together]
    return {"point_count": len(together), "red": lights.count("red"), "yellow": lights.count("yellow")}
