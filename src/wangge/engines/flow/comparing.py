"""What differs between two definitions, element by element and field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from wangge.engines.flow.editing import KINDS, Data, Element

_EMPTY: Data = {"states": [], "moves": []}
Op = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A key of the data with its value before and after; None where it was not written."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """An element (None: the process itself) that was added, removed, changed or only stands elsewhere."""

    op: Op
    element: Element | None
    name: str
    name_en: str
    fields: tuple[FieldChange, ...] = ()


def compare(before: Data, after: Data) -> list[Change]:
    """Every change from one definition's data to another's, in the order of the later one; equal data: []."""
    heads = ("name", "name_en", "start", "facts")
    found = []
    if fields := _fields(_only(before, heads), _only(after, heads)):
        found.append(Change("changed", None, after["name"], after.get("name_en", ""), fields))
    found += _part("", before, after)
    older = {branch["key"]: branch for branch in before.get("branches", ())}
    newer = {branch["key"]: branch for branch in after.get("branches", ())}
    for key in dict.fromkeys([*newer, *older]):
        found += _part(key, older.get(key, _EMPTY), newer.get(key, _EMPTY))
    return found


def _part(branch: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for kind in KINDS:
        older = {row["key"]: row for row in before[f"{kind}s"]}
        newer = {row["key"]: row for row in after[f"{kind}s"]}
        for key, row in newer.items():
            element = Element(branch, kind, key)
            if key not in older:
                yield _change("added", element, row)
            elif fields := _fields(older[key], row):
                yield _change("changed", element, row, fields)
        for key, row in older.items():
            if key not in newer:
                yield _change("removed", Element(branch, kind, key), row)
        for key in _displaced([key for key in older if key in newer], [key for key in newer if key in older]):
            yield _change("moved", Element(branch, kind, key), newer[key])


def _change(op: Op, element: Element, row: Data, fields: tuple[FieldChange, ...] = ()) -> Change:
    return Change(op, element, row["name"], row.get("name_en", ""), fields)


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    names = dict.fromkeys([*after, *before])
    return tuple(
        FieldChange(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _only(data: Mapping[str, Any], names: tuple[str, ...]) -> Data:
    return {name: data[name] for name in names if name in data}


def _displaced(before: list[str], after: list[str]) -> list[str]:
    """The keys to take out so that the others stand in the same order: each the one that jumped farthest."""
    older, newer, found = list(before), list(after), []
    while older != newer:
        key = max(newer, key=lambda key: abs(newer.index(key) - older.index(key)))
        found.append(key)
        older.remove(key)
        newer.remove(key)
    return found
