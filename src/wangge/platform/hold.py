"""One after the other, across all processes."""

from django.db import connection


def hold(what: str) -> None:
    """Until the end of the transaction nobody else holds `what`; waits for whoever does.

    Held before any row is locked: always in that order, so that no two wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
