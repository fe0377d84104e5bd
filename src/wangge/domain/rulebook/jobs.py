"""What the worker does for drafts of the rules."""

from procrastinate.contrib.django import app

from wangge.domain.rulebook.services.simulations import run


@app.task(name="rulebook.simulate")
def simulate(simulation_id: int) -> None:
    """Try a draft on the cases of the last year."""
    run(simulation_id)
