"""Working time laid end to end: how much of it lies before an instant, and the way back."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Axis:
    """Working stretches of whole years in order, with the working time up to the end of each.

    Instants and amounts are whole microseconds; the working time counts from the start of the axis.
    """

    __slots__ = ("_done", "_ends", "_starts", "end", "start", "years")

    def __init__(self, years: range, start: int, end: int, stretches: Iterable[tuple[int, int]]) -> None:
        self.years = years
        self.start = start
        self.end = end
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._done: list[int] = []
        total = 0
        for opens, closes in stretches:
            total += closes - opens
            self._starts.append(opens)
            self._ends.append(closes)
            self._done.append(total)

    @property
    def total(self) -> int:
        """All the working time there is on this axis."""
        return self._done[-1] if self._done else 0

    def position(self, instant: int) -> int:
        """Working time before `instant`."""
        i = bisect_right(self._starts, instant) - 1
        return self._done[i] - max(0, self._ends[i] - instant) if i >= 0 else 0

    def instant(self, position: int) -> int:
        """The earliest instant with this much working time before it (0 < position <= total)."""
        i = bisect_left(self._done, position)
        return self._ends[i] - (self._done[i] - position)

    def is_working(self, instant: int) -> bool:
        i = bisect_right(self._starts, instant) - 1
        return i >= 0 and instant < self._ends[i]

    def next_start(self, instant: int) -> int | None:
        """The first start of a stretch at or after `instant`, if there is one on this axis."""
        i = bisect_left(self._starts, instant)
        return self._starts[i] if i < len(self._starts) else None
