"""Visits, the diary and rosters on the desk: a leave hands over the due visit and the shift."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework import TESTS
from factories import Town, client_for, make_dwelling, make_user
from settling import make_resident
from wangge.domain.access.models import Post
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.places.models import Dwelling
from wangge.domain.register.models import CareNeed, Household
from wangge.domain.visits.models import DiaryEntry, Visit, VisitPlan
from wangge.platform import clock

NAME = "何桂香"


@pytest.fixture
def flat(town: Town) -> Dwelling:
    with acting_as(TESTS):
        return make_dwelling(town, town.grids[0], "702")


@pytest.fixture
def need(town: Town, flat: Dwelling) -> CareNeed:
    today, grid = clock.today(), town.grids[0]
    with acting_as(TESTS):
        home = Household.objects.create(area=grid, dwelling=flat, since=today)
        resident = make_resident(home, NAME)
        given = {"kind": "alone", "applied_on": today, "applicant": "self", "consent_text": "care-1"}
        days = {"consent_on": today, "consent_way": "signed", "review_on": today}
        found: CareNeed = CareNeed.objects.create(
            area=grid, resident=resident, ends_on=today + timedelta(days=90), **given, **days
        )
    return found


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client: Client, url: str, **given: Any) -> None:
    answer = client.post(url, {"key": str(uuid.uuid4()), **given})
    assert answer.status_code == 302, answer.content.decode()


def test_on_leave_the_stand_in_sees_the_due_visit_and_begins_the_shift(town: Town, need: CareNeed) -> None:
    worker, today = town.client("grid_worker"), clock.today().isoformat()
    until = (clock.today() + timedelta(days=30)).isoformat()
    sent(
        worker,
        f"/desk/visits/care/{need.pk}/plan",
        rhythm="three_a_day",
        checks=["gas"],
        brings=["meals"],
        starts_on=today,
        ends_on=until,
    )
    post = town.users["grid_worker"].posts.get()
    sent(
        town.client("station_officer"),
        "/desk/visits/shifts/plan",
        post_id=post.pk,
        kind="early",
        days=[today],
    )
    helper = make_user("helper", "替班员")
    beside = {"unit": post.unit, "area": town.grids[1], "starts_on": post.starts_on}
    Post.objects.create(user=helper, role="grid_worker", **beside)
    helping = client_for(helper)
    assert "热饭热菜" not in page(helping, "/desk/visits/")
    leave = {"post": post.pk, "user": helper.pk, "starts_on": today, "ends_on": today, "reason": "休假"}
    sent(worker, "/desk/account/stand-in", **leave)

    shown = page(helping, "/desk/visits/")
    assert "热饭热菜" in shown
    assert "今天还有 3 次" in shown
    assert "您正在替班" in shown
    assert NAME not in shown
    with acting_as(TESTS):
        plan = VisitPlan.objects.get()
    sent(helping, f"/desk/visits/plans/{plan.pk}/visit", outcome="done", text="")
    assert "今天还有 2 次" in page(helping, "/desk/visits/")
    with acting_as(TESTS):
        assert Visit.objects.get().visitor == helper

    roster = page(helping, "/desk/visits/shifts/")
    assert f"代 {town.users['grid_worker'].name}" in roster
    begin = re.search(r'action="([^"]*/begin)"', roster)
    assert begin
    sent(helping, begin[1])
    assert "/end" in page(helping, "/desk/visits/shifts/")
    assert f"由 {helper.name} 代" in page(town.client("station_officer"), "/desk/visits/shifts/")
    book = town.client("station_officer").get("/desk/visits/shifts/month.xlsx")
    assert b"".join(book.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


def test_a_note_is_written_at_a_dwelling_and_becomes_a_case_with_one_press(
    town: Town, flat: Dwelling
) -> None:
    worker = town.client("grid_worker")
    url = f"/desk/visits/diary/new?dwelling={flat.pk}"
    refused = worker.post(url, {"key": str(uuid.uuid4()), "kind": "repair", "text": "她的电话 13800001234"})
    assert refused.status_code == 422
    assert "请不要写电话号码" in refused.content.decode()
    assert "她的电话 13800001234" in refused.content.decode(), "the person's words are never lost"
    sent(worker, url, kind="repair", text="楼道灯不亮")
    with acting_as(TESTS):
        entry = DiaryEntry.objects.get()
    here = f"/desk/visits/diary/{entry.pk}/"
    sent(worker, f"{here}case")
    assert "转为案件</button>" not in page(worker, here)
    with acting_as(TESTS):
        assert Case.objects.get().description == "楼道灯不亮"
    sent(town.client("station_head"), here, text="请周五前修好。")
    assert "请周五前修好。" in page(worker, here)
    assert "楼道灯不亮" in page(worker, "/desk/visits/diary/?q=楼道")
    assert "楼道灯不亮" in page(worker, "/desk/visits/diary/week")
    assert "楼道灯不亮" not in page(worker, "/desk/visits/diary/?q=电梯")
