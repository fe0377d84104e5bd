"""What an engine's smallest acts cost: `python3 dev.py bench engines`, prints one JSON line an act.

Microseconds of one call, the best of 20 laps: other work on the machine only ever adds.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

from tests.engines.flow_examples import FACTS, lamp
from wangge.engines.conditions import compile
from wangge.engines.flow import Definition, open_moves
from wangge.engines.worktime import Duration, WorkCalendar

_LAPS, _CALLS = 20, 100


def _moves() -> Callable[[], object]:
    """Forty moves out of one state, each with a condition that holds for some."""
    data = lamp()
    move = {"name": "动", "from": ["repairing"], "to": "=", "who": ["officer@unit"], "why": "不行"}
    data["moves"] += [
        move | {"key": f"m{number}", "when": f"lamp.returns < {number} && !actor.repaired"}
        for number in range(40)
    ]
    definition = Definition.from_data(data)
    return lambda: open_moves(definition, "repairing", {"officer@unit"}, FACTS)


def _condition() -> Callable[[], object]:
    condition = compile("case.returns < 1 && actor.unit == case.unit")
    facts = {"case": {"returns": 0, "unit": "x"}, "actor": {"unit": "x"}}
    return lambda: condition.holds(facts)


def _deadline(limit: str) -> Callable[[], object]:
    calendar, start, duration = WorkCalendar(), datetime(2026, 1, 5, 1, tzinfo=UTC), Duration.parse(limit)
    return lambda: calendar.due(start, duration)


ACTS: dict[str, Callable[[], Callable[[], object]]] = {
    "forty moves judged": _moves,
    "a condition": _condition,
    "a deadline of 2 working hours": lambda: _deadline("2 work_hour"),
    "a deadline of 248 working days": lambda: _deadline("248 work_day"),
}


def _microseconds(act: Callable[[], object]) -> float:
    act()
    laps = []
    for _lap in range(_LAPS):
        begun = time.perf_counter()
        for _call in range(_CALLS):
            act()
        laps.append(time.perf_counter() - begun)
    return min(laps) / _CALLS * 1e6


if __name__ == "__main__":
    for name, made in ACTS.items():
        print(json.dumps({"name": name, "us": round(_microseconds(made()), 2)}))
