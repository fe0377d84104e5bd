"""What the worker does for the register by itself."""

from procrastinate.contrib.django import app

from wangge.domain.register.services.care import end_expired
from wangge.domain.register.services.details import forget_old
from wangge.domain.register.services.following import follow_borders
from wangge.domain.register.services.retention import forget_ended
from wangge.platform import clock


@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="register-follow", name="register.follow")
def follow_moved_borders(timestamp: int) -> int:
    """Every hour, after changes of areas took effect: what lies in another grid now; how many rows moved."""
    return follow_borders()


@app.periodic(cron="41 18 * * *")
@app.task(queueing_lock="register-upkeep", name="register.upkeep")
def end_what_is_over(timestamp: int) -> int:
    """Every night: care that ended, values whose service is done, people whose time of keeping is over; how many."""
    today = clock.today()
    return end_expired(today) + forget_old(today) + forget_ended(today)
