"""The command line of the planner: one planning file, or a folder of them, into plans.

`wangge partition INSTANCE.npz --out PLAN.csv` writes one grid number a unit, one a line, and prints one JSON
line. With a folder it plans every *.npz in it, several at a time, and goes on where it was stopped.
"""

import argparse
import json
import os
import resource
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from wangge.engines.partition import BadProblem, Problem, read_problem
from wangge.engines.partition.bounding import gap_of
from wangge.engines.partition.budget import Budget
from wangge.engines.partition.planning import plan
from wangge.engines.partition.preparing import Wishes
from wangge.engines.partition.replanning import replan
from wangge.engines.partition.warming import warm
from wangge.faces.cli.communities import plan_folder


def main(words: list[str]) -> int:
    """Plan as the command line says; 0 when every plan is legal, 1 when one is not, 2 for bad input."""
    asked = _parser().parse_args(words)
    try:
        if asked.instance.is_dir():
            summary, legal = plan_folder(asked, community)
        else:
            summary, legal = one(asked, asked.instance, asked.out)
    except (BadProblem, OSError) as error:
        print(f"wangge partition: {error}", file=sys.stderr)
        return 2
    print(json.dumps(summary, ensure_ascii=False))
    return 0 if legal else 1


def community(asked: argparse.Namespace, instance: Path, out: Path) -> dict[str, Any]:
    """One of a folder's communities, on one core: its JSON line, with what was wrong if it could not be planned."""
    alone = argparse.Namespace(**vars(asked) | {"workers": 1, "progress": False})
    try:
        return one(alone, instance, out)[0]
    except (BadProblem, OSError) as error:
        return {"error": str(error)}


def one(asked: argparse.Namespace, instance: Path, out: Path) -> tuple[dict[str, Any], bool]:
    """Plan one file and write the plan; returns its JSON line and whether the plan is legal."""
    warm(proving=asked.bound > 0, mending=asked.replan is not None)
    began, used = time.monotonic(), time.process_time()
    problem = read_problem(instance)
    if asked.k is not None:
        problem = replace(problem, k=asked.k or None)
    if asked.households is not None:
        problem = replace(problem, households=_numbers(asked.households, problem))
    wishes = Wishes(whole_roads=asked.whole_roads, short_walks=asked.short_walks)
    progress = _progress if asked.progress else None
    line: dict[str, Any]
    if asked.replan is not None:
        budget = Budget(asked.seconds, progress, guarded=not asked.unhurried)
        mended = replan(
            problem, _numbers(asked.replan, problem), asked.freedom, asked.seed, budget, wishes, asked.workers
        )
        _written(out, mended.grid)
        line = _line(mended) | {
            "moved_households": mended.moved_households,
            "moved_least": mended.least,
            "moved_units": len(mended.moved),
            "touched": len(mended.touched),
            "broken": len(mended.broken),
            "quality_before": mended.before.quality,
        }
        found: Any = mended
    else:
        budget = Budget(asked.seconds, progress, guarded=not asked.unhurried)
        found = plan(problem, asked.seed, budget, wishes, asked.workers)
        _written(out, found.grid)
        line = _line(found)
        if asked.bound:
            gap = gap_of(problem, found.grid, Budget(asked.bound))
            line |= {"bound": gap.bound, "gap_percent": gap.percent}
    line |= {
        "seconds": round(time.monotonic() - began, 2),
        "cpu_seconds": round(time.process_time() - used, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    return line, not found.faults and found.score.feasible == 100


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wangge partition", description=__doc__.splitlines()[0])
    parser.add_argument("instance", type=Path, help="a planning file (.npz), or a folder of them")
    parser.add_argument(
        "--out", type=Path, required=True, help="the plan (.csv), or the folder for the plans"
    )
    parser.add_argument("--seconds", type=float, default=10.0, help="work of so many seconds (default 10)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--k", type=int, help="number of grids; 0: as many as fit best (default: the file's)")
    parser.add_argument(
        "--replan", type=Path, metavar="OLD.csv", help="mend this plan instead of making a new one"
    )
    parser.add_argument(
        "--households", type=Path, metavar="NEW.csv", help="new households, one number a unit"
    )
    parser.add_argument(
        "--freedom", type=float, default=0.0, help="mending: 0 changes little, 1 seeks the best shape"
    )
    parser.add_argument(
        "--whole-roads", type=float, default=0.0, help="weight against main roads inside a grid"
    )
    parser.add_argument(
        "--short-walks", type=float, default=0.0, help="weight of short ways for the grid worker"
    )
    parser.add_argument(
        "--bound", type=float, default=0.0, metavar="SECONDS", help="also prove how good the plan is"
    )
    parser.add_argument(
        "--unhurried",
        action="store_true",
        help="do all the work of so many seconds, even where it takes longer: the same plan on every machine",
    )
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="cores (default 2)")
    parser.add_argument("--progress", action="store_true", help="tell on standard error how far it is")
    return parser


def _line(found: Any) -> dict[str, Any]:
    faults = [
        {"reason": fault.reason, "households": fault.households, "units": fault.units[:50]}
        for fault in found.faults
    ]
    return asdict(found.score) | {"complete": found.complete, "faults": faults}


def _written(out: Path, grid: Any) -> None:
    """The plan appears whole or not at all."""
    part = out.with_name(out.name + ".part")
    np.savetxt(part, grid, fmt="%d")
    os.replace(part, out)


def _numbers(path: Path, problem: Problem) -> Any:
    """One whole number a unit from a text file: BadProblem when it is anything else."""
    try:
        numbers = np.loadtxt(path, dtype=np.int64, delimiter=",", ndmin=1)
    except ValueError as error:
        raise BadProblem(f"{path}: {error}") from error
    if numbers.shape != (problem.size,) or (numbers < 0).any():
        raise BadProblem(f"{path} must hold {problem.size} numbers of 0 or more, one a line")
    return numbers


def _progress(share: float) -> None:
    print(f"\r{100 * share:3.0f} %", end="" if share < 1 else "\n", file=sys.stderr, flush=True)
