"""Text messages to residents' phones, by a back end that the installation names; e-mail goes its own way."""

import json
import os
import urllib.request
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from wangge.platform import clock

TIMEOUT_S = 5


class NotSent(RuntimeError):
    """The message surely did not leave."""


class Backend(Protocol):
    def send(self, phone: str, text: str) -> None:
        """Hand one message over; raises for what did not leave."""


class Files:
    """For trials and the demo: each message is a file in the data folder, which nobody else may read."""

    def send(self, phone: str, text: str) -> None:
        folder: Path = settings.SMS_FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = folder / f"{clock.now():%Y%m%dT%H%M%S%f}.txt"
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(f"{phone}\n{text}\n")


class Http:
    """A gateway: POST {"phone", "text"} as JSON to WANGGE_SMS_URL with WANGGE_SMS_TOKEN; 2xx means taken."""

    def send(self, phone: str, text: str) -> None:
        asked = urllib.request.Request(  # noqa: S310 - the operator's own address
            settings.SMS_URL,
            json.dumps({"phone": phone, "text": text}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_TOKEN}"},
        )
        with urllib.request.urlopen(asked, timeout=TIMEOUT_S):  # noqa: S310
            pass


def send(phone: str, text: str) -> None:
    """Send one message; raises NotSent, whose text names neither the phone nor the message."""
    backend: Backend = import_string(settings.SMS_BACKEND)()
    try:
        backend.send(phone, text)
    except Exception as error:
        raise NotSent(type(error).__name__) from None
