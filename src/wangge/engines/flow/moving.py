"""Which moves are open to somebody, and where a move leads. Both ask the same questions in the same order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wangge.engines import conditions
from wangge.engines.conditions import ConditionError, Facts
from wangge.engines.flow.definition import Definition
from wangge.engines.flow.parts import SAME, Move, Part, State

Branches = Mapping[str, Sequence[str]]

_NO_BRANCHES: Branches = {}


class Refused(Exception):
    """A move that is not made.

    `code`: unknown_move, wrong_state, not_yours, condition, join or missing_field. `text` and `text_en` are
    for the person; `fields` holds {key: name} of the missing fields.
    """

    def __init__(self, code: str, text: str, text_en: str, fields: Mapping[str, str] | None = None) -> None:
        self.code = code
        self.text = text
        self.text_en = text_en
        self.fields: Mapping[str, str] = fields or {}
        super().__init__(f"{code}: {text}")


@dataclass(frozen=True, slots=True)
class OpenMove:
    """A move that somebody's standing allows; `why` and `why_en` say why it is closed."""

    move: Move
    open: bool
    why: str | None = None
    why_en: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A move that may be made: from `source` to `target`, whose state is `state`, with `effects` in order."""

    move: Move
    source: str
    target: str
    effects: tuple[str, ...]
    state: State


def open_moves(
    definition: Definition,
    state: str,
    standing: Collection[str],
    facts: Facts,
    branches: Branches = _NO_BRANCHES,
    *,
    branch: str | None = None,
) -> list[OpenMove]:
    """The moves in a state that the standing ("role@place", "reporter", "system") allows.

    `branches` holds the states of the parts that run in parallel: {"support": ["working", "done"]}. With
    `branch` the state is one of that branch. Order as in the definition.
    """
    part = definition.part(branch)
    return [
        _shown(definition, move, facts, branches)
        for move in part.leaving(state)
        if _is_theirs(move, standing)
    ]


def decide(
    definition: Definition,
    state: str,
    move_key: str,
    standing: Collection[str],
    facts: Facts,
    data: Mapping[str, Any],
    branches: Branches = _NO_BRANCHES,
    *,
    branch: str | None = None,
) -> Outcome:
    """What a move does, given the values of its fields by key. Raises Refused, then nothing may change."""
    part = definition.part(branch)
    move = part.move_by_key.get(move_key)
    if move is None:
        raise Refused("unknown_move", "没有这个操作", "There is no such move")
    if state not in move.sources:
        raise Refused(
            "wrong_state", f"当前状态不能“{move.name}”", f"Not possible in this state: {_english(move)}"
        )
    if not _is_theirs(move, standing):
        raise Refused("not_yours", f"您的岗位不能“{move.name}”", f"Not open to your post: {_english(move)}")
    if refusal := _closed(definition, move, facts, branches):
        raise refusal
    missing = {asked.key: asked.name for asked in move.required if _is_empty(data.get(asked.key))}
    if missing:
        english = ", ".join(asked.name_en or asked.name for asked in move.required if asked.key in missing)
        raise Refused(
            "missing_field", f"请填写：{'、'.join(missing.values())}", f"Please fill in: {english}", missing
        )
    target = _target(move, state, facts)
    return Outcome(move, state, target, move.effects, part.state_by_key[target])


def _shown(definition: Definition, move: Move, facts: Facts, branches: Branches) -> OpenMove:
    refusal = _closed(definition, move, facts, branches)
    return OpenMove(move, False, refusal.text, refusal.text_en) if refusal else OpenMove(move, True)


def _is_theirs(move: Move, standing: Collection[str]) -> bool:
    return any(who in standing for who in move.who)


def _closed(definition: Definition, move: Move, facts: Facts, branches: Branches) -> Refused | None:
    if move.when is not None:
        try:
            holds = conditions.compile(move.when).holds(facts)
        except ConditionError as error:
            return Refused(
                "condition", f"无法判断能否“{move.name}”：{error.zh}", f"Cannot be decided: {error.en}"
            )
        if not holds:
            return Refused(
                "condition", move.why or "条件不满足", move.why_en or move.why or "Not possible now"
            )
    if move.join is not None:
        part = definition.part(move.join)
        if not _all_ended(part, branches.get(move.join, ())):
            return Refused(
                "join", f"“{part.name}”还没有全部结束", f"Not all have ended: {part.name_en or part.name}"
            )
    return None


def _all_ended(part: Part, states: Sequence[str]) -> bool:
    ends = {state.key for state in part.states if state.end}
    return all(state in ends for state in states)


def _target(move: Move, source: str, facts: Facts) -> str:
    for way in move.ways:
        try:
            taken = way.when is None or conditions.compile(way.when).holds(facts)
        except ConditionError as error:
            text = f"无法判断“{move.name}”之后的去向：{error.zh}"
            raise Refused("condition", text, f"Cannot be decided: {error.en}") from error
        if taken:
            return source if way.to == SAME else way.to
    raise Refused("condition", f"“{move.name}”没有可去的状态", f"Leads nowhere now: {_english(move)}")


def _is_empty(value: Any) -> bool:
    """False and 0 are answers; nothing, blanks and empty lists are not."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, Collection) and not value)


def _english(move: Move) -> str:
    return move.name_en or move.name
