"""My work: what each role is asked to do, and nothing else."""

from datetime import timedelta

import pytest

from casework import STREET, Road, condition, reported
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.platform import clock

pytestmark = pytest.mark.django_db


def page(town: Town, who: str, query: str = "") -> str:
    answer = town.client(who).get(f"/desk/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_report_is_work_of_its_own_station_and_not_of_the_next(
    town: Town, people: dict[str, Actor]
) -> None:
    number = reported(town).case.number
    assert number in page(town, "station_officer")
    assert number not in page(town, "station_officer_west")


def test_a_chip_counts_and_filters_one_kind_of_work(town: Town, people: dict[str, Actor]) -> None:
    waiting = reported(town).case.number
    filed = Road(town, people).filed(condition(level="community", procedure="ordinary")).case.number
    everything, one = page(town, "station_officer"), page(town, "station_officer", "?asked=filed")
    assert "待派遣 <b>1</b>" in everything
    assert waiting in everything
    assert filed in one
    assert waiting not in one


def test_a_row_names_what_is_asked_next(town: Town, people: dict[str, Actor]) -> None:
    Road(town, people).dispatched(condition(**STREET))
    assert "<strong>接单</strong>" in page(town, "unit_officer")


def test_whoever_handled_is_not_asked_to_check(town: Town, people: dict[str, Actor]) -> None:
    road = Road(town, people).checking(condition(**STREET))
    assert road.case.number in page(town, "grid_worker")
    assert road.case.number not in page(town, "unit_officer")


def test_an_extension_waits_with_the_approver_and_stays_handling_for_the_unit(
    town: Town, people: dict[str, Actor]
) -> None:
    Road(town, people).handling(condition(**STREET)).move("unit_officer", "ask_extension", amount=1)
    assert "延期待批 <b>1</b>" in page(town, "street_dispatcher")
    assert "处置中 <b>1</b>" in page(town, "unit_officer")


def test_an_emergency_stands_first(town: Town, people: dict[str, Actor]) -> None:
    calm = Road(town, people).dispatched(condition(**STREET)).case.number
    chosen = condition(level="street", procedure="emergency", unit="urgent_hour")
    data = {"matter": chosen.matter_id, "condition": chosen.pk, "unit": town.units["sanitation"].pk}
    urgent = Road(town, people).move("station_officer", "file_emergency", **data).case.number
    shown = page(town, "unit_officer")
    assert shown.index(urgent) < shown.index(calm)


def test_a_grid_worker_has_big_buttons_and_a_department_none(town: Town, people: dict[str, Actor]) -> None:
    assert "当场解决" in page(town, "grid_worker")
    assert "big-on-phone" not in page(town, "unit_officer")


def test_leaders_watch_returns_and_approvals(town: Town, people: dict[str, Actor]) -> None:
    assert "退单在办" in page(town, "street_leader")
    assert "退单在办" not in page(town, "grid_worker")


def test_no_work_is_said_kindly(town: Town, people: dict[str, Actor]) -> None:
    assert "现在没有等您办的事" in page(town, "unit_officer")


def test_an_administrator_sees_no_cases_and_goes_to_the_organisation(town: Town) -> None:
    reported(town)
    client = town.client("administrator")
    assert client.get("/desk/")["Location"] == "/desk/units/"
    assert "440105-" not in client.get("/desk/cases").content.decode()


@pytest.mark.parametrize("who", ["grid_worker", "station_officer", "street_dispatcher", "unit_officer"])
def test_the_page_costs_the_same_however_long_the_list(
    town: Town, people: dict[str, Actor], who: str, django_assert_max_num_queries: object
) -> None:
    client = town.client(who)
    for _ in range(12):
        Road(town, people).dispatched(condition(**STREET))
        reported(town)
    client.get("/desk/")
    with django_assert_max_num_queries(18):  # type: ignore[operator]
        client.get("/desk/")


def test_what_the_words_call_overdue_is_red_before_the_sweep_has_come(
    town: Town, people: dict[str, Actor]
) -> None:
    case = Road(town, people).handling(condition(**STREET)).case
    assert case.light == "green"
    with clock.at(case.due_at + timedelta(hours=1)):
        work, alone = page(town, "unit_officer"), page(town, "unit_officer", f"cases/{case.pk}")
    row = work.partition("<tbody")[2].partition("</tbody>")[0]
    assert ("light tone-red" in row, "light tone-green" in row) == (True, False)
    assert "light tone-red" in alone
