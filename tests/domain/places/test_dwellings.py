"""Dwellings are made from a pattern, taken back as they came, and kept by those who serve the place."""

import pytest

from casework import TESTS
from factories import Town, make_dwelling
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Building, Dwelling, DwellingUse, Stairwell
from wangge.domain.places.patterns import Pattern
from wangge.domain.places.services import dwellings
from wangge.platform.errors import Conflict, Invalid, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(town: Town) -> Building:
    with acting_as(TESTS):
        return make_dwelling(town, town.grids[0]).building


def rooms(house: Building) -> list[tuple[int, str]]:
    with acting_as(TESTS):
        found = Dwelling.objects.filter(building=house).order_by("stairwell__number", "room")
        return [(one.stairwell.number if one.stairwell else 0, one.room) for one in found]


def test_a_pattern_makes_what_its_preview_showed_and_leaves_what_is_there(
    town: Town, house: Building
) -> None:
    officer = town.actor("station_officer")
    pattern = Pattern("1-2", 2, stairwells=2, use=DwellingUse.OWN)
    seen = dwellings.preview(officer, house, pattern)
    assert [one.room for one in seen.there] == ["101"]
    batch = dwellings.generate(officer, house, pattern)
    assert rooms(house) == [(n, room) for n in (1, 2) for room in ("101", "102", "201", "202")]
    with acting_as(TESTS):
        made = batch.dwellings.all()
        assert len(made) == len(seen.new) == 7
        assert {(one.use, one.area_id) for one in made} == {("own", town.grids[0].pk)}


def test_undo_takes_back_the_batch_and_nothing_else(town: Town, house: Building) -> None:
    officer = town.actor("station_officer")
    batch = dwellings.generate(officer, house, Pattern("1-2", 2, stairwells=2))
    assert dwellings.undo(officer, batch) == 7
    assert rooms(house) == [(1, "101")]
    assert [stair.number for stair in Stairwell.objects.filter(building=house)] == [1]
    with pytest.raises(Conflict):
        dwellings.undo(officer, batch)


def test_a_pattern_of_which_all_is_there_makes_nothing(town: Town, house: Building) -> None:
    with pytest.raises(Conflict):
        dwellings.generate(town.actor("station_officer"), house, Pattern("1", 1))


def test_a_house_without_stairwells_has_its_rooms_once(town: Town, house: Building) -> None:
    officer = town.actor("grid_worker")
    dwellings.generate(officer, house, Pattern("3", 1, stairwells=0))
    with pytest.raises(Conflict):
        dwellings.add(officer, house, stairwell=0, floor=3, room="301")
    dwellings.add(officer, house, stairwell=0, floor=-1, room="B101", use=DwellingUse.SHOP)
    assert rooms(house) == [(1, "101"), (0, "301"), (0, "B101")]


def test_a_dwelling_is_renamed_used_otherwise_and_removed(town: Town, house: Building) -> None:
    officer = town.actor("grid_worker")
    flat = dwellings.add(officer, house, stairwell=1, floor=2, room=" 201 ")
    with pytest.raises(Conflict):
        dwellings.change(officer, flat, room="101", use=DwellingUse.OWN)
    for wrong in ({"room": " ", "use": "own"}, {"room": "202", "use": "castle"}):
        with pytest.raises(Invalid):
            dwellings.change(officer, flat, **wrong)
    assert dwellings.change(officer, flat, room="202", use=DwellingUse.LET).room == "202"
    dwellings.remove(officer, flat)
    assert rooms(house) == [(1, "101")]


@pytest.mark.parametrize("role", ["administrator", "unit_officer", "operator", "privacy_officer"])
def test_who_does_not_serve_the_place_keeps_nothing_there(town: Town, house: Building, role: str) -> None:
    with pytest.raises(NotAllowed):
        dwellings.generate(town.actor(role), house, Pattern("2", 1))


def test_the_grid_beside_keeps_nothing_here(town: Town) -> None:
    with acting_as(TESTS):
        other = make_dwelling(town, town.grids[1])
    with pytest.raises(NotAllowed):
        dwellings.remove(town.actor("grid_worker"), other)
    dwellings.remove(town.actor("station_officer"), other)
