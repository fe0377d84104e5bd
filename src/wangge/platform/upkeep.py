"""The job queue looks after itself: jobs of a killed worker go back, old failures are cleared away."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

_KEEP_FAILED_HOURS = 30 * 24


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="upkeep", name="platform.upkeep", pass_context=True)
async def upkeep(context: JobContext, timestamp: int) -> None:
    """Every ten minutes; `timestamp` is the scheduled second."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.retry_job(job)
    await jobs.delete_old_jobs(
        nb_hours=_KEEP_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
