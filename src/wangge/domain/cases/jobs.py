"""What the worker does for cases by itself."""

from procrastinate.contrib.django import app

from wangge.domain.cases.services.sweep import sweep


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="sweep", name="cases.sweep")
def sweep_deadlines(timestamp: int) -> dict[str, int]:
    """Every minute; `timestamp` is the scheduled second."""
    done = sweep()
    return {"yellow": done.yellow, "red": done.red, "timers": done.timers}
