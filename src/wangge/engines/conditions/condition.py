"""A condition compiled once and asked many times. The only place that knows the CEL library."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from cel_expr_python import cel  # type: ignore[import-untyped]

from wangge.engines.conditions.errors import ConditionError
from wangge.engines.conditions.facts import Facts, missing, pick
from wangge.engines.conditions.reader import read_names

_PLACE = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_NEEDS_SELECTION = "has() argument must be a field selection"


class Condition:
    """A compiled source; safe to share between threads. Made by `compile`."""

    __slots__ = ("_boolean", "_expression", "_paths", "source")

    def __init__(self, source: str) -> None:
        """Raises ConditionError with the position of the first fault."""
        self.source = source
        self._paths = read_names(source)
        roots = {path[0]: cel.Type.DYN for path in self._paths}
        try:
            self._expression = cel.NewEnv(variables=roots).compile(source)
        except RuntimeError as error:
            raise _unreadable(source, str(error)) from None
        self._boolean = self._expression.return_type() in (cel.Type.BOOL, cel.Type.DYN)

    def names(self) -> frozenset[str]:
        """The dotted names of the facts it reads, such as "case.unit"."""
        return frozenset(".".join(path) for path in self._paths)

    def may_hold(self) -> bool:
        """False for a source whose result can never be true or false, such as a number."""
        return self._boolean

    def value(self, facts: Facts) -> Any:
        """The result as plain Python. Raises ConditionError if these facts cannot answer."""
        picked = pick(facts, self._paths)
        try:
            result = self._expression.eval(data=picked)
        except RuntimeError as error:
            raise self._unanswered(facts, str(error)) from None
        if result.type() == cel.Type.ERROR:
            raise self._unanswered(facts, str(result.value()))
        return result.plain_value()

    def holds(self, facts: Facts) -> bool:
        """True or false over these facts. Raises ConditionError for a missing fact or any other result."""
        result = self.value(facts)
        if not isinstance(result, bool):
            raise ConditionError("条件的结果不是“是”或“否”", "the result is neither true nor false")
        return result

    def is_always(self, answer: bool) -> bool:
        """Whether the answer is this one whatever the facts are, as far as can be proved without any."""
        try:
            return self.value({}) is answer
        except ConditionError:
            return False

    def _unanswered(self, facts: Facts, message: str) -> ConditionError:
        if "budget" in message:
            return ConditionError("逐项判断的内容太多", "there is too much to loop over")
        absent = missing(facts, self._paths)
        if absent:
            listed = "、".join(absent)
            return ConditionError(f"缺少“{listed}”", f"missing: {', '.join(absent)}")
        return ConditionError("数据的种类不合，算不出结果", "the facts are of a kind that has no answer here")

    def __repr__(self) -> str:
        return f"Condition({self.source!r})"


@lru_cache(maxsize=4096)
def compile(source: str) -> Condition:
    """Read a source, at most 2,000 characters. Raises ConditionError with the position of the fault."""
    return Condition(source)


def faults(source: str, known: Collection[str], *, boolean: bool = True) -> list[ConditionError]:
    """Everything wrong with a source that may read the `known` dotted names and the fields below them.

    `boolean`: its result has to be true or false.
    """
    try:
        condition = compile(source)
    except ConditionError as error:
        return [error]
    found = [
        ConditionError(f"没有名为“{name}”的数据", f"there is no fact {name}")
        for name in sorted(condition.names())
        if not _is_known(name, known)
    ]
    if boolean and not condition.may_hold():
        found.append(ConditionError("条件的结果不是“是”或“否”", "the result is neither true nor false"))
    return found


def check(source: str, known: Collection[str], *, boolean: bool = True) -> list[str]:
    """The faults of a source in Chinese; an empty list when there is none."""
    return [fault.zh for fault in faults(source, known, boolean=boolean)]


def _is_known(name: str, known: Collection[str]) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:end]) in known for end in range(1, len(parts) + 1))


def _unreadable(source: str, message: str) -> ConditionError:
    """What CEL says, with its line and column turned into a character of the source."""
    place = _PLACE.search(message)
    if place is None:
        return ConditionError("条件过于复杂或写法不对", "the condition is too complex or malformed")
    line, column, text = int(place[1]), int(place[2]), place[3]
    lines = source.split("\n")
    if not 1 <= line <= len(lines):
        return ConditionError("条件过于复杂", "the condition is too complex")
    position = min(sum(len(row) + 1 for row in lines[: line - 1]) + column, len(source) + 1)
    if position > len(source.rstrip()):
        return ConditionError("条件没有写完", "the condition is unfinished", position)
    if "no matching overload" in text:
        return ConditionError("两边的种类不合", "the two sides are of kinds that do not fit", position)
    if "reserved identifier" in text:
        return ConditionError("这个词是保留字，不能用", "this word is reserved", position)
    if _NEEDS_SELECTION in text:
        return ConditionError("has() 里要写成“甲.乙”", "has() takes a name with a dot", position)
    return ConditionError("这里写法不对", "this cannot be read", position)
