"""What the worker does for accounts by itself."""

from django.db import transaction
from procrastinate.contrib.django import app

from wangge.domain.access.audit import publish_heads
from wangge.domain.access.habits import tell_unusual
from wangge.domain.access.locks import forget_ended
from wangge.domain.access.services import close_leavers
from wangge.domain.access.sessions import SessionStore
from wangge.platform import clock


@app.periodic(cron="3 * * * *")
@app.task(queueing_lock="leavers", name="access.leavers")
def end_accounts(timestamp: int) -> int:
    """Every hour: accounts whose last day is over in the district's zone; returns how many were closed."""
    return close_leavers(clock.today())


@app.periodic(cron="23 18 * * *")
@app.task(queueing_lock="access-upkeep", name="access.upkeep")
def clear_sign_ins(timestamp: int) -> int:
    """Every night: sessions and locks that are over are cleared away; returns how many locks."""
    SessionStore.clear_expired()
    return forget_ended()


@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="heads-of-looks", name="access.heads")
def tell_heads(timestamp: int) -> bool:
    """Every hour, so that a new day's heads of the chains of looks are out early in it; whether they went out now."""
    return publish_heads() is not None


@app.periodic(cron="37 * * * *")
@app.task(queueing_lock="bulk-reading", name="access.habits")
def watch_reading(timestamp: int) -> int:
    """Every hour: whoever looks at far more people today than usual; returns how many."""
    with transaction.atomic():
        return tell_unusual()
