"""Edits of a definition's data, one at a time: each takes data and gives new data, the old stays as it was.

An element is a state or a move, named by the branch it is in ("" for the process itself), its kind and its
key. Data need not pass `check` between two edits, but `Definition.from_data` reads it at all times.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Data = dict[str, Any]
Kind = Literal["state", "move"]
KINDS: tuple[Kind, ...] = ("state", "move")

_PLACE = re.compile(r"(?:branches\[(\d+)\]\.)?(states|moves)\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Element:
    """Where a state or a move stands in a definition."""

    branch: str
    kind: Kind
    key: str


@dataclass(frozen=True, slots=True)
class Use:
    """What needs a state or a move: `how` is start, from, to or timer; `element` is None for the start."""

    how: str
    element: Element | None


def element_at(data: Mapping[str, Any], where: str) -> Element | None:
    """The element that a problem's path lies in; None for a path of the whole."""
    match = _PLACE.match(where)
    if match is None:
        return None
    part = data["branches"][int(match[1])] if match[1] else data
    rows = part[match[2]]
    kind: Kind = "state" if match[2] == "states" else "move"
    return Element(part["key"] if match[1] else "", kind, rows[int(match[3])]["key"])


def find(data: Mapping[str, Any], element: Element) -> Data | None:
    """The data of an element; None if it is not there."""
    rows = _rows(data, element) or []
    return next((row for row in rows if row["key"] == element.key), None)


def put(data: Data, element: Element, value: Data) -> Data:
    """Replace an element by `value`, or add it at the end of its kind. Raises KeyError for an unknown branch."""
    changed = copy.deepcopy(data)
    rows = _rows(changed, element)
    if rows is None:
        raise KeyError(element.branch)
    index = _index(rows, element.key)
    if index is None:
        rows.append(value)
    else:
        rows[index] = value
    return changed


def duplicate(data: Data, element: Element, new_key: str) -> Data:
    """A copy under a new key right behind the element."""
    changed = copy.deepcopy(data)
    rows = _rows(changed, element) or []
    index = _index(rows, element.key)
    if index is not None:
        rows.insert(index + 1, copy.deepcopy(rows[index]) | {"key": new_key})
    return changed


def shift(data: Data, element: Element, by: int) -> Data:
    """Move an element up (-1) or down (1) among its kind; at the edge nothing changes."""
    changed = copy.deepcopy(data)
    rows = _rows(changed, element) or []
    index = _index(rows, element.key)
    if index is not None and 0 <= index + by < len(rows):
        rows.insert(index + by, rows.pop(index))
    return changed


def remove(data: Data, element: Element) -> Data:
    """Take an element out, with what cannot do without it: a state leaves the sources of its moves, ways that
    lead to it go, and a move left without source or way goes too; so does a timer that makes a removed move.
    """
    changed = copy.deepcopy(data)
    part = _part(changed, element.branch)
    if part is None:
        return changed
    gone = {element.key} if element.kind == "move" else set()
    if element.kind == "state":
        part["states"] = [state for state in part["states"] if state["key"] != element.key]
        for move in part["moves"]:
            if not _without_state(move, element.key):
                gone.add(move["key"])
    part["moves"] = [move for move in part["moves"] if move["key"] not in gone]
    for state in part["states"]:
        if state.get("timers"):
            state["timers"] = [timer for timer in state["timers"] if timer.get("move") not in gone]
    return changed


def uses(data: Mapping[str, Any], element: Element) -> list[Use]:
    """What would change with the element's removal."""
    part = _part(data, element.branch)
    if part is None:
        return []
    found = []
    if element.kind == "state":
        if part["start"] == element.key:
            found.append(Use("start", None))
        for move in part["moves"]:
            here = Element(element.branch, "move", move["key"])
            if element.key in move["from"]:
                found.append(Use("from", here))
            if element.key in _targets(move):
                found.append(Use("to", here))
    else:
        for state in part["states"]:
            if any(timer.get("move") == element.key for timer in state.get("timers", ())):
                found.append(Use("timer", Element(element.branch, "state", state["key"])))
    return found


def free_key(data: Mapping[str, Any], element: Element) -> str:
    """A key like the element's that nothing of its kind has yet: close_2, close_3 …"""
    taken = {row["key"] for row in _rows(data, element) or []}
    stem = re.sub(r"_\d+$", "", element.key)[:50]
    number = 2
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def _part(data: Mapping[str, Any], branch: str) -> Any:
    if not branch:
        return data
    return next((part for part in data.get("branches", ()) if part["key"] == branch), None)


def _rows(data: Mapping[str, Any], element: Element) -> list[Data] | None:
    part = _part(data, element.branch)
    rows: list[Data] | None = part[f"{element.kind}s"] if part is not None else None
    return rows


def _index(rows: list[Data], key: str) -> int | None:
    return next((index for index, row in enumerate(rows) if row["key"] == key), None)


def _targets(move: Mapping[str, Any]) -> list[str]:
    return [move["to"]] if isinstance(move["to"], str) else [way["to"] for way in move["to"]]


def _without_state(move: Data, state: str) -> bool:
    """Take a state out of a move; False if the move has no source or no way left."""
    move["from"] = [source for source in move["from"] if source != state]
    if isinstance(move["to"], str):
        return move["to"] != state and bool(move["from"])
    move["to"] = [way for way in move["to"] if way["to"] != state]
    return bool(move["to"]) and bool(move["from"])
