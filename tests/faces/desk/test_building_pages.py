"""Buildings on the desk: found, cut open, filled from a pattern, changed; no names anywhere."""

import re
import uuid
from typing import Any

import pytest
from django.urls import reverse

from casework import TESTS
from factories import Town, make_dwelling, point_in
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Building, Compound, Dwelling, DwellingBatch
from wangge.domain.places.patterns import Pattern
from wangge.domain.places.services import buildings, dwellings

PATTERN = {
    "floors": "1-3",
    "stairwells": "2",
    "per_floor": "2",
    "room": "{floor}{no:02}",
    "first": "1",
    "use": "own",
}


@pytest.fixture
def house(town: Town) -> Building:
    with acting_as(TESTS):
        return make_dwelling(town, town.grids[0]).building


def key() -> dict[str, str]:
    return {"key": str(uuid.uuid4())}


def rooms(house: Building) -> int:
    with acting_as(TESTS):
        return Dwelling.objects.filter(building=house).count()


def test_a_building_is_found_by_its_address_and_counts_the_homes_one_may_see(
    town: Town, house: Building
) -> None:
    street = f"?area={town.street.pk}&q=东1网格正街"
    for role, count in (("station_officer", 1), ("unit_officer", 0)):
        page = town.client(role).get(f"/desk/buildings/{street}").content.decode()
        assert "东1网格正街1号" in page
        assert f'data-label="房屋">{count}<' in page
    assert (
        "没有符合条件的楼栋" in town.client("grid_worker").get("/desk/buildings/?q=不存在").content.decode()
    )


def test_the_list_costs_the_same_however_long(
    town: Town, house: Building, django_assert_max_num_queries: Any
) -> None:
    client = town.client("station_officer")
    with acting_as(TESTS):
        for number in range(20):
            buildings.add(
                TESTS, lon=house.lon, lat=house.lat, kind="home", floors=3, address=f"东街{number}号"
            )
    with django_assert_max_num_queries(19):
        assert client.get(f"/desk/buildings/?area={town.street.pk}").status_code == 200


def test_the_cut_away_shows_floors_from_the_top_with_use_by_letter(town: Town, house: Building) -> None:
    dwellings.generate(town.actor("station_officer"), house, Pattern("1-3", 2, stairwells=2, use="let"))
    page = town.client("grid_worker").get(f"/desk/buildings/{house.pk}/").content.decode()
    assert re.findall(r'<th scope="row">(-?\d+)</th>', page) == ["3", "2", "1"]
    assert page.count('class="flat use-let"') == 11
    assert page.count('class="flat use-unknown"') == 1
    assert "1单元" in page
    assert "2单元" in page


def test_who_does_not_serve_the_place_sees_the_building_without_its_dwellings(
    town: Town, house: Building
) -> None:
    page = town.client("unit_officer").get(f"/desk/buildings/{house.pk}/").content.decode()
    assert "东1网格正街1号" in page
    assert "没有您可以看的房屋" in page
    assert "生成房屋" not in page


def test_a_pattern_is_looked_at_before_it_is_made_and_makes_once(town: Town, house: Building) -> None:
    client, url = town.client("station_officer"), f"/desk/buildings/{house.pk}/generate"
    seen = client.post(url, PATTERN | key()).content.decode()
    assert "将新增 11 套" in seen
    assert rooms(house) == 1
    once = PATTERN | key() | {"make": "1"}
    for _ in range(2):
        assert client.post(url, once).status_code == 302
    assert rooms(house) == 12
    batch = DwellingBatch.objects.get()
    assert client.post(f"/desk/buildings/batches/{batch.pk}/undo").status_code == 302
    assert rooms(house) == 1


def test_a_pattern_that_cannot_be_is_told_at_its_field_with_what_was_typed(
    town: Town, house: Building
) -> None:
    answer = town.client("station_officer").post(
        f"/desk/buildings/{house.pk}/generate", PATTERN | key() | {"floors": "顶楼"}
    )
    assert answer.status_code == 422
    assert "1-12" in answer.content.decode()
    assert 'value="顶楼"' in answer.content.decode()


def test_a_building_is_entered_by_its_place_and_changed_and_taken_down(town: Town) -> None:
    client, grid = town.client("station_officer"), town.grids[1]
    lon, lat = point_in(town, grid)
    with acting_as(TESTS):
        estate = Compound.objects.create(
            area=town.communities[0], name="永兴花园", wkb=b"", west=0, south=0, east=0, north=0
        )
    signs = {"compound": estate.pk, "number": "5栋", "kind": "home", "floors": 9}
    assert client.post("/desk/buildings/new", signs | key()).status_code == 422
    assert client.post("/desk/buildings/new", signs | key() | {"lon": lon, "lat": lat}).status_code == 302
    made = Building.objects.get(number="5栋")
    assert (made.area, made.compound, made.floors) == (grid, estate, 9)
    change = signs | key() | {"floors": 10, "seen": "0"}
    assert client.post(f"/desk/buildings/{made.pk}/edit", change).status_code == 409
    del change["seen"]
    assert client.post(f"/desk/buildings/{made.pk}/edit", change).status_code == 302
    assert client.post(f"/desk/buildings/{made.pk}/remove").status_code == 302
    made.refresh_from_db()
    assert (made.floors, made.removed_on is not None) == (10, True)


def test_a_dwelling_is_changed_by_its_grid_worker_and_unknown_to_the_one_beside(
    town: Town, house: Building
) -> None:
    with acting_as(TESTS):
        flat = Dwelling.objects.get()
        other = make_dwelling(town, town.grids[2])
    client = town.client("grid_worker")
    assert "1单元101" in client.get(f"/desk/dwellings/{flat.pk}/").content.decode()
    assert client.get(f"/desk/dwellings/{other.pk}/").status_code == 404
    sent = {"room": "102", "use": "empty"} | key()
    assert client.post(f"/desk/dwellings/{flat.pk}/edit", sent).status_code == 302
    with acting_as(TESTS):
        flat.refresh_from_db()
    assert (flat.room, flat.use) == ("102", "empty")
    assert client.post(f"/desk/dwellings/{other.pk}/remove").status_code == 404
    assert client.post(f"/desk/dwellings/{flat.pk}/remove").status_code == 302


def test_a_flat_more_is_entered_with_its_stairwell(town: Town, house: Building) -> None:
    client, url = town.client("grid_worker"), f"/desk/buildings/{house.pk}/dwellings/new"
    sent = {"stairwell": 3, "floor": 2, "room": "201", "use": "own"}
    assert client.post(url, sent | key()).status_code == 302
    assert client.post(url, sent | key()).status_code == 422
    assert rooms(house) == 2


def test_when_a_border_moves_buildings_come_to_the_grid_in_which_they_stand(
    town: Town, house: Building
) -> None:
    Building.objects.filter(pk=house.pk).update(area=town.grids[1])
    with acting_as(TESTS):
        assert buildings.find_grids_again() == 1
        house.refresh_from_db()
        assert {one.area_id for one in Dwelling.objects.all()} == {house.area_id} == {town.grids[0].pk}
        assert buildings.find_grids_again() == 0


def test_the_way_to_the_register_is_shown_only_to_whom_it_is_open(town: Town, house: Building) -> None:
    with acting_as(TESTS):
        flat = Dwelling.objects.get(building=house)
    way = reverse("desk:household-of-dwelling", args=[flat.pk])
    page = f"/desk/dwellings/{flat.pk}/"
    assert way not in town.client("district_dispatcher").get(page).content.decode()
    assert way in town.client("grid_worker").get(page).content.decode()
