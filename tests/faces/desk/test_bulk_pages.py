"""Doing much at once from the lists: chosen, looked over, made once."""

import re

import pytest
from django.http import QueryDict

from casework import STREET, Road, condition, stored
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.bulk import services
from wangge.domain.cases.queries import lists

pytestmark = pytest.mark.django_db


def lines_of(html: str) -> list[str]:
    return re.findall(r'name="line" value="([^"]*)"', html)


def key_of(html: str) -> str:
    found = re.search(r'name="key" value="([^"]*)"', html)
    assert found
    return found[1]


def test_a_list_offers_ticks_and_buttons_only_to_whoever_may_act_on_many(
    town: Town, people: dict[str, Actor]
) -> None:
    Road(town, people).handling(condition(**STREET))
    for role, moves in {
        "street_dispatcher": ["dispatch", "urge", "supervise", "merge"],
        "station_officer": ["dispatch", "urge", "merge"],
        "grid_worker": [],
        "unit_officer": [],
    }.items():
        for path in ("/desk/cases", "/desk/"):
            page = town.client(role).get(path).content.decode()
            if "data-rows" in page:
                assert re.findall(r'data-bulk-move="(\w+)"', page) == moves
                assert ('form="bulk"' in page) == bool(moves)
    assert town.client("grid_worker").get("/desk/bulk/urge").status_code == 403


def test_from_ticks_over_the_preview_to_the_result_and_again(town: Town, people: dict[str, Actor]) -> None:
    cases = [Road(town, people).filed(condition(**STREET)).case for _n in range(2)]
    client = town.client("street_leader")
    address = f"/desk/bulk/supervise?case={cases[0].pk}&case={cases[1].pk}"
    page = client.get(address).content.decode()
    given = {"key": key_of(page), "line": lines_of(page), "note": ""}
    refused = client.post(address, given)
    assert refused.status_code == 422
    assert lines_of(refused.content.decode()) == given["line"]
    given["note"] = "请今天处理完"
    first = client.post(address, given)
    assert client.post(address, given)["Location"] == first["Location"]
    assert "正在办" in client.get(first["Location"]).content.decode()
    services.carry_out(int(first["Location"].rsplit("/", 1)[1]))
    result = client.get(first["Location"]).content.decode()
    assert "办好 2 件" in result
    assert cases[0].number in result
    assert all(stored(case.pk).supervised for case in cases)


def test_all_pages_of_a_list_are_taken_at_once_by_its_filters(town: Town, people: dict[str, Actor]) -> None:
    cases = [Road(town, people).filed(condition(**STREET)).case for _n in range(lists.PAGE + 1)]
    client = town.client("street_leader")
    assert "data-bulk-whole" not in client.get("/desk/cases?state=closed&all=1").content.decode()
    assert "data-bulk-whole" in client.get("/desk/cases").content.decode()
    address = client.get("/desk/bulk/supervise?from=cases&list=page%3D2")["Location"]
    given = QueryDict(address.partition("?")[2])
    assert {int(pk) for pk in given.getlist("case")} == {case.pk for case in cases}
    assert f"可以办 {len(cases)} 件" in client.get(address).content.decode()
    nothing = client.get("/desk/bulk/supervise?from=cases&list=state%3Dclosed", follow=True)
    assert "还没有选择案件" in nothing.content.decode()


def test_nonsense_in_the_address_or_the_form_is_answered_in_words(
    town: Town, people: dict[str, Actor]
) -> None:
    client = town.client("street_leader")
    assert "还没有选择案件" in client.get("/desk/bulk/urge?case=x&case=99999999999999999999").content.decode()
    case = Road(town, people).case
    address = f"/desk/bulk/urge?case={case.pk}"
    key = key_of(client.get(address).content.decode())
    assert client.post(address, {"key": key}).status_code == 422
    answer = client.post(address, {"key": key, "line": ["a:b:c"]})
    services.carry_out(int(answer["Location"].rsplit("/", 1)[1]))
    assert "没办成 1 件" in client.get(answer["Location"]).content.decode()
    assert client.get("/desk/bulk/close").status_code == 403
