"""What the worker does for moves in many cases."""

from procrastinate.contrib.django import app

from wangge.domain.bulk import services


@app.task(name="bulk.carry_out")
def carry_out(run_id: int) -> None:
    """The moves of one run; started again after a kill it goes on."""
    services.carry_out(run_id)


@app.periodic(cron="47 19 * * *")
@app.task(queueing_lock="bulk-retention", name="bulk.retention")
def end_retention(timestamp: int) -> int:
    """Every night: runs whose time is over; returns how many were deleted."""
    return services.forget_runs()
