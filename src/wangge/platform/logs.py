"""Nothing that opens a report goes into a log: receipt codes are part of addresses."""

import logging
import re

_CODE = re.compile(r"(/s/)[^/?'\s]+")


class HideReceiptCodes(logging.Filter):
    """Writes "/s/…" for the address of a report, wherever Django names it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _hidden(record.getMessage())
        record.args = ()
        if request := getattr(record, "request", None):
            record.request = _hidden(str(request))
        return True


def _hidden(text: str) -> str:
    return _CODE.sub(r"\1…", text)
