"""A definition is checked before use: every planted fault is found, and a sound one has none."""

from collections.abc import Callable
from typing import Any

import pytest
from flow_examples import VOCABULARY, lamp, sound
from hypothesis import given

from wangge.engines.flow import Definition, check

Data = dict[str, Any]


def codes(data: Data) -> set[tuple[str, str]]:
    return {(problem.code, problem.where) for problem in check(Definition.from_data(data), VOCABULARY)}


def test_the_example_is_sound() -> None:
    assert codes(lamp()) == set()


@given(sound())
def test_a_sound_definition_has_no_problem(data: Data) -> None:
    assert codes(data) == set()


def change(path: list[Any], **values: Any) -> Callable[[Data], None]:
    """Set keys of the table at a path; None takes the key away."""

    def apply(data: Data) -> None:
        place: Any = data
        for key in path:
            place = place[key]
        for key, value in values.items():
            name = key.rstrip("_")
            if value is None:
                place.pop(name, None)
            else:
                place[name] = value

    return apply


def add_state(**more: Any) -> Callable[[Data], None]:
    state = {"key": "extra", "name": "多余", "step": 1, "owner": "lead", "clock": "case"}
    return lambda data: data["states"].append(state | more)


def both(*changes: Callable[[Data], None]) -> Callable[[Data], None]:
    def apply(data: Data) -> None:
        for one in changes:
            one(data)

    return apply


FAULTS = [
    ("duplicate", "states[5]", add_state(key="asked")),
    ("duplicate", "moves[6]", change(["moves", 6], key="send")),
    ("duplicate", "moves[0].ask[1]", change(["moves", 0, "ask", 1], key="note")),
    ("duplicate", "moves[1].ask[1].options[1]", change(["moves", 1, "ask", 1, "options", 1], value="a")),
    ("duplicate", "branches[1]", lambda data: data["branches"].append(data["branches"][0])),
    ("unknown_state", "start", change([], start="nowhere")),
    ("unknown_state", "moves[4].to", change(["moves", 4], to="nowhere")),
    ("unknown_state", "moves[1].to[0]", change(["moves", 1, "to", 0], to="nowhere")),
    ("unknown_state", "moves[6].from[1]", change(["moves", 6], from_=["asked", "nowhere"])),
    ("unknown_owner", "states[1].owner", change(["states", 1], owner="mayor")),
    ("unknown_owner", "states[1].owner", change(["states", 1], owner=None)),
    ("unknown_who", "moves[0].who[1]", change(["moves", 0], who=["officer@level", "mayor@level"])),
    ("unknown_who", "moves[0].who[1]", change(["moves", 0], who=["officer@level", "officer@moon"])),
    ("unknown_who", "moves[0].who[1]", change(["moves", 0], who=["officer@level", "officer"])),
    ("nobody", "moves[0].who", change(["moves", 0], who=["mayor@level"])),
    ("nobody", "moves[0].who", change(["moves", 0], who=[])),
    ("nobody", "moves[0].from", change(["moves", 0], from_=[])),
    ("unknown_effect", "moves[4].effects[1]", change(["moves", 4], effects=["thank", "explode"])),
    ("unknown_effect", "states[0].timers[0].do", change(["states", 0, "timers", 0], do="explode")),
    ("unknown_options", "moves[1].ask[0].options", change(["moves", 1, "ask", 0], options="colours")),
    ("unknown_options", "moves[1].ask[0].options", change(["moves", 1, "ask", 0], options=None)),
    ("unknown_move", "states[2].timers[0].move", change(["states", 2, "timers", 0], move="fly")),
    ("unknown_branch", "moves[4].join", change(["moves", 4], join="nothing")),
    ("unknown_branch", "branches[0].moves[0].join", change(["branches", 0, "moves", 0], join="other")),
    ("unreachable", "states[5]", both(add_state(), change(["moves", 0], from_=["asked", "judged", "extra"]))),
    ("unreachable", "states[3]", change(["moves", 1, "to", 0], when="lamp.returns > 5 && false")),
    ("unreachable", "states[4]", both(change(["moves", 4], when="1 > 2", why="从不"))),
    ("unreachable", "branches[0].states[1]", change(["branches", 0, "moves", 0], to="left")),
    ("dead_end", "states[5]", both(add_state(), change(["moves", 3], to="extra"))),
    ("dead_end", "branches[0].states[1]", change(["branches", 0, "moves", 1], from_=["called"])),
    ("no_end", "states", change(["states", 4], end=None, clock="case")),
    ("no_end", "branches[0].states", change(["branches", 0, "states", 2], end=None)),
    ("never", "moves[2].when", change(["moves", 2], when="lamp.dark && 1 == 2")),
    ("never_taken", "moves[1].to[0]", change(["moves", 1, "to", 0], when="false")),
    ("never_taken", "moves[1].to[1]", change(["moves", 1, "to", 0], when="true || lamp.dark")),
    (
        "never_taken",
        "moves[1].to[1]",
        change(["moves", 1], to=[{"to": "asked"}, {"when": "lamp.dark", "to": "judged"}]),
    ),
    ("no_default", "moves[1].to", change(["moves", 1, "to", 1], when="lamp.returns < 1")),
    ("no_reason", "moves[1].why", change(["moves", 1], why=None)),
    ("condition", "moves[1].when", change(["moves", 1], when="lamp.returns <")),
    ("condition", "moves[1].when", change(["moves", 1], when="lamp.colour == 'red'")),
    ("condition", "moves[1].when", change(["moves", 1], when="lamp.returns + 1")),
    ("condition", "moves[1].to[0]", change(["moves", 1, "to", 0], when="lamp.retruns > 1")),
    ("no_step", "states[1].step", change(["states", 1], step=None)),
    ("no_step", "states[1].step", change(["states", 1], step=6)),
    ("no_deadline", "states[1].clock", change(["states", 1], clock=None)),
    ("no_deadline", "states[1].clock", change(["states", 1], clock="stopped")),
    ("no_deadline", "states[0].limit", change(["states", 0], limit=None)),
    ("limit", "states[0].limit", change(["states", 0], limit="soon")),
    ("limit", "states[0].limit", change(["states", 0], limit="0 work_hour")),
    ("limit", "states[0].timers[0].after", change(["states", 0, "timers", 0], after="2 moons")),
    ("no_pause_end", "states[2].timers", change(["states", 2], timers=None)),
    ("runs_on", "states[4].clock", change(["states", 4], clock="case")),
    ("timer_clock", "states[1].timers[1].at", change(["states", 1, "timers", 1], at="pause_end")),
    ("timer_clock", "states[2].timers[0].at", change(["states", 2, "timers", 0], at="due")),
    ("timer_closed", "states[2].timers[0].move", change(["moves", 3], who=["officer@unit"])),
    ("timer_closed", "states[2].timers[0].move", change(["moves", 3], from_=["repairing"])),
    (
        "timer_asks",
        "states[2].timers[0].move",
        change(["moves", 3], ask=[{"key": "note", "type": "text", "name": "说明", "required": True}]),
    ),
]


@pytest.mark.parametrize(
    ("code", "where", "plant"), FAULTS, ids=[f"{code} {where}" for code, where, _ in FAULTS]
)
def test_a_planted_fault_is_found_at_its_place(code: str, where: str, plant: Callable[[Data], None]) -> None:
    data = lamp()
    plant(data)
    assert (code, where) in codes(data)


def test_every_code_of_the_check_has_a_planted_fault() -> None:
    documented = (check.__doc__ or "").split("Codes: ")[1].rstrip().rstrip(".")
    assert {code.strip() for code in documented.split(",")} == {code for code, _, _ in FAULTS}


def test_a_problem_speaks_chinese_and_english() -> None:
    data = lamp()
    data["moves"][1]["when"] = "lamp.returns <"
    (problem,) = check(Definition.from_data(data), VOCABULARY)
    assert problem.text == "条件有误：第15个字符：条件没有写完"
    assert problem.text_en == "condition: character 15: the condition is unfinished"


@given(sound())
def test_a_state_cut_off_is_found_in_any_definition(data: Data) -> None:
    data["states"].append({"key": "island", "name": "岛", "step": 2, "owner": "lead", "clock": "case"})
    found = codes(data)
    where = f"states[{len(data['states']) - 1}]"
    assert found == {("unreachable", where), ("dead_end", where)}


@given(sound())
def test_a_trap_is_found_in_any_definition(data: Data) -> None:
    data["states"].append({"key": "trap", "name": "井", "step": 2, "owner": "lead", "clock": "case"})
    data["moves"].append({"key": "fall", "name": "掉", "from": ["s0"], "to": "trap", "who": ["reporter"]})
    assert codes(data) == {("dead_end", f"states[{len(data['states']) - 1}]")}
