"""The connection to PostgreSQL: each statement is planned a few times, not at every request."""

import select
from typing import Any

from django.db.backends.postgresql import base

# How often a connection runs a statement before it is prepared, and how many it keeps prepared.
PREPARE_AFTER = 3
MOST_PREPARED = 600
# Words of OPTIONS that no other program's connection takes.
DJANGO_ONLY = {"assume_role", "server_side_binding", "prepare_threshold"}


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = MOST_PREPARED
        return connection

    def is_usable(self) -> bool:
        """Whether the server still holds the line: a line on which nothing waits is in order, and only when the server
        has said something unasked (it goes, or has gone) a statement finds out."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.pgconn.socket, select.POLLIN)
        return not waiting.poll(0) or bool(super().is_usable())
