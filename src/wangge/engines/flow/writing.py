"""Writes a definition as plain data, leaving out what has its default value."""

from collections.abc import Sequence
from typing import Any

from wangge.engines.flow.parts import Branch, Field, Move, Option, Part, State, Timer, Way


def write(part: Part) -> dict[str, Any]:
    """The data of a process without its facts and branches, or of a branch."""
    return _kept(
        key=part.key,
        name=part.name,
        name_en=part.name_en,
        start=part.start,
    ) | {"states": [_state(state) for state in part.states], "moves": [_move(move) for move in part.moves]}


def write_rest(facts: Sequence[str], branches: Sequence[Branch]) -> dict[str, Any]:
    return _kept(facts=list(facts), branches=[write(branch) for branch in branches])


def _state(state: State) -> dict[str, Any]:
    return _kept(
        key=state.key,
        name=state.name,
        name_en=state.name_en,
        step=state.step,
        owner=None if state.owner == "none" else state.owner,
        clock=state.clock,
        limit=state.limit,
        end=state.end,
        timers=[_timer(timer) for timer in state.timers],
    )


def _timer(timer: Timer) -> dict[str, Any]:
    return _kept(after=timer.after, at=timer.at, do=timer.do, move=timer.move)


def _move(move: Move) -> dict[str, Any]:
    names = _kept(key=move.key, name=move.name, name_en=move.name_en)
    core = {"from": list(move.sources), "to": _ways(move.ways), "who": list(move.who)}
    rest = _kept(
        when=move.when,
        why=move.why,
        why_en=move.why_en,
        ask=[_field(asked) for asked in move.ask],
        join=move.join,
        effects=list(move.effects),
        tone=None if move.tone == "normal" else move.tone,
    )
    return names | core | rest


def _ways(ways: tuple[Way, ...]) -> str | list[dict[str, Any]]:
    if len(ways) == 1 and ways[0].when is None:
        return ways[0].to
    return [_kept(when=way.when, to=way.to) for way in ways]


def _field(asked: Field) -> dict[str, Any]:
    return _kept(
        key=asked.key,
        type=asked.type,
        name=asked.name,
        name_en=asked.name_en,
        required=asked.required,
        options=asked.options or [_option(option) for option in asked.choices],
    )


def _option(option: Option) -> dict[str, Any]:
    return _kept(value=option.value, name=option.name, name_en=option.name_en)


def _kept(**values: Any) -> dict[str, Any]:
    """What differs from the empty default."""
    return {name: value for name, value in values.items() if value not in (None, "", 0, False, [])}
