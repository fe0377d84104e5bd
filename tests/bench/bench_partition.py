"""Our planner beside others: `python3 dev.py bench partition [--only towns,seeds,part,mending,city] [--seeds 10]`.

Every plan is judged by the same score. Ours runs as the product runs it, `wangge partition`, in a process of its own;
the others in an environment of their own (planners.py). Real towns are read from ../shared/data/partition, or
`--data`, and left out where they are absent. One table a part is printed as it comes; CPU seconds are of all cores.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.towns import CITY, QUARTER, TOWN, make_town
from tools import environment
from wangge.engines.partition import Problem, problem_of, score

_REPO = Path(__file__).resolve().parents[2]
_WORK = _REPO / "var" / "bench" / "partition"
_REAL = {"XS": "XS_helsinki100", "S": "S_helsinki", "M": "M_bayreuth"}
# Seeds of made-up towns that nothing was tuned on.
_MADE_UP = {"quarter": (QUARTER, 901), "town": (TOWN, 902)}
# What planners.py knows.
_OTHERS = ("k-means", "METIS", "ReCom", "Ward", "Skater", "Region k-means", "AZP", "max-p")
# Other work on the machine must not make our plans worse than they are; `--clock` lets it, as a user would see it.
_HOW = ["--unhurried"]
_CITY_UNITS = 1_000_000
PARTS = ("towns", "seeds", "part", "mending", "city")


def main(words: list[str]) -> None:
    """Measure the parts asked for."""
    asked = _parser().parse_args(words)
    _WORK.mkdir(parents=True, exist_ok=True)
    if asked.clock:
        _HOW.clear()
    files = {name: asked.data / f"{file}.npz" for name, file in _REAL.items()}
    absent = [name for name, file in files.items() if not file.exists()]
    if absent:
        print(f"left out, not in {asked.data}: {', '.join(absent)}")
    towns = {name: file for name, file in files.items() if name not in absent}
    towns |= {name: _made_up(name) for name in _MADE_UP}
    parts = {"towns": _towns, "seeds": _seeds, "part": _part, "mending": _mending, "city": _city}
    for name in asked.only.split(","):
        parts[name](asked, towns)


def _towns(asked: argparse.Namespace, towns: dict[str, Path]) -> None:
    """Every planner once on every town."""
    python = environment.beside("bench", _REPO / "requirements" / "bench.txt")
    print("\n| town | planner | quality | legal grids | further pieces | grids | CV | seconds | CPU s |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for town, file in towns.items():
        line = _ours(file, _WORK / "ours.csv", "--seconds", str(asked.seconds), "--seed", "1")
        _row(town, "Wangge", _scored(file, _WORK / "ours.csv"), line["seconds"], line["cpu_seconds"])
        for name in _OTHERS:
            _other(python, town, file, name, asked)


def _other(python: Path, town: str, file: Path, name: str, asked: argparse.Namespace) -> None:
    out = _WORK / "other.csv"
    out.unlink(missing_ok=True)
    most = int(asked.patience)
    words = [python, _REPO / "tests/bench/planners.py", name, file, out, "1", str(asked.seconds), str(most)]
    made = subprocess.run(words, check=False, capture_output=True, text=True)
    if made.returncode:
        told = made.stderr.strip().splitlines()
        late = made.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
        why = f"none within {most} CPU s" if late else f"none: {told[-1] if told else 'ended'}"
        print(f"| {town} | {name} | {why} | | | | | | |", flush=True)
        return
    seconds, cpu = map(float, made.stdout.splitlines()[-1].split())
    _row(town, name, _scored(file, out), seconds, cpu)


def _row(town: str, name: str, found: Any, seconds: float, cpu: float) -> None:
    legal = "yes" if found.feasible == 100 and not found.extra_pieces else f"{found.feasible:.0f} %"
    print(
        f"| {town} | {name} | {found.quality:.4f} | {legal} | {found.extra_pieces} | {found.k} | {found.cv:.3f} "
        f"| {seconds:.1f} | {cpu:.1f} |",
        flush=True,
    )


def _seeds(asked: argparse.Namespace, towns: dict[str, Path]) -> None:
    """Ours with many seeds: the worst is what a community may get."""
    print("\n| town | seeds | best | mean | worst | all legal | seconds at most | CPU s a plan | peak MB |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for town, file in towns.items():
        _many(town, file, range(1, asked.seeds + 1), asked.seconds)


def _part(asked: argparse.Namespace, towns: dict[str, Path]) -> None:
    """A part of a city, 252 grids; made up, because none is given."""
    file = _saved("part", make_town(CITY, 903))
    print(
        "\n| city part | seeds | best | mean | worst | all legal | seconds at most | CPU s a plan | peak MB | CV |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    _many("city part", file, range(1, 4), 3 * asked.seconds, with_cv=True)


def _many(town: str, file: Path, seeds: range, seconds: float, with_cv: bool = False) -> None:
    lines = [
        _ours(file, _WORK / "ours.csv", "--seconds", str(seconds), "--seed", str(seed)) for seed in seeds
    ]
    quality = [line["quality"] for line in lines]
    legal = all(line["feasible"] == 100 and not line["extra_pieces"] for line in lines)
    cpu = np.mean([line["cpu_seconds"] for line in lines])
    print(
        f"| {town} | {len(seeds)} | {min(quality):.4f} | {np.mean(quality):.4f} | {max(quality):.4f} "
        f"| {'yes' if legal else 'no'} | {max(line['seconds'] for line in lines):.1f} | {cpu:.1f} "
        f"| {max(line['peak_mb'] for line in lines)} |"
        + (f" {max(line['cv'] for line in lines):.3f} |" if with_cv else ""),
        flush=True,
    )


def _mending(asked: argparse.Namespace, towns: dict[str, Path]) -> None:
    """Old plans after the population moved: real towns with their own cases, made-up ones with one grid grown and one shrunk."""
    print(
        "\n| town | moved | at least | times | grids broken, touched | quality before, after | legal | seconds |"
    )
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for town, file in towns.items():
        new, old = _WORK / "new.csv", _WORK / "old.csv"
        case = file.with_name(f"{file.stem}_replan.npz")
        if case.exists():
            with np.load(case) as given:
                households, plan = given["households_new"], given["old_plan"]
        elif town in _MADE_UP:
            _ours(file, _WORK / "ours.csv", "--seconds", str(asked.seconds))
            plan = np.loadtxt(_WORK / "ours.csv", dtype=int)
            households = _moved_on(_problem(file), plan)
        else:
            continue
        np.savetxt(new, households, fmt="%d")
        np.savetxt(old, plan, fmt="%d")
        words = ["--replan", str(old), "--households", str(new), "--seconds", "1"]
        line = _ours(file, _WORK / "mended.csv", *words)
        print(
            f"| {town} | {line['moved_households']} | {line['moved_least']} "
            f"| {line['moved_households'] / max(line['moved_least'], 1):.2f} | {line['broken']}, {line['touched']} "
            f"| {line['quality_before']:.4f}, {line['quality']:.4f} | {'yes' if line['feasible'] == 100 else 'no'} "
            f"| {line['seconds']} |",
            flush=True,
        )


def _city(asked: argparse.Namespace, towns: dict[str, Path]) -> None:
    """A million units: the town of M's size, or M itself, again and again with other households; resumable."""
    base = towns.get("M", towns["town"])
    with np.load(base) as given:
        arrays = {name: given[name] for name in given.files}
    folder = _WORK / "city"
    folder.mkdir(exist_ok=True)
    count = -(-_CITY_UNITS // len(arrays["households"]))
    for number in range(count):
        change = np.random.default_rng(number).uniform(0.9, 1.1, len(arrays["households"]))
        households = np.round(arrays["households"] * change).astype(np.int64)
        np.savez(folder / f"{number:04}.npz", **arrays | {"households": households})
    line = _ours(folder, _WORK / "city-plans", "--seconds", str(asked.each))
    units = count * len(arrays["households"])
    print(f"\n{units:,} units: {json.dumps(line, ensure_ascii=False)}", flush=True)


def _moved_on(problem: Problem, plan: Any) -> Any:
    """Households some years on: every unit a little different, one grid grown by half and one nearly halved."""
    chance = np.random.default_rng(problem.size)
    grown, shrunk = chance.choice(plan.max() + 1, 2, replace=False)
    change = chance.normal(1.0, 0.03, problem.size)
    change[plan == grown] *= 1.5
    change[plan == shrunk] *= 0.57
    return np.maximum(np.round(problem.households * change), 0).astype(np.int64)


def _made_up(name: str) -> Path:
    return _saved(name, make_town(*_MADE_UP[name]))


def _saved(name: str, arrays: dict[str, Any]) -> Path:
    file = _WORK / f"{name}.npz"
    np.savez(file, **arrays)
    return file


def _problem(file: Path) -> Problem:
    with np.load(file) as given:
        return problem_of({name: given[name] for name in given.files})


def _scored(file: Path, plan: Path) -> Any:
    labels = np.loadtxt(plan)
    return score(_problem(file), np.unique(labels, return_inverse=True)[1])


def _ours(file: Path, out: Path, *words: str) -> dict[str, Any]:
    """The JSON line of `wangge partition`; plans that are not legal are shown, not fatal."""
    made = subprocess.run(
        [sys.executable, "-m", "wangge.faces.cli.main", "partition", file, "--out", out, *words, *_HOW],
        check=False, capture_output=True, text=True, env=os.environ | {"WANGGE_DATA": str(_REPO / "var" / "bench")},
    )  # fmt: skip
    if made.returncode not in (0, 1):
        raise SystemExit(made.stderr)
    line: dict[str, Any] = json.loads(made.stdout.splitlines()[-1])
    return line


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench partition", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=10.0, help="what a search may take")
    parser.add_argument("--each", type=float, default=1.5, help="seconds a community in a whole city")
    parser.add_argument(
        "--patience", type=float, default=120.0, help="CPU seconds until another planner is given up"
    )
    parser.add_argument(
        "--clock", action="store_true", help="ours end by the clock, whatever else the machine does"
    )
    parser.add_argument("--data", type=Path, default=_REPO.parent / "shared/data/partition")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
