"""A list of households of a large town, and kill -9 in the middle of it:
`python3 dev.py bench enrolment [--rows 100000] [--kills 10] [--seed 1]`.

On a database of its own: a sheet of so many rows is read, checked, registered and taken back, each step in a process
of its own (a JSON line each: seconds, the most megabytes it held, and those of the reader of the sheet). Then it is
brought in again and the process killed at seeded moments, a third of the times while checking, registering and
taking back; after each kill the database is looked at, and the step begun again. 1 when a household was there by
half, doubled or lost, when a run took 120 s or more, or a process held more than 300 MB.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from wangge.platform.db.running import running_database

BENCH = Path(__file__).resolve().parent
REPO = BENCH.parents[1]
WANGGE = [sys.executable, "-m", "wangge.faces.cli.main"]
STEPS = ("check", "merge", "undo")
MOST_SECONDS, MOST_MB = 120, 300
_OURS = ("WANGGE_", "DATABASE_URL")


def main(words: list[str]) -> int:
    """Measure once without a kill, then with them."""
    parser = argparse.ArgumentParser(prog="dev.py bench enrolment")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(words)
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="wangge-enrol-") as data:
        env = os.environ | {
            "WANGGE_DATA": data,
            "WANGGE_LOG": "ERROR",
            "PYTHONPATH": os.pathsep.join(map(str, (REPO / "src", REPO / "tests", REPO))),
        }
        with running_database(Path(data)):
            subprocess.run([*WANGGE, "setup", "-v", "0"], env=env | {"WANGGE_AS_OWNER": "1"}, check=True)
            return Bench(env, f"{data}/sheet.xlsx", args.rows, args.seed).run(args.kills)


class Bench:
    """The steps and what came of them."""

    def __init__(self, env: dict[str, str], file: str, rows: int, seed: int) -> None:
        self.env, self.file, self.rows, self.seed = env, file, rows, seed
        self.faults = 0

    def run(self, kills: int) -> int:
        self.step("prepare", self.rows, self.seed, self.file)
        staged = self.step("stage", self.file)
        batch = staged["batch"]
        told = {"stage": staged, **{name: self.step(name, batch) for name in ("check", "merge")}}
        seconds = sum(one["seconds"] for one in told.values())
        held = max(max(one["mb"], one["reader_mb"]) for one in told.values())
        self.look(batch, people=self.rows)
        told["undo"] = self.step("undo", batch)
        self.look(batch, people=0)
        self.faults += seconds >= MOST_SECONDS or held > MOST_MB
        self.killed(kills, {name: told[name]["seconds"] for name in STEPS})
        summary = {"name": "enrolment", "rows": self.rows, "seconds": round(seconds, 1), "mb": held}
        say(summary | {"rows_a_second": round(self.rows / seconds), "kills": kills, "faults": self.faults})
        return int(self.faults > 0)

    def killed(self, kills: int, lasts: dict[str, float]) -> None:
        """Each step is killed its share of times somewhere in its middle, then let to its end."""
        chance = Random(self.seed)
        batch = self.step("stage", self.file)["batch"]
        for at, name in enumerate(STEPS):
            for _time in range(kills // 3 + (at == 1) * (kills % 3)):
                process = self.begin(name, batch)
                try:
                    process.wait(chance.uniform(0.02, 0.45) * lasts[name])
                except subprocess.TimeoutExpired:
                    process.kill()
                process.communicate()
                self.look(batch, killed=name if process.returncode == -9 else "too late")
            self.step(name, batch)
            self.look(batch, people={"check": 0, "merge": self.rows, "undo": 0}[name])

    def look(self, batch: int, people: int | None = None, **more: Any) -> None:
        """Count as a fault whatever is by half, doubled, lost or other than it should be."""
        found = self.step("look", batch, self.rows, self.seed, **more)
        wrong = [found[name] for name in ("half_households", "doubled", "loose_marks", "unlinked")]
        lost = found["lost"] if found["state"] not in ("undone", "undoing") else 0
        self.faults += any(wrong) or lost != 0 or (people is not None and found["people"] != people)

    def step(self, name: str, *words: Any, **more: Any) -> dict[str, Any]:
        done = self.begin(name, *words)
        out, _errors = done.communicate()
        if done.returncode:
            raise SystemExit(f"{name} failed")
        told: dict[str, Any] = {"step": name, **more, **json.loads(out)}
        say(told)
        return told

    def begin(self, name: str, *words: Any) -> "subprocess.Popen[bytes]":
        command = [sys.executable, str(BENCH / "enrolling.py"), name, *map(str, words)]
        process = subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE)
        if process.stdout:
            # It is ready, and its step begins.
            process.stdout.readline()
        return process


def say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
