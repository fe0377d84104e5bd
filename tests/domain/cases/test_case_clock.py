"""The clock of a case over the real calendar: deadlines computed by hand, pauses, more time, rework, the sweep."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from casework import TESTS, ZONE, Road, condition, history_of, stored
from factories import Town
from invariants import check_case
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.centres import forget_centres
from wangge.domain.cases.services.sweep import bring_up_to, sweep
from wangge.domain.cases.timing import calendar_for
from wangge.domain.catalogue.calendar import forget_calendars
from wangge.domain.catalogue.models import CalendarOverride, Condition
from wangge.platform import clock
from wangge.platform.outbox.models import Message

People = dict[str, Actor]


def local(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def limit(amount: int, unit: str = "work_day") -> Condition:
    """A street's ordinary condition with this limit; a row of its own, so that the number is the test's."""
    like = condition(level="street", procedure="ordinary", proof="photo_after", unit="work_day")
    like.pk, like.number, like.amount, like.unit = None, 99, amount, unit
    like.save(force_insert=True)
    return like


def filed_at(town: Town, people: People, moment: datetime, chosen: Condition) -> Road:
    return Road(town, people, moment - timedelta(minutes=10)).filed(chosen)


@pytest.mark.parametrize(
    ("begun", "amount", "unit", "due"),
    [
        # National Day 2026: 1 to 7 October are free, Saturday 10 October is worked.
        (local(9, 30, 16), 2, "work_day", local(10, 9, 16)),
        (local(9, 30, 16), 3, "work_day", local(10, 10, 16)),
        (local(9, 30, 16), 4, "work_day", local(10, 12, 16)),
        (local(9, 30, 16), 4, "work_hour", local(10, 8, 11)),
        (local(9, 30, 16), 48, "urgent_hour", local(10, 2, 16)),
        (local(9, 30, 16), 2, "urgent_day", local(10, 2, 16)),
        # Sunday 20 September is worked for the Mid-Autumn holiday of 25 to 27.
        (local(9, 18, 17), 2, "work_hour", local(9, 20, 10)),
        (local(9, 24, 17), 1, "work_day", local(9, 28, 17)),
        # The noon break does not count, nor the night.
        (local(9, 21, 11, 30), 1, "work_hour", local(9, 21, 13, 30)),
        (local(9, 21, 20), 1, "work_hour", local(9, 22, 10)),
    ],
)
def test_the_deadline_runs_by_the_real_calendar(
    town: Town, people: People, begun: datetime, amount: int, unit: str, due: datetime
) -> None:
    case = filed_at(town, people, begun, limit(amount, unit)).case
    assert case.clock_from == begun
    assert case.case_due_at == case.due_at == due


def test_a_district_that_works_on_a_holiday_counts_it(town: Town, people: People) -> None:
    CalendarOverride.objects.create(area=town.district, day=local(10, 1).date(), working=True)
    forget_calendars()
    assert filed_at(town, people, local(9, 30, 16), limit(1)).case.due_at == local(10, 1, 16)


def test_a_pause_keeps_exactly_what_was_left(town: Town, people: People) -> None:
    road = filed_at(town, people, local(9, 21, 10), limit(5))
    road.move("street_dispatcher", "dispatch", unit=town.units["sanitation"].pk, supports=[])
    road.move("unit_officer", "accept").later(days=1, hours=2)
    road.move("unit_officer", "ask_suspension", until=local(10, 20).date())
    promised, asked = road.case.due_at, road.case.version
    assert promised == local(9, 29, 10)
    road.move("street_dispatcher", "approve_suspension")
    paused = road.at
    case = road.case
    assert (case.due_at, case.paused_until, case.light) == (None, local(10, 20), "paused")
    left = calendar_for(case).remaining(paused, local(9, 29, 10), "work")
    assert case.remaining_seconds == left.total_seconds() > 0
    with clock.at(local(10, 19, 23, 59)):
        assert sweep().timers == 0
    with clock.at(local(10, 20)):
        assert sweep().timers == 1
    case = stored(case.pk)
    # 29 of 40 hours are left: far from the last quarter.
    assert case.light == "green"
    assert (case.state, case.paused_until, case.remaining_seconds) == ("handling", None, None)
    assert calendar_for(case).remaining(local(10, 20), case.case_due_at, "work") == left  # type: ignore[arg-type]
    assert history_of(case.pk)[-1].actor_kind == "system"
    assert asked < case.version
    check_case(case.pk)


def test_an_overdue_case_stays_overdue_through_a_pause(town: Town, people: People) -> None:
    road = Road(town, people).handling(limit(1)).later(days=30)
    due = road.case.due_at
    road.move("unit_officer", "ask_suspension").move("street_dispatcher", "approve_suspension")
    assert road.case.remaining_seconds is not None
    assert road.case.remaining_seconds < 0
    road.move("street_dispatcher", "resume")
    assert road.case.due_at == due
    assert road.case.light == "red"


def test_more_time_is_added_to_the_deadline_however_late_it_is_granted(town: Town, people: People) -> None:
    road = filed_at(town, people, local(9, 21, 10), limit(3))
    road.move("street_dispatcher", "dispatch", unit=town.units["sanitation"].pk, supports=[])
    road.move("unit_officer", "accept").move("unit_officer", "ask_extension", amount=2)
    assert road.case.due_at == local(9, 24, 10)
    road.move("street_dispatcher", "approve_extension").later(days=4)
    road.move("district_leader", "grant_extension")
    assert road.case.due_at == local(9, 29, 10)
    road.move("unit_officer", "ask_extension", amount=3).move("street_dispatcher", "approve_extension")
    road.move("district_leader", "grant_extension")
    assert road.case.due_at == local(10, 9, 10)
    assert (road.case.extensions, road.case.extension_stage) == (2, 0)


@pytest.mark.parametrize(
    ("handled", "left"), [(local(10, 12, 14), 36), (local(10, 16, 17), 10), (local(10, 22), 10)]
)
def test_a_rework_has_what_was_left_and_at_least_a_quarter(
    town: Town, people: People, handled: datetime, left: int
) -> None:
    """Limit 40 working hours. Handled after 4: 36 again; after 39, or too late: a quarter, 10."""
    road = filed_at(town, people, local(10, 12, 9), limit(5))
    road.move("street_dispatcher", "dispatch", unit=town.units["sanitation"].pk, supports=[])
    road.move("unit_officer", "accept")
    road.at = handled - timedelta(minutes=10)
    road.move("unit_officer", "finish")
    assert road.case.overdue == (handled > local(10, 16, 18))
    road.at = local(10, 26, 9) - timedelta(minutes=10)
    road.move("station_officer", "fail_check")
    assert road.case.case_due_at is not None
    again = calendar_for(road.case).remaining(local(10, 26, 9), road.case.case_due_at, "work")
    assert again == timedelta(hours=left)
    assert road.case.handled_at is None


def test_a_corrected_matter_counts_from_when_the_clock_began(town: Town, people: People) -> None:
    road = filed_at(town, people, local(9, 21, 10), limit(5)).later(hours=3)
    other = limit(1)
    road.move("street_dispatcher", "reclassify", matter=other.matter_id, condition=other.pk)
    assert road.case.due_at == local(9, 22, 10)


def test_after_handling_no_check_or_call_makes_the_case_overdue(town: Town, people: People) -> None:
    road = Road(town, people, phone="13800001234").checking(limit(3)).later(days=30)
    with clock.at(road.at):
        sweep()
    case = stored(road.case.pk)
    assert (case.light, case.overdue) == ("red", False)
    road.move("station_officer", "pass_check").later(days=30)
    with clock.at(road.at):
        sweep()
    assert not stored(road.case.pk).overdue


def test_colours_turn_once_at_three_quarters_and_after_the_deadline(town: Town, people: People) -> None:
    road = filed_at(town, people, local(10, 12, 9), limit(1))
    pk = road.case.pk
    colours = []
    Message.objects.all().delete()
    for moment in (
        local(10, 12, 14, 59),
        local(10, 12, 16),
        local(10, 12, 18),
        local(10, 12, 18, 1),
        local(10, 13),
    ):
        with clock.at(moment):
            sweep()
            sweep()
        colours.append(stored(pk).light)
    assert colours == ["green", "yellow", "yellow", "red", "red"]
    topics = list(Message.objects.exclude(topic="case.moved").order_by("pk").values_list("topic", flat=True))
    assert topics == ["case.yellow", "case.red"]
    assert stored(pk).overdue


def test_a_case_nobody_accepts_is_reminded_then_raised(town: Town, people: People) -> None:
    road = filed_at(town, people, local(10, 12, 9), limit(9))
    road.move("street_dispatcher", "dispatch", unit=town.units["sanitation"].pk, supports=[])
    for hours, names in ((1.9, []), (2.1, ["timer_remind"]), (9, ["timer_remind", "timer_escalate"])):
        with clock.at(road.at + timedelta(hours=hours)):
            sweep()
        found = [event.move for event in history_of(road.case.pk) if event.move.startswith("timer")]
        assert found == names
    assert stored(road.case.pk).state == "dispatched"


def test_publicity_ends_by_itself_and_the_clock_begins_then(town: Town, people: People) -> None:
    road = Road(town, people, local(10, 12, 9)).filed(condition(procedure="approval", level="district"))
    road.move("station_head", "approve_station").move("street_leader", "approve_street")
    road.move("district_leader", "approve_district")
    begun = road.at
    end = calendar_for(road.case).add(begun, timedelta(hours=24), "work")
    with clock.at(end - timedelta(minutes=1)):
        sweep()
        assert stored(road.case.pk).state == "publicity"
    with clock.at(end):
        sweep()
    case = stored(road.case.pk)
    assert (case.state, case.clock_from, case.approved) == ("filed", end, True)
    check_case(case.pk)


def test_one_case_that_cannot_be_swept_does_not_stop_the_others(town: Town, people: People) -> None:
    """The district's centre was closed while a case was on public notice there."""
    road = Road(town, people, local(10, 12, 9)).filed(condition(procedure="approval", level="district"))
    road.move("station_head", "approve_station").move("street_leader", "approve_street")
    road.move("district_leader", "approve_district")
    other = Road(town, people, local(10, 12, 9)).case
    town.units["district"].active = False
    town.units["district"].save()
    forget_centres()
    with clock.at(local(10, 30)):
        sweep()
    assert stored(road.case.pk).state == "publicity"
    assert stored(other.pk).light == "red"
    assert "timer_remind" in [event.move for event in history_of(other.pk)]


def test_bringing_one_case_up_does_what_the_sweeps_of_each_minute_would(town: Town, people: People) -> None:
    def life(pk: int) -> list[Any]:
        case = stored(pk)
        moves = [event.move for event in history_of(pk)]
        return [moves, case.light, case.overdue, case.timers_done, case.due_at, case.state]

    one = filed_at(town, people, local(10, 12, 9), limit(1)).case
    other = filed_at(town, people, local(10, 12, 9), limit(1)).case
    with acting_as(TESTS):
        bring_up_to(one, local(10, 14))
    for minutes in range(0, 33 * 60, 30):
        with clock.at(local(10, 12, 9, 0) + timedelta(minutes=minutes)):
            sweep()
    assert life(one.pk) == life(other.pk)
