"""Mend a plan after the population has moved: legal again, with few households and grids touched."""

from dataclasses import dataclass, replace

import numpy as np

from wangge.engines.partition.budget import Budget
from wangge.engines.partition.chains import Chain, side_by_side
from wangge.engines.partition.explaining import Fault, explain
from wangge.engines.partition.kernels.annealing import relist
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.kernels.mending import away, mend
from wangge.engines.partition.least import least_moved
from wangge.engines.partition.preparing import Prepared, Wishes, prepare
from wangge.engines.partition.problem import BadProblem, Ints, Problem
from wangge.engines.partition.scoring import Score, score

# What a moved household costs beside one away from the equal share, and how many grids from a broken one may change:
# the searches from "change little" to "best shape", those that matter most first.
_ALL = 1_000_000
_SEARCHES = ((4.0, 1), (2.0, 1), (1.0, 1), (2.0, 2), (0.5, 2), (1.0, _ALL), (0.2, _ALL))
_STEPS_A_UNIT, _FEWEST_STEPS = 250, 60_000
# A grid that changes costs as much as moving this share of a grid; how warm searches begin, in mean border
# weights and in moves of a mean unit; bounds weigh so many times more than in planning.
_TOUCH, _HOT_WEIGHT, _HOT_MOVES, _FIRM = 0.02, 0.5, (1.0, 4.0), 3.0
_MOST_STEPS = 300_000


@dataclass(frozen=True)
class Mended:
    """`grid` has the numbers of the old plan. `moved` lists units in another grid than before, with from and to.

    `before` is the old plan's score with the new households, `least` a proven bound of the households that
    must move, `touched` and `broken` the numbers of grids that
    change and that were out of bounds.
    """

    grid: Ints
    score: Score
    before: Score
    moved: tuple[tuple[int, int, int], ...]
    moved_households: int
    least: int
    touched: tuple[int, ...]
    broken: tuple[int, ...]
    faults: tuple[Fault, ...]
    complete: bool


def replan(
    problem: Problem,
    old: Ints,
    freedom: float = 0.0,
    seed: int = 1,
    budget: Budget | None = None,
    wishes: Wishes | None = None,
    workers: int = 2,
) -> Mended:
    """Mend the plan `old` (one grid number a unit) of a problem that has the new households.

    `freedom` is the slider: 0 changes as little as makes every grid legal without making the plan worse, 1 seeks the
    best shape from where the old plan is. Raises BadProblem when `old` does not fit the problem.
    """
    if old.shape != (problem.size,) or not 0.0 <= freedom <= 1.0:
        raise BadProblem("the old plan needs one grid number for each unit, and freedom is 0 to 1")
    budget = budget or Budget(5.0)
    names, home_of = np.unique(old, return_inverse=True)
    problem = replace(problem, k=len(names))
    prepared = prepare(problem, wishes or Wishes())
    home: Narrow = np.zeros(len(prepared.graph.households), np.int32)
    home[prepared.node] = home_of
    ways = [(stay, reach, heat) for heat in _HOT_MOVES for stay, reach in _SEARCHES]
    found = [Chain(prepared, seed * 1000 + number) for number in range(len(ways))]
    far = _far(prepared, home)
    works = [
        lambda chain=chain, stay=stay, reach=reach, heat=heat: _search(
            chain, home, (far <= reach).astype(np.int32), stay, heat, budget
        )
        for chain, (stay, reach, heat) in zip(found, ways, strict=True)
    ]
    side_by_side(works, workers)
    before = score(problem, home_of)
    plans = [chain.of[prepared.node].astype(np.int64) for chain in found]
    judged = [_judged(problem, plan, home_of, before, freedom) for plan in [*plans, home_of]]
    best = min(range(len(judged)), key=lambda number: judged[number])
    grid = [*plans, home_of][best]
    budget.told(1.0)
    return _told(problem, prepared, names, home_of, grid, before, budget.complete)


def _far(prepared: Prepared, home: Narrow) -> Ints:
    """How many grids each grid is from the nearest broken one; 0 everywhere when none is broken."""
    people = np.bincount(home, prepared.graph.households, prepared.k)
    far = np.where((people < prepared.terms.lo) | (people > prepared.terms.hi), 0, _ALL)
    if far.min() > 0:
        return np.zeros_like(far)
    one, two = home[prepared.graph.ends].T
    for _step in range(prepared.k):
        nearer = far.copy()
        np.minimum.at(nearer, one, far[two] + 1)
        np.minimum.at(nearer, two, far[one] + 1)
        if (nearer == far).all():
            break
        far = nearer
    return np.minimum(far, _ALL)


def _search(chain: Chain, home: Narrow, may: Narrow, stay: float, heat: float, budget: Budget) -> None:
    """One mending among the grids that may change, at one price of moving; first warm, then only what improves."""
    chain.begin(home)
    prepared = chain.prepared
    if budget.over() or prepared.k == 1 or not len(prepared.graph.ends):
        return
    price = stay * prepared.terms.uneven
    touch = price * prepared.terms.target * _TOUCH
    changed = np.zeros(prepared.k, np.int64)
    away(home, chain.of, changed)
    weight = float(np.abs(prepared.graph.weight).mean())
    mean = float(prepared.graph.households.mean())
    steps = int(min(max(_STEPS_A_UNIT * may[home].sum(), _FEWEST_STEPS), _MOST_STEPS))
    warm = max(_HOT_WEIGHT * weight, heat * price * mean)
    firm = prepared.terms._replace(
        outside=prepared.terms.outside * _FIRM, together=prepared.terms.together * _FIRM
    )
    for terms, hot, cold in ((firm, warm, 0.02 * warm), (prepared.strict(), 0.0, 0.0)):
        relist(prepared.graph, chain.grids, may, 1)
        mend(
            prepared.graph, terms, chain.grids, may, home, changed, price, touch,
            hot, cold, steps, chain.state, chain.scratch,
        )  # fmt: skip
        chain.recount()


def _judged(problem: Problem, grid: Ints, home: Ints, before: Score, freedom: float) -> tuple[float, ...]:
    """What one plan is worth beside another: legal first, then not worse than before, then as the slider says."""
    now = score(problem, grid)
    people = np.bincount(grid, problem.households, before.k)
    outside = float(np.maximum(people - problem.hi, 0).sum() + np.maximum(problem.lo - people, 0).sum())
    moved = float(problem.households[grid != home].sum() / problem.households.sum())
    touched = len(np.union1d(grid[grid != home], home[grid != home])) / before.k
    calm = (1.0 - freedom) ** 2
    worse = 0.0 if freedom >= 1 else max(0.0, now.quality - before.quality) > 1e-9
    change = 30.0 * calm * (moved + 0.02 * touched)
    return (now.extra_pieces + now.broken, outside, float(worse), now.quality * (1.0 - 0.9 * calm) + change)


def _told(
    problem: Problem, prepared: Prepared, names: Ints, home: Ints, grid: Ints, before: Score, complete: bool
) -> Mended:
    people = np.bincount(home, problem.households, len(names))
    units = np.flatnonzero(grid != home)
    now = score(problem, grid)
    legal = now.feasible == 100 and not now.extra_pieces and not now.broken
    return Mended(
        grid=names[grid],
        score=now,
        before=before,
        moved=tuple((int(unit), int(names[home[unit]]), int(names[grid[unit]])) for unit in units),
        moved_households=int(problem.households[units].sum()),
        least=least_moved(problem, home),
        touched=tuple(names[np.union1d(grid[units], home[units])].tolist()),
        broken=tuple(names[(people < problem.lo) | (people > problem.hi)].tolist()),
        faults=() if legal else explain(problem, prepared, grid),
        complete=complete,
    )
