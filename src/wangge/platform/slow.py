"""The statements that cost the database most, from the extension pg_stat_statements."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.utils import OperationalError


@dataclass(frozen=True, slots=True)
class Statement:
    """One kind of statement since the figures were last reset; times in milliseconds. Values are not in the text."""

    text: str
    calls: int
    mean_ms: float
    total_ms: float
    rows: int
    share: float

    @property
    def total_s(self) -> float:
        return self.total_ms / 1000


_SCHEMA = """
    SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
    WHERE extname = 'pg_stat_statements'
"""
_SLOWEST = """
    SELECT query, calls, mean_exec_time, total_exec_time, rows,
           total_exec_time / greatest(sum(total_exec_time) OVER (), 0.001)
    FROM {schema}.pg_stat_statements JOIN pg_database d ON d.oid = dbid
    WHERE d.datname = current_database() AND userid = current_user::regrole
    ORDER BY {order} DESC LIMIT %s
"""
ORDERS = {"total": "total_exec_time", "mean": "mean_exec_time"}


def slowest(most: int = 20, order: str = "total") -> list[Statement] | None:
    """The costliest kinds of this product's statements; None where the extension is not in use (2 statements)."""
    with connection.cursor() as cursor:
        cursor.execute(_SCHEMA)
        schema = cursor.fetchone()
    if schema is None:
        return None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_SLOWEST.format(schema=schema[0], order=ORDERS[order]), [most])
            return [Statement(*row) for row in cursor.fetchall()]
    except OperationalError:
        # It is installed, but the server was started without it.
        return None
