"""Many rows at once by COPY, also into tables with row security."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """That many new ids of a model, so that rows which point to each other can be written without reading back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [number for (number,) in cursor.fetchall()]


def copy_in(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows of these fields (by their names, "id" among them where ids were taken); how many.

    In the present transaction, with the constraints and the row rules of the table. A field that is not named must
    have a default in the database.
    """
    by_name = {field.name: str(field.column) for field in model._meta.concrete_fields}
    columns = sql.Composed([sql.Identifier(by_name[name]) for name in fields]).join(", ")
    table, incoming = sql.Identifier(model._meta.db_table), sql.Identifier("incoming")
    words = {"table": table, "incoming": incoming, "columns": columns}
    with connection.cursor() as cursor:
        # COPY does not go straight into a table with row security.
        cursor.execute(
            sql.SQL(
                "CREATE TEMP TABLE {incoming} ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA"
            ).format(**words)
        )
        with cursor.copy(sql.SQL("COPY {incoming} ({columns}) FROM STDIN").format(**words)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            sql.SQL("INSERT INTO {table} ({columns}) SELECT {columns} FROM {incoming}").format(**words)
        )
        count: int = cursor.rowcount
        cursor.execute(sql.SQL("DROP TABLE {incoming}").format(**words))
    return count
