"""`wangge partition` as it is started by hand: no database, a plan on disk, one line of figures."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def town(tmp_path: Path) -> Path:
    side = 6
    at = np.arange(side * side).reshape(side, side)
    edges = np.concatenate(
        [np.stack([at[:, :-1].ravel(), at[:, 1:].ravel()], 1), np.stack([at[:-1].ravel(), at[1:].ravel()], 1)]
    )
    np.savez(
        tmp_path / "town.npz",
        households=np.full(side * side, 40),
        xy=np.stack([at.ravel() % side, at.ravel() // side], 1) * 50.0,
        area=np.full(side * side, 2500.0),
        perimeter=np.full(side * side, 200.0),
        edges=edges,
        edge_len=np.tile([50.0, 0.0, 0.0], (len(edges), 1)),
        k=4,
        lo=300,
        hi=500,
    )
    return tmp_path / "town.npz"


def run(*words: object) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"DATABASE_URL": "postgresql:///none?host=/nonexistent"}
    command = [sys.executable, "-m", "wangge.faces.cli.main", "partition", *map(str, words)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_a_community_is_planned_without_a_database_and_mended_later(town: Path, tmp_path: Path) -> None:
    done = run(town, "--out", tmp_path / "plan.csv", "--seconds", "0.2")
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout)
    assert (line["k"], line["feasible"], line["extra_pieces"], line["faults"]) == (4, 100.0, 0, [])
    grid = np.loadtxt(tmp_path / "plan.csv", dtype=int)
    assert np.bincount(grid).tolist() == [9, 9, 9, 9]
    grown = np.where(grid == 0, 60, 40)
    np.savetxt(tmp_path / "new.csv", grown, fmt="%d")
    words = ["--replan", tmp_path / "plan.csv", "--households", tmp_path / "new.csv", "--seconds", "2"]
    mended = run(town, "--out", tmp_path / "mended.csv", *words)
    line = json.loads(mended.stdout)
    assert (mended.returncode, line["feasible"], line["broken"]) == (0, 100.0, 1)
    assert line["moved_households"] == 60 >= line["moved_least"] == 40


def test_a_city_goes_on_where_it_was_stopped(town: Path, tmp_path: Path) -> None:
    folder = tmp_path / "city"
    folder.mkdir()
    for name in ("east", "west"):
        (folder / f"{name}.npz").write_bytes(town.read_bytes())
    (folder / "broken.npz").write_bytes(b"no town")
    words = [folder, "--out", tmp_path / "plans", "--seconds", "0.1"]
    first = json.loads(run(*words).stdout)
    assert (first["communities"], first["legal"], first["kept"], first["failed"]) == (3, 2, 0, ["broken.npz"])
    (tmp_path / "plans" / "west.json").unlink()
    again = json.loads(run(*words).stdout)
    assert (again["legal"], again["kept"]) == (2, 1)


def test_a_file_that_is_no_planning_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(b"no town")
    done = run(tmp_path / "x.npz", "--out", tmp_path / "plan.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("wangge partition: not a planning file")
