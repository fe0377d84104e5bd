"""The sweep: colours of clocks and timers of states, each exactly once however many sweeps run.

A row is claimed by locking it (skipping those another sweep holds) and is done in the transaction
that changes it, so a second sweep finds nothing to do there.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases import rules, timing
from wangge.domain.cases.models import Case, Light
from wangge.domain.cases.services import history
from wangge.domain.cases.services.change import Change
from wangge.domain.cases.services.effects import EFFECTS
from wangge.domain.cases.services.moves import UNTRACKED, branches_of, carry_out, lock
from wangge.domain.cases.services.processes import definition_of
from wangge.engines.flow import Timer, decide
from wangge.platform import clock
from wangge.platform.outbox.services import publish

log = logging.getLogger(__name__)
BATCH = 200
Step = Callable[[datetime, set[int]], int]
SWEEP = System("deadline sweep")


@dataclass(frozen=True, slots=True)
class Swept:
    """How many cases turned yellow, turned red, and had a timer fire."""

    yellow: int
    red: int
    timers: int


def sweep() -> Swept:
    """Bring every open case up to the present moment; each batch is a transaction of its own."""
    now = clock.now()
    return Swept(_all(_turn_yellow, now), _all(_turn_red, now), _all(_fire_timers, now))


def _all(step: Step, now: datetime) -> int:
    total, broken = 0, set[int]()
    while done := step(now, broken):
        total += done
    return total


def _turn_yellow(now: datetime, broken: set[int]) -> int:
    due = Q(light=Light.GREEN, yellow_at__lte=now, due_at__gte=now)
    return _each(due, broken, lambda case: _yellow(case))


def _turn_red(now: datetime, broken: set[int]) -> int:
    late = Q(ended=False, due_at__lt=now) & ~Q(light=Light.RED)
    return _each(late, broken, lambda case: _red(case, now))


def _fire_timers(now: datetime, broken: set[int]) -> int:
    return _each(Q(ended=False, timer_at__lte=now), broken, lambda case: _fire(case, now))


def _each(wanted: Q, broken: set[int], change: Callable[[Case], None]) -> int:
    """Change one batch of the wanted cases; one that cannot be changed is noted in `broken` and left out."""
    with transaction.atomic(), acting_as(SWEEP):
        ripe = Case.objects.filter(wanted).exclude(pk__in=broken).select_related("condition")
        cases = list(ripe.select_for_update(skip_locked=True, of=("self",))[:BATCH])
        for case in cases:
            try:
                with transaction.atomic():
                    change(case)
            except Exception:  # one bad case must not stop the clocks of the others
                log.exception("the sweep cannot change case %s", case.pk)
                broken.add(case.pk)
        return len(cases)


def bring_up_to(case: Case, moment: datetime) -> Case:
    """For one case, what sweeps up to a past moment would have done, each in the clock of its time.

    Stops after a timer that moved the case on: in the new state somebody may act before the next one.
    """
    if not ((found := _next_event(case)) and found[0] <= moment):
        return case
    with transaction.atomic(), acting_as(SWEEP):
        case = lock(case.pk)
        state = case.state
        while case.state == state and (found := _next_event(case)) and found[0] <= moment:
            # Yellow may have passed before the state was entered; nothing happens before it.
            at, event = max(found[0], case.entered_at), found[1]
            with clock.at(at):
                event(case, at)
        return case


def _next_event(case: Case) -> tuple[datetime, Callable[[Case, datetime], None]] | None:
    events: list[tuple[datetime, Callable[[Case, datetime], None]]] = []
    if case.ended:
        return None
    if case.light == Light.GREEN and case.yellow_at:
        events.append((case.yellow_at, lambda late, at: _yellow(late)))
    if case.light != Light.RED and case.due_at:
        events.append((case.due_at + timedelta(seconds=1), _red))
    if case.timer_at:
        events.append((case.timer_at, _fire))
    return min(events, key=lambda event: event[0], default=None)


def _yellow(case: Case) -> None:
    case.light = Light.YELLOW
    case.save(update_fields=["light"])
    assert case.due_at is not None
    publish("case.yellow", {"case": case.pk, "due": case.due_at.isoformat()})


def _red(case: Case, now: datetime) -> None:
    before = history.snapshot(case)
    case.light = Light.RED
    # A late check or call-back is not the handling unit's; only the case's own clock makes it overdue.
    case.overdue = case.overdue or definition_of(case.process_id).state(case.state).clock == "case"
    event = history.append(case, SWEEP, "turned_red", at=now, before=before)
    case.save(update_fields=["light", "overdue", "version"])
    publish("case.red", {"case": case.pk, "event": event.pk})


def _fire(case: Case, now: datetime) -> None:
    """Fire the next timer of the case; the following one is set for a later round."""
    definition = definition_of(case.process_id)
    state = definition.state(case.state)
    timer = state.timers[case.timers_done]
    case.timers_done += 1
    if timer.move:
        _move_by_itself(case, timer, now)
        return
    change = Change(case, SWEEP, timer.do or "", {}, now, case.state, case.state)
    before = history.snapshot(case)
    EFFECTS[change.move](change)
    case.timer_at = timing.next_timer(case, state)
    event = history.append(case, SWEEP, f"timer_{change.move}", at=now, before=before)
    case.save(update_fields=[*event.after, *UNTRACKED])
    publish("case.moved", {"case": case.pk, "event": event.pk, **change.notes})


def _move_by_itself(case: Case, timer: Timer, now: datetime) -> None:
    key = timer.move or ""
    outcome = decide(
        definition_of(case.process_id),
        case.state,
        key,
        rules.standing(SWEEP, case),
        rules.facts(SWEEP, case, now),
        {},
        branches_of(case),
    )
    carry_out(Change(case, SWEEP, key, {}, now, case.state, outcome.target), outcome)
