"""The parts of a process definition: states, moves, and what they are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Clock = Literal["case", "stage", "paused", "stopped"]
Tone = Literal["primary", "normal", "danger", "quiet"]
Moment = Literal["due", "yellow", "pause_end"]
FieldType = Literal[
    "text", "long_text", "choice", "choices", "unit", "units", "area", "date", "datetime", "matter",
    "condition", "photos", "boolean", "number", "case",
]  # fmt: skip

SAME = "="


@dataclass(frozen=True, slots=True)
class Option:
    """A choice written in the definition itself."""

    value: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """Something a move asks for. Choices come from a list of the domain (`options`) or stand in `choices`."""

    key: str
    type: FieldType
    name: str
    name_en: str = ""
    required: bool = False
    options: str | None = None
    choices: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Timer:
    """What happens by itself in a state: `after` a duration since entering it, or `at` a moment of its clock.

    Either an effect (`do`) or a `move` that the system makes.
    """

    after: str | None = None
    at: Moment | None = None
    do: str | None = None
    move: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where something stands. `step` 1 to 5 of the loop, 0 in a branch.

    `owner` names whose unit is responsible; `clock` is the case's own (case), the state's (stage, with
    `limit` such as "2 work_hour"), paused, or stopped (end states only); None in a branch.
    """

    key: str
    name: str
    name_en: str = ""
    step: int = 0
    owner: str = "none"
    clock: Clock | None = None
    limit: str | None = None
    end: bool = False
    timers: tuple[Timer, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One way a move may lead: to a state ("=" the same one) if `when` holds; the default has no condition."""

    to: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody may do in some states. The first of its `ways` whose condition holds is taken.

    `who` lists "role@place", "reporter" or "system". `when` closes the move with the reason `why` if it
    does not hold; `join` names a branch of which every part must have ended first.
    """

    key: str
    name: str
    sources: tuple[str, ...]
    ways: tuple[Way, ...]
    who: tuple[str, ...]
    name_en: str = ""
    when: str | None = None
    why: str = ""
    why_en: str = ""
    ask: tuple[Field, ...] = ()
    join: str | None = None
    effects: tuple[str, ...] = ()
    tone: Tone = "normal"

    def targets(self, source: str) -> tuple[str, ...]:
        """The states it can lead to from a source, in order."""
        return tuple(dict.fromkeys(source if way.to == SAME else way.to for way in self.ways))

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(asked for asked in self.ask if asked.required)


@dataclass(frozen=True, slots=True)
class Part:
    """States and moves with a start: a whole process, or a parallel branch of one."""

    key: str
    name: str
    start: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    name_en: str = ""
    state_by_key: Mapping[str, State] = field(init=False, repr=False, compare=False)
    move_by_key: Mapping[str, Move] = field(init=False, repr=False, compare=False)
    _leaving: Mapping[str, tuple[Move, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        leaving = {state.key: tuple(m for m in self.moves if state.key in m.sources) for state in self.states}
        object.__setattr__(self, "state_by_key", {state.key: state for state in self.states})
        object.__setattr__(self, "move_by_key", {move.key: move for move in self.moves})
        object.__setattr__(self, "_leaving", leaving)

    def leaving(self, state: str) -> tuple[Move, ...]:
        """The moves that start in a state, in the order of the definition."""
        return self._leaving.get(state, ())


class Branch(Part):
    """A parallel part, such as a supporting unit's share; any number of them may run beside the process."""

    __slots__ = ()
