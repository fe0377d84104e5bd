"""Words that cannot or should not be kept, and numbers that are none."""

import uuid
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from casework import dump, stored
from factories import Town, point_in
from wangge.domain.access.actor import System
from wangge.domain.access.models import Unit
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.platform.given import plain, whole

pytestmark = pytest.mark.usefixtures("media")

# Digits by Unicode's word that int() refuses, more digits than int() reads, numbers that no id can be.
NO_NUMBERS = ("²", "٣", "9" * 5000, "9" * 25, "-1", "1.5", "nan", "0x1", " ", "%_\\", "'--")
BAD_DAYS = ("0000-00-00", "99999-01-01", "2026-02-30", "0001-01-01", "9999-12-31", "morgen")


def a_report(town: Town, **given: Any) -> dict[str, Any]:
    lon, lat = point_in(town, town.grids[0])
    return {"key": uuid.uuid4(), "description": "路口有垃圾", "lon": lon, "lat": lat} | given


@pytest.mark.parametrize("field", ["description", "address", "name", "matter_words", "no such field"])
def test_a_nul_in_any_field_of_a_report_is_refused_in_words(town: Town, field: str) -> None:
    before = dump()
    answer = Client().post("/report", a_report(town, **{field: "a\x00b"}))
    assert answer.status_code == 400
    assert "空字符" in answer.content.decode()
    assert dump() == before


def test_a_nul_in_the_forms_of_staff_is_refused_in_words(town: Town) -> None:
    units = Unit.objects.count()
    answer = town.client("administrator").post(
        "/desk/units/new", {"name": "环卫\x00站", "kind": "company", "area": town.street.pk}
    )
    assert (answer.status_code, "空字符" in answer.content.decode()) == (400, True)
    assert Unit.objects.count() == units


@pytest.mark.parametrize(
    "address", ["/board?area=%00", "/report?area=%00", "/s?code=%00", "/s/%00", "/areas/%00"]
)
def test_a_nul_in_an_address_is_no_fault_of_ours(town: Town, address: str) -> None:
    assert Client().get(address).status_code in (400, 404)


def test_signs_that_nobody_sees_are_left_out_of_what_is_kept(town: Town) -> None:
    words = "路口\u202e有\x1b[31m垃\x0b圾\u2066\x7f，\n两天了"
    answer = Client().post("/report", a_report(town, description=words))
    assert answer.status_code == 302
    with acting_as(System("test")):
        assert Case.objects.get().description == "路口有[31m垃圾，\n两天了"


@given(st.text(alphabet=st.characters(), max_size=60))
def test_plain_words_can_be_written_as_utf8_and_lose_nothing_that_is_seen(text: str) -> None:
    kept = plain(text)
    assert plain(kept) == kept
    kept.encode()
    assert [sign for sign in text if sign.isprintable() or sign in "\n\t"] == [
        sign for sign in kept if sign.isprintable() or sign in "\n\t"
    ]


@given(st.one_of(st.text(), st.integers().map(str), st.sampled_from(NO_NUMBERS)))
def test_a_whole_number_is_ascii_digits_that_a_bigint_holds(text: str) -> None:
    found = whole(text)
    if found is None:
        assert not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) < 2**63)
    else:
        assert 0 <= found < 2**63
        assert text.isdigit()


ASKED = {
    None: ("/report?area=&matter", "/report/nearby?lon=113&lat=23&matter", "/board?page", "/board?area"),
    "street_dispatcher": (
        "/desk/cases?page", "/desk/cases?area", "/desk/cases?unit", "/desk/cases?step", "/desk/cases?since",
        "/desk/cases?until", "/desk/cases/map?area", "/desk/cases/print?unit", "/desk/map.json?area", "/desk/matters?matter",
        "/desk/conditions?matter", "/desk/report/areas?area", "/desk/report/nearby?lon=1&lat=1&matter", "/desk/notices?page",
        "/desk/report?matter",
    ),
    "administrator": (
        "/desk/units/?area", "/desk/posts/?day", "/desk/posts/?unit", "/desk/users/?page", "/desk/catalogue/?page",
        "/desk/calendar/?year", "/desk/responsibility/?area", "/desk/areas/?day", "/desk/privacy/?page",
    ),
}  # fmt: skip


@pytest.mark.parametrize("who", ASKED)
def test_nonsense_in_an_address_is_no_fault_of_ours(town: Town, who: str | None) -> None:
    client = town.client(who) if who else Client()
    for address in ASKED[who]:
        for value in (*NO_NUMBERS, *BAD_DAYS):
            path, _question, asked = address.partition("?")
            *before, name = asked.split("&")
            query = dict(pair.split("=") for pair in before) | {name: value}
            assert client.get(path, query).status_code < 500, (address, value[:20])


@pytest.mark.parametrize("version", NO_NUMBERS)
def test_a_version_that_is_no_number_changes_nothing(town: Town, version: str) -> None:
    answer = Client().post("/report", a_report(town))
    before = dump()
    with acting_as(System("test")):
        case = Case.objects.get()
    address = f"/desk/cases/{case.pk}/moves/refuse"
    sent = {"version": version, "refusal_reason": "not_served", "note": "不在范围"}
    answer = town.client("station_officer").post(address, sent)
    assert 400 <= answer.status_code < 500
    assert dump() == before
    assert stored(case.pk).state == "reported"
