"""The product's own programs as processes of their own, on the database of a test (`own_database`)."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.e2e.serving import url_of

PATIENCE_S = 240.0


def environment(data: Path, **more: str) -> dict[str, str]:
    """The way to the same database, with our keys and a folder of their own for files."""
    database = connection.settings_dict
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "wangge.platform.settings",
        "DATABASE_URL": url_of(database, database["NAME"]),
        "WANGGE_DATA": str(data),
        "WANGGE_SECRET_KEY": settings.SECRET_KEY,
        "WANGGE_PERSONAL_KEY": settings.PERSONAL_KEY,
        "WANGGE_DEBUG": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        **more,
    }


@contextmanager
def running(env: dict[str, str], *programs: list[str]) -> Iterator[None]:
    started = [
        subprocess.Popen([sys.executable, *words], env=env, stderr=subprocess.DEVNULL) for words in programs
    ]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def until(done: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < give_up_at, "it was not done in time"
        threading.Event().wait(0.2)
