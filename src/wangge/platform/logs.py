"""Structured logs: one JSON object a line, each with the id of its request, none with personal data.

Receipt codes are part of addresses and open a report, so they never go into a log; neither do the
row values that PostgreSQL adds to its errors.
"""

import logging
import re
from collections.abc import Iterator
from contextvars import ContextVar
from types import TracebackType

from pythonjsonlogger.json import JsonFormatter

request_id: ContextVar[str] = ContextVar("request_id", default="")

_CODE = re.compile(r"(/s/)[^/?'\s]+")
_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class HideReceiptCodes(logging.Filter):
    """Writes "/s/…" for the address of a report, wherever Django names it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_codes(record.getMessage())
        record.args = ()
        if request := getattr(record, "request", None):
            record.request = without_codes(str(request))
        return True


class NameRequest(logging.Filter):
    """Adds the id of the request that is being answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class Lines(JsonFormatter):
    """JSON lines whose tracebacks hold no values of rows."""

    def formatException(self, raised: _Raised) -> str:  # noqa: N802 - the name is logging's
        text = logging.Formatter.formatException(self, raised)
        for error in _chain(raised[1]):
            # The first line says what failed; the others quote the row.
            text = text.replace(str(error), str(error).partition("\n")[0])
        return without_codes(text)


def without_codes(text: str) -> str:
    return _CODE.sub(r"\1…", text)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those it came from; an error that says nothing is left out."""
    while error is not None:
        if str(error):
            yield error
        error = error.__cause__ or error.__context__
