"""Small made-up communities for tests of the planner, and every plan that they allow."""

from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st

from wangge.engines.partition import Problem, score
from wangge.engines.partition.problem import Ints
from wangge.engines.partition.scoring import Score


def rows(wide: int, high: int, households: list[int], **more: object) -> Problem:
    """Units in rows, one metre wide each; borders over open ground where `lengths` says nothing else."""
    at = np.arange(wide * high).reshape(high, wide)
    across = np.stack([at[:, :-1].ravel(), at[:, 1:].ravel()], 1)
    edges = np.concatenate([across, np.stack([at[:-1].ravel(), at[1:].ravel()], 1)])
    lengths = more.pop("lengths", np.tile([1.0, 0.0, 0.0], (len(edges), 1)))
    given = {"lo": 3, "hi": 5} | more
    return Problem(
        households=np.array(households, np.int64),
        xy=np.stack([at.ravel() % wide, at.ravel() // wide], 1).astype(float),
        area=np.ones(at.size),
        perimeter=np.full(at.size, 4.0),
        edges=edges.astype(np.int64),
        edge_len=lengths,  # type: ignore[arg-type]
        **given,  # type: ignore[arg-type]
    )


@st.composite
def towns(draw: st.DrawFn, most: int = 30) -> Problem:
    """Towns with uneven households and borders, no two units alike, and bounds that a plan may or may not meet."""
    wide = draw(st.integers(2, 6))
    high = draw(st.integers(2, max(2, most // wide)))
    size = wide * high
    households = draw(st.lists(st.integers(0, 9), min_size=size, max_size=size).filter(sum))
    edges = 2 * size - wide - high
    kinds = draw(st.lists(st.integers(0, 2), min_size=edges, max_size=edges))
    grids = draw(st.integers(1, max(1, size // 3)))
    share = sum(households) / grids
    lengths = np.eye(3)[kinds] * np.linspace(1.0, 1.5, edges)[:, None]
    return rows(
        wide, high, households, k=grids, lengths=lengths, lo=int(share * 0.6), hi=int(np.ceil(share * 1.4))
    )


def every_plan(problem: Problem) -> Iterator[Ints]:
    """Every division of the units into problem.k groups, each once."""
    grid = np.zeros(problem.size, np.int64)

    def go(unit: int, used: int) -> Iterator[Ints]:
        if unit == problem.size:
            if used == problem.k:
                yield grid
            return
        for g in range(min(used + 1, problem.k or 1)):
            grid[unit] = g
            yield from go(unit + 1, max(used, g + 1))

    yield from go(0, 0)


def legal_plans(problem: Problem) -> Iterator[tuple[Ints, Score]]:
    """Every legal division with its score; bounds are looked at first, because scoring is what takes time."""
    for grid in every_plan(problem):
        people = np.bincount(grid, problem.households, problem.k or 1)
        if people.min() < problem.lo or people.max() > problem.hi:
            continue
        found = score(problem, grid)
        if found.feasible == 100 and not found.extra_pieces:
            yield grid.copy(), found
