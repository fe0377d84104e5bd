"""Reads the data of a definition, and says where it is not as it should be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args
from unicodedata import category

from wangge.engines.flow.parts import (
    Branch,
    Clock,
    Field,
    FieldType,
    Moment,
    Move,
    Option,
    State,
    Timer,
    Tone,
    Way,
)

_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_REQUIRED = object()


class DefinitionError(ValueError):
    """Data that is no definition. `where` is its path, such as `moves[3].to`."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        self.where = where
        self.zh = f"{where}：{zh}"
        self.en = f"{where}: {en}"
        super().__init__(f"{self.zh} / {self.en}")


class _Table:
    """A mapping of the data at a path, whose keys are taken one by one until none is left."""

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
            raise DefinitionError(where or "(top)", "这里应是一个表", "this must be a table")
        self.data = data
        self.where = where
        self.left = set(data)

    def path(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def take(self, key: str, kind: type | tuple[type, ...], what: tuple[str, str], default: Any) -> Any:
        self.left.discard(key)
        if key not in self.data:
            if default is _REQUIRED:
                raise DefinitionError(self.path(key), "缺少这一项", "this is missing")
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise DefinitionError(self.path(key), f"应是{what[0]}", f"must be {what[1]}")
        return value

    def text(self, key: str, default: Any = _REQUIRED) -> Any:
        value = self.take(key, str, ("文字", "text"), default)
        if value == "" and default is _REQUIRED:
            raise DefinitionError(self.path(key), "不能为空", "must not be empty")
        return value

    def line(self, key: str, default: Any = _REQUIRED) -> Any:
        """Text for people, on one line and without characters that cannot be seen."""
        value = self.text(key, default)
        if any(category(char).startswith("C") for char in value):
            raise DefinitionError(
                self.path(key), "不能有换行或看不见的字符", "must not have invisible characters"
            )
        return value

    def key(self, key: str = "key") -> str:
        value: str = self.text(key)
        if not _KEY.fullmatch(value):
            zh, en = (
                "只能用小写字母、数字和下划线，以字母开头",
                "must be lower-case letters, digits and underscores",
            )
            raise DefinitionError(self.path(key), zh, en)
        return value

    def one_of(self, key: str, allowed: Sequence[str], default: Any) -> Any:
        value = self.text(key, default)
        if value is not default and value not in allowed:
            listed = ", ".join(allowed)
            raise DefinitionError(self.path(key), f"只能是 {listed}", f"must be one of {listed}")
        return value

    def flag(self, key: str) -> bool:
        return bool(self.take(key, bool, ("true 或 false", "true or false"), False))

    def whole(self, key: str, default: int) -> int:
        return int(self.take(key, int, ("整数", "a whole number"), default))

    def words(self, key: str, default: Any = ()) -> tuple[str, ...]:
        found = self.take(key, (list, tuple), ("列表", "a list"), default)
        for index, word in enumerate(found):
            if not isinstance(word, str) or not word:
                raise DefinitionError(f"{self.path(key)}[{index}]", "应是文字", "must be text")
        return tuple(found)

    def tables(self, key: str, default: Any = ()) -> Iterator["_Table"]:
        found = self.take(key, (list, tuple), ("列表", "a list"), default)
        return (_Table(item, f"{self.path(key)}[{index}]") for index, item in enumerate(found))

    def end(self) -> None:
        for key in sorted(self.left):
            raise DefinitionError(self.path(key), "没有这个项目", "there is no such key")


def read(data: Any) -> dict[str, Any]:
    """The arguments of a Definition. Raises DefinitionError at the first fault."""
    table = _Table(data, "")
    parts = _part(table)
    parts["facts"] = table.words("facts")
    parts["branches"] = tuple(_branch(branch) for branch in table.tables("branches"))
    table.end()
    return parts


def _branch(table: _Table) -> Branch:
    branch = Branch(**_part(table))
    table.end()
    return branch


def _part(table: _Table) -> dict[str, Any]:
    states = tuple(_state(state) for state in table.tables("states", _REQUIRED))
    if not states:
        raise DefinitionError(table.path("states"), "不能为空", "must not be empty")
    return {
        "key": table.key(),
        "name": table.line("name"),
        "name_en": table.line("name_en", ""),
        "start": table.key("start"),
        "states": states,
        "moves": tuple(_move(move) for move in table.tables("moves", _REQUIRED)),
    }


def _state(table: _Table) -> State:
    state = State(
        key=table.key(),
        name=table.line("name"),
        name_en=table.line("name_en", ""),
        step=table.whole("step", 0),
        owner=table.text("owner", "none"),
        clock=table.one_of("clock", get_args(Clock), None),
        limit=table.text("limit", None),
        end=table.flag("end"),
        timers=tuple(_timer(timer) for timer in table.tables("timers")),
    )
    table.end()
    return state


def _timer(table: _Table) -> Timer:
    timer = Timer(
        after=table.text("after", None),
        at=table.one_of("at", get_args(Moment), None),
        do=table.text("do", None),
        move=table.text("move", None),
    )
    table.end()
    if (timer.after is None) == (timer.at is None):
        raise DefinitionError(table.where, "after 和 at 须有且只有一个", "needs either after or at")
    if (timer.do is None) == (timer.move is None):
        raise DefinitionError(table.where, "do 和 move 须有且只有一个", "needs either do or move")
    return timer


def _move(table: _Table) -> Move:
    move = Move(
        key=table.key(),
        name=table.line("name"),
        name_en=table.line("name_en", ""),
        sources=table.words("from", _REQUIRED),
        ways=_ways(table),
        who=table.words("who", _REQUIRED),
        when=table.text("when", None),
        why=table.line("why", ""),
        why_en=table.line("why_en", ""),
        ask=tuple(_field(asked) for asked in table.tables("ask")),
        join=table.text("join", None),
        effects=table.words("effects"),
        tone=table.one_of("tone", get_args(Tone), "normal"),
    )
    table.end()
    return move


def _ways(table: _Table) -> tuple[Way, ...]:
    if isinstance(table.data.get("to"), str):
        return (Way(table.text("to")),)
    ways = tuple(_way(way) for way in table.tables("to", _REQUIRED))
    if not ways:
        raise DefinitionError(table.path("to"), "不能为空", "must not be empty")
    return ways


def _way(table: _Table) -> Way:
    way = Way(to=table.text("to"), when=table.text("when", None))
    table.end()
    return way


def _field(table: _Table) -> Field:
    named = isinstance(table.data.get("options"), str)
    asked = Field(
        key=table.key(),
        type=table.one_of("type", get_args(FieldType), _REQUIRED),
        name=table.line("name"),
        name_en=table.line("name_en", ""),
        required=table.flag("required"),
        options=table.text("options") if named else None,
        choices=() if named else tuple(_option(option) for option in table.tables("options")),
    )
    table.end()
    return asked


def _option(table: _Table) -> Option:
    option = Option(value=table.text("value"), name=table.line("name"), name_en=table.line("name_en", ""))
    table.end()
    return option
