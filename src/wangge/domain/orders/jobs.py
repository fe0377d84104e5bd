"""What the worker does for order imports."""

from procrastinate.contrib.django import app

from wangge.domain.orders.models import State
from wangge.domain.orders.services import check, forget_rows, merge, undo

STEPS = {State.CHECKING: check, State.IMPORTING: merge, State.UNDOING: undo}


@app.task(name="orders.run")
def run(import_id: int, state: str) -> None:
    """Carry out the present step of an import; started again after a kill it goes on."""
    STEPS[State(state)](import_id)


@app.periodic(cron="53 19 * * *")
@app.task(queueing_lock="orders-retention", name="orders.retention")
def end_retention(timestamp: int) -> int:
    """Every night: staged rows whose time is over; returns how many were deleted."""
    return forget_rows()
