"""Saved views: under a name above the list, for oneself or a unit, and first of all where one wants it."""

import uuid
from typing import Any

import pytest
from django.test import Client

from casework import reported
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.office.models import SavedView
from wangge.domain.office.queries import counted, saved_views
from wangge.domain.office.services import views as services
from wangge.platform.errors import Invalid, NotFound

OPEN = {"flag": "open", "sort": "urgency"}


def save(client: Client, name: str, query: str = "flag=open", **given: Any) -> Any:
    return client.post(f"/desk/views?{query}", {"name": name, "key": str(uuid.uuid4()), **given})


def names(actor: Actor) -> list[str]:
    with acting_as(actor):
        return [view.name for view in saved_views(actor)]


def tabs(client: Client, query: str = "") -> str:
    return str(client.get(f"/desk/views/tabs?{query}").content.decode())


def test_filters_and_order_are_saved_under_a_name_and_stand_above_the_list(
    town: Town, people: dict[str, Actor]
) -> None:
    client = town.client("station_officer")
    answer = save(client, " 最急的在办 ", "sort=urgency&flag=open&page=3&x=y")
    assert answer["Location"] == "/desk/cases?flag=open&sort=urgency"
    assert 'href="/desk/cases?flag=open&amp;sort=urgency" aria-current="page">最急的在办' in tabs(
        client, "flag=open&sort=urgency"
    )
    assert 'hx-get="/desk/views/tabs?flag=open"' in client.get("/desk/cases?flag=open").content.decode()


def test_a_view_is_mine_alone_or_shared_with_my_unit(town: Town, people: dict[str, Actor]) -> None:
    client = town.client("station_officer")
    unit = people["station_officer"].posts[0].unit_id
    save(client, "自己的")
    save(client, "共用的", unit_id=unit)
    assert names(people["station_officer"]) == ["共用的", "自己的"]
    assert names(people["station_head"]) == ["共用的"]
    assert names(people["grid_worker"]) == ["共用的"]
    assert names(people["station_officer_west"]) == []
    assert save(client, "别处", unit_id=town.units["sanitation"].pk).status_code == 422


def test_a_shared_view_shows_each_reader_only_what_they_may_see(town: Town, people: dict[str, Actor]) -> None:
    reported(town, grid=0)
    reported(town, grid=1)
    unit = people["station_officer"].posts[0].unit_id
    with acting_as(services.VIEWS):
        view = services.save_view(people["station_officer"], "在办", OPEN, unit)
    for name, count in (("station_officer", 2), ("grid_worker", 1), ("station_officer_west", 0)):
        with acting_as(people[name]):
            assert counted(people[name], view) == count


@pytest.mark.parametrize(("name", "query"), [("", "flag=open"), ("长" * 31, "flag=open"), ("空的", "")])
def test_a_view_needs_a_name_and_a_filter_and_the_words_stay(
    town: Town, people: dict[str, Actor], name: str, query: str
) -> None:
    answer = save(town.client("station_officer"), name, query)
    assert answer.status_code == 422
    assert f'value="{name}"' in answer.content.decode() or not name


def test_a_name_is_taken_once_and_a_form_acts_once(town: Town, people: dict[str, Actor]) -> None:
    client, key = town.client("station_officer"), str(uuid.uuid4())
    for _ in range(2):
        assert save(client, "在办", key=key).status_code == 302
    assert names(people["station_officer"]) == ["在办"]
    assert save(client, "在办").status_code == 422
    assert save(town.client("station_head"), "在办").status_code == 302


def test_a_view_is_renamed_removed_and_brought_back_by_its_owner_alone(
    town: Town, people: dict[str, Actor]
) -> None:
    mine, client = people["station_officer"], town.client("station_officer")
    view = services.save_view(mine, "在办", OPEN, mine.posts[0].unit_id)
    here = f"/desk/views/{view.pk}"
    assert client.post(f"{here}/rename", {"name": "急件"}).status_code == 302
    for act in ("rename", "remove", "restore"):
        assert town.client("station_head").post(f"{here}/{act}", {"name": "x"}).status_code == 404
    assert names(people["station_head"]) == ["急件"]
    client.post(f"{here}/remove")
    assert names(mine) == names(people["station_head"]) == []
    assert f"{here}/restore" in client.get("/desk/views").content.decode()
    client.post(f"{here}/restore")
    assert names(mine) == ["急件"]
    assert client.post(f"{here}/nonsense").status_code == 404


def test_a_restored_view_takes_no_name_that_was_given_away(town: Town, people: dict[str, Actor]) -> None:
    mine = people["station_officer"]
    view = services.save_view(mine, "在办", OPEN)
    services.remove_view(mine, view.pk)
    services.save_view(mine, "在办", {"flag": "late"})
    with pytest.raises(Invalid):
        services.restore_view(mine, view.pk)


def test_the_list_opens_with_the_view_that_i_chose_until_it_goes(
    town: Town, people: dict[str, Actor]
) -> None:
    mine, client = people["station_officer"], town.client("station_officer")
    view = services.save_view(mine, "在办", OPEN, mine.posts[0].unit_id)
    head = town.client("station_head")
    for browser in (client, head):
        browser.post(f"/desk/views/{view.pk}/first")
        assert browser.get("/desk/cases")["Location"] == "/desk/cases?flag=open&sort=urgency"
        assert browser.get("/desk/cases?all=1").status_code == 200
    head.post(f"/desk/views/{view.pk}/plain")
    assert head.get("/desk/cases").status_code == 200
    client.post(f"/desk/views/{view.pk}/remove")
    assert client.get("/desk/cases").status_code == 200
    with pytest.raises(NotFound):
        services.choose_first(people["station_officer_west"], view.pk)


def test_the_page_counts_only_the_view_that_was_asked_for(town: Town, people: dict[str, Actor]) -> None:
    reported(town)
    mine, client = people["station_officer"], town.client("station_officer")
    view = services.save_view(mine, "在办", OPEN)
    services.save_view(mine, "超期", {"flag": "late"})
    page = client.get(f"/desk/views?count={view.pk}").content.decode()
    assert "1 件" in page
    assert page.count("数一数") == 1


def test_tabs_cost_the_same_whatever_their_number(
    town: Town, people: dict[str, Actor], django_assert_max_num_queries: Any
) -> None:
    client = town.client("station_officer")
    for number in range(5):
        services.save_view(people["station_officer"], f"视图{number}", OPEN)
    client.get("/desk/views/tabs")
    with django_assert_max_num_queries(6):
        client.get("/desk/views/tabs")


def test_nobody_saves_views_without_end(
    town: Town, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST", 2)
    for number in range(2):
        services.save_view(people["station_officer"], f"视图{number}", OPEN)
    with pytest.raises(Invalid):
        services.save_view(people["station_officer"], "多了", OPEN)
    with acting_as(services.VIEWS):
        assert SavedView.objects.count() == 2
