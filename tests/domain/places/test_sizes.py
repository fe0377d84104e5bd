"""Bounds of the size of grids: the district's own, with their history; and the end of a compound."""

import uuid
from datetime import date
from typing import Any

import pytest
import shapely

from casework import TESTS
from factories import Town, client_for, make_compound, make_dwelling
from wangge.domain.access.scope import acting_as
from wangge.domain.catalogue.models import Revision, Subject
from wangge.domain.places.borders import size_faults
from wangge.domain.places.housing import compounds_in
from wangge.domain.places.models import Building
from wangge.domain.places.services import compounds
from wangge.domain.places.services.buildings import remove
from wangge.domain.places.services.sizes import restore_grid_size, set_grid_size
from wangge.domain.places.sizes import USUAL, Bounds, bounds_for
from wangge.platform.errors import Conflict, Invalid, NotAllowed


def bounded(town: Town, least: int, most: int, note: str = "海网格〔2026〕3 号") -> None:
    set_grid_size(town.actor("administrator"), town.district.pk, least=least, most=most, note=note)


def test_a_district_without_its_own_has_the_usual_bounds(town: Town) -> None:
    assert bounds_for(town.grids[0]) == bounds_for(town.street) == USUAL
    bounded(town, 200, 260)
    assert bounds_for(town.grids[0]) == Bounds(200, 260)
    assert bounds_for(town.city) == USUAL


def test_who_draws_is_warned_by_the_bounds_of_the_district(town: Town) -> None:
    with acting_as(TESTS):
        for room in range(101, 104):
            make_dwelling(town, town.grids[0], str(room))
    shapes, names = {1: shapely.box(113.25, 23.10, 113.252, 23.102)}, {1: "东1网格"}
    (fault,) = size_faults(town.street, shapes, names)
    assert (fault.warning, "3 套住房，规模建议 300–500 户" in fault.text) == (True, True)
    bounded(town, 1, 10)
    assert size_faults(town.street, shapes, names) == []


@pytest.mark.parametrize(("least", "most", "note"), [(5, 5, "a"), (9, 3, "a"), (0, 9, "a"), (1, 9, " ")])
def test_bounds_out_of_order_or_without_a_reason_are_refused(
    town: Town, least: int, most: int, note: str
) -> None:
    with pytest.raises(Invalid):
        bounded(town, least, most, note)


def test_only_administrators_set_bounds_and_only_of_districts(town: Town) -> None:
    with pytest.raises(NotAllowed):
        set_grid_size(town.actor("street_leader"), town.district.pk, least=1, most=2, note="a")
    with pytest.raises(Invalid):
        set_grid_size(town.actor("administrator"), town.street.pk, least=1, most=2, note="a")


def test_bounds_keep_their_history_and_come_back(town: Town) -> None:
    bounded(town, 200, 260)
    bounded(town, 210, 260)
    revision = Revision.objects.filter(subject=Subject.GRID_SIZE).order_by("pk")[1]
    assert (revision.before, revision.after["least"]) == ({"least": 200, "most": 260}, 210)
    restore_grid_size(town.actor("administrator"), revision, before=True)
    assert bounds_for(town.street) == Bounds(200, 260)


def test_the_page_of_a_district_sets_bounds_and_shows_what_changed(town: Town) -> None:
    client, url = client_for(town.users["administrator"]), f"/desk/areas/{town.district.pk}/"
    assert "每个网格 300–500 户" in client.get(url).content.decode()
    sent = {"key": str(uuid.uuid4()), "seen": "0", "least": "200", "most": "260", "note": "第 3 号"}
    assert client.post(f"{url}grid-size", sent).status_code == 302
    assert "每个网格 200–260 户" in client.get(url).content.decode()
    history = client.get(f"/desk/rules/history/grid_size/{town.district.pk}").content.decode()
    assert "每个网格最少户数" in history
    late = sent | {"key": str(uuid.uuid4()), "least": "100"}
    assert client_for(town.users["administrator"]).post(f"{url}grid-size", late).status_code == 409


def test_a_compound_ends_once_nothing_of_it_stands(town: Town) -> None:
    officer = town.actor("station_officer")
    with acting_as(TESTS):
        garden = make_compound(town.grids[0])
        house = make_dwelling(town, town.grids[0]).building
    Building.objects.filter(pk=house.pk).update(compound=garden)
    with pytest.raises(Conflict):
        compounds.retire(officer, garden, date(2026, 11, 23))
    house.refresh_from_db()
    remove(officer, house, date(2026, 11, 22))
    compounds.retire(officer, garden, date(2026, 11, 23))
    assert list(compounds_in(town.street)) == []


def test_a_compound_is_renamed_by_its_keepers_to_a_name_of_its_own(town: Town) -> None:
    with acting_as(TESTS):
        garden, other = make_compound(town.grids[0]), make_compound(town.grids[1])
    compounds.rename(town.actor("station_officer"), garden, name=" 宝业花园 ")
    assert [(one.name, one.standing) for one in compounds_in(town.grids[0], "宝业")] == [("宝业花园", 0)]
    with pytest.raises(Conflict):
        compounds.rename(town.actor("station_officer"), other, name="宝业花园")
    for role in ("grid_worker", "unit_officer"):
        with pytest.raises(NotAllowed):
            compounds.rename(town.actor(role), garden, name="别的")


def page(town: Town, url: str, **given: Any) -> str:
    client = client_for(town.users["station_officer"])
    answer = client.post(url, given) if given else client.get(url)
    return str(answer.status_code) if given else answer.content.decode()


def test_compounds_are_listed_renamed_and_ended_on_their_pages(town: Town) -> None:
    with acting_as(TESTS):
        garden = make_compound(town.grids[0])
    url = f"/desk/compounds/{garden.pk}"
    assert "东1网格花园" in page(town, "/desk/compounds/")
    assert page(town, f"{url}/edit", key=str(uuid.uuid4()), name="宝业花园") == "302"
    assert page(town, f"{url}/edit", key=str(uuid.uuid4()), name="另一个", seen="1") == "409"
    assert "宝业花园" in page(town, "/desk/compounds/")
    assert page(town, f"{url}/retire", x="") == "302"
    assert "宝业花园" not in page(town, "/desk/compounds/")
