"""Kernels made ready, so that nobody's time budget goes into compiling them."""

import numpy as np

from wangge.engines.partition.bounding import gap_of
from wangge.engines.partition.budget import Budget
from wangge.engines.partition.planning import plan
from wangge.engines.partition.problem import Problem
from wangge.engines.partition.replanning import replan

_SIDE = 4


def warm(proving: bool = False, mending: bool = False) -> None:
    """Compile the kernels of planning (seconds, once), or load them from their cache (a tenth of a second).

    With `proving` and `mending` also those of bounding and replanning.
    """
    town = _tiny()
    grid = plan(town, budget=Budget(1e-4, guarded=False), workers=1).grid
    if mending:
        replan(town, grid, budget=Budget(1e-4, guarded=False), workers=1)
    if proving:
        gap_of(town, np.arange(_SIDE * _SIDE) // 4, Budget(1.0, guarded=False))


def _tiny() -> Problem:
    """Four rows of four units of 100 households."""
    at = np.arange(_SIDE * _SIDE).reshape(_SIDE, _SIDE)
    across = np.stack([at[:, :-1].ravel(), at[:, 1:].ravel()], 1)
    down = np.stack([at[:-1].ravel(), at[1:].ravel()], 1)
    return Problem(
        households=np.full(at.size, 100),
        xy=np.stack([at.ravel() % _SIDE, at.ravel() // _SIDE], 1).astype(float),
        area=np.ones(at.size),
        perimeter=np.full(at.size, 4.0),
        edges=np.concatenate([across, down]),
        edge_len=np.tile([1.0, 0.0, 0.0], (len(across) + len(down), 1)),
        lo=300,
        hi=500,
        k=4,
    )
