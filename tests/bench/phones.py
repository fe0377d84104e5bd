"""The phones of bench_sync.py: each keeps to docs/offline.md as the browser's code does, with a thread of its own."""

import gzip
import hashlib
import http.client
import io
import json
import multiprocessing
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from load import CSRF
from measuring import ready
from PIL import Image
from served import served
from walks import sessions_of

from tests.faulty import bad_line
from wangge.domain.access.actor import Role, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Photo
from wangge.domain.field.models import Record

PROCESSES = 4
CHUNK = 200_000
GIVE_UP_AFTER_S = 1800
STORM_RECORDS = 3
FIRST_ANSWER_S = 3.0


class NoAnswer(Exception):
    """Nothing that the phone can trust came back."""


@dataclass
class Phone:
    """`unsent` and `holding` are records by id; a record is dropped when a later receipt names its hash as done."""

    address: str
    session: str
    seed: int
    device: str = field(default_factory=lambda: str(uuid.uuid4()))
    cursor: str | None = None
    unsent: dict[str, dict[str, Any]] = field(default_factory=dict)
    holding: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    refused: int = 0
    server_faults: int = 0

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        """The answer's JSON. NoAnswer for a cut line, a foreign page and a fault."""
        parts = urlsplit(self.address)
        line = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=120)
        cookie = f"csrftoken={CSRF}; sessionid={self.session}"
        try:
            line.request(method, path, body, {"Cookie": cookie, "X-CSRFToken": CSRF, **headers})
            answer = line.getresponse()
            said = answer.read()
            self.server_faults += answer.status >= 500
            if answer.headers.get("Wangge-Field") != "1" or answer.status not in (200, 404):
                raise NoAnswer(f"{method} {path}: {answer.status}")
            return json.loads(said) if answer.status == 200 else None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer(str(error)) from error
        finally:
            line.close()

    def sync(self) -> dict[str, Any]:
        """One exchange: what the server keeps is held until a later receipt."""
        asked = list(self.holding)
        body = {
            "device": self.device, "cursor": self.cursor, "records": list(self.unsent.values()), "holding": asked,
        }  # fmt: skip
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        answer: dict[str, Any] = self.ask(
            "POST", "/field/sync", gzip.compress(json.dumps(body).encode()), **headers
        )
        for one in answer["records"]:
            if one["answer"] == "kept" and one["id"] in self.unsent:
                self.holding[one["id"]] = self.unsent.pop(one["id"])
        self._drop(asked, answer["receipts"])
        self.cursor = answer["cursor"]
        return answer

    def _drop(self, asked: list[str], receipts: list[dict[str, Any]]) -> None:
        for receipt in receipts:
            if receipt["id"] not in asked or receipt["state"] not in ("done", "refused"):
                continue
            record = self.holding.get(receipt["id"])
            if record and receipt["sha256"] == record["sha256"]:
                self.refused += receipt["state"] == "refused"
                del self.holding[receipt["id"]]

    def send_files(self) -> None:
        """Each in pieces, from where the server stands."""
        for sha, data in list(self.files.items()):
            standing = self.ask("GET", f"/field/files/{sha}") or {"have": [], "whole": False}
            begin = standing["have"][0][1] if standing["have"] and standing["have"][0][0] == 0 else 0
            while not standing["whole"]:
                path = f"/field/files/{sha}?from={begin}&size={len(data)}&type=image/jpeg"
                piece = data[begin : begin + CHUNK]
                standing = self.ask("PUT", path, piece, **{"Content-Type": "application/octet-stream"})
                begin += len(piece)
            del self.files[sha]

    def deliver(self) -> None:
        """Until nothing is unsent, held or on its way, whatever the line does."""
        chance, tries = random.Random(self.seed), 0
        give_up_at = time.monotonic() + GIVE_UP_AFTER_S
        while (self.unsent or self.holding or self.files) and time.monotonic() < give_up_at:
            pause_s = 0.2
            try:
                pause_s = self.sync()["later_s"] or pause_s
                self.send_files()
                tries = 0
            except NoAnswer:
                tries += 1
            time.sleep((pause_s + min(tries, 5) * 0.2) * (0.5 + chance.random()))


def record(place: tuple[int, int], number: str, photo: bytes | None) -> dict[str, Any]:
    """A report from a grid, of a matter."""
    area, matter = place
    names = [hashlib.sha256(photo).hexdigest()] if photo else []
    where = {"area": str(area), "lon": None, "lat": None, "address": f"第{number}处"}
    given = {"description": f"路面破损 {number}", "matter": str(matter), "place": where, "photos": names}
    payload = json.dumps(given, ensure_ascii=False)
    return {
        "id": str(uuid.uuid4()), "kind": "report", "form": "report-1", "subject": None, "after": None,
        "payload": payload, "sha256": hashlib.sha256(payload.encode()).hexdigest(),
        "files": [{"sha256": name} for name in names],
    }  # fmt: skip


def photo(seed: int) -> bytes:
    """As a phone sends it, different for each seed."""
    noise = Image.effect_noise((800, 600), 40).convert("RGB")
    noise.putpixel((0, 0), (seed % 256, seed // 256 % 256, seed // 65536 % 256))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=80)
    return out.getvalue()


def loaded(phone: Phone, place: tuple[int, int], records: int, photos: int) -> dict[str, int]:
    """Give the phone its day; returns how many photos each record has."""
    made: dict[str, int] = {}
    for number in range(records):
        picture = photo(phone.seed * 1000 + number) if number < photos else None
        one = record(place, f"{phone.seed}-{number}", picture)
        phone.unsent[one["id"]] = one
        made[one["id"]] = int(picture is not None)
        if picture:
            phone.files[one["files"][0]["sha256"]] = picture
    return made


def crowd(phones: list[Phone], act: Callable[[Phone], Any]) -> list[Any]:
    """Every phone acts in a thread, the threads in a few processes; returns what each gave back."""
    context = multiprocessing.get_context("fork")
    out: Any = context.Queue()
    begin = context.Barrier(PROCESSES)

    def office(some: list[Phone]) -> None:
        results: list[Any] = []
        threads = [threading.Thread(target=lambda one=one: results.append(act(one))) for one in some]
        begin.wait()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        out.put(results)

    processes = [context.Process(target=office, args=(phones[n::PROCESSES],)) for n in range(PROCESSES)]
    for process in processes:
        process.start()
    found = [result for _process in processes for result in out.get(timeout=GIVE_UP_AFTER_S + 300)]
    for process in processes:
        process.join()
    return found


def day(
    site: str, sessions: list[str], place: tuple[int, int], records: int, photos: int, seed: int
) -> dict[str, Any]:
    """A day's records through the bad line, and what is there afterwards."""
    began = time.monotonic()
    wanted: dict[str, int] = {}
    with bad_line(site, seed=seed) as line:
        line.bad = True
        phones = [Phone(line.address, session, number) for number, session in enumerate(sessions)]
        for phone in phones:
            wanted |= loaded(phone, place, records, photos)
        results = crowd(phones, _delivered)
        met = dict(line.met)
    left, refused, faults = (sum(column) for column in zip(*results, strict=True))
    return {
        "name": "sync day", "phones": len(phones), "records": len(wanted), "photos": sum(wanted.values()),
        "seconds": round(time.monotonic() - began), "line": met, "undelivered": left, "refused": refused,
        "server_faults": faults, **_truth(wanted),
    }  # fmt: skip


def _delivered(phone: Phone) -> tuple[int, int, int]:
    phone.deliver()
    return len(phone.unsent) + len(phone.holding), phone.refused, phone.server_faults


def _truth(wanted: dict[str, int]) -> dict[str, int]:
    """Records without a case, cases too many, photos that are missing or too many."""
    with acting_as(System("bench")):
        kept = Record.objects.filter(pk__in=list(wanted)).count()
        there = Counter(
            str(key) for key in Case.objects.filter(key__in=list(wanted)).values_list("key", flat=True)
        )
        photos = Counter(
            str(key)
            for key in Photo.objects.filter(case__key__in=list(wanted)).values_list("case__key", flat=True)
        )
    return {
        "lost": sum(1 for key in wanted if not there[key]) + len(wanted) - kept,
        "doubled": sum(count - 1 for count in there.values() if count > 1),
        "photos_wrong": sum(1 for key, count in wanted.items() if photos[key] != count),
    }


def storm(site: str, sessions: list[str], place: tuple[int, int]) -> dict[str, Any]:
    """All at once, each with some records: how long until the first answer, and until the whole packet is there."""
    phones = [Phone(site, session, 100_000 + number) for number, session in enumerate(sessions)]
    wanted: dict[str, int] = {}
    for phone in phones:
        wanted |= loaded(phone, place, STORM_RECORDS, 0)
    results = crowd(phones, _first_answers)
    first, told = sorted(one[0] for one in results), sorted(one[1] for one in results)
    return {
        "name": "sync storm", "phones": len(phones), "first_p50_s": _at(first, 0.5), "first_p95_s": _at(first, 0.95),
        "told_p50_s": _at(told, 0.5), "told_p95_s": _at(told, 0.95), "server_faults": sum(one[2] for one in results),
        **_truth(wanted),
    }  # fmt: skip


def _first_answers(phone: Phone) -> tuple[float, float, int]:
    """Seconds to the first exchange and to the packet, which comes later when many come at once."""
    began, first = time.monotonic(), 0.0
    chance = random.Random(phone.seed)
    while True:
        try:
            phone.ask("GET", "/field/session")
            later_s = phone.sync()["later_s"]
        except NoAnswer:
            later_s = 1.0
        else:
            first = first or time.monotonic() - began
            if later_s is None and not (phone.unsent or phone.holding):
                return first, time.monotonic() - began, phone.server_faults
        time.sleep((later_s or 0.5) * (0.5 + chance.random()))


def _at(ordered: list[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


@contextmanager
def _worker() -> Iterator[None]:
    """Maps what was not mapped when it came, as in production."""
    process = subprocess.Popen(
        [sys.executable, "-m", "wangge.faces.cli.main", "worker"], stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(40)


def main(cases: int, count: int, records: int, photos: int, seed: int) -> int:
    """Serve and let them come; 1 when a promise was broken."""
    _sessions, log = ready(cases, 0)
    known = sessions_of(count, Role.GRID_WORKER)
    sessions = [known[number % len(known)] for number in range(count)]
    with acting_as(System("bench")):
        sample = Case.objects.filter(area__level="grid", matter__isnull=False).order_by("-pk")[0]
    place = (sample.area_id, sample.matter_id)
    with served(log=log) as (port, _pid), _worker():
        site = f"http://127.0.0.1:{port}"
        lines = [day(site, sessions, place, records, photos, seed), storm(site, sessions, place)]
    for line in lines:
        print(json.dumps(line | {"load": round(os.getloadavg()[0], 1)}, ensure_ascii=False))
    broken = ("undelivered", "refused", "server_faults", "lost", "doubled", "photos_wrong")
    return int(
        any(line.get(name) for line in lines for name in broken) or lines[1]["first_p95_s"] > FIRST_ANSWER_S
    )


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
