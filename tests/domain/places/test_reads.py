"""Reads of places cost a constant number of statements, however many rows they answer with."""

from datetime import date

import pytest
import shapely

from tests.domain.places.trees import BEGAN, TESTER, establish, plant
from wangge.domain.places import tree as reads
from wangge.domain.places.maps import outlines
from wangge.domain.places.queries import code_on, forget_shapes, grid_at
from wangge.domain.places.services import merge, rename, set_shape
from wangge.platform import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    areas = plant()
    for number in range(10, 20):
        establish(areas["440105008"], f"4401050080{number}", f"社区{number}")
    return areas


def test_the_children_come_with_their_counts_in_one_statement(tree, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = list(reads.below(tree["440105008"]))
    assert [row.child_count for row in rows] == [2, 1] + [0] * 10
    with django_assert_num_queries(1):
        assert [row.code for row in reads.below(None)] == ["44"]


def test_a_search_finds_by_code_and_by_two_characters(tree, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = [area.parent.name for area in reads.found("4401050080")]
    assert found.count("南华西街道") == 12
    assert [area.code for area in reads.found("龙涧")] == ["440105008002", "440105008002001"]


def test_the_life_of_an_area_tells_who_came_before_and_after(tree, django_assert_num_queries):
    one, two = tree["440105008001"], tree["440105008002"]
    rename(TESTER, two, "龙涧新社区居民委员会", date(2021, 1, 1))
    merge(TESTER, [one], two, date(2022, 1, 1))
    with django_assert_num_queries(4):
        life = reads.life_of(two)
        assert [version.name for version in life.versions] == ["龙涧新社区居民委员会", "龙涧社区居民委员会"]
        assert [change.kind for change in life.changes] == ["merge", "rename", "found"]
        assert [pair.predecessor for pair in life.predecessors] == [one]
    assert [pair.successor for pair in reads.life_of(one).successors] == [two]


def test_who_held_a_code_is_one_statement(tree, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert code_on("440105008", BEGAN).area == tree["440105008"]


def test_a_rename_ahead_leaves_grid_and_map_as_they_are_today(tree):
    grid = tree["440105008001001"]
    set_shape(TESTER, grid, shapely.box(113.2500001, 23.1, 113.26, 23.11), BEGAN)
    rename(TESTER, grid, "将来的名字", clock.today().replace(year=clock.today().year + 1))
    forget_shapes()
    assert grid_at(113.255, 23.105) == grid
    (feature,) = outlines(tree["440105008"].pk, "grid")["features"]
    assert feature["properties"]["id"] == grid.pk
    assert all(
        round(x, 6) == x for ring in feature["geometry"]["coordinates"] for point in ring for x in point
    )
