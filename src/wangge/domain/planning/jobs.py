"""What the worker does for plans of grids."""

from procrastinate.contrib.django import app

from wangge.domain.planning.services import publishing, searching


@app.task(name="planning.search")
def search(plan_id: int) -> None:
    """The alternatives of one plan; started again after a kill it begins anew."""
    searching.search(plan_id)


@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="planning-follow", name="planning.follow")
def follow(timestamp: int) -> int:
    """Every hour: where a published plan's day has come, all that lies there follows; returns how many plans."""
    return publishing.follow_due()
