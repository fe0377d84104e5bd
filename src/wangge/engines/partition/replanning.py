"""Mend a plan after the population has moved: legal again, with few households and grids touched."""

from dataclasses import dataclass, replace

import numpy as np

from wangge.engines.partition.budget import Budget
from wangge.engines.partition.chains import Chain, side_by_side
from wangge.engines.partition.explaining import Fault, explain
from wangge.engines.partition.kernels.annealing import relist
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.kernels.arrays import Terms
from wangge.engines.partition.kernels.mending import away, mend
from wangge.engines.partition.least import least_moved
from wangge.engines.partition.preparing import Prepared, Wishes, prepare
from wangge.engines.partition.problem import BadProblem, Ints, Problem
from wangge.engines.partition.scoring import Score, score

# What a moved household costs beside one away from the equal share, from "change little" to "best shape": every
# search goes all the way, and where it is after each price is a plan to choose from.
_STAYS = (4.0, 2.0, 1.4, 1.0, 0.7, 0.5, 0.35, 0.2)
# How many grids away from a broken one may change, how warm a search begins, in moves of a mean unit, and how warm
# each later price does beside that.
_ALL = 1_000_000
_SEARCHES = (
    (1, 1.0, 0.25), (1, 4.0, 1.0), (2, 1.0, 1.0), (1, 2.0, 0.5), (2, 4.0, 0.5), (_ALL, 1.0, 1.0), (1, 1.0, 2.0), (2, 2.0, 2.0),
    (1, 3.0, 0.5), (1, 1.0, 1.0), (2, 1.0, 0.5), (1, 4.0, 0.25), (1, 0.5, 1.0), (2, 4.0, 1.0), (1, 6.0, 0.5), (_ALL, 2.0, 0.5),
)  # fmt: skip
# The steps of the first price, and what each later one takes of them.
_STEPS_A_UNIT, _FEWEST_STEPS, _MOST_STEPS = 125, 60_000, 150_000
_LATER_STEPS = 0.25
# How warm a broken grid and one neighbour are mended by themselves, and the steps of each such pair.
_PAIR_HEATS, _PAIR_STEPS = (0.5, 1.0, 2.0, 4.0), 15_000
# A grid that changes costs as much as moving this share of a grid; how warm searches begin at the least, in mean
# border weights; bounds weigh so many times more than in planning.
_TOUCH, _HOT_WEIGHT, _FIRM = 0.02, 0.5, 3.0


@dataclass(frozen=True)
class Mended:
    """`grid` has the numbers of the old plan. `moved` lists units in another grid than before, with from and to.

    `before` is the old plan's score with the new households, `least` a proven bound of the households that
    must move (`least_moved`), `touched` and `broken` the numbers of grids that change and that were out of bounds.
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
    searches = [Chain(prepared, seed * 1000 + number) for number in range(len(_SEARCHES))]
    found: list[list[Narrow]] = [[] for _ in searches]
    far = _far(prepared, home)
    works = [
        lambda chain=chain, way=way, plans=plans: _search(chain, home, far, way, plans, budget)
        for chain, way, plans in zip(searches, _SEARCHES, found, strict=True)
    ]
    pairs = [Chain(prepared, seed * 1000 + len(_SEARCHES) + number) for number in range(len(_PAIR_HEATS))]
    found += [[] for _ in pairs]
    works += [
        lambda chain=chain, heat=heat, plans=plans: _one_by_one(chain, home, far, heat, plans, budget)
        for chain, heat, plans in zip(pairs, _PAIR_HEATS, found[len(_SEARCHES) :], strict=True)
    ]
    side_by_side(works, workers)
    before = score(problem, home_of)
    plans = [of[prepared.node].astype(np.int64) for every in found for of in every]
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


def _search(
    chain: Chain,
    home: Narrow,
    far: Ints,
    way: tuple[int, float, float],
    plans: list[Narrow],
    budget: Budget,
) -> None:
    """From the old plan to one after the other of the prices; `plans` gets where it is after each."""
    prepared = chain.prepared
    chain.begin(home)
    if prepared.k == 1 or not len(prepared.graph.ends):
        return
    reach, heat, later = way
    _along(chain, home, (far <= reach).astype(np.int32), heat, later, plans, budget)


def _along(
    chain: Chain, home: Narrow, may: Narrow, heat: float, later: float, plans: list[Narrow], budget: Budget
) -> None:
    """All prices, one after the other, in the grids that may change, from where the chain is."""
    prepared = chain.prepared
    steps = int(min(max(_STEPS_A_UNIT * may[home].sum(), _FEWEST_STEPS), _MOST_STEPS))
    firm = prepared.terms._replace(
        outside=prepared.terms.outside * _FIRM, together=prepared.terms.together * _FIRM
    )
    weight, mean = float(np.abs(prepared.graph.weight).mean()), float(prepared.graph.households.mean())
    for number, stay in enumerate(_STAYS):
        if budget.over():
            break
        price = stay * prepared.terms.uneven
        warm = max(_HOT_WEIGHT * weight, heat * price * mean) * (later if number else 1.0)
        many = int(steps * _LATER_STEPS) if number else steps
        _change(chain, home, may, firm, price, (warm, 0.02 * warm), many)
        _change(chain, home, may, prepared.strict(), price, (0.0, 0.0), many // 2)
        plans.append(chain.of.copy())


def _one_by_one(
    chain: Chain, home: Narrow, far: Ints, heat: float, plans: list[Narrow], budget: Budget
) -> None:
    """Each broken grid is mended with the one neighbour with which fewest move; then all of these together."""
    prepared = chain.prepared
    chain.begin(home)
    if prepared.k == 1 or not chain.outside():
        return
    price = _STAYS[0] * prepared.terms.uneven
    warm = heat * price * float(prepared.graph.households.mean())
    for g in np.flatnonzero(far == 0):
        start, tried = chain.of.copy(), []
        ends = start[prepared.graph.ends]
        for other in np.unique(ends[(ends == g).any(1)]):
            if other == g or budget.over():
                continue
            may = np.isin(np.arange(prepared.k), [g, other]).astype(np.int32)
            chain.begin(start)
            _change(chain, home, may, prepared.strict(), price, (warm, 0.02 * warm), _PAIR_STEPS)
            _change(chain, home, may, prepared.strict(), price, (0.0, 0.0), _PAIR_STEPS)
            moved = int(prepared.graph.households[chain.of != home].sum())
            tried.append((chain.outside(), moved, int(other), chain.of.copy()))
        chain.begin(min(tried, key=lambda one: one[:3])[3] if tried else start)
    plans.append(chain.of.copy())
    away_now = chain.of != home
    touched = np.union1d(chain.of[away_now], home[away_now])
    _along(chain, home, np.isin(np.arange(prepared.k), touched).astype(np.int32), heat, 1.0, plans, budget)


def _change(
    chain: Chain, home: Narrow, may: Narrow, terms: Terms, price: float, warm: tuple[float, float], steps: int
) -> None:
    """Single moves in the grids that may change, while a household that is away from home costs `price`."""
    graph, changed = chain.prepared.graph, np.zeros(chain.prepared.k, np.int64)
    away(home, chain.of, changed)
    relist(graph, chain.grids, may, 1)
    mend(
        graph, terms, chain.grids, may, home, changed, price, price * terms.target * _TOUCH,
        *warm, steps, chain.state, chain.scratch,
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
