"""Limits on attempts."""

from datetime import UTC, datetime, timedelta

import pytest

from wangge.platform import clock
from wangge.platform.limits.models import Tally
from wangge.platform.limits.services import attempts, forget_attempts, note_attempt

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
HOUR = 3600


def test_attempts_are_counted_for_each_action_and_subject_apart() -> None:
    with clock.at(NOON):
        assert [note_attempt("report", "10.0.0.1", HOUR) for _ in range(3)] == [1, 2, 3]
        assert note_attempt("report", "10.0.0.2", HOUR) == 1
        assert note_attempt("sign in", "10.0.0.1", HOUR) == 1
        assert attempts("report", "10.0.0.1") == 3
        assert attempts("report", "10.0.0.3") == 0


def test_the_count_begins_anew_when_the_span_is_over() -> None:
    with clock.at(NOON):
        note_attempt("report", "a", HOUR)
    with clock.at(NOON + timedelta(minutes=59)):
        assert note_attempt("report", "a", HOUR) == 2
    with clock.at(NOON + timedelta(minutes=60)):
        assert attempts("report", "a") == 0
        assert note_attempt("report", "a", HOUR) == 1


def test_ended_spans_leave_nothing_behind() -> None:
    with clock.at(NOON):
        note_attempt("report", "a", HOUR)
    with clock.at(NOON + timedelta(hours=2)):
        note_attempt("report", "b", HOUR)
    assert Tally.objects.count() == 1


def test_no_address_can_be_read_back() -> None:
    note_attempt("report", "10.9.8.7", HOUR)
    assert "10.9.8.7" not in str(list(Tally.objects.values()))


def test_forgetting_begins_anew() -> None:
    note_attempt("sign in", "li", HOUR)
    forget_attempts("sign in", "li")
    assert attempts("sign in", "li") == 0
