"""Clients that write down what was acknowledged, and send again, with the same key, what was not answered."""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random
from typing import Any

from load import Answer, Ask, Browser

_GIVE_UP_S = 90.0
_PAUSE_S = 0.1


@dataclass(frozen=True, slots=True)
class Place:
    """Where reports go and who moves them: tokens and sessions by the name of the demo's account."""

    lon: float
    lat: float
    matter: int
    condition: int
    unit: int
    tokens: dict[str, str]
    station_session: str


@dataclass
class Ledger:
    """What was acknowledged: key of the report -> case, and the moves of each case; `open` was never answered."""

    reports: dict[str, int | None] = field(default_factory=dict)
    moves: dict[str, list[str]] = field(default_factory=dict)
    open: set[tuple[str, str]] = field(default_factory=set)
    again: int = 0
    refused: list[str] = field(default_factory=list)


class Writer(threading.Thread):
    """One client: reports a case and brings it to its check, then the next, until told to stop."""

    def __init__(self, port: int, place: Place, seed: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.ledger = Ledger()
        self._port, self._place, self._stop_now = port, place, stop
        self._chance = Random(seed)
        self._browser = Browser("127.0.0.1", port)

    def run(self) -> None:
        turn = self._chance.randrange(2)
        while not self._stop_now.is_set():
            key = str(uuid.UUID(int=self._chance.getrandbits(128), version=4))
            case = self._report_by_form(key) if turn % 2 else self._report_by_api(key)
            if case is not None:
                self._bring_on(key, case, by_desk=bool(turn // 2 % 2))
            turn += 1

    def _report_by_api(self, key: str) -> int | None:
        given = {
            "description": f"路灯不亮 {key}",
            "lon": self._place.lon,
            "lat": self._place.lat,
            "matter_id": self._place.matter,
            "reporter": {"email": f"{key}@example.org"},
        }
        answer = self._sent(key, "report", self._call("station", "/cases", key, given), {201})
        if answer is None:
            return None
        self.ledger.reports[key] = json.loads(answer.body)["id"]
        return self.ledger.reports[key]

    def _report_by_form(self, key: str) -> int | None:
        form = {
            "key": key, "channel": "web", "description": f"路灯不亮 {key}", "address": "北门旁",
            "lon": f"{self._place.lon:.6f}", "lat": f"{self._place.lat:.6f}", "matter": str(self._place.matter),
            "email": f"{key}@example.org",
        }  # fmt: skip
        place = ".".join(str(self._chance.randrange(1, 255)) for _part in range(3))
        answer = self._sent(
            key, "report", Ask("/report", form=form, headers={"X-Forwarded-For": f"10.{place}"}), {302}
        )
        if answer is None:
            return None
        self.ledger.reports[key] = None
        return self._find(key)

    def _find(self, key: str) -> int | None:
        """The case of a report by form: a resident is not told its id, so the station looks for it."""
        wanted = Ask(f"/api/v1/cases?q={key}&limit=5", headers=self._token("station"))
        answer = self._sent(key, "look", wanted, {200})
        found = json.loads(answer.body)["items"] if answer else []
        return found[0]["id"] if found else None

    def _bring_on(self, key: str, case: int, *, by_desk: bool) -> None:
        filing = {"matter": self._place.matter, "condition": self._place.condition}
        if by_desk:
            # Sent again after its move was made, the form is told that the case has moved on.
            form = Ask(
                f"/desk/cases/{case}/moves/file",
                form=filing | {"version": 1},
                session=self._place.station_session,
            )
            done = self._sent(key, "file", form, {302}, repeated={403, 404, 409, 422})
        else:
            done = self._move(key, "station", case, "file", 1, filing)
        steps: list[tuple[str, str, dict[str, Any]]] = [
            ("street", "dispatch", {"unit": self._place.unit}),
            ("urban", "accept", {}),
            ("urban", "finish", {"note": "已更换灯泡，现场恢复照明。"}),
        ]
        for version, (who, name, values) in enumerate(steps, start=2):
            if done is None:
                return
            done = self._move(key, who, case, name, version, values)

    def _move(
        self, key: str, who: str, case: int, name: str, version: int, values: dict[str, Any]
    ) -> Answer | None:
        own = str(uuid.uuid5(uuid.UUID(key), name))
        given = {"move": name, "version": version, "values": values}
        return self._sent(key, name, self._call(who, f"/cases/{case}/moves", own, given), {200})

    def _call(self, who: str, path: str, key: str, given: dict[str, Any]) -> Ask:
        body = json.dumps(given).encode()
        headers = self._token(who) | {"Idempotency-Key": key}
        return Ask(f"/api/v1{path}", body=body, kind="application/json", headers=headers)

    def _token(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._place.tokens[who]}"}

    def _sent(
        self, key: str, what: str, wanted: Ask, taken: set[int], repeated: Collection[int] = ()
    ) -> Answer | None:
        """Send until acknowledged. None when refused, or given up: then it stays open in the ledger."""
        self.ledger.open.add((key, what))
        until = time.monotonic() + _GIVE_UP_S
        tries = 0
        while time.monotonic() < until:
            tries += 1
            answer = self._once(wanted)
            if answer and answer.status in ({*taken, *repeated} if tries > 1 else taken):
                self.ledger.open.discard((key, what))
                if what not in ("report", "look"):
                    self.ledger.moves.setdefault(key, []).append(what)
                return answer
            if answer and answer.status < 500:
                words = answer.body[:300].decode(errors="replace")
                self.ledger.refused.append(f"{what} {answer.status}, try {tries}: {words}")
                return None
            self.ledger.again += 1
            time.sleep(_PAUSE_S)
        return None

    def _once(self, wanted: Ask) -> Answer | None:
        try:
            return self._browser.ask(wanted)
        except (OSError, http.client.HTTPException):
            self._browser = Browser("127.0.0.1", self._port)
            return None
