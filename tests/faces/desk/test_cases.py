"""The list of cases, its filters and map, and the page of one case."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from casework import STREET, Road, condition, reported
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import ReadLog, StandIn
from wangge.domain.cases.models import Case
from wangge.domain.cases.queries import lists
from wangge.faces.desk.words import case_title, place_words
from wangge.platform import clock

pytestmark = pytest.mark.django_db


def body(town: Town, who: str, path: str) -> str:
    answer = town.client(who).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_list_holds_what_i_may_see_and_nothing_else(town: Town, people: dict[str, Actor]) -> None:
    east, west = reported(town, grid=0).case.number, reported(town, grid=2).case.number
    assert east in body(town, "station_officer", "/desk/cases")
    assert west not in body(town, "station_officer", "/desk/cases")
    assert west in body(town, "street_dispatcher", "/desk/cases")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=reported", True),
        ("state=closed", False),
        ("flag=open", True),
        ("flag=ended", False),
        ("words=一堆垃圾", True),
        ("words=路灯", False),
        ("since=2020-01-01", True),
        ("until=2020-01-01", False),
        ("channel=web", True),
        ("channel=worker", False),
        ("light=green", True),
        ("light=red", False),
        ("sort=urgency", True),
        ("since=nonsense&page=99", True),
    ],
)
def test_each_filter_of_the_address_keeps_what_fits(
    town: Town, people: dict[str, Actor], query: str, found: bool
) -> None:
    number = reported(town).case.number
    assert (number in body(town, "street_dispatcher", f"/desk/cases?{query}")) is found


def test_the_area_filter_keeps_a_branch_of_the_tree(town: Town, people: dict[str, Actor]) -> None:
    number = reported(town, grid=0).case.number
    inside, outside = town.communities
    assert number in body(town, "street_dispatcher", f"/desk/cases?area={inside.pk}")
    assert number not in body(town, "street_dispatcher", f"/desk/cases?area={outside.pk}")


def test_the_map_shows_matters_of_my_area_with_their_light(town: Town, people: dict[str, Actor]) -> None:
    case = reported(town, grid=0).case
    reported(town, grid=2)
    points = json.loads(body(town, "station_officer", "/desk/map.json"))["features"]
    assert [point["properties"]["url"] for point in points] == [f"/desk/cases/{case.pk}"]
    assert points[0]["properties"]["light"] == "green"
    assert "data-map" in body(town, "station_officer", "/desk/cases/map")


# One less when served: the test's own transaction outlives the actor's, whose settings are then taken back.
@pytest.mark.parametrize(
    ("path", "most"),
    [("/desk/cases", 8), ("/desk/cases/map", 9), ("/desk/map.json", 6), ("/desk/", 9)],
)
def test_a_list_costs_the_same_however_long(
    town: Town, people: dict[str, Actor], path: str, most: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(15):
        reported(town)
    client = town.client("street_dispatcher")
    client.get(path)
    with django_assert_max_num_queries(most):
        client.get(path)


def test_a_list_opens_page_by_page_in_the_order_of_time_and_ends(
    town: Town, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [reported(town).case.number for _ in range(5)]
    monkeypatch.setattr(lists, "PAGE", 2)
    pages = [body(town, "street_dispatcher", f"/desk/cases?page={page}") for page in (1, 2, 3, 9)]
    shown = [[number for number in numbers if number in page] for page in pages]
    assert [sorted(page) for page in shown] == [numbers[3:], numbers[1:3], numbers[:1], numbers[:1]]


def test_an_ended_post_ends_at_the_next_click(town: Town, people: dict[str, Actor]) -> None:
    number = reported(town).case.number
    assert number in body(town, "station_officer", "/desk/cases")
    town.users["station_officer"].posts.update(
        starts_on=clock.today() - timedelta(days=2), ends_on=clock.today() - timedelta(days=1)
    )
    assert number not in body(town, "station_officer", "/desk/cases")


def test_the_case_page_costs_the_same_however_long_the_history(
    town: Town, people: dict[str, Actor], django_assert_max_num_queries: Any
) -> None:
    road = Road(town, people).handling(condition(**STREET))
    for _ in range(6):
        road.move("unit_officer", "note")
    client = town.client("street_dispatcher")
    client.get(f"/desk/cases/{road.case.pk}")
    with django_assert_max_num_queries(27):
        client.get(f"/desk/cases/{road.case.pk}")


@pytest.mark.parametrize("path", ["", "/moves/file", "/contact"])
def test_a_case_outside_my_area_answers_404_never_403(
    town: Town, people: dict[str, Actor], path: str
) -> None:
    case = reported(town, grid=2).case
    client = town.client("station_officer")
    url = f"/desk/cases/{case.pk}{path}"
    answer = client.post(url, {"purpose": "回访核实办理结果"}) if path == "/contact" else client.get(url)
    assert answer.status_code == 404


def test_the_page_says_who_has_it_who_is_next_and_what_happened(town: Town, people: dict[str, Actor]) -> None:
    road = Road(town, people).dispatched(condition(**STREET))
    shown = body(town, "street_dispatcher", f"/desk/cases/{road.case.pk}")
    for words in ("海珠区环卫作业中心", "刘佩莲", "待派遣 → 待接单", "办理过程", "承诺期限"):
        assert words in shown


def stand_in(town: Town, holder: str, by: str) -> None:
    """For today `by` has the post of `holder`."""
    post = town.users[holder].posts.get()
    StandIn.objects.create(post=post, user=town.users[by], starts_on=clock.today(), ends_on=clock.today())


def test_a_move_closed_by_a_rule_is_shown_with_its_reason(town: Town, people: dict[str, Actor]) -> None:
    road = Road(town, people).checking(condition(**STREET))
    stand_in(town, "grid_worker", "unit_officer")
    shown = body(town, "unit_officer", f"/desk/cases/{road.case.pk}")
    assert "处置人不能核查自己的处置" in shown
    assert f"/desk/cases/{road.case.pk}/moves/pass_check" not in shown


def test_history_names_the_holder_for_whom_somebody_stood_in(town: Town, people: dict[str, Actor]) -> None:
    case = reported(town).case
    stand_in(town, "station_head", "unit_officer")
    client = town.client("unit_officer")
    answer = client.post(
        f"/desk/cases/{case.pk}/moves/ask_check", {"version": case.version, "note": "看看还在不在"}
    )
    assert answer.status_code == 302
    assert "代张健辉" in body(town, "station_officer", f"/desk/cases/{case.pk}")


def test_a_contact_is_masked_until_a_caller_states_a_purpose(town: Town, people: dict[str, Actor]) -> None:
    road = Road(town, people, name="周月好", phone="16400097531").checking(condition(**STREET))
    url = f"/desk/cases/{road.case.pk}"
    assert "留有联系方式" in body(town, "station_officer", url)
    road.move("station_officer_2", "pass_check")
    masked = body(town, "station_officer", url)
    assert "7531" not in masked
    assert "周" not in masked
    assert town.client("station_officer").post(f"{url}/contact", {"purpose": "看看"}).status_code == 422
    shown = town.client("station_officer").post(f"{url}/contact", {"purpose": "回访核实办理结果"})
    assert "16400097531" in shown.content.decode()
    assert ReadLog.objects.get().purpose == "回访核实办理结果"
    assert "16400097531" not in body(town, "station_officer", url)


def test_no_list_and_no_department_page_holds_a_contact(town: Town, people: dict[str, Actor]) -> None:
    road = Road(town, people, name="周月好", phone="16400097531").checking(condition(**STREET))
    road.move("station_officer_2", "pass_check")
    for who, path in (
        ("station_officer", "/desk/"),
        ("station_officer", "/desk/cases"),
        ("station_officer", "/desk/map.json"),
        ("unit_officer", f"/desk/cases/{road.case.pk}"),
    ):
        shown = body(town, who, path)
        assert "7531" not in shown
        assert "周月" not in shown


def test_a_merged_case_and_its_target_name_each_other(town: Town, people: dict[str, Actor]) -> None:
    target, twin = reported(town).case, reported(town, key=uuid.uuid4()).case
    client = town.client("station_officer")
    client.post(f"/desk/cases/{twin.pk}/moves/merge", {"version": twin.version, "into": target.number})
    assert target.number in body(town, "station_officer", f"/desk/cases/{twin.pk}")
    assert twin.number in body(town, "station_officer", f"/desk/cases/{target.pk}")


def test_chosen_filters_stay_in_sight_and_each_is_taken_off_alone(
    town: Town, people: dict[str, Actor]
) -> None:
    page = body(town, "street_dispatcher", "/desk/cases?flag=open&words=垃圾&page=1")
    assert "(2)" in page
    assert 'href="?words=%E5%9E%83%E5%9C%BE"' in page
    assert 'href="?flag=open"' in page


@pytest.mark.parametrize(
    ("area", "address", "shown"),
    [
        ("乐园社区第3网格", "华西街道乐园社区 望江楼8栋", "乐园社区第3网格 · 望江楼8栋"),
        ("紫薇社区第3网格", "紫薇社区第3网格公交站旁", "紫薇社区第3网格公交站旁"),
        ("紫薇社区第3网格", "同福西路 17 号", "紫薇社区第3网格 · 同福西路 17 号"),
        ("紫薇社区第3网格", "", "紫薇社区第3网格 · "),
    ],
)
def test_a_place_is_named_once(area: str, address: str, shown: str) -> None:
    assert place_words(area, address) == shown.rstrip(" ·")


def test_a_case_without_a_matter_is_called_by_its_words_without_the_address() -> None:
    case = Case(address="龙溪路33号", description="龙溪路33号，彩灯掉了。")
    assert case_title(case) == "彩灯掉了"
