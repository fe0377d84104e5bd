"""Care that is asked for at the door: by name, with the consent, kept from everybody until it stands in the register."""

import json
from datetime import timedelta
from typing import Any

import pytest

from casework import TESTS
from factories import client_for
from handset import Phone, made
from scene import Scene
from wangge.domain.access.scope import acting_as
from wangge.domain.field.models import Aside, Record
from wangge.domain.field.services import mapping
from wangge.domain.register.models import CareNeed, Household, Resident
from wangge.platform import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(scene: Scene) -> Phone:
    return Phone(client_for(scene.town.users["grid_worker"]))


def home_of(scene: Scene, grid: int = 0) -> Household:
    with acting_as(TESTS):
        return Household.objects.filter(area=scene.town.grids[grid]).order_by("pk")[0]


def asked(scene: Scene, **other: Any) -> dict[str, Any]:
    payload = {
        "resident": None,
        "dwelling": str(home_of(scene).dwelling_id),
        "name": "李 秀兰",
        "phone": "138 0000 1234",
        "kind": "home_rest",
        "asks": "送三餐",
        "applicant": "self",
        "consent_text": "care-1",
        "consent_way": "spoken",
        "consent_on": clock.today().isoformat(),
        "span": 30,
        **other,
    }
    return made(payload, form="care-1")


def receipt(phone: Phone, record: dict[str, Any]) -> dict[str, Any]:
    phone.sync(record)
    (found,) = phone.sync(record)["receipts"]
    return dict(found)


def test_somebody_who_was_not_registered_is_and_has_the_care_once(scene: Scene, phone: Phone) -> None:
    told = receipt(phone, asked(scene))
    assert told["state"] == "done", told
    with acting_as(TESTS):
        care = CareNeed.objects.select_related("resident").get(pk=told["result"]["care"])
        assert (care.resident.name, care.resident.phone) == ("李秀兰", "13800001234")
        assert care.resident.household_id == home_of(scene).pk
        assert (care.kind, care.asks, care.consent_text, care.consent_way) == (
            "home_rest", "送三餐", "care-1", "spoken",
        )  # fmt: skip
        assert (care.consent_on, care.ends_on) == (clock.today(), clock.today() + timedelta(days=30))
        assert Resident.objects.filter(household=home_of(scene), since=None).count() >= 1


def test_who_lives_there_under_this_name_is_not_registered_twice(scene: Scene, phone: Phone) -> None:
    with acting_as(TESTS):
        first, second = Resident.objects.filter(household=home_of(scene)).order_by("pk")
        before = Resident.objects.count()
    twice = receipt(phone, asked(scene, name="陈大文"))
    assert "同名" in twice["problem"][""]
    with acting_as(TESTS):
        Resident.objects.filter(pk=second.pk).update(until=clock.today())
    told = receipt(phone, asked(scene, name="陈大文", kind="child"))
    assert told["state"] == "done", told
    with acting_as(TESTS):
        assert Resident.objects.count() == before
        assert CareNeed.objects.get(pk=told["result"]["care"]).resident_id == first.pk


def test_an_application_is_read_by_nobody_while_it_waits_and_emptied_when_it_ended(
    scene: Scene, phone: Phone
) -> None:
    first = asked(scene)
    waiting = made({"text": "x"}, form="note-1", subject="1", files=[{"sha256": "0" * 64}])
    first["after"] = waiting["id"]
    phone.sync(waiting, first)
    other = {**asked(scene, name="李四"), "id": first["id"]}
    assert phone.sync(other)["records"][0]["answer"] == "conflict"
    with acting_as(TESTS):
        record, aside = Record.objects.get(pk=first["id"]), Aside.objects.get(record=first["id"])
        assert record.state == "waiting"
        for text in (record.payload, aside.payload):
            assert text
            assert "李" not in text
            assert not text.startswith("{")
        Record.objects.filter(pk=waiting["id"]).delete()
    assert mapping.map_waiting() == 1
    with acting_as(TESTS):
        assert (Record.objects.get(pk=first["id"]).state, Record.objects.get(pk=first["id"]).payload) == (
            "done",
            "",
        )
    assert receipt(phone, first)["state"] == "done"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"consent_text": ""}, "consent_text"),
        ({"consent_way": ""}, "consent_way"),
        ({"applicant": "neighbour"}, "applicant"),
        ({"kind": "watch"}, "kind"),
        ({"span": 3650}, "span"),
        ({"name": ""}, "name"),
        ({"consent_on": ""}, "payload"),
    ],
)
def test_without_consent_or_request_there_is_no_care_and_the_words_say_why(
    scene: Scene, phone: Phone, wrong: dict[str, Any], named: str
) -> None:
    with acting_as(TESTS):
        before = (CareNeed.objects.count(), Resident.objects.count())
    told = receipt(phone, asked(scene, **wrong))
    assert (told["state"], list(told["problem"])) == ("refused", [named])
    with acting_as(TESTS):
        assert (CareNeed.objects.count(), Resident.objects.count()) == before
        assert Record.objects.get(pk=told["id"]).payload == ""


def test_a_door_of_another_grid_is_not_found_and_several_households_are_left_to_the_desk(
    scene: Scene, phone: Phone
) -> None:
    there = receipt(phone, asked(scene, dwelling=str(home_of(scene, 1).dwelling_id)))
    assert (there["state"], list(there["problem"])) == ("refused", [""])
    with acting_as(TESTS):
        home = home_of(scene)
        Household.objects.create(area=home.area, dwelling=home.dwelling)
    assert "几户" in receipt(phone, asked(scene))["problem"][""]


def test_a_phone_whose_clock_runs_ahead_agrees_to_nothing_after_today(scene: Scene, phone: Phone) -> None:
    ahead = (clock.today() + timedelta(days=3)).isoformat()
    told = receipt(phone, asked(scene, consent_on=ahead))
    with acting_as(TESTS):
        assert CareNeed.objects.get(pk=told["result"]["care"]).consent_on == clock.today()


def test_the_text_that_is_agreed_to_goes_along_for_who_keeps_a_register_and_for_nobody_else(
    scene: Scene,
) -> None:
    worker = Phone(client_for(scene.town.users["grid_worker"]))
    worker.take(worker.sync())
    (text,) = worker.held["care"].values()
    assert text["id"] == "care-1"
    assert "撤回" in text["body"]
    assert "online" not in json.dumps(text["ways"])
    desk = Phone(client_for(scene.town.users["street_dispatcher"]))
    desk.take(desk.sync())
    assert "care" not in desk.held
