"""What phones brought and could not be carried out: read by the station, marked as looked at, listed for administrators."""

import hashlib
import json
from typing import Any

import pytest

from casework import TESTS, crowd, reported
from factories import Town
from handset import Phone, made
from wangge.domain.access.scope import acting_as
from wangge.domain.field.models import Aside, Record

PAGE = "/desk/visits/phones/"


@pytest.fixture
def refused(town: Town) -> dict[str, Any]:
    """A note of the grid worker that nobody could make anything of."""
    record = made({"text": "楼下的井盖响", "photos": []}, form="note-1", subject="99999999")
    Phone(town.client("grid_worker")).sync(record)
    return record


def body(town: Town, who: str, more: str = "") -> str:
    return town.client(who).get(PAGE + more).content.decode()


def test_the_station_reads_a_refused_record_and_marks_it(town: Town, refused: dict[str, Any]) -> None:
    page = body(town, "station_officer")
    assert "补充说明" in page
    assert "楼下的井盖响" in page
    assert town.users["grid_worker"].name in page
    station = town.client("station_officer")
    assert station.post(f"{PAGE}{refused['id']}/looked").status_code == 302
    assert "楼下的井盖响" not in body(town, "station_officer")
    assert "楼下的井盖响" in body(town, "station_officer", "?show=all")
    with acting_as(TESTS):
        assert Record.objects.get().looked_by_id == town.users["station_officer"].pk


def test_another_station_sees_none_of_it(town: Town, refused: dict[str, Any]) -> None:
    crowd(town)
    assert "楼下的井盖响" not in body(town, "station_officer_west", "?show=all")
    west = town.client("station_officer_west")
    assert west.post(f"{PAGE}{refused['id']}/looked").status_code == 404
    assert town.client("grid_worker").get(PAGE).status_code == 403


def test_an_administrator_sees_who_and_why_but_not_what(town: Town, refused: dict[str, Any]) -> None:
    page = body(town, "administrator")
    assert town.users["grid_worker"].name in page
    assert "没有找到这个案件" in page
    assert "楼下的井盖响" not in page
    assert town.client("administrator").post(f"{PAGE}{refused['id']}/looked").status_code == 302


def test_other_bytes_under_a_known_number_are_shown_with_what_they_say(town: Town) -> None:
    phone, first = Phone(town.client("grid_worker")), made({"text": "先写的"}, form="note-1", subject="1")
    other = made({"text": "后写的"}, form="note-1", subject="1", id=first["id"])
    phone.sync(first)
    phone.sync(other)
    assert "编号重复，内容不同" in body(town, "station_officer")
    assert "后写的" in body(town, "station_officer")
    with acting_as(TESTS):
        aside = Aside.objects.get()
    assert town.client("station_officer").post(f"{PAGE}asides/{aside.pk}/looked").status_code == 302
    assert "后写的" not in body(town, "station_officer")


def test_both_versions_of_a_corrected_word_are_shown(town: Town) -> None:
    crowd(town)
    case = reported(town).case
    fields = {"address": {"base": "没有过的地址", "mine": "正街12号"}}
    Phone(town.client("grid_worker")).sync(made({"fields": fields}, form="patch-1", subject=str(case.pk)))
    page = body(town, "station_officer")
    for words in ("没有过的地址", "正街12号", case.address):
        assert words in page


@pytest.mark.parametrize("payload", ["[1]", "{", json.dumps({"text": "<b>"})])
def test_bytes_that_make_no_sense_are_shown_as_they_came(town: Town, payload: str) -> None:
    record = made({}, form="note-1", subject="1")
    record |= {"payload": payload, "sha256": hashlib.sha256(payload.encode()).hexdigest()}
    Phone(town.client("grid_worker")).sync(record)
    shown = body(town, "station_officer")
    assert payload in shown or "&lt;b&gt;" in shown


def test_the_page_costs_the_same_however_many_records(
    town: Town, refused: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    for _n in range(8):
        Phone(town.client("grid_worker")).sync(made({"text": "又一条"}, form="note-1", subject="99999999"))
    station = town.client("station_officer")
    station.get(PAGE)
    with django_assert_max_num_queries(14):
        station.get(PAGE)
