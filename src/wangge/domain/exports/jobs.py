"""What the worker does for long lists."""

from procrastinate.contrib.django import app

from wangge.domain.exports import services


@app.task(name="exports.write")
def write(list_id: int) -> None:
    """The spreadsheet of one list; started again after a kill it is written anew."""
    services.write(list_id)


@app.periodic(cron="57 19 * * *")
@app.task(queueing_lock="exports-retention", name="exports.retention")
def end_retention(timestamp: int) -> int:
    """Every night: lists whose time is over; returns how many were deleted."""
    return services.forget_lists()
