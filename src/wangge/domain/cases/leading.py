"""Who should lead, as the responsibility list says: pure rules over its rows.

A row for the very matter goes before one for its duty, then the nearest area, then a row with a condition
before one without, then the latest. A row whose condition does not hold is passed over.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.domain.cases.models import Case, Responsibility
from wangge.domain.cases.timing import calendar_for
from wangge.engines.conditions import ConditionError, compile, faults
from wangge.engines.worktime import WorkCalendar
from wangge.platform.language import english

LONGEST_CONDITION = 500

# What the condition of a row may read: its name, what it means, and a value to try it with.
FACTS: dict[str, tuple[str | Promise, Any]] = {
    "case.hour": (_("上报时的钟点，0 到 23"), 22),
    "case.weekday": (_("上报那天是星期几，1 到 7"), 6),
    "case.month": (_("上报的月份，1 到 12"), 8),
    "case.working_time": (_("上报时是否在工作时间内"), False),
    "case.emergency": (_("是否应急"), False),
    "case.level": (_("办理层级：community 社区、street 街道、district 区"), "street"),
    "case.procedure": (_("程序：ordinary、coordination、emergency、approval"), "ordinary"),
    "case.channel": (_("来源：web、qr、worker、operator、station"), "web"),
    "case.condition": (_("立案条件的序号，未立案为 0"), 1),
    "case.returns": (_("已退单几次"), 0),
}


class CaseFacts(Mapping[str, Any]):
    """The facts of a case below "case"; the calendar is asked only when a condition reads it."""

    def __init__(self, case: Case, calendar: WorkCalendar | None = None) -> None:
        self._case = case
        self._calendar = calendar
        self._at = timezone.localtime(case.reported_at)

    def __getitem__(self, name: str) -> Any:
        case = self._case
        match name:
            case "hour":
                return self._at.hour
            case "weekday":
                return self._at.isoweekday()
            case "month":
                return self._at.month
            case "working_time":
                return (self._calendar or calendar_for(case)).is_working(case.reported_at)
            case "condition":
                return case.condition.number if case.condition else 0
            case _:
                if f"case.{name}" not in FACTS:
                    raise KeyError(name)
                return getattr(case, name)

    def __iter__(self) -> Iterator[str]:
        return (name.removeprefix("case.") for name in FACTS)

    def __len__(self) -> int:
        return len(FACTS)


def precedence(row: Responsibility) -> tuple[bool, int, bool, Any, int]:
    """The greater goes first; reads the row's area, which must be loaded."""
    return row.matter_id is not None, len(row.area.path), bool(row.when), row.starts_on, row.pk or 0


def in_order(rows: Iterable[Responsibility]) -> list[Responsibility]:
    return sorted(rows, key=precedence, reverse=True)


def applies(row: Responsibility, facts: Mapping[str, Any]) -> bool:
    """Whether the row's condition holds; one that these facts cannot answer does not."""
    if not row.when:
        return True
    try:
        return compile(row.when).holds({"case": facts})
    except ConditionError:
        return False


def first(rows: Iterable[Responsibility], facts: Mapping[str, Any]) -> Responsibility | None:
    """The row that leads, of rows in order."""
    return next((row for row in rows if applies(row, facts)), None)


def when_faults(source: str) -> list[str]:
    """What is wrong with a row's condition, in the reader's language."""
    found = faults(source, FACTS.keys())
    return [fault.en if english() else fault.zh for fault in found]


def example_facts(given: Mapping[str, str]) -> dict[str, Any]:
    """Facts to try a condition with: the examples of FACTS, and what somebody typed instead."""
    return {
        name.removeprefix("case."): _typed(given.get(name), value) for name, (_words, value) in FACTS.items()
    }


def _typed(text: str | None, example: Any) -> Any:
    if text is None:
        return example
    if isinstance(example, bool):
        return text.strip().lower() in ("1", "true", "on")
    if isinstance(example, int):
        return int(text) if text.strip().lstrip("-").isdecimal() and len(text) < 10 else example
    return text
