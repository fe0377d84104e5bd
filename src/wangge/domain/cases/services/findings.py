"""What a simulation found, gathered from the lives of many cases into one report."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wangge.domain.cases.services.lives import Life, Places
from wangge.engines.flow import Definition, Difference

EXAMPLES = 5


@dataclass(slots=True)
class _Sums:
    """Stays in a state or at a unit, before and (then) in the draft."""

    stays: int = 0
    stays_then: int = 0
    late: int = 0
    late_then: int = 0
    hours: float = 0
    ended: int = 0


@dataclass(slots=True)
class _Group:
    """Steps that differ in the same way."""

    count: int = 0
    examples: list[tuple[int, str]] = field(default_factory=list)


class Findings:
    """Takes one life after the other; `result` is the report as plain data."""

    def __init__(self, draft: Definition) -> None:
        self.draft = draft
        self.cases = 0
        self.otherwise = 0
        self.unclear = 0
        self.moves: Counter[tuple[str, str]] = Counter()
        self.groups: dict[Difference, _Group] = {}
        self.states: dict[str, _Sums] = defaultdict(_Sums)
        self.units: dict[int, _Sums] = defaultdict(_Sums)

    def add(self, life: Life) -> None:
        self.cases += 1
        self.moves.update(life.moves)
        clear = [difference for difference in life.differences if difference.kind != "unclear"]
        self.unclear += len(life.differences) > len(clear)
        self.otherwise += bool(clear)
        for difference in clear:
            group = self.groups.setdefault(difference, _Group())
            group.count += 1
            if len(group.examples) < EXAMPLES:
                group.examples.append((life.case_id, life.number))
        for stay in life.stays:
            for sums, here in (
                (self.states[stay.state], True),
                (self.units[stay.unit], stay.unit == stay.unit_then),
            ):
                sums.stays += 1
                sums.late += stay.late
                sums.stays_then += here
                sums.late_then += here and stay.late_then
                if stay.hours is not None:
                    sums.hours += stay.hours
                    sums.ended += 1
            if stay.unit_then is not None and stay.unit_then != stay.unit:
                self.units[stay.unit_then].stays_then += 1
                self.units[stay.unit_then].late_then += stay.late_then

    def result(self, since: datetime, until: datetime, places: Places) -> dict[str, Any]:
        """As JSON: cases, same, otherwise, unclear, differences, states, units, unused, hours."""
        groups = sorted(self.groups.items(), key=lambda item: -item[1].count)
        return {
            "since": since.isoformat(),
            "until": until.isoformat(),
            "cases": self.cases,
            "same": self.cases - self.otherwise,
            "otherwise": self.otherwise,
            "unclear": self.unclear,
            "differences": [_difference(found, group) for found, group in groups],
            "states": [{"key": key} | _sums(sums) for key, sums in self.states.items()],
            "units": [
                {"id": pk, "name": places.names.get(pk, "")} | _sums(sums)
                for pk, sums in sorted(self.units.items(), key=lambda item: -_changed(item[1]))
                if _changed(sums)
            ],
            "unused": [move.key for move in self.draft.moves if not self.moves["", move.key]],
        }


def _difference(found: Difference, group: _Group) -> dict[str, Any]:
    names = ("kind", "source", "move", "target", "leads", "code", "why", "why_en")
    return {name: getattr(found, name) for name in names} | {"count": group.count, "examples": group.examples}


def _sums(sums: _Sums) -> dict[str, Any]:
    hours = round(sums.hours / sums.ended, 1) if sums.ended else None
    return {
        "stays": sums.stays,
        "stays_then": sums.stays_then,
        "late": sums.late,
        "late_then": sums.late_then,
        "hours": hours,
    }


def _changed(sums: _Sums) -> int:
    return abs(sums.stays - sums.stays_then) + abs(sums.late - sums.late_then)
