"""One database of cases, served as in production and measured; bench_cases.py starts it."""

import fnmatch
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.platform.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.db import connection  # noqa: E402
from filling import fill  # noqa: E402
from load import Load  # noqa: E402
from meters import Meter, yardstick  # noqa: E402
from served import served  # noqa: E402
from walks import Plans, sessions_of, sweep_measure  # noqa: E402

from wangge.platform.db.embedded import EmbeddedServer  # noqa: E402

DATABASE = settings.DATABASES["default"]["NAME"]
# So that each of the four connections has planned each statement for good (after eight times).
WARM = 200


def main(cases: int, clients: list[int], seconds: float, only: str, refill: bool) -> None:
    """Fill, serve, measure; one JSON line a measure."""
    server = EmbeddedServer(settings.DATA)
    made = _database(server, cases, refill)
    _print({"name": "database", **made})
    plans = Plans.prepare()
    postmaster = int((settings.DATA / "pg" / "postmaster.pid").read_text().split()[0])
    patterns = only.split(",") if only else ["*"]

    def wanted(name: str) -> bool:
        return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)

    with _superuser(DATABASE) as watching:
        with served(log=settings.DATA / "bench-web.log") as (port, pid):
            meter = Meter(pid, postmaster, watching)
            for name, walk in plans.walks(sum(clients), wanted):
                for nth, count in enumerate(clients):
                    # Each run has clients of its own: none takes up reports that another has moved.
                    numbers = range(sum(clients[:nth]), sum(clients[: nth + 1]))
                    load = Load(
                        port, [lambda number=number, walk=walk: walk(number) for number in numbers], WARM
                    )
                    meter.calibrate(1.0)
                    before = meter.read()
                    result = load.run(seconds)
                    after = meter.read()
                    figures = result.figures()
                    _print(
                        {"name": name, "cases": made["cases_case"], "clients": count, **figures}
                        | meter.costs(before, after, int(figures["requests"]))
                        | {
                            "web_mb": meter.web_peak_mb(),
                            "yard_ms": yardstick(),
                            "load": round(os.getloadavg()[0], 1),
                        }
                    )
        if wanted("sweep"):
            connection.close()
            meter = Meter(None, postmaster, watching)
            _print({"name": "sweep", "cases": made["cases_case"], "clients": 1, **sweep_measure(meter)})


def ready(cases: int, people: int) -> tuple[list[str], Path]:
    """The database as it is measured, sessions of so many people with a post, and where the server writes its log."""
    _database(EmbeddedServer(settings.DATA), cases, refill=False)
    return sessions_of(people), settings.DATA / "bench-web.log"


def _database(server: EmbeddedServer, cases: int, refill: bool) -> dict[str, Any]:
    """Filled once, and brought to this version each time; says what it holds."""
    mark = settings.DATA / f"{DATABASE}.json"
    if refill or not mark.exists():
        mark.unlink(missing_ok=True)
        mark.write_text(json.dumps(_filled(server, cases)))
    _wangge("setup", "-v", "0", owner=True)
    made: dict[str, Any] = json.loads(mark.read_text())
    return made


def _filled(server: EmbeddedServer, cases: int) -> dict[str, Any]:
    """A fresh database with the demo's year copied until there are so many cases."""
    server._sql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    base = _base(server)
    server._sql(f"CREATE DATABASE {DATABASE} TEMPLATE {base} OWNER wangge")
    with _superuser(DATABASE) as owner:
        owner.autocommit = False
        return fill(owner, cases)


def _base(server: EmbeddedServer) -> str:
    """The demo's year as it comes, made once."""
    name, mark = "bench_base", settings.DATA / "bench_base.json"
    if not mark.exists():
        server._sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.create_database(name)
        for words in (["setup", "-v", "0"], ["demo_data"]):
            _wangge(*words, owner=words[0] == "setup", database=name)
        mark.write_text("{}")
    return name


def _wangge(*words: str, owner: bool = False, database: str = DATABASE) -> None:
    env = os.environ | {"WANGGE_DATABASE": database, "WANGGE_DEMO_PASSWORD": "bench-password"}
    env |= {"WANGGE_AS_OWNER": "1"} if owner else {}
    subprocess.run([sys.executable, "-m", "wangge.faces.cli.main", *words], env=env, check=True)


@contextmanager
def _superuser(database: str) -> Iterator[psycopg.Connection]:
    host = settings.DATABASES["default"]["HOST"]
    with psycopg.connect(host=host, user="postgres", dbname=database, autocommit=True) as found:
        yield found


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    number, counts, span, names, again = sys.argv[1:6]
    main(int(number), [int(count) for count in counts.split(",")], float(span), names, again == "refill")
