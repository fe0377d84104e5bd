"""What the worker does for phones."""

import time

from procrastinate.contrib.django import app

from wangge.domain.field.services import devices, mapping, retention

# The next run takes over what one minute was too short for.
_MOST_S = 50


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="field-mapping", name="field.mapping")
def map_waiting(timestamp: int) -> int:
    """Every minute: records that could not be mapped when they came, round by round; returns how many ended."""
    until, all_ended = time.monotonic() + _MOST_S, 0
    while (ended := mapping.map_waiting()) and time.monotonic() < until:
        all_ended += ended
    return all_ended + ended


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="field-leavers", name="field.leavers")
def revoke_leavers(timestamp: int) -> int:
    """Every minute: phones of people who left; returns how many."""
    return devices.revoke_leavers()


@app.periodic(cron="41 19 * * *")
@app.task(queueing_lock="field-retention", name="field.retention")
def end_retention(timestamp: int) -> int:
    """Every night: files and words whose time is over."""
    return retention.forget()
