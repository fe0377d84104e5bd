"""Who sends slowly, or stops in the middle, keeps nobody else from being served. Real servers and sockets."""

import socket
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from casework import dump
from factories import Town, point_in
from programs import environment, free_port, running, until
from wangge.faces.cli.management.commands.serve import web_words
from wangge.faces.cli.supervisor import answers

# More than the server has threads.
SLOW = 8
CSRF = "c" * 32


@pytest.fixture
def port(request: Any, own_database: Town, tmp_path: Path) -> Iterator[int]:
    """Of a server that waits 4 s for a body, or as long as the test says."""
    port, seconds = free_port(), str(getattr(request, "param", 4))
    with running(environment(tmp_path, WANGGE_BODY_SECONDS=seconds), web_words("127.0.0.1", port)):
        until(lambda: answers(f"http://127.0.0.1:{port}/livez"))
        yield port


def head(port: int, path: str, stated: int, **headers: str) -> bytes:
    given = {
        "Host": f"127.0.0.1:{port}",
        "Cookie": f"csrftoken={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(stated),
    } | headers
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def a_report(town: Town) -> bytes:
    lon, lat = point_in(town, town.grids[0])
    words = {"key": str(uuid.uuid4()), "description": "路口有垃圾", "lon": lon, "lat": lat}
    return urlencode(words | {"csrfmiddlewaretoken": CSRF}).encode()


class Slow:
    """More senders than the server has threads: each sends all of a report at once, and then a byte now and then of what
    is still to come, until it is answered or the block ends."""

    def __init__(self, port: int, begun: bytes) -> None:
        self.port = port
        self.going = threading.Barrier(SLOW + 1)
        self.ended = threading.Event()
        self.pool = ThreadPoolExecutor(SLOW)
        self.pages = [
            self.pool.submit(self._send, "/report", begun, 20 * 1024 * 1024) for _one in range(SLOW - 1)
        ]
        kind = {"Content-Type": "application/json"}
        self.call = self.pool.submit(self._send, "/api/v1/cases", b"{", 1024 * 1024, **kind)

    def __enter__(self) -> "Slow":
        self.going.wait(60)
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        self.pool.shutdown()

    def _send(self, path: str, begun: bytes, stated: int, **headers: str) -> str:
        """The answer, "" where none came."""
        with socket.create_connection(("127.0.0.1", self.port)) as sender:
            sender.sendall(head(self.port, path, stated, **headers) + begun)
            self.going.wait()
            sender.settimeout(0.2)
            got = b""
            while not self.ended.is_set() and b"</html>" not in got and not got.endswith(b"}"):
                with suppress(TimeoutError):
                    if not (piece := sender.recv(65_536)):
                        break
                    got += piece
                if not got:
                    sender.sendall(b"&")
            return got.decode()


@pytest.mark.parametrize("port", [600], indirect=True)
def test_others_are_served_while_slow_ones_are_sending(port: int, own_database: Town) -> None:
    before = dump()
    with Slow(port, a_report(own_database)) as slow:
        for _page in range(10):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/board", timeout=60) as answer:
                assert answer.status == 200
        assert not any(sender.done() for sender in (*slow.pages, slow.call))
    assert dump() == before


def test_slow_ones_are_sent_away_and_nothing_is_written(port: int, own_database: Town) -> None:
    before = dump()
    with Slow(port, a_report(own_database)) as slow:
        pages, call = [sender.result(60) for sender in slow.pages], slow.call.result(60)
    for text in pages:
        assert text.startswith("HTTP/1.1 408 "), text[:200]
        assert "网络太慢" in text
    assert call.startswith("HTTP/1.1 408 "), call[:200]
    assert '"code":"body_slow"' in call
    assert dump() == before


def test_a_report_cut_off_in_the_middle_is_not_taken_for_a_whole_one(port: int, own_database: Town) -> None:
    before, sent = dump(), a_report(own_database)
    with socket.create_connection(("127.0.0.1", port)) as sender:
        sender.sendall(head(port, "/report", len(sent) + 100) + sent)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/board", timeout=10) as answer:
        assert answer.status == 200
    assert dump() == before


def test_the_same_report_whole_is_taken(port: int, own_database: Town) -> None:
    before, sent = dump(), a_report(own_database)
    with socket.create_connection(("127.0.0.1", port)) as sender:
        sender.sendall(head(port, "/report", len(sent)) + sent)
        sender.settimeout(20)
        assert sender.recv(65_536).startswith(b"HTTP/1.1 302 ")
    assert dump() != before
