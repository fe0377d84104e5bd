"""Walks a recorded history through another definition, to see where it would have gone otherwise."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from wangge.engines.conditions import Facts
from wangge.engines.flow.definition import Definition
from wangge.engines.flow.moving import Branches, Outcome, Refused, decide
from wangge.engines.flow.parts import Move, Part


@dataclass(frozen=True, slots=True)
class Step:
    """A move that was made: from which state, by whom (standing), on which facts and data; as for `decide`."""

    source: str
    move: str
    standing: Collection[str]
    facts: Facts
    data: Mapping[str, Any]
    branches: Branches = field(default_factory=dict)
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A step that goes otherwise.

    `kind`: refused (not made any more, `code` and `why` of the refusal), target (leads elsewhere), effects
    (does something else), unclear (the definition it was made under refuses it now too, so nothing can be
    said). `target` is where it led, `leads` where it would lead.
    """

    kind: Literal["refused", "target", "effects", "unclear"]
    source: str
    move: str
    target: str = ""
    leads: str = ""
    code: str = ""
    why: str = ""
    why_en: str = ""


class Replay:
    """Two definitions to walk histories through; what they share is worked out once."""

    def __init__(self, before: Definition, after: Definition) -> None:
        self.before = before
        self.after = after
        self._same: dict[tuple[str | None, str], bool] = {}

    def may_differ(self, source: str, move: str, branch: str | None = None) -> bool:
        """False when the move provably does the same in both definitions, whatever the facts are."""
        key = (branch, move)
        if key not in self._same:
            self._same[key] = self._is_same(move, branch)
        return not self._same[key] or self._in(self.before, source, move, branch) != self._in(
            self.after, source, move, branch
        )

    def difference(self, step: Step) -> Difference | None:
        """How a step goes otherwise in the later definition; None when it goes the same way."""
        if not self.may_differ(step.source, step.move, step.branch):
            return None
        before = _decided(self.before, step)
        after = _decided(self.after, step)
        if isinstance(before, Refused):
            return Difference("unclear", step.source, step.move, code=before.code)
        if isinstance(after, Refused):
            return Difference(
                "refused", step.source, step.move, before.target, "", after.code, after.text, after.text_en
            )
        if before.target != after.target:
            return Difference("target", step.source, step.move, before.target, after.target)
        if before.effects != after.effects:
            return Difference("effects", step.source, step.move, before.target, after.target)
        return None

    def _is_same(self, key: str, branch: str | None) -> bool:
        older, newer = _move(self.before, key, branch), _move(self.after, key, branch)
        if older is None or newer is None:
            return older is newer
        if _behaviour(older) != _behaviour(newer):
            return False
        return older.join is None or _ends(self.before, older.join) == _ends(self.after, older.join)

    @staticmethod
    def _in(definition: Definition, source: str, key: str, branch: str | None) -> bool:
        move = _move(definition, key, branch)
        return move is not None and source in move.sources


def replay(steps: Iterable[Step], before: Definition, after: Definition) -> list[Difference]:
    """The differences of a history, in order. After the first that changes the way nothing more is known, so
    it is the last; unclear steps and other effects do not change the way.
    """
    compared, found = Replay(before, after), []
    for step in steps:
        difference = compared.difference(step)
        if difference is not None:
            found.append(difference)
            if changes_the_way(difference):
                break
    return found


def changes_the_way(difference: Difference) -> bool:
    """Whether what happened after the step cannot be compared any more."""
    return difference.kind in ("refused", "target")


def _decided(definition: Definition, step: Step) -> Outcome | Refused:
    try:
        return decide(
            definition,
            step.source,
            step.move,
            step.standing,
            step.facts,
            step.data,
            step.branches,
            branch=step.branch,
        )
    except Refused as refusal:
        return refusal


def _move(definition: Definition, key: str, branch: str | None) -> Move | None:
    part = _part(definition, branch)
    return part.move_by_key.get(key) if part else None


def _part(definition: Definition, branch: str | None) -> Part | None:
    if branch is None:
        return definition
    return next((part for part in definition.branches if part.key == branch), None)


def _behaviour(move: Move) -> tuple[Any, ...]:
    """What decides about a step, without names and looks."""
    required = frozenset(asked.key for asked in move.required)
    return move.ways, frozenset(move.who), move.when, required, move.join, move.effects


def _ends(definition: Definition, branch: str) -> frozenset[str]:
    part = _part(definition, branch)
    return frozenset(state.key for state in part.states if state.end) if part else frozenset()
