"""How much work a plan may take, who is told how far it is, and who may stop it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

# So much of its time work may be late before it is hurried.
_GRACE = 0.04


class Stopped(Exception):
    """The caller asked to stop before there was any plan."""


@dataclass
class Budget:
    """Work is counted, not timed, so that a seed gives the same plan on a slow and on a fast machine.

    `seconds` become steps at the rate of an ordinary core. The clock only guards: when they have passed
    nevertheless, work ends where it is and `complete` becomes False (such a plan may differ between machines).
    `progress` is called with 0 to 1 from the calling thread; `cancelled` is asked between rounds.
    """

    seconds: float = 10.0
    progress: Callable[[float], None] | None = None
    cancelled: Callable[[], bool] | None = None
    guarded: bool = True
    complete: bool = True
    stopped: bool = False
    _began: float = field(default_factory=time.monotonic)

    def over(self) -> bool:
        """Whether work must end now."""
        late = self.guarded and time.monotonic() - self._began > self.seconds
        if late or self.stopped or (self.cancelled is not None and self.cancelled()):
            self.complete, self.stopped = False, True
        return self.stopped

    def begun(self) -> float:
        """A moment from which `behind` counts."""
        return time.monotonic()

    def behind(self, since: float, allowed: float, share: float) -> float:
        """How far work must be by now that began at `since` and may take `allowed` seconds: `share` when it keeps up.

        On a core too slow for its steps work goes on faster instead of being cut off; `complete` then is False.
        """
        due = (time.monotonic() - since) / allowed if self.guarded else 0.0
        if due <= share + _GRACE:
            return share
        self.complete = False
        return min(due, 1.0)

    def left(self) -> float:
        """Seconds until the guard ends the work."""
        return self.seconds - (time.monotonic() - self._began) if self.guarded else float("inf")

    def told(self, share: float) -> None:
        """Tell how far the work is."""
        if self.progress is not None:
            self.progress(min(max(share, 0.0), 1.0))
