"""Clients that ask over HTTP: each a process of its own with one connection kept open, as a browser keeps it.

A walk is a generator of asks: it yields an Ask and is sent the Answer. Every answer is checked; one that is not as
expected ends the measure with its text.
"""

import http.client
import multiprocessing
import secrets
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; `form` is sent as a form, `body` with its `kind` as it is. `counted` False is not measured."""

    path: str
    form: dict[str, Any] | None = None
    body: bytes | None = None
    kind: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    session: str = ""
    expect: tuple[int, ...] = (200,)
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


Walk = Generator[Ask, Answer, None]
# Django takes its own secret unmasked, so a client may make it.
CSRF = "c" * 32


class Browser:
    """One connection kept open."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=60)

    def rested(self) -> None:
        """The server may have closed the idle connection, and the next ask opens another."""
        self._connection.close()

    def ask(self, wanted: Ask) -> Answer:
        headers = {
            "Cookie": f"csrftoken={CSRF}" + (f"; sessionid={wanted.session}" if wanted.session else "")
        }
        headers |= wanted.headers
        body: bytes | None = wanted.body
        if wanted.form is not None:
            body = urlencode(wanted.form | {"csrfmiddlewaretoken": CSRF}, doseq=True).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif wanted.kind:
            headers["Content-Type"] = wanted.kind
        self._connection.request("GET" if body is None else "POST", wanted.path, body, headers)
        answer = self._connection.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read())


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds of each counted request, and the span from the common start to the last end."""

    times: list[float]
    seconds: float

    def figures(self) -> dict[str, float]:
        ordered = sorted(self.times)

        def at(share: float) -> float:
            return (
                round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 1) if ordered else 0.0
            )

        rate = round(len(ordered) / self.seconds, 1) if self.seconds else 0.0
        return {"requests": len(ordered), "requests_per_s": rate, "p50_ms": at(0.5), "p95_ms": at(0.95)}


class Load:
    """`clients` processes, warmed up and waiting; `run` lets them go at once."""

    def __init__(self, port: int, walks: list[Callable[[], Walk]], warm: int) -> None:
        context = multiprocessing.get_context("fork")
        self._go, self._ready = context.Event(), context.Semaphore(0)
        self._stop_at = context.Value("d", 0.0)
        self._out: Any = context.Queue()
        self._processes = [
            context.Process(target=self._client, args=(port, walk, warm), daemon=True) for walk in walks
        ]
        for process in self._processes:
            process.start()
        for _process in self._processes:
            if not self._ready.acquire(timeout=120):
                raise RuntimeError("the clients did not get ready")

    def run(self, seconds: float) -> Result:
        """Measure for `seconds`. RuntimeError with the answer that was not as expected."""
        began = time.monotonic()
        self._stop_at.value = began + seconds
        self._go.set()
        times: list[float] = []
        for _process in self._processes:
            found = self._out.get(timeout=seconds + 120)
            if isinstance(found, str):
                raise RuntimeError(found)
            times += found
        ended = time.monotonic()
        for process in self._processes:
            process.join()
        return Result(times, ended - began)

    def _client(self, port: int, make: Callable[[], Walk], warm: int) -> None:
        times: list[float] = []
        released = False
        try:
            browser, walk = Browser("127.0.0.1", port), make()
            wanted, done = next(walk), 0
            while True:
                if done >= warm and not released and wanted.counted:
                    released = True
                    self._ready.release()
                    self._go.wait()
                    browser.rested()
                    times.clear()
                if released and time.monotonic() >= self._stop_at.value:
                    break
                began = time.perf_counter()
                answer = browser.ask(wanted)
                if wanted.counted:
                    times.append(time.perf_counter() - began)
                if answer.status not in wanted.expect:
                    raise RuntimeError(
                        f"{wanted.path}: {answer.status}\n{answer.body[:3000].decode(errors='replace')}"
                    )
                done += 1
                wanted = walk.send(answer)
        except StopIteration:
            pass
        except Exception as error:
            self._out.put(f"{type(error).__name__}: {error}")
            if not released:
                self._ready.release()
            return
        self._out.put(times)
        if not released:
            self._ready.release()


def multipart(fields: dict[str, str], file_field: str, name: str, data: bytes) -> tuple[bytes, str]:
    """A form with one file: its body and its content type."""
    mark = secrets.token_hex(12)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in (fields | {"csrfmiddlewaretoken": CSRF}).items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="{file_field}"; filename="{name}"\r\n'
    parts += [head.encode(), b"Content-Type: image/jpeg\r\n\r\n", data, f"\r\n--{mark}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={mark}"
