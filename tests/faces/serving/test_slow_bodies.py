"""Who sends slowly, or stops in the middle, keeps nobody else from being served. Real servers and sockets."""

import socket
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
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
def port(own_database: Town, tmp_path: Path) -> Iterator[int]:
    port = free_port()
    with running(environment(tmp_path, WANGGE_BODY_SECONDS="12"), web_words("127.0.0.1", port)):
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


def trickle(port: int, path: str, begun: bytes, going: threading.Barrier, stated: int, **headers: str) -> str:
    """All of a report at once, and then a byte now and then of what is still to come; gives the answer."""
    with socket.create_connection(("127.0.0.1", port)) as sender:
        sender.sendall(head(port, path, stated, **headers) + begun)
        going.wait()
        sender.settimeout(0.2)
        got = b""
        for _again in range(200):
            with suppress(TimeoutError):
                if piece := sender.recv(65_536):
                    got += piece
                    if b"</html>" in got or got.endswith(b"}"):
                        break
                    continue
                break
            if not got:
                sender.sendall(b"&")
        return got.decode()


def test_others_are_served_while_slow_ones_are_sent_away_and_nothing_is_written(
    port: int, own_database: Town
) -> None:
    before = dump()
    going = threading.Barrier(SLOW + 1)
    begun = a_report(own_database)
    with ThreadPoolExecutor(SLOW) as pool:
        slow = [
            pool.submit(trickle, port, "/report", begun, going, 20 * 1024 * 1024) for _one in range(SLOW - 1)
        ]
        api = pool.submit(
            trickle, port, "/api/v1/cases", b"{", going, 1024 * 1024, **{"Content-Type": "application/json"}
        )
        going.wait(60)
        for _page in range(10):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/board", timeout=10) as answer:
                assert answer.status == 200
        assert not any(sender.done() for sender in (*slow, api)), "all were answered while they were sending"
        for sender in slow:
            text = sender.result(60)
            assert text.startswith("HTTP/1.1 408 "), text[:200]
            assert "网络太慢" in text
        text = api.result(60)
    assert text.startswith("HTTP/1.1 408 "), text[:200]
    assert '"code":"body_slow"' in text
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
