"""What the worker does for accounts by itself."""

from procrastinate.contrib.django import app

from wangge.domain.access.services import close_leavers
from wangge.platform import clock


@app.periodic(cron="3 * * * *")
@app.task(queueing_lock="leavers", name="access.leavers")
def end_accounts(timestamp: int) -> int:
    """Every hour: accounts whose last day is over in the district's zone; returns how many were closed."""
    return close_leavers(clock.today())
