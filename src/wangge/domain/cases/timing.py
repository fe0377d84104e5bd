"""The clock of a case: deadlines, the colour, timers and pauses, by the district's calendar."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wangge.domain.cases.models import Case, Light
from wangge.domain.cases.rules import area_id_at
from wangge.domain.catalogue.calendar import calendar_of
from wangge.domain.catalogue.models import Condition
from wangge.engines.flow import State
from wangge.engines.worktime import Basis, Duration, Unit, WorkCalendar

YELLOW_SHARE = 0.25
# After a rework or an objection the unit has at least this share of the original limit again.
REWORK_SHARE = 0.25


def calendar_for(case: Case) -> WorkCalendar:
    district = area_id_at(case.area_path, "district")
    assert district is not None
    return calendar_of(district)


def limit_of(condition: Condition) -> Duration:
    """The handling deadline of a condition."""
    return Duration(condition.amount, Unit(condition.unit))


def basis_of(case: Case) -> Basis:
    return calendar_for(case).basis(Unit(case.condition.unit)) if case.condition else "work"


def start_clock(case: Case, now: datetime) -> None:
    """The case's handling clock begins now."""
    assert case.condition is not None
    case.clock_from = now
    case.case_due_at = calendar_for(case).due(now, limit_of(case.condition))


def recompute_clock(case: Case) -> None:
    """After the matter was corrected: the new limit, from when the clock really began."""
    assert case.condition is not None
    assert case.clock_from is not None
    case.case_due_at = calendar_for(case).due(case.clock_from, limit_of(case.condition))


def extend(case: Case, amount: int) -> None:
    """Move the deadline by `amount` units of the condition."""
    assert case.condition is not None
    assert case.case_due_at is not None
    case.case_due_at = calendar_for(case).due(case.case_due_at, Duration(amount, Unit(case.condition.unit)))


def pause(case: Case, now: datetime, until: datetime) -> None:
    """Stop the clock until a moment; what is left (negative if overdue) is kept."""
    assert case.case_due_at is not None
    left = calendar_for(case).remaining(now, case.case_due_at, basis_of(case))
    case.paused_at, case.paused_until = now, until
    case.remaining_seconds = int(left.total_seconds())


def resume(case: Case, now: datetime) -> None:
    """Let the clock run on with what was left."""
    left = timedelta(seconds=case.remaining_seconds or 0)
    if left >= timedelta(0):
        case.case_due_at = calendar_for(case).add(now, left, basis_of(case))
    case.paused_at = case.paused_until = case.remaining_seconds = None


def stop_handling(case: Case, now: datetime) -> None:
    """The unit says it is handled: the handling clock stops and what is left is kept for a rework."""
    assert case.case_due_at is not None
    case.handled_at = now
    case.overdue = case.overdue or now > case.case_due_at
    left = calendar_for(case).remaining(now, case.case_due_at, basis_of(case))
    case.left_seconds = int(left.total_seconds())


def restart_handling(case: Case, now: datetime) -> None:
    """Rework: the clock runs on with what was left, at least REWORK_SHARE of the limit."""
    assert case.condition is not None
    calendar = calendar_for(case)
    least = calendar.length(limit_of(case.condition)) * REWORK_SHARE
    left = max(timedelta(seconds=case.left_seconds or 0), least)
    case.case_due_at = calendar.add(now, left, basis_of(case))
    case.handled_at = None
    case.left_seconds = None


def enter(case: Case, state: State, now: datetime) -> None:
    """Set deadline, colour and timers for a state the case enters now."""
    case.entered_at = now
    case.timers_done = 0
    follow(case, state, now)


def follow(case: Case, state: State, now: datetime) -> None:
    """Set the deadline, the colour and the next timer again, without entering anew."""
    calendar = calendar_for(case)
    limit = None
    match state.clock:
        case "stage":
            assert state.limit is not None
            limit = Duration.parse(state.limit)
            case.due_at = calendar.due(case.entered_at, limit)
        case "case":
            assert case.condition is not None
            limit = limit_of(case.condition)
            case.due_at = case.case_due_at
        case _:
            case.due_at = None
    if case.due_at is None or limit is None:
        case.yellow_at = None
        case.light = Light.PAUSED if state.clock == "paused" else Light.NONE
    else:
        case.yellow_at = _moment_of_yellow(calendar, limit, case.due_at, now)
        case.light = colour(case.due_at, case.yellow_at, now)
    case.timer_at = next_timer(case, state)


def _moment_of_yellow(calendar: WorkCalendar, limit: Duration, due: datetime, now: datetime) -> datetime:
    """When YELLOW_SHARE of the limit is left, whatever pauses there were; now, if it is less already."""
    basis = calendar.basis(limit.unit)
    green = calendar.remaining(now, due, basis) - calendar.length(limit) * YELLOW_SHARE
    return calendar.add(now, green, basis) if green > timedelta(0) else min(now, due)


def colour(due: datetime, yellow: datetime, now: datetime) -> Light:
    if now > due:
        return Light.RED
    return Light.YELLOW if now >= yellow else Light.GREEN


def next_timer(case: Case, state: State) -> datetime | None:
    """When the next timer of the state fires, None if all have."""
    moments = timer_moments(case, state)
    return moments[case.timers_done] if case.timers_done < len(moments) else None


def timer_moments(case: Case, state: State) -> list[datetime]:
    """The moments of the state's timers, in the order of the definition."""
    calendar = calendar_for(case)
    named = {"due": case.due_at, "yellow": case.yellow_at, "pause_end": case.paused_until}
    moments = []
    for timer in state.timers:
        moment = (
            calendar.due(case.entered_at, Duration.parse(timer.after))
            if timer.after
            else named[timer.at or ""]
        )
        if moment is not None:
            moments.append(moment)
    return moments


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """What is left on the clock (negative when overdue), on its own basis; `day` is a day's length on that basis."""

    left: timedelta
    basis: Basis
    day: timedelta


def time_left(case: Case, state: State, now: datetime) -> TimeLeft | None:
    """Time until the present deadline, None without one; `case.condition` must be loaded."""
    if case.due_at is None:
        return None
    calendar = calendar_for(case)
    limit = Duration.parse(state.limit) if state.clock == "stage" and state.limit else None
    basis = calendar.basis(limit.unit) if limit else basis_of(case)
    day = calendar.normal_day if basis == "work" else timedelta(days=1)
    return TimeLeft(calendar.remaining(now, case.due_at, basis), basis, day)
