"""What the worker does for lists of households."""

from procrastinate.contrib.django import app

from wangge.domain.enrolment.models import State
from wangge.domain.enrolment.services import check, forget_rows, merge, undo

STEPS = {State.CHECKING: check, State.MERGING: merge, State.UNDOING: undo}


@app.task(name="enrolment.run")
def run(enrolment_id: int, state: str) -> None:
    """Carry out the present step of a list; started again after a kill it goes on."""
    STEPS[State(state)](enrolment_id)


@app.periodic(cron="57 19 * * *")
@app.task(queueing_lock="enrolment-retention", name="enrolment.retention")
def end_retention(timestamp: int) -> int:
    """Every night: staged rows whose time is over; returns how many were deleted."""
    return forget_rows()
