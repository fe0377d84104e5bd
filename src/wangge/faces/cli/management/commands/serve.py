"""`wangge serve`: the web server, the worker and the embedded database, kept alive until Ctrl-C or SIGTERM."""

import os
import shutil
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError, ProgrammingError

from wangge.faces.cli.supervisor import Child, Kept, Shared, Supervisor, answers, port_is_free
from wangge.platform.db.embedded import EmbeddedServer
from wangge.platform.db.running import revive, running_database

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared with, not listened on


class Command(BaseCommand):
    help = "Serve the web pages and run the background work; Ctrl-C stops both."
    # Loading every page to check it would double the time to start.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 is every one")

    def handle(self, *args: Any, port: int, host: str, **options: Any) -> None:
        _check_address(host, port)
        address = f"http://{_ANYWHERE.get(host, host)}:{port}"
        with running_database(settings.DATA):
            _check_database()
            supervisor = Supervisor([*_database(), *_children(host, port, address)], self._say)
            ready = f"Wangge is ready: {address}/ for residents, {address}/desk/ for staff. Ctrl-C stops it."
            if not supervisor.run(lambda: answers(f"{address}/livez", _own_name()), ready):
                raise CommandError(f"no answer at {address}/; the messages above say why")
            self._say("Wangge has stopped.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _check_address(host: str, port: int) -> None:
    try:
        free = port_is_free(host, port)
    except OSError as error:
        raise CommandError(f"cannot listen on {host}: {error.strerror}") from error
    if not free:
        raise CommandError(f"port {port} is taken by another program; choose another with --port")


def _own_name() -> str:
    """A name under which the pages answer: WANGGE_HOSTS need not hold this machine's own address."""
    name = settings.ALLOWED_HOSTS[0]
    return "localhost" if name == "*" else name.removeprefix(".")


def _check_database() -> None:
    """No web server without its tables: say so in words instead of in a page of errors."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (OperationalError, ProgrammingError) as error:
        raise CommandError(f"the database cannot be used ({error}); has `wangge setup` run?") from error
    finally:
        connection.close()
    if missing:
        raise CommandError("the database is older than this version: run `WANGGE_AS_OWNER=1 wangge setup`")


def _database() -> list[Kept]:
    """The embedded server, which is ours to keep alive; another is its operator's."""
    if os.environ.get("DATABASE_URL"):
        return []
    server = EmbeddedServer(settings.DATA)
    return [Shared("database", server.alive, lambda: revive(settings.DATA))]


def _empty_folder(name: str) -> str:
    """A folder of this run: counts of processes that are gone would be added to ours."""
    folder = settings.DATA / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return str(folder)


def _children(host: str, port: int, address: str) -> list[Child]:
    env = {"WANGGE_PUBLIC_URL": address, "PROMETHEUS_MULTIPROC_DIR": _empty_folder("metrics")} | os.environ
    worker = ["-m", "wangge.faces.cli.main", "worker"]
    return [
        Child("web", [sys.executable, *web_words(host, port)], env),
        Child("worker", [sys.executable, *worker], env),
    ]


def web_words(host: str, port: int) -> list[str]:
    """What Python is told to become the web server."""
    web = ["-m", "granian", "--interface", "rsgi", "--host", host, "--port", str(port)]
    web += ["--workers", "2", "--no-ws", "--log-level", "warning"]
    # Granian's own master replaces a dead worker; we replace a dead master.
    web += ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "10"]
    return [*web, "wangge.faces.rsgi:application"]
