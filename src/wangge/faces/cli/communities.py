"""Plan all communities of a city: several at a time, each at most once, resumed where it was stopped."""

import argparse
import hashlib
import json
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

Work = Callable[[argparse.Namespace, Path, Path], dict[str, Any]]
# What a plan depends on beside its file: with other values it is made anew.
_WISHES = ("seconds", "seed", "k", "whole_roads", "short_walks", "bound")


def plan_folder(asked: argparse.Namespace, work: Work) -> tuple[dict[str, Any], bool]:
    """Plan every *.npz of `asked.instance` into `asked.out`: NAME.csv the plan, NAME.json its line.

    What is there already, made of the same file with the same wishes, is kept. Returns the summary and
    whether all plans are legal.
    """
    began = time.monotonic()
    asked.out.mkdir(parents=True, exist_ok=True)
    files = sorted(asked.instance.glob("*.npz"))
    marks = {file: _mark(asked, file) for file in files}
    lines = {file: line for file in files if (line := _done(asked.out, file, marks[file])) is not None}
    kept = len(lines)
    waiting = [file for file in files if file not in lines]
    # Started afresh, not forked: the kernels' threads of this process must not be copied.
    with ProcessPoolExecutor(asked.workers, multiprocessing.get_context("spawn")) as pool:
        jobs = {pool.submit(work, asked, file, asked.out / f"{file.stem}.csv"): file for file in waiting}
        for job in as_completed(jobs):
            file = jobs[job]
            lines[file] = job.result()
            _note(asked.out / f"{file.stem}.json", lines[file] | {"of": marks[file]})
            if asked.progress:
                print(f"\r{len(lines)}/{len(files)}", end="", file=sys.stderr, flush=True)
    legal = sum(_legal(line) for line in lines.values())
    summary = {
        "communities": len(files),
        "kept": kept,
        "legal": legal,
        "grids": sum(line.get("k", 0) for line in lines.values()),
        "failed": sorted(file.name for file, line in lines.items() if "error" in line)[:50],
        "seconds": round(time.monotonic() - began, 1),
        "peak_mb_a_core": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }
    return summary, legal == len(files)


def _mark(asked: argparse.Namespace, file: Path) -> str:
    wishes = json.dumps([getattr(asked, name) for name in _WISHES])
    return hashlib.sha256(file.read_bytes() + wishes.encode()).hexdigest()[:16]


def _done(out: Path, file: Path, mark: str) -> dict[str, Any] | None:
    note = out / f"{file.stem}.json"
    if not note.exists() or not (out / f"{file.stem}.csv").exists():
        return None
    line: dict[str, Any] = json.loads(note.read_text())
    return line if line.get("of") == mark else None


def _note(path: Path, line: dict[str, Any]) -> None:
    """The note comes after the plan and whole: what has a note is done."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(line, ensure_ascii=False))
    os.replace(part, path)


def _legal(line: dict[str, Any]) -> bool:
    return line.get("feasible") == 100 and not line.get("faults", [])
