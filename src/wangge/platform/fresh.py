"""Reference data that a process may keep in memory for a short while, because it hardly changes."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_MOST_ENTRIES = 20_000
_everything: list[Callable[[], None]] = []


def forget_everything() -> None:
    """For tests, which undo what they wrote."""
    for forget in _everything:
        forget()


def forgotten_by(forget: Callable[[], None]) -> None:
    """What else a process keeps of the database, and how it forgets that."""
    _everything.append(forget)


class Fresh(Generic[P, T]):
    """A function whose answers are kept for `seconds`; `forget()` after an edit in this process.

    Another process sees an edit after `seconds` at the latest. Errors are not kept.
    """

    def __init__(self, function: Callable[P, T], seconds: float) -> None:
        self._function = function
        self._seconds = seconds
        self._kept: dict[Hashable, tuple[float, T]] = {}
        _everything.append(self._kept.clear)
        self.__doc__ = function.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (args, *kwargs.items())
        now = time.monotonic()
        made, value = self._kept.get(key, (now, None))
        if value is None or now - made > self._seconds:
            value = self._function(*args, **kwargs)
            if len(self._kept) >= _MOST_ENTRIES:
                self._kept.clear()
            self._kept[key] = (now, value)
        return value

    def forget(self) -> None:
        self._kept.clear()


def fresh_for(seconds: float) -> Callable[[Callable[P, T]], Fresh[P, T]]:
    """Decorator: keep the answers of a function of hashable arguments for some seconds."""
    return lambda function: Fresh(function, seconds)
