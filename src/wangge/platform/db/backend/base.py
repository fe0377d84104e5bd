"""The connection to PostgreSQL: each statement is planned a few times, not at every request."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Error
from psycopg.pq import ConnStatus

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
        """Whether the server still holds the line, without a statement: one that is gone has closed its socket."""
        if self.connection is None:
            return False
        server = self.connection.pgconn
        try:
            waiting = select.poll()
            waiting.register(server.socket, select.POLLIN)
            if waiting.poll(0):
                server.consume_input()
        except (Error, OSError):
            return False
        return bool(server.status == ConnStatus.OK)
