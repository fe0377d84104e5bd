"""A form that is sent twice acts once."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from factories import Town
from wangge.domain.access.actor import Role
from wangge.domain.catalogue.models import Condition, Matter
from wangge.platform import clock
from wangge.platform.errors import Conflict
from wangge.platform.once.services import forget_sent, once
from wangge.platform.outbox.models import Message


def test_the_second_sending_gives_the_same_row_and_makes_no_other(db: None) -> None:
    key = uuid.uuid4()
    made: list[Message] = []

    def act() -> Message:
        made.append(Message.objects.create(topic="t", payload={}, made_at=clock.now(), next_at=clock.now()))
        return made[-1]

    assert once(key, {"a": ["1"]}, act) == (made[0], False)
    assert once(key, {"a": ["1"]}, act) == (made[0], True)
    assert len(made) == 1
    with pytest.raises(Conflict):
        once(key, {"a": ["2"]}, act)


def test_a_refused_form_may_be_sent_again_under_its_key(db: None) -> None:
    key = uuid.uuid4()

    def refuse() -> None:
        raise Conflict("no")

    with pytest.raises(Conflict):
        once(key, {"a": ["1"]}, refuse)
    assert once(key, {"a": ["better"]}, lambda: None) == (None, False)


def test_keys_are_forgotten_after_a_while(db: None) -> None:
    once(uuid.uuid4(), {}, lambda: None)
    assert forget_sent(clock.now() - timedelta(days=1)) == 0
    assert forget_sent(clock.now() + timedelta(days=1)) == 1


def test_a_condition_sent_twice_is_one_row(town: Town) -> None:
    matter = Matter.objects.get(kind="event", code="06011")
    row = Condition.objects.filter(matter=matter).order_by("number")[0]
    names = ("text", "text_en", "amount", "unit", "level", "procedure", "proof", "closing_condition")
    browser = town.client(Role.ADMINISTRATOR)
    address = reverse("desk:new-condition", args=[matter.pk])
    key = browser.get(address).context["form"]["key"].value()
    form = {name: getattr(row, name) for name in names} | {"text": "又一种情形", "key": key}
    answers = [browser.post(address, form) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Condition.objects.filter(matter=matter, text="又一种情形").count() == 1


def test_an_account_sent_twice_shows_its_password_once(town: Town) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    address = reverse("desk:new-user")
    form = {"name": "陈新", "username": "chenxin", "key": browser.get(address).context["form"]["key"].value()}
    first, second = browser.post(address, form), browser.post(address, form)
    assert first.context["password"]
    assert second.status_code == 302
    assert first.context["password"] not in browser.get(second["Location"]).content.decode()
