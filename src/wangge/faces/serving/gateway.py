"""From granian's RSGI to the WSGI application: threads take whole requests only.

Granian's own WSGI hands a request to a thread when its head is read, and the thread waits for the rest: as many slow
senders as threads stop everybody. docs/decisions/0011-slow-bodies.md has the figures.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import IO, Any, Protocol

from wangge.faces.serving.bodies import REFUSED, WAITING, Bodies, Gone, Pace, Refused

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
_ALWAYS: Environ = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


class Scope(Protocol):
    """What granian knows of a request before its body."""

    method: str
    path: str
    query_string: str
    scheme: str
    http_version: str
    client: str
    server: str
    authority: str | None
    headers: Any


class Gateway:
    """An RSGI application over a WSGI one, which runs in `threads` threads."""

    def __init__(self, wsgi: Wsgi, threads: int, pace: Pace) -> None:
        self._wsgi = wsgi
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._bodies = Bodies(pace)
        self._waiting, self._counting = 0, Lock()

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        environ = environ_of(scope)
        stated = _length(environ.get("CONTENT_LENGTH", ""))
        if not stated:
            await self._answer(environ, io.BytesIO(), protocol)
            return
        try:
            async with self._bodies.whole(protocol, stated) as body:
                await self._answer(environ, body, protocol)
        except Gone:
            protocol.response_empty(400, [])
        except Refused as refused:
            environ |= {REFUSED: refused.why, "CONTENT_LENGTH": "0"}
            await self._answer(environ, io.BytesIO(), protocol)

    async def _answer(self, environ: Environ, body: IO[bytes], protocol: Any) -> None:
        environ["wsgi.input"] = body
        loop = asyncio.get_running_loop()
        self._count(1)
        protocol.response_bytes(*await loop.run_in_executor(self._threads, self._run, environ))

    def _count(self, more: int) -> int:
        with self._counting:
            self._waiting += more
            return self._waiting

    def _run(self, environ: Environ) -> tuple[int, Headers, bytes]:
        environ[WAITING] = self._count(-1)
        heads: list[tuple[int, Headers]] = []

        def start(status: str, headers: Headers, _error: object = None) -> None:
            heads.append((int(status[:3]), headers))

        answer = self._wsgi(environ, start)
        try:
            content = b"".join(answer)
        finally:
            # Django gives its connection back here.
            if close := getattr(answer, "close", None):
                close()
        return *heads[-1], content


def environ_of(scope: Scope) -> Environ:
    """WSGI's telling of a request's head (PEP 3333). A header whose name has `_` is left out: it would pass for another."""
    server, _colon, port = scope.server.rpartition(":")
    environ = _ALWAYS | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        glue = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{glue}{value}" if key in environ else value
    if scope.authority:
        # HTTP/2 names the host there.
        environ["HTTP_HOST"] = scope.authority
    return environ


def _length(stated: str) -> int:
    return int(stated) if stated.isascii() and stated.isdecimal() else 0
