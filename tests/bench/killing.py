"""The kills of bench_kill.py: the product served, clients at work, and kill -9 at seeded moments."""

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import django
import psutil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.platform.settings")
django.setup()

import shapely  # noqa: E402 - Django must be set up first
from django.conf import settings  # noqa: E402
from django.db import Error, connection  # noqa: E402
from django.test import Client as Visitor  # noqa: E402
from ledger import Place, Writer  # noqa: E402
from load import Ask, Browser  # noqa: E402
from truth import compared, settled  # noqa: E402

from tools.serving import serving  # noqa: E402
from wangge.domain.access.actor import System  # noqa: E402
from wangge.domain.access.models import User  # noqa: E402
from wangge.domain.access.queries import actor_of  # noqa: E402
from wangge.domain.access.scope import acting_as  # noqa: E402
from wangge.domain.catalogue.models import Condition  # noqa: E402
from wangge.domain.exchange.models import Scope  # noqa: E402
from wangge.domain.exchange.services.clients import create_client  # noqa: E402
from wangge.domain.places.models import AreaShape  # noqa: E402
from wangge.platform import clock  # noqa: E402
from wangge.platform.outbox.models import Beat  # noqa: E402

WITHIN_S = 5.0
_GIVE_UP_S = 60.0


def main(times: int, clients: int, seed: int) -> int:
    """Serve, kill, compare; 1 when anything was lost or doubled or came back too late."""
    chance = Random(seed)
    with tempfile.TemporaryDirectory() as logs, serving(os.environ, Path(logs) / "served.log") as address:
        serve = next(child for child in psutil.Process().children() if "serve" in child.cmdline())
        site = Site(serve, int(address.rsplit(":", 1)[1]))
        with acting_as(System("bench")):
            place = _place()
        connection.close()
        stop = threading.Event()
        writers = [Writer(site.port, place, seed * 1000 + number, stop) for number in range(clients)]
        for writer in writers:
            writer.start()
        restarts: dict[str, list[float]] = {}
        for number in range(times):
            time.sleep(chance.uniform(1.0, 4.0))
            kind = list(KINDS)[number % len(KINDS)]
            seconds = site.kill(kind, chance)
            restarts.setdefault(kind, []).append(seconds)
            print(json.dumps({"kill": number + 1, "kind": kind, "seconds": round(seconds, 2)}), flush=True)
        stop.set()
        for writer in writers:
            writer.join(_GIVE_UP_S * 4)
        waited = settled(within_s=60)
        found = compared([writer.ledger for writer in writers])
    every = [seconds for some in restarts.values() for seconds in some]
    print(json.dumps({
        "name": "kill", "kills": dict(Counter({kind: len(some) for kind, some in restarts.items()})), **found,
        "settled_s": round(waited, 1), "restart_p50_s": round(statistics.median(every), 2),
        "restart_max_s": {kind: round(max(some), 2) for kind, some in restarts.items()},
        "load": round(os.getloadavg()[0], 1),
    }, ensure_ascii=False))  # fmt: skip
    wrong = found["lost"] + found["doubled"] + found["half_written"] + found["refused"]
    return int(bool(wrong) or max(every) > WITHIN_S)


@dataclass
class Site:
    """The served product and its processes."""

    serve: psutil.Process
    port: int

    def kill(self, kind: str, chance: Random) -> float:
        """Kill one process of a kind; the seconds until another stands in its place and the product answers."""
        victim = chance.choice(KINDS[kind](self))
        before = {process.pid for process in KINDS[kind](self)}
        since = time.time()
        began = time.monotonic()
        victim.kill()
        while not self._is_back(kind, before - {victim.pid}, victim.pid, since):
            if time.monotonic() - began > _GIVE_UP_S:
                raise TimeoutError(f"{kind} {victim.pid} was killed and nothing came back")
            time.sleep(0.05)
        return time.monotonic() - began

    def _is_back(self, kind: str, others: set[int], victim: int, since: float) -> bool:
        if kind == "worker":
            return self._worker_beats(since)
        if kind != "backend":
            now = {process.pid for process in KINDS[kind](self)} - {victim}
            if len(now) < len(others) + 1:
                return False
        return self._answers()

    def _answers(self) -> bool:
        """Whether a page comes that reads the database."""
        try:
            return Browser("127.0.0.1", self.port).ask(Ask("/board")).status == 200
        except OSError:
            return False

    def _worker_beats(self, since: float) -> bool:
        try:
            return Beat.objects.filter(name="delivery", at__gt=datetime.fromtimestamp(since, UTC)).exists()
        except Error:
            return False
        finally:
            connection.close()

    def masters(self) -> list[psutil.Process]:
        return [child for child in self._children(self.serve) if "granian" in _words(child)]

    def workers(self) -> list[psutil.Process]:
        return [child for child in self._children(self.serve) if _words(child)[-1:] == ["worker"]]

    def web(self) -> list[psutil.Process]:
        found = [child for master in self.masters() for child in self._children(master)]
        return [child for child in found if not any("resource_tracker" in word for word in _words(child))]

    def postmasters(self) -> list[psutil.Process]:
        try:
            pid = int((settings.DATA / "pg" / "postmaster.pid").read_text().split()[0])
            return [psutil.Process(pid)]
        except (FileNotFoundError, IndexError, psutil.NoSuchProcess):
            return []

    def backends(self) -> list[psutil.Process]:
        """Those that serve a client of ours."""
        found = [child for one in self.postmasters() for child in self._children(one)]
        return [child for child in found if _words(child)[:1] and ": wangge wangge" in _words(child)[0]]

    @staticmethod
    def _children(process: psutil.Process) -> list[psutil.Process]:
        try:
            return process.children()
        except psutil.NoSuchProcess:
            return []


KINDS: dict[str, Callable[[Site], list[psutil.Process]]] = {
    "web": Site.web,
    "web_master": Site.masters,
    "worker": Site.workers,
    "backend": Site.backends,
    "postmaster": Site.postmasters,
}


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def _place() -> Place:
    """Somewhere in the demo's community, a matter for its street, and who moves it."""
    posts = {
        name: User.objects.get(username=name).posts.get() for name in ("station", "street", "urban", "admin")
    }
    station, urban = posts["station"], posts["urban"]
    shape = AreaShape.objects.filter(
        version__area__path__startswith=station.area.path, version__area__level="grid"
    )
    lon, lat = shapely.point_on_surface(shapely.from_wkb(bytes(shape[0].wkb))).coords[0]
    found = Condition.objects.filter(
        procedure="ordinary", level="street", emergency=False, matter__enabled=True
    )
    found = found.filter(valid__contains=clock.today()).exclude(proof__startswith="photo")
    condition = found.filter(matter__lead_role=urban.unit.duty).first() or found[0]
    admin = actor_of(posts["admin"].user, clock.today())
    tokens = {
        name: create_client(
            admin, name=name, role=post.role, area_id=post.area_id, unit_id=post.unit_id,
            scopes=list(Scope.values), per_minute=60_000,
        ).token
        for name, post in posts.items() if name != "admin"
    }  # fmt: skip
    visitor = Visitor()
    visitor.force_login(station.user)
    session = visitor.cookies["sessionid"].value
    return Place(lon, lat, condition.matter_id, condition.pk, urban.unit_id, tokens, session)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:4])))
