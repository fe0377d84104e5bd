"""Stretches in which a clock stands still."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class OpenPauseError(ValueError):
    """A deadline was asked for while the clock stands still with no end known."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still from `start` (included) to `end` (excluded); None: until further notice."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a pause ends before it starts: {self.start} to {self.end}")


def to_instant(at: datetime) -> int:
    """Whole microseconds since 1970 UTC. Raises ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {at!r}")
    return (at - _EPOCH) // _MICROSECOND


def to_datetime(instant: int) -> datetime:
    """The reverse of `to_instant`, in UTC."""
    return _EPOCH + timedelta(microseconds=instant)


def merged(pauses: Iterable[Pause]) -> Iterator[tuple[int, int | None]]:
    """The pauses as instants in order, those that touch or overlap joined into one."""
    open_start: int | None = None
    open_end: int | None = None
    for start, end in sorted(
        ((to_instant(p.start), None if p.end is None else to_instant(p.end)) for p in pauses),
        key=lambda pair: pair[0],
    ):
        if open_start is None:
            open_start, open_end = start, end
        elif open_end is not None and start > open_end:
            yield open_start, open_end
            open_start, open_end = start, end
        elif open_end is not None:
            open_end = None if end is None else max(open_end, end)
    if open_start is not None:
        yield open_start, open_end
