"""The outermost middleware: an id for each request, its figures, and a line in the log when it matters."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from wangge.platform.logs import request_id
from wangge.platform.metrics import ANSWERS, REQUEST_SECONDS, STATEMENTS

log = logging.getLogger("wangge.requests")
HEADER = "X-Request-ID"
SLOW_S = 1.0
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")


class Requests:
    """Takes over a proxy's request id or makes one, returns it, and counts time, statements and status by route.

    A log line names the route, never the address: addresses hold receipt codes and numbers of cases.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        name = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        # Not taken back at the end: Django logs a refused answer after its middleware.
        request_id.set(name)
        statements = _Count()
        began = time.perf_counter()
        with connection.execute_wrapper(statements):
            response = self.get_response(request)
        _note(request, response, time.perf_counter() - began, statements.number)
        response.headers[HEADER] = name
        return response


class _Count:
    """Counts the statements that pass."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], *words: Any) -> Any:
        self.number += 1
        return execute(*words)


def _note(request: HttpRequest, response: HttpResponse, seconds: float, statements: int) -> None:
    match = request.resolver_match
    route = match.route if match else "none"
    method = (
        request.method if request.method in ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE") else "other"
    )
    REQUEST_SECONDS.labels(route, method).observe(seconds)
    ANSWERS.labels(route, method, str(response.status_code)).inc()
    STATEMENTS.labels(route).inc(statements)
    level = logging.WARNING if seconds > SLOW_S or response.status_code >= 500 else logging.INFO
    if log.isEnabledFor(level):
        about = {"route": route, "method": method, "status": response.status_code}
        log.log(level, "answered", extra={**about, "ms": round(seconds * 1000, 1), "statements": statements})
