"""Working time: deadlines and elapsed time are exact and inverse to each other."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.engines.worktime import (
    CHINA,
    OFFICE_HOURS,
    Basis,
    Duration,
    OpenPauseError,
    Pause,
    Unit,
    WorkCalendar,
    weekly,
)

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = WorkCalendar()
UNEVEN = WorkCalendar(
    periods=[[(time(8, 30), time(11, 45, 30))]] * 2 + [[(time(0), time(6)), (time(20), time(0))]] * 5,
    zone="America/New_York",
    source=None,
)

moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
calendars = st.sampled_from([OFFICE, UNEVEN])
durations = st.builds(Duration, st.integers(1, 300), st.sampled_from(Unit))
spans = st.timedeltas(timedelta(0), timedelta(days=40))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-11-23 09:00", "2 work_hour", "2026-11-23 11:00"),
        ("2026-11-23 11:30", "2 work_hour", "2026-11-23 14:30"),
        ("2026-11-20 17:00", "2 work_hour", "2026-11-23 10:00"),
        ("2026-11-21 10:00", "1 work_day", "2026-11-23 18:00"),
        ("2026-11-20 10:00", "1 work_day", "2026-11-23 10:00"),
        ("2026-11-20 22:00", "2 urgent_hour", "2026-11-21 00:00"),
        ("2026-11-20 22:00", "1 urgent_day", "2026-11-21 22:00"),
        ("2026-09-30 17:00", "2 hour", "2026-10-08 10:00"),
        ("2026-09-30 17:00", "2 day", "2026-10-09 17:00"),
    ],
)
def test_a_limit_ends_when_a_person_would_say(start: str, limit: str, due: str) -> None:
    assert OFFICE.due(at(start), Duration.parse(limit)) == at(due)


def test_a_make_up_saturday_counts_as_a_working_day() -> None:
    # 14 and 28 February 2026 are Saturdays worked for the Spring Festival.
    assert OFFICE.is_working(at("2026-02-14 10:00"))
    assert OFFICE.due(at("2026-02-13 18:00"), Duration(1, Unit.WORK_DAY)) == at("2026-02-14 18:00")
    assert OFFICE.due(at("2026-02-14 18:00"), Duration(1, Unit.WORK_HOUR)) == at("2026-02-24 10:00")
    assert not OFFICE.is_working(at("2026-02-21 10:00"))


def test_2026_has_as_many_working_days_as_its_official_plan() -> None:
    year = OFFICE.elapsed(at("2026-01-01 00:00"), at("2027-01-01 00:00"), "work")
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert year == 248 * OFFICE.normal_day
    assert sum(OFFICE.is_working_day(day) for day in days) == 248


def test_overrides_win_over_the_official_plan_and_over_the_week() -> None:
    calendar = WorkCalendar(
        overrides={date(2026, 2, 14): False, date(2026, 11, 22): True, date(2026, 10, 1): True}
    )
    assert not calendar.is_working(at("2026-02-14 10:00"))
    assert calendar.is_working(at("2026-11-22 10:00"))
    assert calendar.is_working(at("2026-10-01 10:00"))


def test_after_the_last_official_plan_weekends_are_off_and_the_calendar_says_so() -> None:
    assert OFFICE.known_until == CHINA.known_until
    assert OFFICE.known_until is not None
    assert OFFICE.known_until >= date(2026, 12, 31)
    later = OFFICE.known_until.year + 5
    assert [OFFICE.is_working_day(date(later, 10, 1) + timedelta(days=n)) for n in range(7)] == [
        (date(later, 10, 1) + timedelta(days=n)).weekday() < 5 for n in range(7)
    ]
    assert WorkCalendar(source=None).known_until is None


def test_plain_words_can_be_set_to_mean_the_clock() -> None:
    calendar = WorkCalendar(plain="clock")
    assert calendar.due(at("2026-11-20 17:00"), Duration(2, Unit.DAY)) == at("2026-11-22 17:00")
    assert calendar.due(at("2026-11-20 17:00"), Duration(2, Unit.WORK_HOUR)) == at("2026-11-23 10:00")


def test_midnight_as_an_end_means_the_end_of_the_day() -> None:
    around = WorkCalendar(periods=weekly([(time(0), time(0))], days=7), source=None)
    assert around.normal_day == timedelta(hours=24)
    assert around.due(at("2026-11-21 23:00"), Duration(2, Unit.WORK_HOUR)) == at("2026-11-22 01:00")


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-03-07 12:00", "2026-03-08 05:00"), ("2026-10-31 12:00", "2026-11-01 03:00")],
)
def test_summer_time_neither_loses_nor_invents_working_time(start: str, due: str) -> None:
    zone = ZoneInfo("America/New_York")
    night = WorkCalendar([[(time(0), time(0))]] * 7, zone="America/New_York", source=None)
    begun = datetime.fromisoformat(start).replace(tzinfo=zone)
    assert night.due(begun, Duration(16, Unit.WORK_HOUR)) == datetime.fromisoformat(due).replace(tzinfo=zone)


def test_a_period_inside_the_skipped_hour_is_empty() -> None:
    calendar = WorkCalendar([[(time(2, 10), time(3, 5))]] * 7, zone="America/New_York", source=None)
    day = datetime(2026, 3, 8, tzinfo=ZoneInfo("America/New_York"))
    assert calendar.elapsed(day, day + timedelta(days=1), "work") == timedelta(0)


@given(calendars, moments, durations)
def test_elapsed_is_the_inverse_of_due(calendar: WorkCalendar, start: datetime, limit: Duration) -> None:
    due = calendar.due(start, limit)
    assert calendar.elapsed(start, due, calendar.basis(limit.unit)) == calendar.length(limit)
    assert calendar.remaining(start, due, calendar.basis(limit.unit)) == calendar.length(limit)


@given(calendars, moments, spans, durations)
def test_a_later_start_is_never_due_earlier(
    calendar: WorkCalendar, start: datetime, later: timedelta, limit: Duration
) -> None:
    assert calendar.due(start, limit) <= calendar.due(start + later, limit)


@given(calendars, moments, durations, st.integers(1, 50))
def test_a_longer_limit_is_due_later(
    calendar: WorkCalendar, start: datetime, limit: Duration, more: int
) -> None:
    assert calendar.due(start, limit) < calendar.due(start, Duration(limit.amount + more, limit.unit))


@given(calendars, moments, spans, spans, st.sampled_from(["clock", "work"]))
def test_time_adds_up_however_it_is_cut(
    calendar: WorkCalendar, start: datetime, first: timedelta, second: timedelta, basis: Basis
) -> None:
    middle, end = start + first, start + first + second
    parts = calendar.elapsed(start, middle, basis) + calendar.elapsed(middle, end, basis)
    assert calendar.elapsed(start, end, basis) == parts
    assert calendar.elapsed(end, start, basis) == -parts
    step = calendar.add(calendar.add(start, first, basis), second, basis)
    assert step == calendar.add(start, first + second, basis)


@given(calendars, moments, durations, st.lists(st.tuples(spans, spans), max_size=4))
def test_pauses_shift_the_deadline_by_exactly_their_own_time(
    calendar: WorkCalendar, start: datetime, limit: Duration, gaps: list[tuple[timedelta, timedelta]]
) -> None:
    pauses = [Pause(start + after, start + after + length) for after, length in gaps]
    basis = calendar.basis(limit.unit)
    due = calendar.due(start, limit, pauses)
    assert calendar.elapsed(start, due, basis, pauses) == calendar.length(limit)
    paused = calendar.elapsed(start, due, basis) - calendar.elapsed(start, due, basis, pauses)
    assert due == calendar.add(calendar.due(start, limit), paused, basis)


@given(calendars, moments, durations, spans, st.lists(st.tuples(spans, spans), max_size=3))
def test_what_has_run_and_what_is_left_make_the_whole(
    calendar: WorkCalendar,
    start: datetime,
    limit: Duration,
    since: timedelta,
    gaps: list[tuple[timedelta, timedelta]],
) -> None:
    pauses = [Pause(start + after, start + after + length) for after, length in gaps]
    basis, now = calendar.basis(limit.unit), start + since
    due = calendar.due(start, limit, pauses)
    run = calendar.elapsed(start, now, basis, pauses)
    assert run + calendar.remaining(now, due, basis, pauses) == calendar.length(limit)


@given(moments, spans)
def test_nothing_elapses_outside_working_time(start: datetime, length: timedelta) -> None:
    begins = OFFICE.next_working(start)
    assert OFFICE.is_working(begins)
    assert OFFICE.elapsed(start, begins, "work") == timedelta(0)
    if OFFICE.is_working(start):
        assert begins == start
    assert OFFICE.elapsed(start, start + length, "work") <= length


@given(moments, st.integers(1, 200))
def test_urgent_hours_know_no_calendar(start: datetime, hours: int) -> None:
    assert OFFICE.due(start, Duration(hours, Unit.URGENT_HOUR)) == start + timedelta(hours=hours)


@given(calendars, moments, durations, st.floats(0, 1))
def test_the_light_turns_yellow_at_its_moment_and_red_after_the_deadline(
    calendar: WorkCalendar, start: datetime, limit: Duration, share: float
) -> None:
    basis, instant = calendar.basis(limit.unit), timedelta(microseconds=1)
    due = calendar.due(start, limit)
    turns = calendar.moment_of_yellow(start, due, basis, share)
    assert start <= turns <= due
    left = calendar.remaining(turns, due, basis)
    assert abs(left - calendar.length(limit) * share) <= instant
    assert calendar.light(start, due, turns, basis, share) == "yellow"
    assert calendar.light(start, due, due, basis, share) == "yellow"
    assert calendar.light(start, due, due + instant, basis, share) == "red"
    if turns > start:
        assert calendar.light(start, due, turns - instant, basis, share) == "green"


def test_while_a_pause_is_open_the_time_left_stands_still_and_no_deadline_is_made_up() -> None:
    start, limit = at("2026-11-23 09:00"), Duration(8, Unit.WORK_HOUR)
    due = OFFICE.due(start, limit)
    stopped = [Pause(at("2026-11-23 10:00"))]
    for now in ("2026-11-23 10:00", "2026-11-23 17:00", "2026-12-23 17:00"):
        assert OFFICE.remaining(at(now), due, "work", stopped) == timedelta(hours=7)
        assert OFFICE.elapsed(start, at(now), "work", stopped) == timedelta(hours=1)
    with pytest.raises(OpenPauseError, match="stands still"):
        OFFICE.due(start, limit, stopped)
    assert OFFICE.due(start, Duration(1, Unit.WORK_HOUR), stopped) == at("2026-11-23 10:00")


def test_pauses_that_overlap_or_touch_count_once() -> None:
    start = at("2026-11-23 09:00")
    pauses = [
        Pause(at("2026-11-23 10:30"), at("2026-11-23 11:00")),
        Pause(at("2026-11-23 09:30"), at("2026-11-23 10:00")),
        Pause(at("2026-11-23 10:00"), at("2026-11-23 10:45")),
    ]
    assert OFFICE.due(start, Duration(1, Unit.WORK_HOUR), pauses) == at("2026-11-23 11:30")


@pytest.mark.parametrize(
    "bad",
    [
        lambda: OFFICE.due(datetime(2026, 1, 1), Duration(1, Unit.WORK_HOUR)),
        lambda: OFFICE.due(at("1926-01-01 00:00"), Duration(1, Unit.WORK_HOUR)),
        lambda: OFFICE.due(at("2026-01-01 00:00"), Duration(99_999, Unit.WORK_DAY)),
        lambda: OFFICE.add(at("2026-01-01 00:00"), timedelta(hours=-1), "work"),
        lambda: OFFICE.moment_of_yellow(at("2026-01-01 00:00"), at("2026-01-02 00:00"), "work", 1.5),
        lambda: WorkCalendar(periods=[[]] * 7),
        lambda: WorkCalendar(periods=OFFICE_HOURS[:6]),
        lambda: WorkCalendar(periods=weekly([(time(13), time(18)), (time(9), time(12))])),
        lambda: WorkCalendar(periods=weekly([(time(13), time(12))])),
        lambda: Pause(at("2026-01-02 00:00"), at("2026-01-01 00:00")),
        lambda: Duration(-1, Unit.DAY),
        lambda: Duration.parse("2 workhour"),
        lambda: Duration.parse("two work_hour"),
        lambda: Duration.parse("9999999 day"),
    ],
)
def test_what_makes_no_sense_is_refused(bad: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r".{10}"):
        bad()


@given(durations)
def test_a_duration_survives_being_written_down(limit: Duration) -> None:
    assert Duration.parse(str(limit)) == limit


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("2 work_hour", "2个工作时", "2 working hours"),
        ("1 work_day", "1个工作日", "1 working day"),
        ("2 urgent_hour", "2个紧急工作时", "2 urgent hours"),
        ("5 day", "5天", "5 days"),
    ],
)
def test_a_duration_has_a_name_in_both_languages(text: str, chinese: str, english: str) -> None:
    assert Duration.parse(text).name() == chinese
    assert Duration.parse(text).name("en") == english


def test_every_limit_of_the_real_table_can_be_read_and_counted() -> None:
    table = SHARED / "standards" / "deadlines_one_city.csv"
    if not table.exists():
        pytest.skip("the deadline table is not beside this checkout (../shared/standards)")
    with table.open(encoding="utf-8-sig", newline="") as file:
        limits = [Duration(int(row["amount"]), Unit(row["unit"])) for row in csv.DictReader(file)]
    assert len(limits) > 100
    start = at("2026-09-30 17:30")
    for limit in limits:
        assert OFFICE.elapsed(start, OFFICE.due(start, limit), OFFICE.basis(limit.unit)) == OFFICE.length(
            limit
        )
