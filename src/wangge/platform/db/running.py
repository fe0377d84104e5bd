"""Keep the embedded server up for as long as somebody uses it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from wangge.platform.db.embedded import EmbeddedServer


@contextmanager
def running_database(data: Path) -> Iterator[None]:
    """Start the data folder's server if it does not run; whoever leaves last stops it.

    Every user holds a shared lock, which the system takes back when a process dies, so a killed user
    never keeps the server up. With DATABASE_URL set, does nothing. Raises RuntimeError with the
    server's own words when it does not start.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    server = EmbeddedServer(data)
    data.mkdir(parents=True, exist_ok=True)
    with (data / "database.users").open("w") as users:
        with _one_at_a_time(data):
            server.start()
            server.create_database(os.environ.get("WANGGE_DATABASE", "wangge"))
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with _one_at_a_time(data):
                if _is_last(users):
                    server.stop()


def revive(data: Path, within_s: int = 3) -> None:
    """Start the data folder's server again after it died; of several users one does.

    Returns when it answers, or after `within_s` seconds; a longer crash recovery goes on by itself.
    """
    server = EmbeddedServer(data)
    with _one_at_a_time(data):
        if not server.alive():
            server.start_again(within_s)


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    with (data / "database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
