"""Definitions as data: read with clear faults, written so that they come back equal."""

import json
from typing import Any

import pytest
from flow_examples import lamp, sound
from hypothesis import given
from hypothesis import strategies as st

from wangge.engines.flow import Definition, DefinitionError, Option, Timer, Way


def test_a_definition_is_read_with_all_its_parts() -> None:
    definition = Definition.from_data(lamp())
    assert (definition.key, definition.name, definition.name_en, definition.start) == (
        "lamp", "路灯报修", "Street lamp repair", "asked",
    )  # fmt: skip
    assert definition.state("asked").limit == "2 work_hour"
    assert definition.state("waiting").timers == (Timer(at="pause_end", move="resume"),)
    assert definition.move("return").ways == (Way("judged", "lamp.returns >= 1"), Way("asked"))
    assert definition.move("return").ask[0].options == "reasons"
    assert definition.move("return").ask[1].choices == (Option("a", "甲", "A"), Option("b", "乙"))
    assert definition.move("urge").targets("judged") == ("judged",)
    assert definition.move("come", "help").sources == ("called",)
    assert definition.state("left", "help").end


def test_what_is_not_there_is_known_or_raises() -> None:
    definition = Definition.from_data(lamp())
    assert definition.has_move("send")
    assert definition.has_move("come", branch="help")
    assert not definition.has_move("come")
    assert not definition.has_move("come", branch="nothing")
    with pytest.raises(KeyError):
        definition.state("nowhere")
    with pytest.raises(KeyError):
        definition.move("come", "nothing")


def test_the_example_comes_back_exactly() -> None:
    assert Definition.from_data(lamp()).to_data() == lamp() | {
        "branches": [lamp()["branches"][0]],
    }


@given(sound())
def test_any_definition_comes_back_equal_through_json(data: dict[str, Any]) -> None:
    definition = Definition.from_data(data)
    written = definition.to_data()
    again = Definition.from_data(json.loads(json.dumps(written)))
    assert again == definition
    assert again.to_data() == written


def test_defaults_written_out_mean_the_same_as_defaults_left_out() -> None:
    data = lamp()
    data["moves"][6] |= {"effects": [], "ask": [], "when": None} | {"name_en": ""}
    del data["moves"][6]["when"]
    data["moves"][3]["tone"] = "normal"
    data["moves"][3]["to"] = [{"to": "repairing"}]
    data["states"][1]["end"] = False
    assert Definition.from_data(data) == Definition.from_data(lamp())


def put(path: list[Any], value: Any) -> Any:
    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


def take(path: list[Any]) -> Any:
    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (take(["key"]), "key"),
        (put(["key"], "Lamp post"), "key"),
        (take(["start"]), "start"),
        (put(["states"], []), "states"),
        (put(["states"], {"asked": {}}), "states"),
        (put(["states", 2], "waiting"), "states[2]"),
        (put(["states", 1, "clock"], "sundial"), "states[1].clock"),
        (put(["states", 1, "step"], "3"), "states[1].step"),
        (put(["states", 1, "step"], True), "states[1].step"),
        (put(["states", 1, "end"], "no"), "states[1].end"),
        (put(["states", 1, "colour"], "red"), "states[1].colour"),
        (put(["states", 0, "timers", 0, "at"], "due"), "states[0].timers[0]"),
        (take(["states", 0, "timers", 0, "do"]), "states[0].timers[0]"),
        (take(["moves", 3, "to"]), "moves[3].to"),
        (put(["moves", 3, "to"], []), "moves[3].to"),
        (put(["moves", 3, "to"], 5), "moves[3].to"),
        (take(["moves", 1, "to", 0, "to"]), "moves[1].to[0].to"),
        (put(["moves", 3, "from"], "waiting"), "moves[3].from"),
        (put(["moves", 3, "who"], [7]), "moves[3].who[0]"),
        (put(["moves", 0, "tone"], "loud"), "moves[0].tone"),
        (put(["moves", 0, "name"], ""), "moves[0].name"),
        (put(["moves", 0, "name"], "派\x1f修"), "moves[0].name"),
        (put(["moves", 0, "why"], "一行\n又一行"), "moves[0].why"),
        (put(["moves", 0, "ask", 1, "type"], "colour"), "moves[0].ask[1].type"),
        (take(["moves", 1, "ask", 1, "options", 0, "value"]), "moves[1].ask[1].options[0].value"),
        (take(["branches", 0, "moves", 1, "who"]), "branches[0].moves[1].who"),
        (put(["branches", 0, "facts"], []), "branches[0].facts"),
        (put(["owner"], "lead"), "owner"),
    ],
)
def test_a_fault_in_the_data_names_its_path(change: Any, where: str) -> None:
    data = lamp()
    change(data)
    with pytest.raises(DefinitionError) as caught:
        Definition.from_data(data)
    assert caught.value.where == where
    assert caught.value.zh.startswith(f"{where}：")
    assert caught.value.en.startswith(f"{where}: ")


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5),
        lambda x: st.lists(x) | st.dictionaries(st.text(max_size=5), x),
    )
)
def test_data_that_is_no_definition_is_refused_and_nothing_else(data: Any) -> None:
    with pytest.raises(DefinitionError):
        Definition.from_data(data)
