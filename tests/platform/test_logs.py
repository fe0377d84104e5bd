"""What never goes into a log."""

import logging

from django.conf import settings

from wangge.platform.logs import HideReceiptCodes


def test_a_receipt_code_is_never_written_to_the_log() -> None:
    path = "/s/K7M2-9QXF-3T/rate"
    record = logging.LogRecord("django.request", 30, "", 0, "%s: %s", ("Conflict", path), None)
    record.request = f"<WSGIRequest: POST '{path}'>"
    assert HideReceiptCodes().filter(record)
    assert record.getMessage() == "Conflict: /s/…/rate"
    assert record.request == "<WSGIRequest: POST '/s/…/rate'>"


def test_every_log_passes_the_filter() -> None:
    for handler in settings.LOGGING["handlers"].values():
        assert "codes" in handler["filters"]
