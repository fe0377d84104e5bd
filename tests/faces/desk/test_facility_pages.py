"""Facilities on the desk: found by code and class, entered once, guarded, linked with their cases; their QR code."""

import re
import uuid
from typing import Any

import pytest

from casework import TESTS, photo
from factories import Town, make_facility, point_in
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.places.models import Facility


@pytest.fixture
def cover(town: Town) -> Facility:
    with acting_as(TESTS):
        return make_facility(town, town.grids[0])


def page(town: Town, url: str, role: str = "station_officer") -> str:
    answer = town.client(role).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def form(town: Town, **values: Any) -> dict[str, Any]:
    lon, lat = point_in(town, town.grids[0])
    return {
        "key": str(uuid.uuid4()),
        "class_code": "01001",
        "state": "sound",
        "lon": lon,
        "lat": lat,
        **values,
    }


def seen(html: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', html)
    assert found
    return found[1]


def test_a_facility_is_found_by_code_class_state_and_keeper(town: Town, cover: Facility) -> None:
    area = f"?area={town.street.pk}"
    owner = town.units["urban_management"].pk
    for asked in ("", f"&q={cover.code}", "&class=01001", "&state=sound", f"&owner={owner}"):
        assert cover.code in page(town, f"/desk/facilities/{area}{asked}")
    for asked in ("&q=不存在", "&class=02001", "&state=damaged", f"&owner={town.units['station'].pk}"):
        assert "没有符合条件的部件" in page(town, f"/desk/facilities/{area}{asked}")


def test_the_list_of_facilities_costs_the_same_however_long(
    town: Town, cover: Facility, django_assert_max_num_queries: Any
) -> None:
    client = town.client("station_officer")
    with acting_as(TESTS):
        for grid in town.grids[1:]:
            make_facility(town, grid)
            make_facility(town, grid, "01002")
    with django_assert_max_num_queries(19):
        assert client.get(f"/desk/facilities/?area={town.street.pk}").status_code == 200


def test_its_page_says_the_code_in_words_and_who_keeps_it(town: Town, cover: Facility) -> None:
    shown = page(town, f"/desk/facilities/{cover.pk}/", "unit_officer")
    for words in ("供水井盖", "市政公用设施", "海珠区城市管理局", cover.place, 'class="qr"'):
        assert words in shown
    assert "报这个部件" not in shown
    assert "报这个部件" in page(town, f"/desk/facilities/{cover.pk}/", "grid_worker")


def test_a_facility_is_entered_once_however_often_it_is_sent(
    town: Town, tmp_path: Any, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client, sent = town.client("grid_worker"), form(town, place="永兴街口")
    for _time in range(2):
        with (tmp_path / "a.jpg").open("wb") as out:
            out.write(photo())
        with (tmp_path / "a.jpg").open("rb") as file:
            answer = client.post(f"/desk/facilities/new?area={town.grids[0].pk}", sent | {"photo": file})
        assert answer.status_code == 302
    made = Facility.objects.get()
    assert made.code == "44010501001000001"
    shown = client.get(f"/desk/facilities/{made.pk}/photo.jpg")
    assert shown.headers["Content-Type"] == "image/jpeg"


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(town: Town) -> None:
    sent = form(town, code="123", place="永兴街口")
    answer = town.client("grid_worker").post(f"/desk/facilities/new?area={town.grids[0].pk}", sent)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "17 位数字" in shown
    assert 'value="永兴街口"' in shown


def test_who_saves_second_sees_both_versions(town: Town, cover: Facility) -> None:
    url = f"/desk/facilities/{cover.pk}/edit"
    stale = seen(page(town, url))
    first = form(town, state="damaged", place=cover.place, seen=stale)
    assert town.client("grid_worker").post(url, first).status_code == 302
    second = town.client("station_officer").post(url, form(town, state="missing", place="别处", seen=stale))
    assert second.status_code == 409
    assert "破损" in second.content.decode()
    cover.refresh_from_db()
    assert (cover.state, cover.seen_on is not None) == ("damaged", True)


def test_one_that_is_gone_leaves_the_lists_and_its_code_opens_no_form(town: Town, cover: Facility) -> None:
    client = town.client("grid_worker")
    assert client.post(f"/desk/facilities/{cover.pk}/retire").status_code == 302
    assert cover.code not in page(town, f"/desk/facilities/?area={town.street.pk}")
    assert "tone-ended" in page(town, f"/desk/facilities/{cover.pk}/")
    assert client.get(f"/f/{cover.code}").status_code == 404


def test_a_scanned_code_fills_in_place_and_matter_and_case_and_facility_lead_to_each_other(
    town: Town, cover: Facility, client: Any
) -> None:
    opened = client.get(f"/f/{cover.code}", follow=True)
    shown = opened.content.decode()
    assert "供水井盖异常" in shown
    assert cover.code in shown
    values = {
        name: opened.context["form"][name].value() for name in ("lon", "lat", "address", "matter", "facility")
    }
    key, words = str(uuid.uuid4()), "井盖松动，车一过就响"
    sent = values | {"key": key, "channel": "qr", "description": words}
    assert client.post("/report", sent).status_code == 302
    with acting_as(TESTS):
        case = Case.objects.select_related("matter").get()
    assert (case.facility_id, case.channel) == (cover.pk, "qr")
    assert case.matter is not None
    assert case.matter.code == cover.class_code
    assert f"/desk/facilities/{cover.pk}/" in page(town, f"/desk/cases/{case.pk}")
    assert f"/desk/cases/{case.pk}" in page(town, f"/desk/facilities/{cover.pk}/")
    # Whoever does not see the case does not see it beside the facility.
    assert f"/desk/cases/{case.pk}" not in page(town, f"/desk/facilities/{cover.pk}/", "unit_officer")


def test_staff_report_a_facility_with_everything_known_filled_in(town: Town, cover: Facility) -> None:
    shown = page(town, f"/desk/facilities/{cover.pk}/", "grid_worker")
    link = re.search(r'href="(/desk/report\?[^"]+)"', shown)
    assert link
    opened = page(town, link[1].replace("&amp;", "&"), "grid_worker")
    assert f'name="facility" value="{cover.pk}"' in opened
    assert cover.code in opened
    assert "供水井盖异常" in opened
