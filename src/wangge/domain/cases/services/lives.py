"""The recorded life of a case, walked through its own process and a draft: moves, stays, clocks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from wangge.domain.access.actor import ActivePost, Actor, AnyActor, Public, Reporter, Role, System
from wangge.domain.access.models import Unit
from wangge.domain.cases import rules, timing
from wangge.domain.cases.models import Case, CaseEvent
from wangge.domain.cases.services.centres import owner_of
from wangge.engines.flow import Difference, Replay, State, Step, changes_the_way
from wangge.engines.worktime import Duration
from wangge.platform.errors import Invalid

# The level of the area that a post of the role is for.
ROLE_LEVELS = {
    Role.GRID_WORKER: "grid",
    Role.GRID_LEAD: "grid",
    Role.STATION_OFFICER: "community",
    Role.STATION_HEAD: "community",
    Role.STREET_DISPATCHER: "street",
    Role.STREET_LEADER: "street",
    Role.DISTRICT_DISPATCHER: "district",
    Role.DISTRICT_LEADER: "district",
    Role.OPERATOR: "district",
}
_MOMENTS = frozenset(
    {"filed_at", "clock_from", "case_due_at", "due_at", "entered_at", "paused_at", "paused_until", "handled_at", "closed_at"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Places:
    """Names and areas of all units, by id."""

    names: dict[int, str]
    paths: dict[int, str]

    @classmethod
    def load(cls) -> "Places":
        """1 statement."""
        rows = list(Unit.objects.values_list("pk", "name", "area__path"))
        return cls({pk: name for pk, name, _path in rows}, {pk: path for pk, _name, path in rows})


@dataclass(frozen=True, slots=True)
class Stay:
    """A case in a state: in its own process and, `_then`, in the draft. `hours` is None while it is there."""

    state: str
    hours: float | None
    unit: int
    unit_then: int | None
    late: bool
    late_then: bool


@dataclass(slots=True)
class Life:
    """What a walk found. `moves` were made up to the first difference that changes the way."""

    case_id: int
    number: str
    moves: list[tuple[str, str]] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def walk(case: Case, events: Sequence[CaseEvent], replay: Replay, places: Places, until: datetime) -> Life:
    """Follow a case's history through the draft (`replay.after`), no statement but for centres not yet known.

    `case` (with its condition) is changed to what it was at each moment and must not be saved.
    """
    return _Walk(case, replay, places, until).go(events)


class _Walk:
    def __init__(self, case: Case, replay: Replay, places: Places, until: datetime) -> None:
        self.case, self.replay, self.places, self.until = case, replay, places, until
        self.own, self.draft = replay.before, replay.after
        self.life = Life(case.pk, case.number)
        self.shares: dict[int, str] = {}

    def go(self, events: Sequence[CaseEvent]) -> Life:
        for event in events:
            if event.source and self._parts(event):
                return self.life
            if "entered_at" in event.after and event.source:
                self._stay(event.at)
            _take(self.case, event)
            self._remember_shares(event)
        if events:
            self._stay(None)
        return self.life

    def _parts(self, event: CaseEvent) -> bool:
        """Whether the draft takes another way here, from which on nothing can be compared."""
        branch = "support" if "support_unit" in event.data else None
        if not self.own.has_move(event.move, branch):
            return False
        source = self.shares.get(event.data["support_unit"], "") if branch else event.source
        self.life.moves.append((branch or "", event.move))
        if not self.replay.may_differ(source, event.move, branch):
            return False
        difference = self.replay.difference(self._step(event, source, branch))
        if difference:
            self.life.differences.append(difference)
            return changes_the_way(difference)
        return False

    def _step(self, event: CaseEvent, source: str, branch: str | None) -> Step:
        actor = self._actor(event)
        data = {**event.data, "reason": event.reason, "note": event.note}
        facts = rules.facts(actor, self.case, event.at, data)
        branches = {"support": list(self.shares.values())} if self.shares else {}
        return Step(source, event.move, rules.standing(actor, self.case), facts, data, branches, branch)

    def _actor(self, event: CaseEvent) -> AnyActor:
        """Who acted, in the one post that history names."""
        match event.actor_kind:
            case "actor" if event.role:
                return Actor(event.user_id or 0, "", (self._post(event),))
            case "reporter":
                return Reporter(self.case.receipt_hash)
            case "system":
                return System("simulation")
            case _:
                return Public()

    def _post(self, event: CaseEvent) -> ActivePost:
        role = Role(event.role)
        level = ROLE_LEVELS.get(role, "")
        path = self.places.paths.get(event.unit_id or 0, "")
        if level and (not path or (level == "grid" and self.case.area_path.startswith(path))):
            path = rules.path_at(self.case.area_path, level)
        return ActivePost(
            0, role, event.unit_id, 0, path or self.case.area_path, level, event.on_behalf_of_id
        )

    def _stay(self, left: datetime | None) -> None:
        case = self.case
        own, then = self.own.state_by_key.get(case.state), self.draft.state_by_key.get(case.state)
        if own is None or then is None or own.end:
            return
        end = left or self.until
        due_then = case.due_at if (own.clock, own.limit) == (then.clock, then.limit) else self._due(then)
        hours = (end - case.entered_at).total_seconds() / 3600 if left else None
        unit_then = case.responsible_id if own.owner == then.owner else self._owner(then)
        self.life.stays.append(
            Stay(
                case.state,
                hours,
                case.responsible_id,
                unit_then,
                _late(case.due_at, end),
                _late(due_then, end),
            )
        )

    def _due(self, state: State) -> datetime | None:
        if state.clock == "case":
            return self.case.case_due_at
        if state.clock == "stage" and state.limit:
            return timing.calendar_for(self.case).due(self.case.entered_at, Duration.parse(state.limit))
        return None

    def _owner(self, state: State) -> int | None:
        """The unit of the draft's owner; None where the place has no such unit."""
        try:
            return owner_of(self.case, state) or self.case.responsible_id
        except Invalid:
            return None

    def _remember_shares(self, event: CaseEvent) -> None:
        """Where the supporting units' shares stand: history keeps their moves, not their states."""
        branch = next((part for part in self.own.branches if part.key == "support"), None)
        if branch is None:
            return
        for unit in event.data.get("supports", ()):
            self.shares.setdefault(unit, branch.start)
        if (unit := event.data.get("support_unit")) and event.move in branch.move_by_key:
            self.shares[unit] = branch.move_by_key[event.move].targets(self.shares.get(unit, branch.start))[0]


def _take(case: Case, event: CaseEvent) -> None:
    """Bring the case to what it was after an event."""
    for name, value in event.after.items():
        setattr(case, name, _moment(value) if name in _MOMENTS else value)


def _moment(value: Any) -> datetime | None:
    return parse_datetime(value) if value else None


def _late(due: datetime | None, end: datetime) -> bool:
    return due is not None and end > due
