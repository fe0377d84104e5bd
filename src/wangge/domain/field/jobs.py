"""What the worker does for phones."""

from procrastinate.contrib.django import app

from wangge.domain.field.services import mapping, retention


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="field-mapping", name="field.mapping")
def map_waiting(timestamp: int) -> int:
    """Every minute: records that could not be mapped when they came; returns how many ended."""
    return mapping.map_waiting()


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="field-retention", name="field.retention")
def end_retention(timestamp: int) -> int:
    """Every night: files and words whose time is over."""
    return retention.forget()
