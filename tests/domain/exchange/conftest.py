"""A system in the town, and a receiver that answers as it is told."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from factories import Town
from systems import Caller, system


@dataclass
class Receiver:
    """A real HTTP server on this machine. `status` and `wait_s` say how it answers; `got` keeps what came."""

    server: ThreadingHTTPServer
    status: int = 204
    wait_s: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"


def receiver() -> Receiver:
    made: Receiver

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            time.sleep(made.wait_s)
            self.send_response(made.status)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    made = Receiver(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    return made


@pytest.fixture
def receivers() -> Iterator[Any]:
    """Call it for a receiver; all end with the test."""
    made: list[Receiver] = []

    def another() -> Receiver:
        made.append(receiver())
        return made[-1]

    yield another
    for one in made:
        one.server.shutdown()
        one.server.server_close()


@pytest.fixture
def station(town: Town) -> Caller:
    return system(town, "station_officer")


@pytest.fixture(autouse=True)
def local(settings: Any) -> None:
    """A developer's machine, where webhooks may reach the machine itself."""
    settings.DEBUG = True
