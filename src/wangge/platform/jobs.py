"""Background jobs on the product's own PostgreSQL (procrastinate)."""

import procrastinate


def on_app_ready(app: procrastinate.App) -> None:
    """Where procrastinate finds the tasks of the domains."""
    app.import_paths = [
        "wangge.platform.upkeep",
        "wangge.domain.access.jobs",
        "wangge.domain.cases.jobs",
        "wangge.domain.rulebook.jobs",
        "wangge.domain.orders.jobs",
        "wangge.domain.bulk.jobs",
        "wangge.domain.boards.jobs",
        "wangge.domain.exports.jobs",
        "wangge.domain.planning.jobs",
        "wangge.domain.exchange.jobs",
        "wangge.domain.register.jobs",
        "wangge.domain.enrolment.jobs",
        "wangge.domain.field.jobs",
        "wangge.domain.visits.jobs",
    ]
