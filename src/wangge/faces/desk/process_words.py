"""A process in words: its rows, its values, what differs and what a simulation found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wangge.domain.access.actor import Role
from wangge.domain.access.models import ROLE_NAMES
from wangge.engines.flow import (
    REPORTER,
    SYSTEM,
    Change,
    Definition,
    Element,
    Move,
    Part,
    Problem,
    State,
    Timer,
)
from wangge.engines.flow import compare as differences
from wangge.engines.flow.editing import element_at
from wangge.engines.worktime import Duration
from wangge.faces.desk.process_vocabulary import (
    CLOCK_NAMES,
    EFFECT_WORDS,
    FIELD_LABELS,
    FIELD_TYPE_NAMES,
    MOMENT_NAMES,
    PLACE_NAMES,
    TONE_NAMES,
)
from wangge.platform.language import english, listed, named


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state in words; `wrong` when a problem lies in it."""

    state: State
    owner: str
    clock: str
    timers: tuple[str, ...]
    element: Element
    wrong: bool


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move in words; `when` is the condition as it is written."""

    move: Move
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    who: tuple[str, ...]
    element: Element
    wrong: bool


@dataclass(frozen=True, slots=True)
class PartRows:
    """The process itself or one of its branches."""

    part: Part
    states: tuple[StateRow, ...]
    moves: tuple[MoveRow, ...]


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem with the element it lies in (None: the whole), and that element's name."""

    problem: Problem
    element: Element | None
    name: str


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A field of an element, before and after, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One difference of two definitions in words; `op` as in engines.flow.Change."""

    op: str
    kind: str
    name: str
    fields: tuple[ValueChange, ...]


def part_rows(definition: Definition, problems: list[ProblemRow]) -> list[PartRows]:
    """Every state and move, the process first, then its branches."""
    wrong = {row.element for row in problems}
    found = [_part_rows(definition, "", wrong)]
    return found + [_part_rows(branch, branch.key, wrong) for branch in definition.branches]


def problem_rows(data: Mapping[str, Any], problems: list[Problem]) -> list[ProblemRow]:
    """Problems with the elements that they lie in."""
    names = _names(data)
    found = []
    for problem in problems:
        element = element_at(data, problem.where)
        found.append(ProblemRow(problem, element, names.get(element, "") if element else ""))
    return found


def change_rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ChangeRow]:
    """What differs, in words."""
    names = _state_names(before) | _state_names(after)
    return [_change_row(change, names) for change in differences(dict(before), dict(after))]


def value_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], data: Mapping[str, Any]
) -> list[ValueChange]:
    """The fields in which two versions of one element differ."""
    names = _state_names(data)
    return [
        ValueChange(
            _label(name),
            value_words(name, before.get(name), names),
            value_words(name, after.get(name), names),
        )
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


def who_words(who: str) -> str:
    """社区经办（所在社区）, 上报人, 系统."""
    if who in (REPORTER, SYSTEM):
        return _("上报人") if who == REPORTER else _("系统")
    role, _at, place = who.partition("@")
    names = {key.value: name for key, name in ROLE_NAMES.items()}
    return _("%(name)s（%(more)s）") % {
        "name": names.get(Role(role) if role in names else role, role),
        "more": PLACE_NAMES.get(place, place),
    }


def duration_words(text: str) -> str:
    """2个工作时; what is no duration stays as it is written."""
    try:
        return Duration.parse(text).name("en" if english() else "zh-hans")
    except ValueError:
        return text


def value_words(field: str, value: Any, states: Mapping[str, str]) -> str:
    """A value of a definition's data in words; a dash for none. `states` names states by key."""
    if value in (None, "", [], ()):
        return "—"
    match field:
        case "owner":
            return str(PLACE_NAMES.get(value, value))
        case "clock":
            return str(CLOCK_NAMES.get(value, value))
        case "limit":
            return duration_words(value)
        case "tone":
            return str(TONE_NAMES.get(value, value))
        case "end":
            return _("是") if value else _("否")
        case "start":
            return states.get(value, value)
        case "from":
            return listed(states.get(key, key) for key in value)
        case "to":
            return _ways(value, states)
        case "who":
            return listed(who_words(who) for who in value)
        case "effects":
            return listed(str(EFFECT_WORDS.get(effect, effect)) for effect in value)
        case "timers":
            return _("；").join(_timer_data(timer) for timer in value)
        case "ask":
            return _("；").join(_asked(asked) for asked in value)
        case "facts":
            return listed(value)
    return str(value)


def _part_rows(part: Part, branch: str, wrong: set[Element | None]) -> PartRows:
    states = tuple(
        _state_row(part, state, Element(branch, "state", state.key), wrong) for state in part.states
    )
    moves = tuple(_move_row(part, move, Element(branch, "move", move.key), wrong) for move in part.moves)
    return PartRows(part, states, moves)


def _state_row(part: Part, state: State, element: Element, wrong: set[Element | None]) -> StateRow:
    clock = str(CLOCK_NAMES.get(state.clock or "", ""))
    if state.limit:
        clock = f"{clock} {duration_words(state.limit)}"
    timers = tuple(_timer(part, timer) for timer in state.timers)
    return StateRow(state, str(PLACE_NAMES.get(state.owner, "")), clock, timers, element, element in wrong)


def _timer(part: Part, timer: Timer) -> str:
    when = _("%s后") % duration_words(timer.after) if timer.after else str(MOMENT_NAMES[timer.at or "due"])
    move = part.move_by_key.get(timer.move or "")
    what = named(move) if move else str(EFFECT_WORDS.get(timer.do or "", timer.do or timer.move))
    return _("%(when)s：%(what)s") % {"when": when, "what": what}


def _timer_data(timer: Mapping[str, str]) -> str:
    when = (
        _("%s后") % duration_words(timer["after"])
        if "after" in timer
        else str(MOMENT_NAMES.get(timer["at"], ""))
    )
    what = timer.get("move") or str(EFFECT_WORDS.get(timer.get("do", ""), timer.get("do")))
    return _("%(when)s：%(what)s") % {"when": when, "what": what}


def _move_row(part: Part, move: Move, element: Element, wrong: set[Element | None]) -> MoveRow:
    def name(key: str) -> str:
        return named(part.state_by_key[key]) if key in part.state_by_key else key

    targets = dict.fromkeys(way.to for way in move.ways)
    return MoveRow(
        move,
        tuple(name(key) for key in move.sources),
        tuple(_("不变") if key == "=" else name(key) for key in targets),
        tuple(who_words(who) for who in move.who),
        element,
        element in wrong,
    )


def _ways(value: Any, states: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return _("不变") if value == "=" else states.get(value, value)
    parts = []
    for way in value:
        target = _ways(way["to"], states)
        when = way.get("when")
        parts.append(
            _("%(when)s 时到“%(to)s”") % {"when": when, "to": target}
            if when
            else _("否则到“%(to)s”") % {"to": target}
        )
    return _("；").join(parts)


def _asked(asked: Mapping[str, Any]) -> str:
    kind = FIELD_TYPE_NAMES.get(asked["type"], asked["type"])
    needed = _("，必填") if asked.get("required") else ""
    return f"{asked['name']}（{kind}{needed}）"


def _change_row(change: Change, states: Mapping[str, str]) -> ChangeRow:
    element = change.element
    kind = _("流程") if element is None else _("状态") if element.kind == "state" else _("操作")
    fields = tuple(
        ValueChange(
            _label(field.field),
            value_words(field.field, field.before, states),
            value_words(field.field, field.after, states),
        )
        for field in change.fields
    )
    return ChangeRow(change.op, kind, named(change), fields)


def _label(field: str) -> str:
    return str(FIELD_LABELS.get(field, field))


def _names(data: Mapping[str, Any]) -> dict[Element, str]:
    found: dict[Element, str] = {}
    for branch, part in [("", data), *((row["key"], row) for row in data.get("branches", ()))]:
        found |= {Element(branch, "state", row["key"]): _said(row) for row in part["states"]}
        found |= {Element(branch, "move", row["key"]): _said(row) for row in part["moves"]}
    return found


def _state_names(data: Mapping[str, Any]) -> dict[str, str]:
    return {element.key: name for element, name in _names(data).items() if element.kind == "state"}


def _said(row: Mapping[str, Any]) -> str:
    return str((english() and row.get("name_en")) or row["name"])
