"""A simulation's findings in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from wangge.domain.cases.models import ProcessDraft, Simulation
from wangge.domain.cases.services.drafts import digest
from wangge.domain.cases.services.simulating import is_lost
from wangge.faces.desk.process_words import duration_words
from wangge.platform.language import english

MOST_UNITS = 30


@dataclass(frozen=True, slots=True)
class Group:
    """Steps that go otherwise in the same way, with some cases to look at."""

    sentence: str
    why: str
    count: int
    examples: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A state or a unit: stays, overdue ones and average hours, before and in the draft."""

    name: str
    stays: int
    stays_then: int
    late: int
    late_then: int
    hours: float | None
    limit: str
    limit_then: str

    @property
    def changed(self) -> bool:
        return self.late != self.late_then or self.stays != self.stays_then or self.limit != self.limit_then

    @property
    def more(self) -> int:
        return self.stays_then - self.stays

    @property
    def later(self) -> int:
        return self.late_then - self.late


@dataclass(frozen=True, slots=True)
class Report:
    """A simulation as its page shows it. `stale`: the draft was edited since."""

    run: Simulation
    stale: bool
    lost: bool
    since: datetime | None = None
    groups: tuple[Group, ...] = ()
    states: tuple[Row, ...] = ()
    units: tuple[Row, ...] = ()
    more_units: int = 0
    unused: tuple[str, ...] = ()
    late: int = 0
    late_then: int = 0

    @property
    def going(self) -> bool:
        return self.run.state in (Simulation.State.WAITING, Simulation.State.RUNNING) and not self.lost

    @property
    def percent(self) -> int:
        return 100 * self.run.done // self.run.total if self.run.total else 0


def report_of(run: Simulation, draft: ProcessDraft) -> Report:
    """The run's findings with the names of the draft and of the version it is based on."""
    stale = run.digest != digest(draft.data)
    if run.result is None:
        return Report(run, stale, is_lost(run))
    result = run.result
    base = draft.based_on.definition if draft.based_on else draft.data
    names = _Names(base, draft.data)
    states = tuple(names.row(row) for row in result["states"])
    units = tuple(_row(row["name"], row) for row in result["units"])
    return Report(
        run,
        stale,
        False,
        datetime.fromisoformat(result["since"]),
        tuple(names.group(found) for found in result["differences"]),
        states,
        units[:MOST_UNITS],
        max(len(units) - MOST_UNITS, 0),
        tuple(names.moves.get(key, key) for key in result["unused"]),
        sum(row.late for row in states),
        sum(row.late_then for row in states),
    )


class _Names:
    """Names and limits of two definitions' elements by key."""

    def __init__(self, base: dict[str, Any], draft: dict[str, Any]) -> None:
        parts = [base, *base.get("branches", ()), draft, *draft.get("branches", ())]
        self.states = {row["key"]: _said(row) for part in parts for row in part["states"]}
        self.moves = {row["key"]: _said(row) for part in parts for row in part["moves"]}
        self.limits = {row["key"]: row.get("limit", "") for row in base["states"]}
        self.limits_then = {row["key"]: row.get("limit", "") for row in draft["states"]}

    def group(self, found: dict[str, Any]) -> Group:
        words = {
            "state": self.states.get(found["source"], found["source"]),
            "move": self.moves.get(found["move"], found["move"]),
            "target": self.states.get(found["target"], found["target"]),
            "leads": self.states.get(found["leads"], found["leads"]),
        }
        sentences = {
            "refused": _("在“%(state)s”不再能“%(move)s”"),
            "target": _("“%(move)s”之后到“%(leads)s”，原来到“%(target)s”"),
            "effects": _("“%(move)s”照样能办，但办的事不同"),
        }
        why = str((english() and found["why_en"]) or found["why"])
        return Group(
            sentences[found["kind"]] % words,
            why,
            found["count"],
            tuple((pk, number) for pk, number in found["examples"]),
        )

    def row(self, row: dict[str, Any]) -> Row:
        limits = (_limit(limits.get(row["key"], "")) for limits in (self.limits, self.limits_then))
        return _row(self.states.get(row["key"], row["key"]), row, *limits)


def _row(name: str, row: dict[str, Any], limit: str = "", limit_then: str = "") -> Row:
    return Row(
        name,
        row["stays"],
        row["stays_then"],
        row["late"],
        row["late_then"],
        row["hours"],
        limit,
        limit_then,
    )


def _limit(text: str) -> str:
    return duration_words(text) if text else ""


def _said(row: dict[str, Any]) -> str:
    return str((english() and row.get("name_en")) or row["name"])
