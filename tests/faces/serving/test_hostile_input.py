"""Huge pictures and bodies, files that are two things at once, ids of others: against really served pages."""

import http.client
import io
import os
import re
import socket
import struct
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from casework import START, TESTS, crowd, dump, photo, reported
from factories import Town, client_for, point_in
from programs import environment, free_port, running, until
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Photo
from wangge.faces.cli.management.commands.serve import web_words
from wangge.faces.cli.supervisor import answers
from wangge.platform import clock

CSRF = "c" * 32
MB = 1024 * 1024


@pytest.fixture
def port(own_database: Town, tmp_path: Path) -> Iterator[int]:
    port = free_port()
    with running(environment(tmp_path), web_words("127.0.0.1", port)):
        until(lambda: answers(f"http://127.0.0.1:{port}/livez"))
        yield port


def ask(
    port: int, method: str, path: str, body: bytes = b"", kind: str = "", cookies: str = ""
) -> tuple[int, str]:
    """Status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"csrftoken={CSRF};{cookies}"} | ({"Content-Type": kind} if kind else {})
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, text


def report(port: int, town: Town, *files: bytes) -> tuple[int, str]:
    lon, lat = point_in(town, town.grids[0])
    words = {"key": uuid.uuid4(), "description": "路口有垃圾", "lon": lon, "lat": lat}
    photos = [SimpleUploadedFile("a.jpg", data, "image/jpeg") for data in files]
    sent = encode_multipart(BOUNDARY, words | {"csrfmiddlewaretoken": CSRF, "photos": photos})
    return ask(port, "POST", "/report", sent, MULTIPART_CONTENT)


def png(side: int) -> bytes:
    """A whole black picture, so many pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packed, row = zlib.compressobj(1), bytes(side + 1)
    pixels = b"".join(packed.compress(row) for _row in range(side)) + packed.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def most_memory_mb() -> int:
    """The most that any program started by this one ever held."""
    me, found = os.getpid(), []
    parents = {
        int(folder.name): int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and (folder / "stat").exists()
    }
    for pid in parents:
        above = pid
        while above and above != me:
            above = parents.get(above, 0)
        if above == me and pid != me:
            peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
            found.append(int(peak[1]) // 1024 if peak else 0)
    return max(found)


def begin(port: int, *headers: str) -> bytes:
    """The answer to a POST of which only the beginning is sent."""
    lines = [
        "POST /report HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Cookie: csrftoken={CSRF}",
        *headers,
        "",
        "",
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sender:
        sender.sendall("\r\n".join(lines).encode())
        return sender.recv(65_536)


FORM = "Content-Type: application/x-www-form-urlencoded"


def test_what_is_huge_is_refused_in_words_at_no_cost_and_nothing_is_written(
    port: int, own_database: Town
) -> None:
    before = dump()
    assert report(port, own_database, b"no picture")[0] == 422
    memory = most_memory_mb()
    status, text = report(port, own_database, png(20_000))
    assert (status, "像素太多" in text) == (422, True)
    assert most_memory_mb() < memory + 100, "the picture was unpacked"
    for answer in (
        begin(port, FORM, f"Content-Length: {100 * MB}"),
        begin(port, "Content-Type: application/json", f"Content-Length: {100 * MB}"),
    ):
        assert answer.startswith(b"HTTP/1.1 413 "), answer[:200]
    assert dump() == before
    assert ask(port, "GET", "/board")[0] == 200


def test_a_file_that_is_two_things_is_kept_as_a_picture_alone_or_not_at_all(
    port: int, own_database: Town, tmp_path: Path
) -> None:
    script, archive = b"<script>alert(1)</script>", b"PK\x03\x04evil.exe"
    before = dump()
    for data in (
        archive + photo(),
        b"GIF89a/*" + script + b"*/",
        b"%PDF-1.4 " + photo(),
        b"<svg/>" + photo(),
    ):
        status, text = report(port, own_database, data)
        assert (status, "不是能打开的照片" in text) == (422, True)
    assert dump() == before
    assert report(port, own_database, photo(size=(40, 30), comment=script) + script + archive)[0] == 302
    with acting_as(TESTS):
        kept = next(tmp_path.rglob(Path(Photo.objects.get().file).name)).read_bytes()
    assert Image.open(io.BytesIO(kept)).format == "JPEG"
    assert b"script" not in kept
    assert b"evil" not in kept


def test_unknown_and_others_ids_are_not_found_and_nothing_is_written(port: int, own_database: Town) -> None:
    with clock.at(START), acting_as(TESTS):
        crowd(own_database)
        others = reported(own_database, grid=2).case
    browser = client_for(own_database.users["station_officer"])
    session = browser.cookies.output(attrs=[], header="", sep=";")
    before = dump()
    sent = urlencode({"csrfmiddlewaretoken": CSRF, "version": 1, "note": "x"}).encode()
    for number in (others.pk, 10**9, 10**18, 10**30):
        for path in ("", "/contact", "/moves/ask_check", "/print"):
            for method in ("GET", "POST"):
                address = f"/desk/cases/{number}{path}"
                kind = "application/x-www-form-urlencoded" if method == "POST" else ""
                status, text = ask(port, method, address, sent if kind else b"", kind, session)
                assert status in (404, 405), (method, address, status)
                assert others.description not in text
    for number in ("-1", "1.5", "1e3", "%00", "%F0%9F%92%A9", "1%27--", "../../etc/passwd"):
        assert ask(port, "GET", f"/desk/cases/{number}", cookies=session)[0] in (400, 404)
    assert dump() == before
