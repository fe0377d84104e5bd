"""The page that says how the installation runs."""

import pytest
from django.db import connection
from django.urls import reverse

from factories import Town
from wangge.domain.access.actor import Role
from wangge.platform.outbox.models import Message
from wangge.platform.outbox.services import MAX_ATTEMPTS, beat, publish

pytestmark = pytest.mark.django_db
PAGE = "desk:operation"


def test_a_dead_worker_is_said_in_words_with_what_to_do(town: Town) -> None:
    text = town.client(Role.ADMINISTRATOR).get(reverse(PAGE)).content.decode()
    assert "有部件没有正常工作" in text
    assert "从未运行" in text
    assert "wangge worker" in text


def test_all_is_well_when_everything_beats(town: Town) -> None:
    beat("delivery")
    beat("sweep")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert "一切正常" in town.client(Role.ADMINISTRATOR).get(reverse(PAGE)).content.decode()


def test_what_was_given_up_is_delivered_again_by_a_button(town: Town) -> None:
    publish("t", {})
    Message.objects.update(attempts=MAX_ATTEMPTS)
    browser = town.client(Role.ADMINISTRATOR)
    assert reverse("desk:deliver-again") in browser.get(reverse(PAGE)).content.decode()
    assert browser.post(reverse("desk:deliver-again")).status_code == 302
    assert not Message.objects.filter(attempts__gte=MAX_ATTEMPTS).exists()


@pytest.mark.parametrize("role", [Role.PRIVACY_OFFICER, Role.DISTRICT_LEADER])
def test_only_administrators_see_it(town: Town, role: str) -> None:
    assert town.client(role).get(reverse(PAGE)).status_code == 403
    assert town.client(role).post(reverse("desk:deliver-again")).status_code == 403
