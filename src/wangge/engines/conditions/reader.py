"""Reads a source before CEL does: only the part of CEL we allow, and the names of the facts it uses.

Left out on purpose: `map` and nested loops (a chain of them can grow without bound), regular expressions,
times and bytes (Python and browsers differ). What is left costs at most facts x length of the source.
"""

import re
from dataclasses import dataclass

from wangge.engines.conditions.errors import ConditionError

MAX_SOURCE = 2_000

FUNCTIONS = frozenset({"has", "size", "int", "double"})
METHODS = frozenset({"startsWith", "endsWith", "contains", "size"})
LOOPS = frozenset({"exists", "all", "exists_one", "filter"})
CONSTANTS = frozenset({"true", "false", "null", "in"})

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
  | (?P<refused>\"{3}|'{3}|[rRbB]+["'])
  | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign>&&|\|\||==|!=|<=|>=|[<>!?:+\-*/%()\[\],.])
    """,
    re.VERBOSE | re.ASCII,
)
_FULL_WIDTH = {"“": '"', "”": '"', "‘": "'", "’": "'", "，": ",", "。": ".", "（": "(", "）": ")", "！": "!"}
_FULL_WIDTH |= {"＝": "=", "＞": ">", "＜": "<", "＆": "&", "｜": "|", "：": ":", "？": "?"}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: string, number, word or sign. `position` counts characters from 1."""

    kind: str
    text: str
    position: int


def read_names(source: str) -> frozenset[tuple[str, ...]]:
    """The paths of facts that a source reads, such as ("case", "unit").

    Raises ConditionError for a source that is too long or uses what conditions do not have.
    """
    return frozenset(_Reader(tokens(source)).read())


def tokens(source: str) -> list[Token]:
    """Words and signs without spaces and comments. Raises ConditionError at the first that is unknown."""
    if len(source) > MAX_SOURCE:
        raise ConditionError(
            f"条件过长：{len(source)}个字符，最多{MAX_SOURCE}个",
            f"the condition has {len(source)} characters, the most is {MAX_SOURCE}",
        )
    found: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup == "refused":
            raise _unknown_character(source, at)
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match[0], at + 1))
        at = match.end()
    return found


def _unknown_character(source: str, at: int) -> ConditionError:
    char = source[at]
    if char in _FULL_WIDTH:
        half = _FULL_WIDTH[char]
        return ConditionError(
            f"全角符号“{char}”请改为半角“{half}”", f"write {half} instead of the full-width {char}", at + 1
        )
    if char in "\"'" and source[at : at + 3] != char * 3:
        return ConditionError("引号没有配对", "the quote is not closed", at + 1)
    if char == "=":
        return ConditionError("比较相等请写“==”", "write == to compare", at + 1)
    return ConditionError(f"条件里不能用“{char}”", f"{char} has no place in a condition", at + 1)


class _Reader:
    """Walks the tokens once; `loop` is the variable of the loop that is open, with its depth of brackets."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.at = 0
        self.depth = 0
        self.loop: tuple[str, int] | None = None
        self.names: set[tuple[str, ...]] = set()

    def read(self) -> set[tuple[str, ...]]:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == "word" and token.text not in CONSTANTS:
                self._word(token)
            else:
                self._bracket(token)
                self.at += 1
        return self.names

    def _bracket(self, token: Token) -> None:
        if token.kind != "sign":
            return
        if token.text == "(":
            self.depth += 1
        elif token.text == ")":
            self.depth -= 1
            if self.loop and self.depth < self.loop[1]:
                self.loop = None

    def _word(self, token: Token) -> None:
        """A call, a chain of names such as case.unit, or a field of something computed."""
        computed = self._peek(-1) == "."
        if self._peek(1) == "(":
            self._method(token) if computed else self._function(token)
            return
        path = self._chain()
        if not computed and not (self.loop and path[0] == self.loop[0]):
            self.names.add(path)

    def _chain(self) -> tuple[str, ...]:
        """The words joined by dots from here on, up to a method that is called on them."""
        path = [self.tokens[self.at].text]
        self.at += 1
        while self._peek() == "." and self._kind(1) == "word" and self._peek(2) != "(":
            path.append(self.tokens[self.at + 1].text)
            self.at += 2
        return tuple(path)

    def _function(self, token: Token) -> None:
        self._allow(token, FUNCTIONS)
        self.at += 1

    def _method(self, token: Token) -> None:
        self._allow(token, METHODS | LOOPS)
        self.at += 1
        if token.text not in LOOPS:
            return
        if self.loop:
            raise ConditionError(
                "逐项判断不能套在另一个里面", "a loop inside a loop is not allowed", token.position
            )
        if self._kind(1) != "word" or self._peek(2) != ",":
            raise ConditionError(
                f"请写成 {token.text}(x, 条件)", f"write {token.text}(x, condition)", token.position
            )
        self.loop = (self.tokens[self.at + 1].text, self.depth + 1)
        self._bracket(self.tokens[self.at])
        self.at += 2

    def _allow(self, token: Token, allowed: frozenset[str]) -> None:
        if token.text not in allowed:
            raise ConditionError(
                f"没有名为“{token.text}”的函数", f"there is no function {token.text}", token.position
            )

    def _peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def _kind(self, ahead: int) -> str:
        at = self.at + ahead
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""
