"""What the worker does for the diary."""

from datetime import timedelta

from procrastinate.contrib.django import app

from wangge.domain.visits.services.digest import tell_week
from wangge.platform import clock


@app.periodic(cron="30 0 * * 1")
@app.task(queueing_lock="diary-digest", name="visits.digest")
def tell_last_week(timestamp: int) -> int:
    """On Monday morning: the notes of the week that is over; returns in how many communities there were any."""
    today = clock.today()
    return tell_week(today - timedelta(days=today.weekday() + 7))
