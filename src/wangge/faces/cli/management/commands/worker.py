"""`wangge worker`: periodic tasks, jobs, and delivery from the outbox."""

import threading
from collections.abc import Callable
from typing import Any

import procrastinate
from django.core.management import BaseCommand
from django.db import close_old_connections, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from wangge.domain.exchange.sender import Sender
from wangge.domain.exchange.services import fanout
from wangge.domain.exchange.services.webhooks import note_sender
from wangge.domain.office.jobs import deliver_waiting
from wangge.domain.office.services.notices import HANDLERS
from wangge.platform.db.roles import WEB_ROLE
from wangge.platform.outbox.loop import keep_delivering
from wangge.platform.outbox.services import beat, together
from wangge.platform.upkeep import HEARTBEAT_S, STALLED_S

_HANDLERS = together(HANDLERS, fanout.HANDLERS)


class Command(BaseCommand):
    help = "Run the background work; SIGTERM or Ctrl-C ends it after the job in hand."
    # Loading every page to check it would double the time to start.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        loops = [
            threading.Thread(target=_loop, args=(_look, stop, beat), name="outbox"),
            threading.Thread(target=_send_webhooks, args=(stop,), name="webhooks"),
        ]
        for loop in loops:
            loop.start()
        try:
            with app.replace_connector(_connector()) as worker:
                worker.run_worker(
                    delete_jobs="successful",
                    shutdown_graceful_timeout=10,
                    update_heartbeat_interval=HEARTBEAT_S,
                    stalled_worker_timeout=STALLED_S,
                )
        finally:
            stop.set()
            for loop in loops:
                loop.join()


def _loop(look: Callable[[], int], stop: threading.Event, note_alive: Callable[[], None]) -> None:
    def fresh() -> int:
        # A connection that broke is dropped here and made anew.
        close_old_connections()
        return look()

    try:
        keep_delivering(fresh, stop, note_alive=note_alive)
    finally:
        connection.close()


def _look() -> int:
    return deliver_waiting(_HANDLERS)


def _send_webhooks(stop: threading.Event) -> None:
    sender = Sender()
    try:
        _loop(sender.step, stop, note_sender)
    finally:
        sender.close()
        connection.close()


def _connector() -> procrastinate.PsycopgConnector:
    """Connections with the rights of the web process, as Django's own have."""
    return procrastinate.PsycopgConnector(kwargs=connector_params(), configure=_assume_role, max_size=4)


async def _assume_role(fresh: Any) -> None:
    if connection.settings_dict["OPTIONS"].get("assume_role"):
        await fresh.execute(f"SET ROLE {WEB_ROLE}")
        await fresh.commit()
