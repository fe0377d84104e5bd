"""Facts: what conditions may read, made plain for the expression language."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from wangge.engines.conditions.errors import ConditionError

Facts = Mapping[str, Any]

_ABSENT = object()
_BIGGEST = 2**63
_DEEPEST = 16


def pick(facts: Facts, names: Iterable[tuple[str, ...]]) -> dict[str, Any]:
    """The facts of these paths and no others, as plain nested dicts. A missing one is left out.

    Only what a condition reads is looked up, so a mapping may compute its facts when asked for them.
    """
    picked: dict[str, Any] = {}
    for path in names:
        _copy(facts, path, picked)
    return picked


def missing(facts: Facts, names: Iterable[tuple[str, ...]]) -> list[str]:
    """The dotted names that these facts do not hold."""
    return sorted(".".join(path) for path in names if _find(facts, path) is _ABSENT)


def _copy(source: Any, path: tuple[str, ...], target: dict[str, Any]) -> None:
    for key in path[:-1]:
        if not isinstance(source, Mapping) or key not in source:
            return
        source = source[key]
        if not isinstance(source, Mapping):
            target[key] = _plain(source, path)
            return
        target = target.setdefault(key, {})
    if path[-1] in source:
        target[path[-1]] = _plain(source[path[-1]], path)


def _find(source: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(source, Mapping) or key not in source:
            return _ABSENT
        source = source[key]
    return source


def _plain(value: Any, path: tuple[str, ...], depth: int = 0) -> Any:
    kind = type(value)
    if kind is str or kind is bool or kind is float or value is None:
        return value
    if depth > _DEEPEST:
        raise _unfit(path)
    if isinstance(value, Enum):
        return _plain(value.value, path, depth + 1)
    if isinstance(value, int):
        if not -_BIGGEST <= value < _BIGGEST:
            raise _unfit(path)
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item, path, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, path, depth + 1) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item, path, depth + 1) for item in value), key=repr)
    if isinstance(value, datetime.datetime):
        return _moment(value, path)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, UUID):
        return str(value)
    raise _unfit(path)


def _moment(value: datetime.datetime, path: tuple[str, ...]) -> str:
    """In UTC, as a browser's toISOString writes it, so that moments compare as strings everywhere."""
    if value.tzinfo is None:
        raise _unfit(path)
    return value.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _unfit(path: tuple[str, ...]) -> ConditionError:
    name = ".".join(path)
    return ConditionError(f"“{name}”的值不能用于条件", f"the value of {name} cannot be used in a condition")
