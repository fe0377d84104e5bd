"""The search in a process of its own: numba and its compiler stay out of the worker, and stopping is killing.

Reads a planning file (npz) from standard input and the works as JSON from the command line; prints one JSON line
whenever it got further, the last with all that was found. Knows no Django.
"""

import io
import json
import sys
from dataclasses import asdict
from threading import Event, Thread
from typing import Any

import numpy as np

from wangge.engines.partition import BadProblem, problem_of
from wangge.engines.partition.budget import Budget
from wangge.engines.partition.planning import plan
from wangge.engines.partition.preparing import Wishes
from wangge.engines.partition.problem import Problem
from wangge.engines.partition.replanning import replan
from wangge.engines.partition.warming import warm

_BEAT_SECONDS = 0.5


class _Told:
    """How far the works are together, said twice a second, so that the parent can look whether to go on."""

    def __init__(self, works: int) -> None:
        self._works, self._done, self._share = works, 0, 0.0
        self._ended = Event()
        self._beat = Thread(target=self._tell, daemon=True)
        self._beat.start()

    def share(self, share: float) -> None:
        self._share = max(self._share, (self._done + share) / self._works)

    def one_done(self) -> None:
        self._done += 1

    def end(self) -> None:
        self._ended.set()
        self._beat.join()

    def _tell(self) -> None:
        while not self._ended.wait(_BEAT_SECONDS):
            _say({"share": round(self._share, 3)})


def main() -> None:
    """Do the works and say what was found."""
    asked = json.loads(sys.argv[1])
    told = _Told(len(asked["works"]))
    with np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False) as file:
        arrays: dict[str, Any] = {name: file[name] for name in file.files}
    answer: dict[str, Any]
    try:
        warm(mending=any("freedom" in work for work in asked["works"]))
        found = []
        for work in asked["works"]:
            found.append(_one(problem_of(arrays), arrays.get("old"), work, asked["seconds"], told))
            told.one_done()
        answer = {"found": found}
    except BadProblem as error:
        answer = {"problem": str(error)}
    told.end()
    _say(answer)


def _one(problem: Problem, old: Any, work: dict[str, Any], seconds: float, told: _Told) -> dict[str, Any]:
    wishes = Wishes(work.get("whole_roads", 0.0), work.get("short_walks", 0.0))
    budget = Budget(seconds, told.share)
    if "freedom" in work:
        mended = replan(problem, np.asarray(old, np.int64), work["freedom"], budget=budget, wishes=wishes)
        return {"grid": mended.grid.tolist(), "faults": [asdict(fault) for fault in mended.faults]}
    made = plan(problem, budget=budget, wishes=wishes)
    return {"grid": made.grid.tolist(), "faults": [asdict(fault) for fault in made.faults]}


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
