"""The connection to PostgreSQL: each statement is planned a few times, not at every request."""

import select
from datetime import UTC
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.adapt import Loader
from psycopg.pq import Format

# How often a connection runs a statement before it is prepared, and how many it keeps prepared.
PREPARE_AFTER = 3
MOST_PREPARED = 600
# Words of OPTIONS that no other program's connection takes.
DJANGO_ONLY = {"assume_role", "server_side_binding", "prepare_threshold"}


_MOMENT = psycopg.adapters.types["timestamptz"].oid
_Compiled: Any = psycopg.adapters.get_loader(_MOMENT, Format.TEXT)


class Moments(Loader):
    """Reads times as compiled psycopg does; Django's own way is Python for each of the hundred times of a page."""

    # What Django looks for before it registers its own: our connections speak UTC.
    timezone = UTC

    def __init__(self, oid: int, context: Any = None) -> None:
        super().__init__(oid, context)
        self._read = _Compiled(oid, context).load

    def load(self, data: Any) -> Any:
        return self._read(data)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = MOST_PREPARED
        if self.timezone == UTC:
            connection.adapters.register_loader(_MOMENT, Moments)
        return connection

    def is_usable(self) -> bool:
        """Whether the server still holds the line: a line on which nothing waits is in order, and only when the server
        has said something unasked (it goes, or has gone) a statement finds out."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.pgconn.socket, select.POLLIN)
        return not waiting.poll(0) or bool(super().is_usable())
