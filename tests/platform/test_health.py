"""Late parts are red, and only they."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from wangge.platform import clock
from wangge.platform.health import measure
from wangge.platform.outbox.models import Beat, Message
from wangge.platform.outbox.services import MAX_ATTEMPTS, beat, no_beat, publish, try_given_up_again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _all_alive() -> None:
    beat("delivery")
    beat("sweep")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def test_nothing_is_late_when_all_beat() -> None:
    assert measure().late == ()


@pytest.mark.parametrize(("part", "seconds"), [("delivery", 31), ("sweep", 181)])
def test_a_part_that_no_longer_beats_is_late(part: str, seconds: int) -> None:
    Beat.objects.filter(name=part).update(at=Now() - timedelta(seconds=seconds))
    assert measure().late == (part,)


def test_a_worker_without_heartbeat_is_late() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 s'")
    assert measure().late == ("jobs",)


def test_an_event_that_waits_over_a_minute_is_late_but_not_one_that_tries_again_later() -> None:
    publish("t", {})
    Message.objects.update(next_at=Now() + timedelta(minutes=5))
    assert measure().late == ()
    Message.objects.update(next_at=Now() - timedelta(seconds=61))
    assert measure().late == ("outbox",)


def test_what_was_given_up_is_counted_apart_and_can_be_tried_again() -> None:
    publish("t", {})
    Message.objects.update(attempts=MAX_ATTEMPTS, next_at=clock.now() - timedelta(days=1))
    assert (measure().waiting, measure().given_up, measure().late) == (0, 1, ())
    assert try_given_up_again() == 1
    assert (measure().waiting, measure().given_up) == (1, 0)


def test_a_sender_of_webhooks_is_watched_only_where_there_are_any() -> None:
    assert (measure().webhooks_s, measure().late) == (None, ())
    beat("webhooks")
    Beat.objects.filter(name="webhooks").update(at=Now() - timedelta(seconds=31))
    assert measure().late == ("webhooks",)
    no_beat("webhooks")
    assert measure().late == ()
