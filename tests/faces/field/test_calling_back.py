"""Calling back from a phone: whose number goes along, for how long, and that each look is written down."""

from datetime import timedelta

import pytest

from casework import START, STREET, Road, condition
from factories import Town, client_for
from handset import Phone, made
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import ReadLog
from wangge.domain.cases.models import Case
from wangge.domain.cases.services.contacts import CALL_BACK
from wangge.platform import clock

pytestmark = pytest.mark.django_db
NAME, PHONE = "林阿婆", "13800001234"


@pytest.fixture
def waiting(town: Town, people: dict[str, Actor]) -> Case:
    """A case that was checked and whose reporter is to be called back."""
    road = Road(town, people, name=NAME, phone=PHONE).checking(condition(**STREET))
    case = road.move("station_officer", "pass_check").case
    assert case.state == "callback"
    return case


def looks(case: Case) -> list[tuple[int | None, str, str]]:
    rows = ReadLog.objects.filter(subject=f"case {case.pk}", purpose=CALL_BACK).order_by("pk")
    return list(rows.values_list("user_id", "data_class", "channel"))


def test_who_must_call_back_takes_the_number_along_and_the_look_is_written_down(
    town: Town, people: dict[str, Actor], waiting: Case
) -> None:
    caller = Phone(client_for(town.users["station_officer"]))
    with clock.at(START + timedelta(hours=4)):
        caller.take(caller.sync())
        assert caller.held["contacts"] == {
            str(waiting.pk): {"id": str(waiting.pk), "name": NAME, "phone": PHONE, "purpose": CALL_BACK}
        }
        first = [(people["station_officer"].user_id, "姓名、电话", "field")]
        assert looks(waiting) == first
        caller.take(caller.sync())
    assert looks(waiting) == first


@pytest.mark.parametrize("who", ["grid_worker", "unit_officer", "station_officer_west", "street_dispatcher"])
def test_nobody_else_takes_it_along(town: Town, waiting: Case, who: str) -> None:
    phone = Phone(client_for(town.users[who]))
    answer = phone.sync()
    assert "contacts" not in answer["changes"]
    assert PHONE not in str(answer)
    assert looks(waiting) == []


def test_once_called_back_it_is_gone_from_the_phone(town: Town, waiting: Case) -> None:
    caller = Phone(client_for(town.users["station_officer"]))
    caller.take(caller.sync())
    (move,) = (one for one in caller.held["cases"][str(waiting.pk)]["moves"] if one["key"] == "call_back")
    assert {asked["key"] for asked in move["ask"]} >= {"reached", "solved"}
    done = {
        "move": "call_back",
        "revision": waiting.version,
        "data": {"reached": True, "solved": True, "satisfied": 5},
        "photos": [],
    }
    record = made(done, form="move-1", subject=str(waiting.pk))
    answer = caller.sync(record)
    caller.take(answer)
    assert answer["receipts"][0]["state"] == "done", answer["receipts"]
    assert caller.held["contacts"] == {}
