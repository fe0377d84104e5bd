"""The condition language answers as its vectors say, alone and in the browser, and cannot be led astray."""

import contextlib
import datetime
import json
import threading
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.engines.conditions import MAX_SOURCE, ConditionError, check, compile

VECTORS = json.loads((Path(__file__).resolve().parents[1] / "vectors" / "conditions.json").read_text("utf-8"))
FACTS = VECTORS["facts"]


def claims(kind: str) -> list[Any]:
    return [pytest.param(v, id=v["claim"]) for v in VECTORS["vectors"] if kind in v]


@pytest.mark.parametrize("vector", claims("value"))
def test_a_vector_has_its_value(vector: dict[str, Any]) -> None:
    value = compile(vector["source"]).value(FACTS)
    assert value == vector["value"]
    assert type(value) is type(vector["value"])


@pytest.mark.parametrize("vector", claims("error"))
def test_a_vector_that_cannot_be_answered_fails(vector: dict[str, Any]) -> None:
    condition = compile(vector["source"])
    with pytest.raises(ConditionError):
        condition.value(FACTS)


@pytest.mark.parametrize("vector", claims("refused"))
def test_a_vector_that_cannot_be_read_is_refused_with_a_position(vector: dict[str, Any]) -> None:
    with pytest.raises(ConditionError) as caught:
        compile(vector["source"])
    assert caught.value.position is not None
    assert 1 <= caught.value.position <= len(vector["source"]) + 1


def test_every_vector_has_one_outcome_and_its_own_source() -> None:
    vectors = VECTORS["vectors"]
    assert len(vectors) >= 60
    assert all(len({"value", "error", "refused"} & v.keys()) == 1 for v in vectors)
    assert len({v["source"] for v in vectors}) == len(vectors)


@pytest.mark.parametrize(
    ("source", "position", "words"),
    [
        ('case.level = "street"', 12, "=="),
        ("case.returns < 1 && bad(2)", 21, "bad"),
        ('case.level == "street', 15, "引号"),
        ("case.level ＝＝ 1", 12, "半角"),
        ("case.returns <", 15, "没有写完"),
        ('1 < 2\n&& 1 < "a"', 12, "种类不合"),
        ("case.tags.map(x, x)", 11, "map"),
        ("case.a.exists(x, x.b.exists(y, y))", 22, "套"),
        ('"""long"""', 1, '"'),
        ("{1: 2}", 1, "{"),
    ],
)
def test_a_fault_names_its_place_and_says_what_to_do(source: str, position: int, words: str) -> None:
    with pytest.raises(ConditionError) as caught:
        compile(source)
    assert caught.value.position == position
    assert words in caught.value.zh
    assert caught.value.en.startswith(f"character {position}: ")


def test_a_missing_fact_is_named() -> None:
    with pytest.raises(ConditionError, match=r"case\.returns") as caught:
        compile("case.returns < 1").holds({"case": {}})
    assert "missing: case.returns" in caught.value.en
    with pytest.raises(ConditionError, match=r"nobody\.unit"):
        compile("nobody.unit == 1").holds({})


def test_a_fault_never_quotes_the_value_of_a_fact() -> None:
    with pytest.raises(ConditionError) as caught:
        compile("person.phone < 3").holds({"person": {"phone": "10000000000"}})
    assert "10000000000" not in caught.value.zh + caught.value.en + repr(caught.value)


@pytest.mark.parametrize("source", ["1", "case.level", "case.tags", "null"])
def test_only_true_and_false_hold(source: str) -> None:
    with pytest.raises(ConditionError):
        compile(source).holds(FACTS)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("case.returns < 1 && actor.unit == case.unit", {"case.returns", "actor.unit", "case.unit"}),
        ("has(case.form.depth)", {"case.form.depth"}),
        ("urgent", {"urgent"}),
        ("\"case.level\" == 'actor.unit' // case.title", set()),
        ("case.tags.size() > size(case.supports)", {"case.tags", "case.supports"}),
        (
            "case.supports.exists(s, s.unit == actor.unit) && s.mine",
            {"case.supports", "actor.unit", "s.mine"},
        ),
        ("[case.unit].all(u, u in actor.units)", {"case.unit", "actor.units"}),
        ("case.supports[0].unit == (actor.unit)", {"case.supports", "actor.unit"}),
        ("(case.first).unit", {"case.first"}),
        ("case . unit == null", {"case.unit"}),
        ("size(a.list.filter(x, x > b.least)) > (c.most)", {"a.list", "b.least", "c.most"}),
    ],
)
def test_a_condition_knows_the_names_it_reads(source: str, names: set[str]) -> None:
    assert compile(source).names() == names


def test_check_finds_unknown_names_and_results_that_are_no_condition() -> None:
    known = {"case.returns", "case.form"}
    assert check("case.returns < 1 && case.form.depth > 2", known) == []
    assert check("case.retruns < 1", known) == ["没有名为“case.retruns”的数据"]
    assert check("case.returns + 1", known) == ["条件的结果不是“是”或“否”"]
    assert check("case.returns + 1", known, boolean=False) == []
    assert check("case.returns <", known) == ["第15个字符：条件没有写完"]


def test_what_is_always_true_or_false_can_be_proved_without_facts() -> None:
    assert compile("1 > 2 && case.returns < 1").is_always(False)
    assert compile("true || case.urgent").is_always(True)
    assert not compile("case.urgent").is_always(False)
    assert not compile("case.urgent").is_always(True)


def test_a_source_is_compiled_once() -> None:
    assert compile("case.returns < 7") is compile("case.returns < 7")


def test_a_condition_asks_only_for_the_facts_it_reads() -> None:
    class Asked(Mapping[str, Any]):
        def __init__(self) -> None:
            self.keys_asked: set[str] = set()

        def __getitem__(self, key: str) -> Any:
            self.keys_asked.add(key)
            return {"returns": 0, "costly": 1}[key]

        def __contains__(self, key: object) -> bool:
            return key in ("returns", "costly")

        def __iter__(self) -> Iterator[str]:
            raise AssertionError("a condition does not list the facts")

        def __len__(self) -> int:
            raise AssertionError("a condition does not count the facts")

    asked = Asked()
    assert compile("case.returns < 1").holds({"case": asked})
    assert asked.keys_asked == {"returns"}


class Level(StrEnum):
    STREET = "street"


@pytest.mark.parametrize(
    ("fact", "source"),
    [
        (Level.STREET, 'x.y == "street"'),
        ({"a", "b"}, 'x.y == ["a", "b"]'),
        (("a",), 'x.y == ["a"]'),
        (Decimal("1.5"), "x.y == 1.5"),
        (datetime.date(2026, 11, 22), 'x.y == "2026-11-22"'),
        (
            datetime.datetime(2026, 11, 22, 8, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=8))),
            'x.y == "2026-11-22T00:30:00.000Z"',
        ),
        (UUID(int=1), 'x.y == "00000000-0000-0000-0000-000000000001"'),
        ({"z": {"deep": [1]}}, "x.y.z.deep[0] == 1"),
    ],
)
def test_plain_python_values_become_facts(fact: Any, source: str) -> None:
    assert compile(source).holds({"x": {"y": fact}})


class Secret:
    token = "hidden"


@pytest.mark.parametrize(
    "fact",
    [Secret(), Secret, print, 2**63, datetime.datetime(2026, 1, 1), b"bytes", "\ud800", [Secret()]],
    ids=[
        "object",
        "class",
        "function",
        "too big",
        "no zone",
        "bytes",
        "half a character",
        "object in a list",
    ],
)
def test_other_python_objects_are_never_facts(fact: Any) -> None:
    with pytest.raises(ConditionError):
        compile("x.y == 1 || x.y.token == 'hidden'").holds({"x": {"y": fact}})


def test_a_list_that_holds_itself_is_no_fact() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ConditionError):
        compile("x.y == 1").holds({"x": {"y": endless}})


@pytest.mark.parametrize(
    "source", ["case.__class__", "case.unit.__class__", "__import__", "case.__class__.__mro__[0]"]
)
def test_python_is_out_of_reach(source: str) -> None:
    with pytest.raises(ConditionError):
        compile(source).value(FACTS)


@pytest.mark.parametrize(
    "source", ['__import__("os")', 'case.unit.format("x")', 'case.unit.matches("(a+)+$")']
)
def test_no_other_function_can_be_called(source: str) -> None:
    with pytest.raises(ConditionError, match="没有名为"):
        compile(source)


@pytest.mark.parametrize(
    "source",
    ["(" * 999 + "1" + ")" * 999, "[" * 999, "!" * 1999, "1" + "+1" * 990, "-" * 1999, "a." * 990 + "a"],
    ids=["brackets", "lists", "nots", "sums", "minuses", "dots"],
)
def test_deep_sources_end_quickly(source: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ConditionError):
        compile(source).holds({})
    assert time.perf_counter() - started < 2


def test_a_loop_over_many_facts_ends_and_a_pile_of_loops_is_refused() -> None:
    facts = {"a": {"b": [{"n": n} for n in range(5_000)]}}
    loop = "a.b.all(x, x.n >= 0)"
    assert compile(loop).holds(facts)
    started = time.perf_counter()
    with pytest.raises(ConditionError, match="太多"):
        compile(" && ".join([loop] * (MAX_SOURCE // (len(loop) + 4)))).holds(facts)
    assert time.perf_counter() - started < 2


def test_a_source_longer_than_the_limit_is_refused() -> None:
    assert compile("true" + " " * (MAX_SOURCE - 4)).holds({})
    with pytest.raises(ConditionError, match="2000"):
        compile("true" + " " * (MAX_SOURCE - 3))


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_and_nothing_else(source: str) -> None:
    with contextlib.suppress(ConditionError):
        compile(source).value(FACTS)


PIECES = [
    "case.returns",
    "actor.unit",
    "case.tags",
    "1",
    "0.5",
    '"街"',
    "true",
    "null",
    "(",
    ")",
    "[",
    "]",
    ",",
]
PIECES += ["&&", "||", "!", "<", ">=", "==", "+", "-", "/", "?", ":", " in ", "has(", "size(", ".exists(x, x"]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_any_row_of_pieces_is_read_or_refused_and_nothing_else(pieces: list[str]) -> None:
    try:
        condition = compile(" ".join(pieces))
    except ConditionError:
        return
    assert condition.names() <= {"case.returns", "actor.unit", "case.tags", "x"}
    with contextlib.suppress(ConditionError):
        condition.value(FACTS)


@given(st.integers(-(2**53), 2**53), st.integers(-(2**53), 2**53))
def test_numbers_compare_as_they_do_in_python(a: int, b: int) -> None:
    facts = {"n": {"a": a, "b": b}}
    assert compile("n.a < n.b").holds(facts) == (a < b)
    assert compile("n.a == n.b").holds(facts) == (a == b)
    assert compile("n.a + n.b").value(facts) == a + b


def test_threads_share_a_condition() -> None:
    condition = compile("n.a == n.b")
    wrong: list[int] = []

    def ask(number: int) -> None:
        facts = {"n": {"a": number, "b": number % 2}}
        wrong.extend(number for _ in range(500) if condition.holds(facts) != (number < 2))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
