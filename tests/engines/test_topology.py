"""A border that two areas share is one thing: moved once, it moves for both, and nothing opens or overlaps."""

from collections.abc import Sequence

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wangge.engines.geo.topology import Point, Topology, build

SIDE = 0.001


def squares(columns: int = 3, rows: int = 2) -> dict[int, shapely.Geometry]:
    return {
        row * columns + column: shapely.box(
            113 + column * SIDE, 23 + row * SIDE, 113 + (column + 1) * SIDE, 23 + (row + 1) * SIDE
        )
        for row in range(rows)
        for column in range(columns)
    }


def inner(topology: Topology[int]) -> list[int]:
    return [index for index, arc in enumerate(topology.arcs) if len(arc.sides) == 2]


def test_areas_come_back_as_they_were() -> None:
    areas = squares()
    found = build(areas).areas()
    assert set(found) == set(areas)
    assert all(found[key].equals(shapely.set_precision(areas[key], 1e-7)) for key in areas)


def test_each_border_inside_is_one_arc_of_two_areas_and_the_order_never_changes() -> None:
    topology = build(squares())
    assert len(inner(topology)) == 7
    turned = build({key: shapely.reverse(shape) for key, shape in reversed(squares().items())})
    assert turned == topology


def test_a_vertex_on_a_neighbours_edge_becomes_a_vertex_of_both() -> None:
    left, top, bottom = shapely.box(0, 0, 1, 2), shapely.box(1, 1, 2, 2), shapely.box(1, 0, 2, 1)
    topology = build({1: left, 2: top, 3: bottom})
    assert {arc.sides for arc in topology.arcs} == {(1,), (2,), (3,), (1, 2), (1, 3), (2, 3)}


def test_an_area_inside_another_is_a_ring_and_leaves_a_hole() -> None:
    hole = shapely.box(0.4, 0.4, 0.6, 0.6)
    found = build({1: shapely.box(0, 0, 1, 1).difference(hole), 2: hole}).areas()
    assert found[1].area == pytest.approx(0.96)
    assert found[2].area == pytest.approx(0.04)


def test_areas_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        build({1: shapely.box(0, 0, 2, 2), 2: shapely.box(1, 0, 3, 2), 3: shapely.box(1, 0, 2, 2)})
    with pytest.raises(ValueError, match="areas are needed"):
        build({1: shapely.Point(0, 0)})


def test_a_moved_border_moves_both_areas() -> None:
    topology = build({1: shapely.box(0, 0, 1, 1), 2: shapely.box(1, 0, 2, 1)})
    (index,) = inner(topology)
    ends = topology.arcs[index].points
    after = topology.redrawn({index: (ends[0], (1.25, 0.5), ends[-1])}).areas()
    assert after[1].area == pytest.approx(1.125)
    assert after[2].area == pytest.approx(0.875)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (((1.0, 0.0),), "more points"),
        (((1.1, 0.0), (1.0, 1.0)), "outer border"),
    ],
)
def test_ends_on_the_outer_border_stay(points: Sequence[Point], words: str) -> None:
    topology = build({1: shapely.box(0, 0, 1, 1), 2: shapely.box(1, 0, 2, 1)})
    (index,) = inner(topology)
    with pytest.raises(ValueError, match=words):
        topology.redrawn({index: points})
    with pytest.raises(ValueError, match="outer border"):
        topology.redrawn({next(i for i in range(3) if i != index): ((0.0, 0.0), (1.0, 1.0))})


def test_a_node_moves_with_all_its_borders_or_not_at_all() -> None:
    topology = build(squares(2, 2))
    middle = (113.001, 23.001)
    meeting = [i for i in inner(topology) if middle in topology.arcs[i].points]
    assert len(meeting) == 4
    there = (113.0012, 23.0011)
    lines = {
        i: tuple(there if point == middle else point for point in topology.arcs[i].points) for i in meeting
    }
    assert shapely.coverage_is_valid([*topology.redrawn(lines).areas().values()])
    lines.pop(meeting[0])
    with pytest.raises(ValueError, match="no longer meet"):
        topology.redrawn(lines)


def test_a_border_that_crosses_another_is_found_with_its_place() -> None:
    topology = build(squares(3, 1))
    index = inner(topology)[0]
    ends = topology.arcs[index].points
    across = topology.redrawn({index: (ends[0], (113.0025, 23.0005), ends[-1])})
    assert all(found.distance(shapely.Point(113.002, 23.0005)) < SIDE for found in across.crossings())
    assert across.crossings()
    loop = topology.redrawn(
        {index: (ends[0], (113.0012, 23.0008), (113.0012, 23.0002), (113.0008, 23.0007), ends[-1])}
    )
    assert loop.crossings()
    assert not topology.crossings()


steps = st.floats(-0.9 * SIDE, 0.9 * SIDE)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_is_drawn_without_a_crossing_covers_the_same_ground_once(data: st.DataObject) -> None:
    topology = build(squares())
    whole = shapely.union_all([*topology.areas().values()])
    nodes = sorted(
        {
            end
            for i in inner(topology)
            for end in (topology.arcs[i].points[0], topology.arcs[i].points[-1])
            if end not in topology.fixed
        }
    )
    moved = {node: (node[0] + data.draw(steps), node[1] + data.draw(steps)) for node in nodes}
    lines = {}
    for index in inner(topology):
        first, last = (
            moved.get(end, end) for end in (topology.arcs[index].points[0], topology.arcs[index].points[-1])
        )
        between = data.draw(st.lists(st.tuples(steps, steps), max_size=2))
        lines[index] = (first, *((first[0] + dx, first[1] + dy) for dx, dy in between), last)
    try:
        after = topology.redrawn(lines)
    except ValueError:
        # Two nodes that came to lie on one another.
        assume(False)
        return
    if after.crossings():
        return
    areas = list(after.areas().values())
    assert shapely.coverage_is_valid(areas)
    assert sum(area.area for area in areas) == pytest.approx(whole.area, rel=1e-6)
    assert shapely.union_all(areas).symmetric_difference(whole).area < 1e-13
