"""What services and reads cost in statements, whatever the number of rows. Lower a number when it became less."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import START, STREET, Road, condition, reported
from factories import Town
from wangge.domain.access.actor import Actor, Reporter
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.queries import lists
from wangge.domain.cases.queries.page import case_page
from wangge.domain.cases.queries.people import next_posts
from wangge.domain.cases.queries.public import board, same_nearby, status
from wangge.domain.cases.queries.tallies import tally
from wangge.domain.cases.services.processes import built_in, definitions_in_use
from wangge.platform import clock

# Statements of each, transaction and settings included.
REPORT, FILE, DISPATCH, ACCEPT, FINISH = 12, 24, 14, 12, 14
MY_WORK, COUNTS, LISTING, PAGE, STATUS, BOARD, NEARBY, NEXT = 2, 1, 1, 8, 8, 3, 3, 2


def cost(job: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        job()
    return len(captured)


@pytest.fixture
def warm(town: Town, people: dict[str, Actor]) -> Road:
    """What a running process remembers is remembered."""
    road = Road(town, people, phone="13800001234").checking(condition(**STREET))
    definitions_in_use()
    return road


def test_a_report_costs_a_known_number_of_statements(town: Town, warm: Road) -> None:
    with clock.at(START):
        assert cost(lambda: reported(town)) <= REPORT


def test_a_move_costs_a_known_number_of_statements(town: Town, people: dict[str, Actor], warm: Road) -> None:
    road = Road(town, people)
    chosen = condition(**STREET)
    unit = town.units["sanitation"].pk
    found = {
        "file": cost(
            lambda: road.move("station_officer", "file", matter=chosen.matter_id, condition=chosen.pk)
        ),
        "dispatch": cost(lambda: road.move("street_dispatcher", "dispatch", unit=unit, supports=[])),
        "accept": cost(lambda: road.move("unit_officer", "accept")),
        "finish": cost(lambda: road.move("unit_officer", "finish")),
    }
    most = {"file": FILE, "dispatch": DISPATCH, "accept": ACCEPT, "finish": FINISH}
    assert {name: count for name, count in found.items() if count > most[name]} == {}


@pytest.mark.parametrize("cases", [2, 12])
def test_a_list_costs_the_same_however_long_it_is(
    town: Town, people: dict[str, Actor], warm: Road, cases: int
) -> None:
    for _ in range(cases):
        Road(town, people).filed(condition(**STREET))
    actor = people["street_dispatcher"]
    with acting_as(actor), clock.at(START):
        assert cost(lambda: [str(row.matter) + row.area.name for row in lists.my_work(actor)]) <= MY_WORK
        assert cost(lambda: tally(actor, flags=["late"])) <= COUNTS
        rows = lists.listing(actor, lists.Filters())
        assert cost(lambda: [str(row.matter) + row.responsible.short_name for row in rows]) <= LISTING
        assert len(rows) == cases + 1
        assert cost(lambda: case_page(actor, warm.case.pk)) <= PAGE
        assert cost(lambda: next_posts(built_in(), warm.case, START.date())) <= NEXT
    with clock.at(warm.at):
        reporter = Reporter(warm.case.receipt_hash)
        assert cost(lambda: status(reporter)) <= STATUS
        assert cost(lambda: board(reporter)) <= BOARD
        assert cost(lambda: same_nearby(warm.case.lon, warm.case.lat)) <= NEARBY  # type: ignore[arg-type]


def test_my_work_is_what_waits_for_me_and_nothing_i_handled(town: Town, people: dict[str, Actor]) -> None:
    road = Road(town, people).dispatched(condition(level="community", proof="statement"), "station")
    road.move("station_officer", "accept")
    other = Road(town, people).handling(condition(**STREET))

    def work(name: str) -> dict[int, str]:
        with acting_as(people[name]):
            return {row.pk: row.asked for row in lists.my_work(people[name])}

    assert work("station_officer") == {road.case.pk: "handling"}
    assert work("street_dispatcher") == {}
    assert work("unit_officer") == {other.case.pk: "handling"}
    road.move("station_officer", "finish")
    assert work("station_officer") == {}
    assert work("station_officer_2") == {road.case.pk: "checking"}
    other.move("unit_officer", "ask_extension")
    assert work("street_dispatcher") == {other.case.pk: "extension"}
    assert work("administrator") == {}
