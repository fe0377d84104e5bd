"""Cases as vector tiles: each once, in one's own ring, grouped where they lie close."""

from typing import Any

import mapbox_vector_tile

from casework import Road, crowd
from factories import SOUTH, WEST, Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.queries.lists import Filters
from wangge.domain.cases.queries.tiles import case_tile
from wangge.engines.geo import Tile

# The column and row around the small town.
X, Y = 106769, 56887


def around(z: int) -> list[Tile]:
    """The tiles of a zoom in which the small town lies."""
    size = 2**z
    column, row = Tile(0, 0, 0).place(WEST, SOUTH)
    x, y = int(column / 4096 * size), int(row / 4096 * size)
    reach = 1 if z < 17 else 8
    return [Tile(z, x + dx, y + dy) for dx in range(-1, reach + 1) for dy in range(-reach, 2)]


def found(actor: Actor, z: int, **filters: str) -> list[dict[str, Any]]:
    told = []
    with acting_as(actor):
        for tile in around(z):
            layers = mapbox_vector_tile.decode(case_tile(actor, Filters(**filters), tile))
            told += [one["properties"] for one in layers.get("cases", {}).get("features", [])]
    return told


def test_close_up_each_case_is_a_point_with_its_clock_and_far_off_they_are_counted(town: Town) -> None:
    people = crowd(town)
    made = [Road(town, people, grid=0).case for _number in range(3)] + [Road(town, people, grid=1).case]
    near = found(people["station_officer"], 17)
    assert sorted(one["id"] for one in near) == [case.pk for case in made]
    assert {one["light"] for one in near} == {case.light for case in made}
    far = found(people["station_officer"], 12)
    assert sum(one.get("point_count", 1) for one in far) == len(made)
    assert len(far) < len(made)


def test_nobody_gets_a_tile_of_cases_that_are_not_theirs(town: Town) -> None:
    people = crowd(town)
    own, other = Road(town, people, grid=0).case, Road(town, people, grid=2).case
    assert [one["id"] for one in found(people["grid_worker"], 17)] == [own.pk]
    assert [one["id"] for one in found(people["grid_worker_west"], 17)] == [other.pk]
    assert found(people["unit_officer"], 17) == []


def test_a_tile_follows_the_filters_of_the_list(town: Town) -> None:
    people = crowd(town)
    case = Road(town, people).case
    assert [one["id"] for one in found(people["station_officer"], 17, light=case.light)] == [case.pk]
    assert found(people["station_officer"], 17, light="paused") == []


def test_a_tile_costs_one_statement(town: Town, django_assert_num_queries: Any) -> None:
    people = crowd(town)
    Road(town, people)
    officer = people["station_officer"]
    with acting_as(officer), django_assert_num_queries(1):
        case_tile(officer, Filters(), around(15)[0])
