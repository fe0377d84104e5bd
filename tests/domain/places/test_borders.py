"""Borders between grids are redrawn together, from a day on; what cannot be is said with its place."""

from datetime import timedelta

import pytest
import shapely

from casework import TESTS
from factories import SIDE, SOUTH, WEST, Town, make_dwelling
from wangge.domain.access.scope import acting_as
from wangge.domain.places import borders
from wangge.domain.places.models import AreaShape, ChangeKind, Dwelling
from wangge.domain.places.queries import grid_at, point_on
from wangge.domain.places.services.borders import redraw
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed

pytestmark = pytest.mark.django_db
MIDDLE = SOUTH + SIDE / 2


def between(town: Town, left: int, right: int) -> tuple[borders.Borders, int]:
    """The street's borders and the arc between two grids."""
    found = borders.borders_of(town.street)
    sides = (town.grids[left].pk, town.grids[right].pk)
    return found, next(i for i, arc in enumerate(found.topology.arcs) if arc.sides == sides)


def bent(found: borders.Borders, index: int, east: float) -> dict[int, list[tuple[float, float]]]:
    """The arc with a vertex in its middle, so many grid sides further east."""
    first, last = found.topology.arcs[index].points[0], found.topology.arcs[index].points[-1]
    return {index: [first, (round(first[0] + east * SIDE, 7), MIDDLE), last]}


def area_of(area_id: int) -> float:
    shape = AreaShape.objects.get(version__area_id=area_id, version__valid__contains=clock.today())
    return float(shapely.from_wkb(bytes(shape.wkb)).area)


def test_a_moved_border_moves_both_grids_and_the_communities_on_its_sides(town: Town) -> None:
    found, index = between(town, 1, 2)
    whole = area_of(town.street.pk)
    moved = redraw(
        town.actor("administrator"),
        town.street,
        bent(found, index, 0.5),
        found.base,
        clock.today(),
        "批复 3 号",
    )
    assert {area.pk for area in moved} == {area.pk for area in (*town.grids[1:3], *town.communities)}
    assert area_of(town.grids[1].pk) > area_of(town.grids[0].pk) > area_of(town.grids[2].pk)
    assert area_of(town.communities[0].pk) == pytest.approx(
        area_of(town.grids[0].pk) + area_of(town.grids[1].pk)
    )
    assert sum(area_of(area.pk) for area in town.communities) == pytest.approx(whole)
    assert grid_at(WEST + 2.1 * SIDE, MIDDLE) == town.grids[1]
    change = town.street.changes.get()
    assert (change.kind, change.note) == (ChangeKind.REDRAW, "批复 3 号")


def test_buildings_come_along_with_their_dwellings(town: Town) -> None:
    with acting_as(TESTS):
        flat = make_dwelling(town, town.grids[2])
    found, index = between(town, 1, 2)
    redraw(town.actor("administrator"), town.street, bent(found, index, 0.9), found.base, clock.today())
    with acting_as(TESTS):
        assert Dwelling.objects.get(pk=flat.pk).area == town.grids[1]


def test_borders_to_come_hold_from_their_day_on(town: Town) -> None:
    found, index = between(town, 0, 1)
    later = clock.today() + timedelta(days=30)
    redraw(town.actor("administrator"), town.street, bent(found, index, 0.5), found.base, later)
    lon = WEST + 1.1 * SIDE
    assert grid_at(lon, MIDDLE) == town.grids[1]
    after = point_on(lon, MIDDLE, later, "grid")
    assert after is not None
    assert after.area == town.grids[0]


def test_a_border_across_another_is_a_fault_with_its_place_and_is_not_saved(town: Town) -> None:
    found, index = between(town, 0, 1)
    changed = bent(found, index, 2.5)
    (fault,) = borders.faults_of(found, borders.redrawn(found, changed))[:1]
    assert fault.kind == "crossing"
    assert shapely.box(WEST, SOUTH, WEST + 4 * SIDE, SOUTH + SIDE).covers(fault.place)
    with pytest.raises(Invalid, match="相交"):
        redraw(town.actor("administrator"), town.street, changed, found.base, clock.today())


def test_a_grid_too_small_or_large_is_a_warning(town: Town) -> None:
    with acting_as(TESTS):
        make_dwelling(town, town.grids[0])
    found, index = between(town, 0, 1)
    with acting_as(town.actor("administrator")):
        faults = borders.faults_of(found, borders.redrawn(found, bent(found, index, 0.3)))
    assert [(fault.kind, fault.warning) for fault in faults] == [("size", True)]
    assert "1 套住房" in faults[0].text


def test_who_comes_second_draws_on_borders_that_are_gone(town: Town) -> None:
    found, index = between(town, 0, 1)
    actor = town.actor("administrator")
    redraw(actor, town.street, bent(found, index, 0.5), found.base, clock.today())
    with pytest.raises(Conflict):
        redraw(actor, town.street, bent(found, index, 0.2), found.base, clock.today())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"a": []}', '{"0": [[1]]}', '{"0": "x"}', "null"])
def test_a_broken_drawing_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        borders.read_changes(text)


def test_outer_borders_and_unknown_arcs_stay(town: Town) -> None:
    found = borders.borders_of(town.street)
    outer = next(i for i, arc in enumerate(found.topology.arcs) if len(arc.sides) == 1)
    for index in (outer, 999):
        with pytest.raises(Invalid):
            borders.redrawn(found, {index: [(0.0, 0.0), (1.0, 1.0)]})


def test_only_administrators_redraw(town: Town) -> None:
    found, index = between(town, 0, 1)
    with pytest.raises(NotAllowed):
        redraw(town.actor("station_head"), town.street, bent(found, index, 0.5), found.base, clock.today())
