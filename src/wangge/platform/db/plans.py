"""What PostgreSQL is told about the cost of planning."""

from typing import Any

# Four times PostgreSQL's own. It weighs a plan for these very values against one kept for all by this figure, and with
# row rules on every table making a plan takes longer than it believes.
OPERATOR_COST = 0.01


def weigh_plans(cursor: Any) -> None:
    """Let new connections to this database use kept plans sooner; idempotent, and nothing where the database is
    somebody else's."""
    cursor.execute(
        "SELECT quote_ident(datname) FROM pg_database"
        " WHERE datname = current_database() AND pg_has_role(datdba, 'USAGE')"
    )
    if own := cursor.fetchone():
        cursor.execute(f"ALTER DATABASE {own[0]} SET cpu_operator_cost = {OPERATOR_COST}")
