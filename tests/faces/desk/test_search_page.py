"""The results of a search, as pages."""

from typing import Any

import pytest

from casework import STREET, Road, condition, reported
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import ReadLog
from wangge.platform import clock


def body(town: Town, who: str, words: str) -> str:
    return str(town.client(who).get("/desk/search", {"q": words}).content.decode())


def test_a_whole_number_opens_its_case_and_a_fragment_lists_it(town: Town, people: dict[str, Actor]) -> None:
    case = reported(town).case
    client = town.client("station_officer")
    assert client.get("/desk/search", {"q": case.number})["Location"] == f"/desk/cases/{case.pk}"
    page = body(town, "station_officer", case.number[-7:])
    assert f'href="/desk/cases/{case.pk}"' in page
    assert f"<mark>{case.number[-7:]}</mark>" in page


def test_results_stand_in_groups_with_the_words_marked(town: Town, people: dict[str, Actor]) -> None:
    reported(town, description="东门口<b>垃圾</b>没人收")
    page = body(town, "station_officer", "垃圾")
    assert "东门口&lt;b&gt;<mark>垃圾</mark>&lt;/b&gt;没人收" in page
    for group in ("案件", "事项"):
        assert f">{group}" in page.partition('id="content"')[2]
    areas = body(town, "station_officer", "东社区")
    assert f'href="/desk/cases?area={town.communities[0].pk}"' in areas
    assert f'href="/desk/cases?unit={town.units["sanitation"].pk}"' in body(
        town, "station_officer", town.units["sanitation"].name[:3]
    )


def test_nothing_of_the_west_is_found_in_the_east(town: Town, people: dict[str, Actor]) -> None:
    case = reported(town, grid=2, description="西边的井盖").case
    assert case.number not in body(town, "station_officer", "井盖")
    assert case.number in body(town, "station_officer_west", "井盖")


def test_an_administrator_finds_accounts_and_no_case(town: Town, people: dict[str, Actor]) -> None:
    case = reported(town, description="井盖松了").case
    page = body(town, "administrator", "井盖")
    assert case.number not in page
    user = town.users["station_officer"]
    assert f'href="/desk/users/{user.pk}/"' in body(town, "administrator", user.username)
    assert f"/desk/users/{user.pk}/" not in body(town, "station_officer", user.username)


@pytest.mark.parametrize("words", ["", "，", "没有这样的东西", "<script>", "%", "'; --"])
def test_words_that_find_nothing_say_so(town: Town, people: dict[str, Actor], words: str) -> None:
    reported(town)
    page = body(town, "station_officer", words)
    assert "<script>" not in page.partition('id="content"')[2].partition("</main>")[0]
    assert "row-link" not in page


def test_a_phone_is_asked_for_by_post_and_shown_to_nobody(town: Town, people: dict[str, Actor]) -> None:
    road = Road(town, people, phone="13800003333", name="王小明").checking(condition(**STREET))
    road.move("station_officer", "pass_check")
    client = town.client("station_officer")
    with clock.at(road.at):
        page = client.post("/desk/search/phones", {"ending": "3333"}).content.decode()
        assert f'href="/desk/cases/{road.case.pk}"' in page
        assert "王小明" not in page
        assert "13800003333" not in page
        assert ReadLog.objects.filter(subject=f"case {road.case.pk}").count() == 1
        assert client.post("/desk/search/phones", {"ending": "12"}).status_code == 422
        assert client.get("/desk/search/phones?ending=3333").status_code == 405
        assert town.client("grid_worker").post("/desk/search/phones", {"ending": "3333"}).status_code == 403
    assert "search/phones" not in body(town, "grid_worker", "垃圾")


def test_a_search_costs_the_same_whatever_it_finds(
    town: Town, people: dict[str, Actor], django_assert_max_num_queries: Any
) -> None:
    for _ in range(15):
        reported(town)
    client = town.client("street_dispatcher")
    client.get("/desk/search?q=垃圾")
    with django_assert_max_num_queries(11):
        client.get("/desk/search?q=垃圾")
