"""Open moves and decisions agree, lead nowhere outside the definition, and never pass a join too early."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from flow_examples import EVERYBODY, FACTS, lamp, sound
from hypothesis import given
from hypothesis import strategies as st

from wangge.engines.flow import Definition, Outcome, Refused, decide, open_moves

LAMP = Definition.from_data(lamp())
FULL = {"unit": 3, "urgent": False, "reason": "not_ours", "note": "看过了"}


def facts(**lamp_facts: Any) -> dict[str, Any]:
    return FACTS | {"lamp": FACTS["lamp"] | lamp_facts}


def outcome(move: str, state: str = "repairing", **more: Any) -> Outcome:
    arguments: dict[str, Any] = {"standing": EVERYBODY, "facts": FACTS, "data": FULL} | more
    return decide(LAMP, state, move, **arguments)


def refusal(move: str, state: str = "repairing", **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        outcome(move, state, **more)
    return caught.value


def test_a_move_leads_to_its_state_with_its_effects_in_order() -> None:
    made = outcome("finish")
    assert (made.source, made.target, made.effects) == ("repairing", "done", ("thank", "remind"))
    assert made.state is LAMP.state("done")
    assert made.move is LAMP.move("finish")


def test_the_first_way_whose_condition_holds_is_taken() -> None:
    assert outcome("return").target == "asked"
    assert outcome("return", facts=facts(returns=1)).target == "judged"


@pytest.mark.parametrize("state", ["asked", "repairing", "judged"])
def test_a_move_that_stays_ends_where_it_began(state: str) -> None:
    assert outcome("urge", state).target == state


def test_only_moves_of_ones_standing_are_shown_in_the_order_of_the_definition() -> None:
    shown = open_moves(LAMP, "repairing", {"officer@unit"}, FACTS)
    assert [each.move.key for each in shown] == ["return", "wait", "finish"]
    assert [each.move.key for each in open_moves(LAMP, "repairing", {"reporter"}, FACTS)] == ["urge"]
    assert open_moves(LAMP, "repairing", set(), FACTS) == []


def test_a_closed_move_is_shown_with_its_reason() -> None:
    first = open_moves(LAMP, "repairing", {"officer@unit"}, facts(returns=2))[0]
    assert (first.open, first.why, first.why_en) == (False, "已退过两次", "Returned twice already")


def test_an_open_move_has_no_reason() -> None:
    first = open_moves(LAMP, "repairing", {"officer@unit"}, FACTS)[0]
    assert (first.open, first.why, first.why_en) == (True, None, None)


def test_refusals_say_which_rule_refused() -> None:
    assert refusal("fly").code == "unknown_move"
    assert refusal("come").code == "unknown_move"
    assert refusal("send").code == "wrong_state"
    assert refusal("return", standing={"head@unit"}).code == "not_yours"
    assert refusal("return", facts=facts(returns=2)).code == "condition"
    assert refusal("finish", branches={"help": ["there"]}).code == "join"
    assert refusal("return", data={}).code == "missing_field"


def test_refusals_speak_chinese_and_english() -> None:
    refused = refusal("return", facts=facts(returns=2))
    assert (refused.text, refused.text_en) == ("已退过两次", "Returned twice already")
    assert refusal("finish", branches={"help": ["there"]}).text == "“协办”还没有全部结束"


@pytest.mark.parametrize("empty", [None, "", "  ", [], (), {}])
def test_a_required_field_left_empty_is_named(empty: Any) -> None:
    refused = refusal("send", "asked", data={"unit": empty, "urgent": True})
    assert refused.code == "missing_field"
    assert refused.fields == {"unit": "单位"}
    assert refused.text_en == "Please fill in: Unit"


def test_false_and_zero_are_answers() -> None:
    assert outcome("send", "asked", data={"unit": 0, "urgent": False}).target == "repairing"


def test_a_missing_fact_closes_the_move_and_says_so() -> None:
    bare = {"lamp": {}, "actor": {}, "data": {}}
    shown = open_moves(LAMP, "repairing", {"officer@unit"}, bare)
    assert not shown[0].open
    assert "lamp.returns" in str(shown[0].why)
    assert refusal("return", facts=bare).code == "condition"


def test_a_move_of_a_branch_is_decided_in_the_branch() -> None:
    arguments: dict[str, Any] = {"standing": {"helper@support"}, "facts": FACTS, "branch": "help"}
    assert [m.move.key for m in open_moves(LAMP, "called", **arguments)] == ["come", "leave"]
    assert decide(LAMP, "called", "come", data={}, **arguments).target == "there"
    with pytest.raises(Refused, match="missing_field"):
        decide(LAMP, "there", "leave", data={}, **arguments)
    assert decide(LAMP, "there", "leave", data={"note": "好"}, **arguments).state.end


@given(st.lists(st.sampled_from(["called", "there", "left", "lost"]), max_size=5))
def test_a_join_never_passes_while_one_branch_is_open(states: list[str]) -> None:
    ended = all(state == "left" for state in states)
    shown = {m.move.key: m.open for m in open_moves(LAMP, "repairing", EVERYBODY, FACTS, {"help": states})}
    assert shown["finish"] == ended
    if ended:
        assert outcome("finish", branches={"help": states}).target == "done"
    else:
        assert refusal("finish", branches={"help": states}).code == "join"


RANDOM_FACTS = st.builds(
    lambda returns, dark, parts, repaired: {
        "lamp": {"returns": returns, "dark": dark, "parts": parts}, "actor": {"repaired": repaired},
    },
    st.integers(0, 3), st.booleans(), st.sampled_from([[], ["bulb"], ["wire", "bulb"]]), st.booleans(),
)  # fmt: skip
STANDING = st.frozensets(st.sampled_from(sorted(EVERYBODY)))
BRANCHES = st.fixed_dictionaries({"help": st.lists(st.sampled_from(["b0", "b1", "b2"]), max_size=3)})


def asked_of(
    definition: Definition,
    state: str,
    standing: frozenset[str],
    given_facts: Any,
    branches: Mapping[str, Sequence[str]],
) -> dict[str, Outcome | Refused]:
    """What decide says of every move."""
    answers: dict[str, Outcome | Refused] = {}
    for move in definition.moves:
        try:
            answers[move.key] = decide(
                definition, state, move.key, standing, given_facts, {"note": "好"}, branches
            )
        except Refused as refused:
            answers[move.key] = refused
    return answers


@given(sound(), st.data(), STANDING, RANDOM_FACTS, BRANCHES)
def test_open_moves_and_decisions_agree(
    data: dict[str, Any],
    more: st.DataObject,
    standing: frozenset[str],
    given_facts: Any,
    branches: dict[str, list[str]],
) -> None:
    definition = Definition.from_data(data)
    state = more.draw(st.sampled_from([state.key for state in definition.states]))
    shown = {m.move.key: m for m in open_moves(definition, state, standing, given_facts, branches)}
    for key, answer in asked_of(definition, state, standing, given_facts, branches).items():
        if key not in shown:
            assert isinstance(answer, Refused)
            assert answer.code in ("wrong_state", "not_yours")
        elif shown[key].open:
            assert isinstance(answer, Outcome)
        else:
            assert isinstance(answer, Refused)
            assert answer.code in ("condition", "join")
            assert (answer.text, answer.text_en) == (shown[key].why, shown[key].why_en)


@given(sound(), STANDING, st.lists(RANDOM_FACTS, min_size=1, max_size=12), st.data())
def test_no_walk_leaves_the_definition(
    data: dict[str, Any], standing: frozenset[str], days: list[Any], more: st.DataObject
) -> None:
    definition = Definition.from_data(data)
    keys = {state.key for state in definition.states}
    state = definition.start
    for given_facts in days:
        open_now = [m.move for m in open_moves(definition, state, standing, given_facts) if m.open]
        if not open_now:
            break
        move = more.draw(st.sampled_from(open_now))
        made = decide(definition, state, move.key, standing, given_facts, {"note": "好"})
        assert made.target in keys
        assert made.state.key == made.target
        assert made.target in move.targets(state)
        state = made.target
