"""What a span of work cost: CPU of the web processes and of PostgreSQL apart, statements, memory."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg


@dataclass(frozen=True, slots=True)
class Reading:
    """CPU seconds and statements since the processes began."""

    at: float
    web: float
    db: float
    statements: int


class Meter:
    """Reads the trees of two processes and pg_stat_statements of one database."""

    def __init__(self, web: int | None, postmaster: int, statements: psycopg.Connection) -> None:
        self._web = psutil.Process(web) if web else None
        self._db = psutil.Process(postmaster)
        self._statements = statements
        self.idle_db = 0.0

    def calibrate(self, seconds: float = 3.0) -> None:
        """What the database burns with nobody asking, to be taken off."""
        before = self.read()
        time.sleep(seconds)
        after = self.read()
        self.idle_db = (after.db - before.db) / (after.at - before.at)

    def read(self) -> Reading:
        row = self._statements.execute(_STATEMENTS).fetchone()
        web = _tree_seconds(self._web) if self._web else _own_seconds()
        return Reading(time.monotonic(), web, _tree_seconds(self._db), int(row[0]) if row else 0)

    def web_peak_mb(self) -> int:
        """The most memory that each web process held, added up."""
        processes = [self._web, *self._web.children(recursive=True)] if self._web else [psutil.Process()]
        return round(sum(_peak_kb(process.pid) for process in processes) / 1024)

    def costs(self, before: Reading, after: Reading, requests: int) -> dict[str, float]:
        """Per request."""
        db = max(0.0, after.db - before.db - self.idle_db * (after.at - before.at))
        each = max(requests, 1)
        web = after.web - before.web
        return {
            "web_cpu_ms": round(web * 1000 / each, 2),
            "db_cpu_ms": round(db * 1000 / each, 2),
            "cpu_ms": round((web + db) * 1000 / each, 2),
            "sql_statements": round((after.statements - before.statements) / each, 1),
        }


# Beginning and ending a transaction is not counted, as in Django's own count; the actor's settings are.
_STATEMENTS = """
    SELECT coalesce(sum(calls), 0) FROM statistics.pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
    WHERE d.datname = current_database() AND toplevel AND query !~* '^(begin|commit|rollback|savepoint|release|deallocate)'
      AND query NOT LIKE '%pg_stat_statements%'
"""


def _tree_seconds(root: psutil.Process) -> float:
    """CPU of a process and of all below it, the dead ones included."""
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def _own_seconds() -> float:
    times = os.times()
    return times.user + times.system


def _peak_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def yardstick() -> float:
    """CPU milliseconds of a fixed piece of Python now: how fast this machine is at the moment, neighbours included."""
    began = time.process_time()
    total = 0
    for number in range(300_000):
        total += number % 7
    return round((time.process_time() - began) * 1000, 1) if total else 0.0
