"""What the exchange does by itself at night."""

from procrastinate.contrib.django import app

from wangge.domain.exchange.services.calls import forget_old


@app.periodic(cron="23 19 * * *")
@app.task(queueing_lock="exchange-upkeep", name="exchange.upkeep")
def clear_exchange(timestamp: int) -> int:
    """Every night: kept answers, counts and ended deliveries of long ago are cleared away; returns how many."""
    return forget_old()
