"""The worker's delivery loop: looks for waiting events once a second.

A look is one read of a partial index. NOTIFY on each change would take PostgreSQL's global lock in
every commit, and a job for each change would write two rows more; see docs/decisions/0002-jobs.md.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.db import Error

from wangge.platform.outbox.services import beat

log = logging.getLogger(__name__)
LOOK_EVERY_S = 1.0
_BEAT_EVERY_S = 10.0
_AFTER_ERROR_S = 5.0


def keep_delivering(
    deliver: Callable[[], int],
    stop: threading.Event,
    look_every_s: float = LOOK_EVERY_S,
    note_alive: Callable[[], None] = beat,
) -> None:
    """Call `deliver` until `stop` and now and then `note_alive`; pause whenever it finds nothing.

    A lost database is waited for.
    """
    beat_at = 0.0
    while not stop.is_set():
        try:
            # Before the work: a long queue is no sign of death.
            if time.monotonic() >= beat_at:
                note_alive()
                beat_at = time.monotonic() + _BEAT_EVERY_S
            if not deliver():
                stop.wait(look_every_s)
        except Error:
            log.exception("delivery stopped; trying again")
            stop.wait(_AFTER_ERROR_S)
