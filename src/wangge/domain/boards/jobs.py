"""What the worker does for boards."""

from procrastinate.contrib.django import app

from wangge.domain.boards import services


@app.task(name="boards.draw")
def draw(run_id: int) -> None:
    """The PDF of one set; started again after a kill it is drawn anew."""
    services.draw(run_id)


@app.periodic(cron="53 19 * * *")
@app.task(queueing_lock="boards-retention", name="boards.retention")
def end_retention(timestamp: int) -> int:
    """Every night: sets whose time is over; returns how many were deleted."""
    return services.forget_runs()
