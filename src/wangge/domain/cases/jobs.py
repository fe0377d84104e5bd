"""What the worker does for cases by itself."""

from django.db import transaction
from procrastinate.contrib.django import app

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.areas import find_again, follow_areas
from wangge.domain.cases.services.retention import forget_contacts
from wangge.domain.cases.services.simulating import run
from wangge.domain.cases.services.sweep import sweep
from wangge.domain.places.services import apply_due_changes
from wangge.platform import clock
from wangge.platform.outbox.services import beat


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="sweep", name="cases.sweep")
def sweep_deadlines(timestamp: int) -> dict[str, int]:
    """Every minute; `timestamp` is the scheduled second."""
    done = sweep()
    beat("sweep")
    return {"yellow": done.yellow, "red": done.red, "timers": done.timers}


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="areas", name="cases.areas")
def apply_area_changes(timestamp: int) -> int:
    """Every hour: changes of areas whose day has come, and the cases there follow; returns how many cases."""
    with transaction.atomic(), acting_as(System("area changes of the day")):
        return follow_areas(apply_due_changes(clock.today())) + find_again()


@app.periodic(cron="23 19 * * *")
@app.task(queueing_lock="retention", name="cases.retention")
def end_retention(timestamp: int) -> int:
    """Every night: contact data whose time is over; returns how many were deleted."""
    return forget_contacts()


@app.task(name="cases.simulate")
def simulate(simulation_id: int) -> None:
    """A process draft over last year's cases, asked for on its page."""
    run(simulation_id)
