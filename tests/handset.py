"""A phone with the field app, as the server hears it: docs/offline.md."""

import gzip
import hashlib
import json
import uuid
from typing import Any

from django.test import Client


class Phone:
    """A phone as the browser's code speaks: one device, one person."""

    def __init__(self, client: Client) -> None:
        self.client, self.device, self.cursor = client, str(uuid.uuid4()), None
        self.held: dict[str, dict[str, Any]] = {}

    def sync(self, *records: dict[str, Any], holding: tuple[str, ...] = (), zipped: bool = False) -> Any:
        body = {"device": self.device, "cursor": self.cursor, "records": records, "holding": holding}
        raw, headers = json.dumps(body).encode(), {}
        if zipped:
            raw, headers = gzip.compress(raw), {"Content-Encoding": "gzip"}
        answer = self.client.post("/field/sync", raw, content_type="application/json", headers=headers)
        assert answer.status_code == 200, answer.content
        assert answer.headers["Wangge-Field"] == "1"
        return answer.json()

    def take(self, answer: Any) -> None:
        """Does with an answer what the phone does."""
        if answer["fresh"]:
            self.held.clear()
        for kind, ids in answer["gone"].items():
            for key in ids:
                del self.held[kind][key]
        for kind, rows in answer["changes"].items():
            self.held.setdefault(kind, {}).update({row["id"]: row for row in rows})
        self.cursor = answer["cursor"]

    def send(self, data: bytes, *pieces: tuple[int, int], kind: str = "image/jpeg") -> Any:
        sha, answer = hashlib.sha256(data).hexdigest(), None
        for begin, end in pieces or ((0, len(data)),):
            path = f"/field/files/{sha}?from={begin}&size={len(data)}&type={kind}"
            answer = self.client.put(path, data[begin:end], content_type="application/octet-stream")
        return answer


def made(payload: dict[str, Any], *, form: str = "report-1", **more: Any) -> dict[str, Any]:
    text = json.dumps(payload, ensure_ascii=False)
    return {
        "id": str(uuid.uuid4()),
        "kind": form.partition("-")[0],
        "form": form,
        "subject": None,
        "after": None,
        "payload": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "files": [],
        **more,
    }
