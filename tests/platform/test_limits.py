"""Limits on attempts."""

from datetime import UTC, datetime, timedelta

import pytest

from wangge.platform import clock
from wangge.platform.fresh import forget_everything
from wangge.platform.limits.models import Tally
from wangge.platform.limits.services import Limit

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
REPORTS = Limit("reports", most=3, minutes=60)
SIGN_INS = Limit("sign-in", most=3, minutes=60)


def test_attempts_are_counted_for_each_limit_and_subject_apart() -> None:
    with clock.at(NOON):
        assert [REPORTS.count("10.0.0.1") for _ in range(3)] == [1, 2, 3]
        assert REPORTS.count("10.0.0.2") == 1
        assert SIGN_INS.count("10.0.0.1") == 1
        assert SIGN_INS.count("li", "10.0.0.1") == 1
        assert REPORTS.attempts("10.0.0.3") == 0


def test_the_limit_is_reached_at_its_figure_and_not_before() -> None:
    with clock.at(NOON):
        REPORTS.count("a")
        REPORTS.count("a")
        assert not REPORTS.reached("a")
        REPORTS.count("a")
        assert REPORTS.reached("a")


def test_the_count_begins_anew_when_the_span_is_over() -> None:
    with clock.at(NOON):
        REPORTS.count("a")
    with clock.at(NOON + timedelta(minutes=59)):
        assert REPORTS.count("a") == 2
    with clock.at(NOON + timedelta(minutes=60)):
        assert REPORTS.attempts("a") == 0
        assert REPORTS.count("a") == 1


def test_ended_spans_leave_nothing_behind() -> None:
    with clock.at(NOON):
        REPORTS.count("a")
    forget_everything()  # they are looked for once a minute
    with clock.at(NOON + timedelta(hours=2)):
        REPORTS.count("b")
    assert Tally.objects.count() == 1


def test_no_address_can_be_read_back() -> None:
    REPORTS.count("10.9.8.7")
    assert "10.9.8.7" not in str(list(Tally.objects.values()))


def test_forgetting_begins_anew() -> None:
    SIGN_INS.count("li", "10.0.0.1")
    SIGN_INS.forget("li", "10.0.0.1")
    assert SIGN_INS.attempts("li", "10.0.0.1") == 0
