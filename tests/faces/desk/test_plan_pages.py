"""Plans of grids on the desk: asked for, compared, edited, named, published, printed."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from casework import TESTS
from factories import Town
from planned import make_plan
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Area
from wangge.domain.planning.models import Plan
from wangge.platform import clock


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def plan(town: Town) -> Plan:
    with acting_as(TESTS):
        return make_plan(town.users["administrator"].pk, town, town.communities[0])


def hidden(shown: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', shown)
    assert found
    return found[1]


def test_a_plan_is_asked_for_once_and_tells_how_far_it_is(town: Town) -> None:
    client, url = town.client("station_head"), f"/desk/plans/new/{town.communities[0].pk}"
    sent = {
        "key": hidden(page(client, url), "key"),
        "way": "mend",
        "least": "60",
        "most": "100",
        "freedom": "25",
        "wanted": "",
    }
    where = client.post(url, sent)["Location"]
    assert client.post(url, sent)["Location"] == where
    assert "正在计算：0%" in page(client, where)
    client.post(f"{where}cancel")
    assert "计算已停止" in page(client, where)
    assert "已停止" in page(client, "/desk/plans/")


def test_bounds_that_cannot_be_are_told_at_the_field(town: Town) -> None:
    client, url = town.client("station_head"), f"/desk/plans/new/{town.communities[0].pk}"
    sent = {"key": str(uuid.uuid4()), "way": "new", "least": "500", "most": "300", "freedom": "50"}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "上限要大于下限" in answer.content.decode()


def test_alternatives_show_their_scores_in_words(town: Town, plan: Plan) -> None:
    shown = page(town.client("station_head"), f"/desk/plans/{plan.pk}/")
    assert "全部 2 个网格在 80 至 100 户之间" in shown
    assert "100% 的边界沿街" in shown
    assert "没有一户换网格" in shown


def test_a_building_is_chosen_given_away_and_taken_back(town: Town, plan: Plan) -> None:
    client, url = town.client("station_head"), f"/desk/plans/{plan.pk}/1/"
    shown = page(client, f"{url}?unit=1")
    assert "60 户，现在属于东1网格。" in shown
    assert "东1网格 100 → 40 户，东2网格 80 → 140 户" in shown
    sent = {"act": "give", "unit": "1", "to": "1", "revision": hidden(shown, "revision")}
    assert client.post(f"{url}edit", sent)["Location"] == f"{url}?unit=1#edit"
    assert "60 户换了网格" in page(client, url)
    # A second tap on what was there before is told, not done.
    again = client.post(f"{url}edit", sent, follow=True).content.decode()
    assert "这个方案已经改过" in again
    client.post(f"{url}edit", {"act": "undo", "revision": "1"})
    assert "没有一户换网格" in page(client, url)


def test_names_are_kept_and_errors_stand_at_their_field(town: Town, plan: Plan) -> None:
    client, url = town.client("station_head"), f"/desk/plans/{plan.pk}/1/names"
    sent: dict[str, Any] = {"seen": hidden(page(client, url), "seen"), "key": str(uuid.uuid4())}
    answer = client.post(url, sent | {"name_0": "河东网格", "name_1": "河东网格"})
    assert answer.status_code == 422
    assert "和前面的网格重复了" in answer.content.decode()
    sent["key"] = str(uuid.uuid4())
    assert client.post(url, sent | {"name_0": "河东网格", "name_1": "河西网格"}).status_code == 302
    assert "河西网格" in page(client, f"/desk/plans/{plan.pk}/1/")


def test_an_administrator_publishes_and_the_plan_is_closed(town: Town, plan: Plan) -> None:
    client, url = town.client("administrator"), f"/desk/plans/{plan.pk}/1/publish"
    shown = page(client, url)
    assert "2 个网格沿用" in shown
    sent = {
        "seen": hidden(shown, "seen"),
        "key": str(uuid.uuid4()),
        "on": clock.today().isoformat(),
        "note": "批复",
    }
    assert client.post(url, sent)["Location"] == f"/desk/areas/{town.communities[0].pk}/"
    assert "批复" in page(client, f"/desk/areas/{town.communities[0].pk}/")
    assert "划给" not in page(client, f"/desk/plans/{plan.pk}/1/?unit=1")
    assert Area.objects.filter(parent=town.communities[0], active=True).count() == 2


def test_a_plan_is_printed_on_a3(town: Town, plan: Plan) -> None:
    answer = town.client("street_leader").get(f"/desk/plans/{plan.pk}/1/plan.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_pages_of_plans_cost_a_fixed_number_of_statements(
    town: Town, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    client = town.client("administrator")
    for url in ("/desk/plans/", f"/desk/plans/{plan.pk}/", f"/desk/plans/{plan.pk}/1/?unit=1"):
        page(client, url)
        with django_assert_max_num_queries(25):
            page(client, url)
