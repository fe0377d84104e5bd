"""The worker's delivery loop on a real database."""

import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError

from wangge.platform.health import measure
from wangge.platform.outbox import loop
from wangge.platform.outbox.models import Beat, Message
from wangge.platform.outbox.services import deliver, publish

pytestmark = pytest.mark.django_db


def test_a_waiting_event_is_delivered_and_the_loop_is_seen_alive() -> None:
    stop = threading.Event()
    publish("t", {"n": 1})
    loop.keep_delivering(lambda: deliver({"t": lambda message: stop.set()}), stop)
    assert Message.objects.get().done_at is not None
    assert Beat.objects.count() == 1
    found = measure()
    assert found.waiting == 0
    assert found.delivery_s is not None
    assert found.delivery_s < 30


def test_an_event_published_while_the_loop_pauses_is_delivered_at_the_next_look() -> None:
    stop = threading.Event()
    looks: Iterator[None] = iter([None])

    def look() -> int:
        found = deliver({"t": lambda message: stop.set()})
        if not found and next(looks, False) is None:
            publish("t", {"n": 1})
        return found

    loop.keep_delivering(look, stop, look_every_s=0.01)
    assert Message.objects.filter(done_at__isnull=False).count() == 1


def test_a_lost_database_does_not_end_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_AFTER_ERROR_S", 0.01)
    stop = threading.Event()
    calls = []

    def lost_once() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("the connection is lost")
        stop.set()
        return 0

    loop.keep_delivering(lost_once, stop, look_every_s=0.01)
    assert len(calls) == 2


def test_no_beat_means_not_healthy() -> None:
    assert {"delivery", "jobs", "sweep"} <= set(measure().late)
