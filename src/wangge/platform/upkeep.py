"""The job queue looks after itself: jobs of a killed worker go back, old failures are cleared away."""

from datetime import timedelta

from procrastinate import JobContext
from procrastinate.contrib.django import app

from wangge.platform import clock
from wangge.platform.once.services import forget_sent
from wangge.platform.outbox.services import forget_delivered

# A worker says every HEARTBEAT_S that it lives; silent for longer than STALLED_S it is taken for dead.
HEARTBEAT_S, STALLED_S = 5.0, 20.0
_KEEP_FAILED_HOURS = 30 * 24
_KEEP_DELIVERED = timedelta(days=30)


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="rescue", name="platform.rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Every ten seconds: the jobs of a worker that was not heard of for STALLED_S go back into the queue."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_S):
        await jobs.retry_job(job)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="upkeep", name="platform.upkeep", pass_context=True)
async def upkeep(context: JobContext, timestamp: int) -> None:
    """Every ten minutes; `timestamp` is the scheduled second."""
    jobs = context.app.job_manager
    await jobs.delete_old_jobs(
        nb_hours=_KEEP_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="41 19 * * *")
@app.task(queueing_lock="outbox-upkeep", name="platform.outbox_upkeep")
def clear_outbox(timestamp: int) -> int:
    """Every night: events delivered and forms sent long ago are cleared away; returns how many events."""
    forget_sent(clock.now() - _KEEP_DELIVERED)
    return forget_delivered(clock.now() - _KEEP_DELIVERED)
