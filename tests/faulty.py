"""A bad line before a served product: it cuts, doubles, delays and truncates what a phone sends and is answered."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from urllib.parse import urlsplit

# fine: as it is; lost: never arrives; unanswered: arrives, and the answer does not come back; twice: arrives two
# times; short: the answer is cut in the middle; late: comes later; hotel: somebody else answers 200.
FAULTS = ("fine", "lost", "unanswered", "twice", "short", "late", "hotel")
LATE_S = 0.4
SHARE = 0.5
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


class BadLine:
    """What happens to requests under `paths` while it is `bad`; everything else passes. `met` counts what happened."""

    def __init__(self, site: str, paths: tuple[str, ...], seed: int) -> None:
        parts = urlsplit(site)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.paths = paths
        self.bad = False
        self.met: Counter[str] = Counter()
        self.address = ""
        # What is answered for a path instead of what the product says.
        self.instead: dict[str, bytes] = {}
        # Files that only the line has: (type, content).
        self.own: dict[str, tuple[str, bytes]] = {}
        self._chance = Random(seed)
        self._lock = threading.Lock()

    def fault(self, path: str) -> str:
        if not self.bad or not path.startswith(self.paths):
            return "fine"
        with self._lock:
            # Every other request is hit, by the fault that came least: a short run meets them all.
            least = min(FAULTS[1:], key=lambda fault: self.met[fault])
            chosen = least if self._chance.random() < SHARE else "fine"
            self.met[chosen] += 1
            return chosen


@contextmanager
def bad_line(site: str, paths: tuple[str, ...] = ("/field/",), seed: int = 1) -> Iterator[BadLine]:
    """The line before `site`; its `address` is where a phone connects."""
    line = BadLine(site, paths, seed)

    class Handler(_Handler):
        pass

    Handler.line = line
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    line.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    line: BadLine

    def _pass_on(self) -> None:
        path = urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if path in self.line.own:
            kind, content = self.line.own[path]
            return self._answer(200, [("Content-Type", kind)], content)
        fault = self.line.fault(path)
        if fault == "lost":
            return self._cut()
        if fault == "hotel":
            return self._answer(200, [("Content-Type", "text/html")], b"<h1>Welcome to our hotel</h1>")
        if fault == "late":
            time.sleep(LATE_S)
        if fault == "twice":
            self._forward(body)
        status, headers, content = self._forward(body)
        if fault == "unanswered":
            return self._cut()
        content = self.line.instead.get(path, content)
        return self._answer(status, headers, content, short=fault == "short")

    do_GET = do_POST = do_PUT = do_HEAD = _pass_on  # noqa: N815

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        onward = http.client.HTTPConnection(self.line.host, self.line.port, timeout=60)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            onward.request(self.command, self.path, body or None, headers)
            answer = onward.getresponse()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
            return answer.status, kept, answer.read()
        finally:
            onward.close()

    def _answer(
        self, status: int, headers: list[tuple[str, str]], body: bytes, *, short: bool = False
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if short else body)
        self.close_connection = True

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *words: object) -> None:
        """Says nothing."""
