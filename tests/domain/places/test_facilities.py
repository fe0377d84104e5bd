"""Public facilities: codes of the standard, who keeps them, and what stays when one is gone."""

import uuid
from dataclasses import asdict, replace
from typing import Any

import pytest

from casework import TESTS, photo
from factories import Town, make_facility, point_in
from wangge.domain.access.actor import Public
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.intake import Report, fingerprint, report
from wangge.domain.places.facilities import code_parts, facilities_in
from wangge.domain.places.models import Facility
from wangge.domain.places.services import facilities
from wangge.platform.errors import Conflict, Invalid, NotAllowed


def here(town: Town, grid: int = 0, **values: Any) -> dict[str, Any]:
    lon, lat = point_in(town, town.grids[grid])
    return {"class_code": "01001", "lon": lon, "lat": lat, **values}


def add(town: Town, role: str = "grid_worker", **values: Any) -> Facility:
    return facilities.add(town.actor(role), **here(town, **values))


def test_codes_count_on_in_their_class_and_a_gap_stays_a_gap(town: Town) -> None:
    first, second = add(town), add(town)
    assert (first.code, second.code) == ("44010501001000001", "44010501001000002")
    assert add(town, class_code="01002").code == "44010501002000001"
    facilities.add(TESTS, **here(town, code="44010501001000009"))
    assert add(town).code == "44010501001000010"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("4401050100100001", "17 位"),
        ("440105010010000x1", "17 位"),
        ("44010501001000000", "17 位"),
        ("44010601001000001", "前 6 位"),
        ("44010501002000001", "第 7 至 11 位"),
    ],
)
def test_a_code_that_is_not_of_this_place_and_class_is_refused_in_words(
    town: Town, code: str, why: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add(town, code=code)
    assert why in refused.value.fields["code"]


def test_a_code_names_one_facility_for_ever(town: Town) -> None:
    made = add(town, code="4401 0501 0010 0000 7")
    facilities.retire(town.actor("grid_worker"), made)
    with pytest.raises(Conflict):
        add(town, code=made.code)


def test_a_class_that_the_catalogue_does_not_have_is_refused(town: Town) -> None:
    with pytest.raises(Invalid) as refused:
        add(town, class_code="09999")
    assert "class_code" in refused.value.fields


def test_only_who_keeps_the_place_may_write(town: Town) -> None:
    made = add(town)
    for role in ("unit_officer", "district_leader", "administrator"):
        with pytest.raises(NotAllowed):
            add(town, role)
        with pytest.raises(NotAllowed):
            facilities.retire(town.actor(role), made)
    with pytest.raises(NotAllowed):
        add(town, "grid_worker", grid=1)


def test_it_is_not_moved_into_a_grid_of_others(town: Town) -> None:
    made, (lon, lat) = add(town), point_in(town, town.grids[1])
    with pytest.raises(NotAllowed):
        facilities.change(town.actor("grid_worker"), made, lon=lon, lat=lat)
    moved = facilities.change(town.actor("station_officer"), made, lon=lon, lat=lat)
    assert moved.area == town.grids[1]


def test_its_photo_keeps_nothing_but_the_picture(town: Town, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    made = add(town, photo=photo(comment=b"PAYLOAD"))
    assert b"PAYLOAD" not in (tmp_path / made.photo).read_bytes()
    with pytest.raises(Invalid) as refused:
        add(town, photo=b"no picture")
    assert "photo" in refused.value.fields


def test_the_parts_of_a_code_are_told_in_words(town: Town) -> None:
    with acting_as(TESTS):
        parts = code_parts(make_facility(town, town.grids[0]))
    assert [(part.digits, part.name) for part in parts] == [
        ("440105", "海珠区"),
        ("01", "市政公用设施"),
        ("001", "供水井盖"),
        ("000001", "1"),
    ]


def test_lists_show_what_stands_unless_the_gone_are_asked_for(town: Town) -> None:
    gone, stands = add(town), add(town, place="永兴街口")
    facilities.retire(town.actor("grid_worker"), gone)
    assert list(facilities_in(town.street)) == [stands]
    assert list(facilities_in(town.street, state="removed")) == [gone]
    assert list(facilities_in(town.grids[0], "永兴街", "01", owner=None)) == [stands]
    assert list(facilities_in(town.grids[1])) == []


def given(**values: Any) -> Report:
    return Report(key=uuid.uuid4(), description="井盖松动", **values)


def test_a_report_about_a_facility_needs_no_other_place(town: Town) -> None:
    with acting_as(TESTS):
        cover = make_facility(town, town.grids[2])
    case = report(Public(), given(facility_id=cover.pk)).case
    assert (case.facility_id, case.area, case.lon, case.address) == (
        cover.pk,
        town.grids[2],
        cover.lon,
        cover.place,
    )


def test_a_facility_that_does_not_exist_is_refused(town: Town) -> None:
    with pytest.raises(Invalid):
        report(Public(), given(facility_id=10**9))


def test_a_report_sent_before_there_were_facilities_is_still_the_same() -> None:
    plain = given(area_id=1)
    assert "facility_id" in asdict(plain)
    assert fingerprint(plain) == fingerprint(replace(plain, facility_id=None))
    assert fingerprint(plain) != fingerprint(replace(plain, facility_id=1))
