"""Edits of a definition as data, comparisons, and replaying: each claim on the lamp process."""

import copy
from typing import Any

import pytest
from flow_examples import LAMP, VOCABULARY
from hypothesis import given
from hypothesis import strategies as st

from wangge.engines.flow import Definition, Element, Step, check, compare, draw, replay
from wangge.engines.flow.editing import duplicate, element_at, find, free_key, put, remove, shift, uses

LAMP_DATA = Definition.from_data(LAMP).to_data()
STATES = [state["key"] for state in LAMP_DATA["states"]]
MOVES = [move["key"] for move in LAMP_DATA["moves"]]
FACTS: dict[str, Any] = {
    "lamp": {"returns": 0, "dark": True, "parts": ["bulb"]},
    "actor": {"repaired": False},
    "data": {"worked": True},
}
ANSWERS = {"note": "x", "unit": 1, "urgent": False, "reason": "far"}


def state(key: str) -> Element:
    return Element("", "state", key)


def move(key: str) -> Element:
    return Element("", "move", key)


class TestEditing:
    def test_an_edit_leaves_the_data_it_began_from_as_it_was(self) -> None:
        before = copy.deepcopy(LAMP_DATA)
        put(LAMP_DATA, state("asked"), {**LAMP_DATA["states"][0], "limit": "5 work_hour"})
        remove(LAMP_DATA, state("judged"))
        shift(LAMP_DATA, move("urge"), -1)
        duplicate(LAMP_DATA, move("urge"), "urge_2")
        assert before == LAMP_DATA

    def test_a_new_element_comes_last_and_a_known_one_keeps_its_place(self) -> None:
        found = put(
            LAMP_DATA,
            move("call"),
            {"key": "call", "name": "打电话", "from": ["asked"], "to": "=", "who": ["system"]},
        )
        assert [row["key"] for row in found["moves"]] == [*MOVES, "call"]
        found = put(LAMP_DATA, move("send"), {**find(LAMP_DATA, move("send")), "name": "派出"})
        assert [row["key"] for row in found["moves"]] == MOVES

    def test_an_unknown_branch_takes_nothing(self) -> None:
        with pytest.raises(KeyError):
            put(LAMP_DATA, Element("nowhere", "state", "x"), {"key": "x"})

    def test_removing_a_state_takes_out_what_cannot_do_without_it_and_nothing_else(self) -> None:
        found = remove(LAMP_DATA, state("waiting"))
        assert "waiting" not in [row["key"] for row in found["states"]]
        assert [row["key"] for row in found["moves"]] == [
            key for key in MOVES if key not in ("wait", "resume")
        ]
        Definition.from_data(found)

    def test_removing_a_move_takes_out_the_timer_that_makes_it(self) -> None:
        found = remove(LAMP_DATA, move("resume"))
        waiting = find(found, state("waiting"))
        assert waiting
        assert waiting["timers"] == []

    def test_what_depends_on_an_element_is_named(self) -> None:
        assert {use.how for use in uses(LAMP_DATA, state("asked"))} >= {"start", "from", "to"}
        assert [use.element for use in uses(LAMP_DATA, move("resume"))] == [state("waiting")]

    def test_a_copy_stands_behind_its_original_under_a_free_code(self) -> None:
        key = free_key(LAMP_DATA, move("send"))
        found = duplicate(LAMP_DATA, move("send"), key)
        assert [row["key"] for row in found["moves"]][:2] == ["send", "send_2"]
        assert free_key(found, move("send")) == "send_3"

    @given(st.sampled_from(MOVES), st.sampled_from([-1, 1]))
    def test_up_and_down_again_is_where_it_was_unless_it_stood_at_the_edge(self, key: str, by: int) -> None:
        moved = shift(LAMP_DATA, move(key), by)
        assert moved == LAMP_DATA or shift(moved, move(key), -by) == LAMP_DATA

    def test_the_path_of_a_problem_leads_to_its_element(self) -> None:
        broken = put(LAMP_DATA, state("judged"), {**find(LAMP_DATA, state("judged")), "owner": "nobody"})
        problems = check(Definition.from_data(broken), VOCABULARY)
        assert [element_at(broken, problem.where) for problem in problems] == [state("judged")]
        assert element_at(broken, "branches[0].states[1].timers[0]") == Element(
            "help", "state", broken["branches"][0]["states"][1]["key"]
        )
        assert element_at(broken, "start") is None

    @given(st.sampled_from(STATES))
    def test_a_process_with_problems_is_drawn_too(self, key: str) -> None:
        data = copy.deepcopy(LAMP_DATA)
        data["states"] = [row for row in data["states"] if row["key"] != key] or data["states"]
        drawn = draw(
            Definition.from_data(data),
            wrong={("", STATES[-1])},
            link=lambda branch, state: f"/{branch}/{state}",
        )
        assert drawn.startswith("<svg")
        assert drawn.count("<a href=") == len(data["states"]) + len(data["branches"][0]["states"])


class TestComparing:
    def test_equal_definitions_differ_nowhere(self) -> None:
        assert compare(LAMP_DATA, copy.deepcopy(LAMP_DATA)) == []

    def test_one_edit_is_one_change_with_before_and_after(self) -> None:
        later = put(LAMP_DATA, state("asked"), {**LAMP_DATA["states"][0], "limit": "4 work_hour"})
        [change] = compare(LAMP_DATA, later)
        assert (change.op, change.element) == ("changed", state("asked"))
        assert [(field.field, field.before, field.after) for field in change.fields] == [
            ("limit", "2 work_hour", "4 work_hour")
        ]

    def test_added_and_removed_mirror_each_other(self) -> None:
        later = remove(LAMP_DATA, move("urge"))
        assert [(c.op, c.element) for c in compare(LAMP_DATA, later)] == [("removed", move("urge"))]
        assert [(c.op, c.element) for c in compare(later, LAMP_DATA)] == [("added", move("urge"))]

    @given(st.sampled_from(MOVES[1:]))
    def test_a_shift_is_one_element_that_stands_elsewhere(self, key: str) -> None:
        assert [change.op for change in compare(LAMP_DATA, shift(LAMP_DATA, move(key), -1))] == ["moved"]


def lives() -> st.SearchStrategy[list[Step]]:
    """Lives of a lamp: any moves in any order, made by anybody, on facts that may close them."""
    step = st.builds(
        Step,
        source=st.sampled_from(STATES),
        move=st.sampled_from(MOVES),
        standing=st.sampled_from([("officer@level",), ("officer@unit",), ("reporter",), ("system",), ()]),
        facts=st.integers(0, 2).map(lambda n: {**FACTS, "lamp": {**FACTS["lamp"], "returns": n}}),
        data=st.sampled_from([{}, ANSWERS]),
    )
    return st.lists(step, max_size=12)


SEND = Step("asked", "send", ("officer@level",), FACTS, ANSWERS)
RETURN = Step("repairing", "return", ("officer@unit",), FACTS, ANSWERS)
FINISH = Step("repairing", "finish", ("officer@unit",), FACTS, {})


def edited(key: str, **values: Any) -> Definition:
    return Definition.from_data(put(LAMP_DATA, move(key), {**find(LAMP_DATA, move(key)), **values}))


class TestReplaying:
    lamp = Definition.from_data(LAMP_DATA)

    @given(lives())
    def test_the_same_definition_differs_nowhere(self, steps: list[Step]) -> None:
        assert replay(steps, self.lamp, Definition.from_data(copy.deepcopy(LAMP_DATA))) == []

    @given(lives())
    def test_names_and_looks_change_no_way(self, steps: list[Step]) -> None:
        assert replay(steps, self.lamp, edited("send", name="派出", tone="quiet", name_en="Out")) == []

    @given(lives())
    def test_a_planted_target_is_found_at_the_first_step_that_takes_it_and_only_there(
        self, steps: list[Step]
    ) -> None:
        found = replay([*steps, SEND], self.lamp, edited("send", to="waiting"))
        assert {difference.move for difference in found} == {"send"}
        assert [d.kind for d in found if d.kind != "unclear"] == ["target"]
        assert (found[-1].target, found[-1].leads) == ("repairing", "waiting")

    @given(lives())
    def test_a_person_taken_away_is_refused_from_their_first_step_on(self, steps: list[Step]) -> None:
        found = replay([*steps, SEND], self.lamp, edited("send", who=["head@level"]))
        assert (found[-1].kind, found[-1].code) == ("refused", "not_yours")

    def test_after_a_difference_that_changes_the_way_nothing_more_is_told(self) -> None:
        later = edited("send", to="waiting")
        assert len(replay([SEND, SEND, SEND], self.lamp, later)) == 1

    def test_a_condition_that_closes_is_told_with_its_reason(self) -> None:
        [found] = replay([RETURN], self.lamp, edited("return", when="lamp.returns < 0", why="不能退"))
        assert (found.kind, found.code, found.why) == ("refused", "condition", "不能退")

    def test_a_removed_move_and_a_removed_source_are_refused(self) -> None:
        gone = Definition.from_data(remove(LAMP_DATA, move("finish")))
        assert replay([FINISH], self.lamp, gone)[0].code == "unknown_move"
        assert replay([FINISH], self.lamp, edited("finish", **{"from": ["judged"]}))[0].code == "wrong_state"

    def test_other_effects_are_told_and_the_way_goes_on(self) -> None:
        found = replay([FINISH, RETURN], self.lamp, edited("finish", effects=["remind"]))
        assert [difference.kind for difference in found] == ["effects"]

    def test_what_its_own_definition_refuses_is_unclear_not_different(self) -> None:
        stranger = Step("asked", "send", (), FACTS, ANSWERS)
        assert [d.kind for d in replay([stranger], self.lamp, edited("send", to="waiting"))] == ["unclear"]
