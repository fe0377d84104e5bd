"""What a draft would have changed for cases that were: who leads, and which are overdue."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from wangge.domain.cases.models import Case
from wangge.domain.cases.rules import area_id_at
from wangge.domain.rulebook.book import Book
from wangge.engines.worktime import Duration, Pause

# At most so many cases are named beside a figure.
EXAMPLES = 8
# (when, into which state), in order
Steps = Sequence[tuple[datetime, str]]


@dataclass(slots=True)
class Tally:
    """Counts gathered case by case. Keys of `moved` are (unit before, unit after), None for nobody."""

    cases: int = 0
    moved: Counter[tuple[int | None, int | None]] = field(default_factory=Counter)
    led: dict[int | None, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0]))
    groups: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    late: list[int] = field(default_factory=lambda: [0, 0])
    named: dict[Any, list[int]] = field(default_factory=lambda: defaultdict(list))

    def example(self, key: Any, case: Case) -> None:
        if len(self.named[key]) < EXAMPLES:
            self.named[key].append(case.pk)


def weigh(
    tally: Tally, case: Case, before: Book, after: Book, pauses: Sequence[Pause], end: datetime
) -> None:
    """Count one case, with its matter and condition, under both books.

    `pauses` are the stretches in which its handling clock stood; `end` is when it was handled, or now.
    """
    assert case.matter is not None
    tally.cases += 1
    units = before.lead(case), after.lead(case)
    late = is_late(case, before, pauses, end), is_late(case, after, pauses, end)
    if units[0] != units[1]:
        tally.moved[units] += 1
        tally.example(units, case)
    for side in (0, 1):
        tally.led[units[side]][side] += 1
        tally.led[units[side]][2 + side] += late[side]
        tally.groups[case.matter.group_name][side] += late[side]
        tally.late[side] += late[side]
    tally.groups[case.matter.group_name][2] += 1
    if late[0] != late[1]:
        tally.example("newly_late" if late[1] else "newly_on_time", case)


def is_late(case: Case, book: Book, pauses: Sequence[Pause], end: datetime) -> bool:
    """Whether the case was handled after the deadline that the book gives; extensions granted count anew."""
    district = area_id_at(case.area_path, "district")
    if case.clock_from is None or district is None:
        return False
    limit = book.limit(case)
    allowed = Duration(limit.amount * (1 + case.extensions), limit.unit) if case.extensions else limit
    return end > book.calendar(district).due(case.clock_from, allowed, pauses)


def pauses_of(steps: Steps, running: frozenset[str], start: datetime) -> list[Pause]:
    """The stretches after `start` in which the case was in no state where its handling clock runs."""
    found: list[Pause] = []
    stopped: datetime | None = None
    for at, state in steps:
        if at < start:
            continue
        if state in running and stopped is not None:
            if at > stopped:
                found.append(Pause(stopped, at))
            stopped = None
        elif state not in running and stopped is None:
            stopped = at
    return found


def last_handled(steps: Steps, running: frozenset[str], now: datetime) -> datetime:
    """When the case last left a state where its handling clock runs; now while it is in one.

    A case that was never in one was settled at once, with its last step of filing.
    """
    left = steps[0][0] if steps else now
    inside = False
    for at, state in steps:
        if inside and state not in running:
            left = at
        inside = state in running
    return now if inside else left


def told(tally: Tally, units: Mapping[int, str], numbers: Mapping[int, tuple[str, str]]) -> dict[str, Any]:
    """The counts as plain values with names; `numbers` gives number and matter of each example."""

    def named(ids: Iterable[int]) -> list[list[Any]]:
        return [[pk, *numbers[pk]] for pk in ids if pk in numbers]

    def unit(pk: int | None) -> str:
        return units.get(pk, "") if pk else ""

    changed = sum(tally.moved.values())
    return {
        "cases": tally.cases,
        "other_lead": changed,
        "moved": [
            {"from": unit(a), "to": unit(b), "count": count, "examples": named(tally.named[a, b])}
            for (a, b), count in tally.moved.most_common()
        ],
        "units": [
            {"unit": unit(pk), "before": n[0], "after": n[1], "late_before": n[2], "late_after": n[3]}
            for pk, n in sorted(tally.led.items(), key=lambda item: -max(item[1][:2]))
        ],
        "groups": [
            {"group": name, "late_before": n[0], "late_after": n[1], "cases": n[2]}
            for name, n in sorted(tally.groups.items(), key=lambda item: -item[1][2])
        ],
        "late_before": tally.late[0],
        "late_after": tally.late[1],
        "newly_late": named(tally.named["newly_late"]),
        "newly_on_time": named(tally.named["newly_on_time"]),
    }


YEAR = timedelta(days=365)
