"""What a phone is given for today's work, and what not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import START, STREET, TESTS, condition, reported
from factories import Town, make_dwelling, make_facility, make_town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.moves import move
from wangge.faces.field import packet
from wangge.platform import clock

pytestmark = pytest.mark.django_db
STATEMENTS = 19


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    with clock.at(START):
        town = make_town()
        with acting_as(TESTS):
            for grid in town.grids[:3]:
                make_dwelling(town, grid, "301")
                make_facility(town, grid)
        yield town


def given(actor: Actor) -> Any:
    with acting_as(actor):
        return packet.whole(actor)


def test_a_worker_gets_the_open_cases_of_their_grid_and_no_other(
    town: Town, people: dict[str, Actor]
) -> None:
    here, beside = reported(town).case, reported(town, grid=1).case
    rows = given(people["grid_worker"])["cases"]
    assert set(rows) == {str(here.pk)}
    row = rows[str(here.pk)]
    assert (row["number"], row["state_name"], row["mine"]) == (here.number, "待受理", True)
    assert [one["key"] for one in row["moves"]] == ["settle"]
    assert set(given(people["station_officer"])["cases"]) == {str(here.pk), str(beside.pk)}


def test_a_case_that_ended_is_not_given_any_more(town: Town, people: dict[str, Actor]) -> None:
    case = reported(town).case
    move(people["street_dispatcher"], case.pk, "void", {"reason": "test_entry", "note": "误报"})
    assert given(people["grid_worker"])["cases"] == {}


def test_a_move_that_needs_a_unit_is_left_to_the_desk(town: Town, people: dict[str, Actor]) -> None:
    case = reported(town).case
    chosen = condition(**STREET)
    move(people["station_officer"], case.pk, "file", {"matter": chosen.matter_id, "condition": chosen.pk})
    row = given(people["street_dispatcher"])["cases"][str(case.pk)]
    assert row["mine"]
    assert "dispatch" not in [one["key"] for one in row["moves"]]


def test_nothing_says_who_reported_or_who_lives_there(town: Town, people: dict[str, Actor]) -> None:
    reported(town, name="林阿婆", phone="13800001234")
    text = json.dumps(given(people["station_officer"]), ensure_ascii=False)
    assert "301" in text
    assert "林阿婆" not in text
    assert "13800001234" not in text


def test_places_are_those_of_the_grid_with_doors_and_codes(town: Town, people: dict[str, Actor]) -> None:
    rows = given(people["grid_worker"])["places"].values()
    assert {row["area"] for row in rows} == {str(town.grids[0].pk)}
    building, facility = sorted(rows, key=lambda row: str(row["kind"]))
    assert (building["address"], building["doors"]) == ("东1网格正街1号", ["1单元301"])
    assert facility["code"] == "44010501001000001"
    assert given(people["street_dispatcher"])["places"] == {}


def test_ten_matters_are_frequent_and_those_reported_here_lead(town: Town, people: dict[str, Actor]) -> None:
    chosen = condition(**STREET)
    reported(town, matter_id=chosen.matter_id)
    rows = given(people["grid_worker"])["matters"]
    ranks = [row["rank"] for row in rows.values() if row["rank"]]
    assert sorted(ranks) == list(range(1, 11))
    assert rows[str(chosen.matter_id)]["rank"] == 1
    assert str(chosen.pk) in {one["id"] for one in rows[str(chosen.matter_id)]["conditions"]}


def test_a_packet_costs_the_same_statements_whatever_its_length(town: Town, people: dict[str, Actor]) -> None:
    given(people["grid_worker"])
    for _n in range(3):
        reported(town)
    with acting_as(people["grid_worker"]), CaptureQueriesContext(connection) as captured:
        packet.whole(people["grid_worker"])
    assert len(captured) <= STATEMENTS
