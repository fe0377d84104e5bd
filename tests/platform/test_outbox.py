"""Events are delivered once, in time, and one that fails holds nobody up."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction

from wangge.platform import clock
from wangge.platform.outbox.models import Message
from wangge.platform.outbox.services import MAX_ATTEMPTS, deliver, publish

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)


def test_an_event_leaves_only_with_its_change() -> None:
    with transaction.atomic():
        publish("a", {})
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_an_event_is_delivered_once() -> None:
    seen: list[int] = []
    with clock.at(NOON):
        for number in range(3):
            publish("a", {"number": number})
        assert deliver({"a": lambda message: seen.append(message.payload["number"])}) == 3
        assert deliver({"a": lambda message: seen.append(message.payload["number"])}) == 0
    assert sorted(seen) == [0, 1, 2]


def test_a_failing_event_comes_again_later_and_later_and_the_others_go_on() -> None:
    tried: list[datetime] = []
    done: list[str] = []

    def fail(message: Message) -> None:
        tried.append(clock.now())
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM no_such_table")

    with clock.at(NOON):
        publish("bad", {})
        publish("good", {})
        publish("unknown", {})
    for second in (*range(300), 3600, 7200):
        with clock.at(NOON + timedelta(seconds=second)):
            deliver({"bad": fail, "good": lambda message: done.append("good")})
    assert done == ["good"]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(tried)]
    assert gaps == [2**n for n in range(1, MAX_ATTEMPTS)]
    bad = Message.objects.get(topic="bad")
    assert (bad.attempts, bad.done_at) == (MAX_ATTEMPTS, None)
    assert "no_such_table" in bad.error
    assert Message.objects.get(topic="unknown").done_at is None


def test_what_a_failing_handler_wrote_is_undone() -> None:
    def half(message: Message) -> None:
        publish("written", {})
        raise ValueError("then it broke")

    with clock.at(NOON):
        publish("a", {})
        deliver({"a": half}, limit=1)
    assert not Message.objects.filter(topic="written").exists()


def test_an_event_of_later_waits_for_its_time() -> None:
    with clock.at(NOON + timedelta(minutes=1)):
        publish("a", {})
    with clock.at(NOON):
        assert deliver({"a": print}) == 0
