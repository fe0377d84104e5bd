"""Divide a community into grids."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from wangge.engines.partition.budget import Budget, Stopped
from wangge.engines.partition.chains import Chain, run, side_by_side
from wangge.engines.partition.explaining import Fault, explain
from wangge.engines.partition.halves import run_halves
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.neighbourhoods import settle
from wangge.engines.partition.pooling import Pool
from wangge.engines.partition.preparing import Prepared, Wishes, prepare
from wangge.engines.partition.problem import Ints, Problem
from wangge.engines.partition.relaxing import Relaxation
from wangge.engines.partition.scoring import Score, score
from wangge.engines.partition.widening import widen

# Below so many units a grid and units in all, good grids of many searches can be put together exactly.
_FEW_UNITS_A_GRID, _FEW_UNITS = 30.0, 1200
# Up to so many units the best plan is usually proven: the steps that may take, and with how many grids it begins.
_PROVABLE, _PROOF_STEPS, _PROOF_GRIDS = 200, 60_000_000, 1000
# Up to so many units all legal grids may be gone through, which finds the best plan for certain.
_ALL_GRIDS = 24
# Above so many units one search is done by all cores together.
_MANY_UNITS = 12_000
_WORKERS = 2


@dataclass(frozen=True)
class Plan:
    """`grid` is each unit's grid, 0 to k - 1; `faults` say why some grids cannot be legal, if any are not.

    `complete` is False when the clock or the caller ended the work early; otherwise the plan is the same
    for the same problem, wishes, seed and seconds on every machine.
    """

    grid: Ints
    score: Score
    faults: tuple[Fault, ...]
    complete: bool


def plan(
    problem: Problem,
    seed: int = 1,
    budget: Budget | None = None,
    wishes: Wishes | None = None,
    workers: int = _WORKERS,
) -> Plan:
    """The best division found within the budget (10 seconds when none is given).

    Every grid is contiguous as far as the units are; bounds and pairs are kept when that can be, otherwise
    as nearly as can be, and `faults` name the units that prove it. Raises BadProblem for ties against pairs,
    Stopped when the caller cancels before there is a plan.
    """
    budget = budget or Budget()
    prepared = prepare(problem, wishes or Wishes())
    if budget.over():
        raise Stopped
    of = best_of(prepared, seed, budget, workers)
    grid = numbered(prepared, of)[prepared.node]
    found = score(problem, grid)
    legal = found.feasible == 100 and not found.extra_pieces and not found.broken
    budget.told(1.0)
    return Plan(grid, found, () if legal else explain(problem, prepared, grid), budget.complete)


def best_of(prepared: Prepared, seed: int, budget: Budget, workers: int) -> Narrow:
    """The grid of each node in the best plan found."""
    n = len(prepared.graph.households)
    if n <= _FEW_UNITS and n <= _FEW_UNITS_A_GRID * prepared.k:
        return _pooled(prepared, seed, budget, workers)
    if n >= _MANY_UNITS and workers > 1:
        return run_halves(prepared, seed, budget)
    chains = [Chain(prepared, seed * 1000 + number) for number in range(workers)]

    def search(chain: Chain) -> None:
        chain.begin()
        tell = budget.told if chain is chains[0] else None
        run(chain, 0.8 * budget.seconds, budget, each_round=lambda _, done: tell and tell(0.9 * done))

    side_by_side([partial(search, chain) for chain in chains], workers)
    return min(chains, key=Chain.cost).of


# Two lines of work beside each other; the searches of each and their share of the time, and how often grids are
# gathered from each: the more different grids, the better what is put together of them.
_LINES, _SEARCHES, _GATHERINGS = 2, 9, 400
# Exact choice takes the rest. What walks cost is not in the prices, so that then searches are nearly all there is.
_SEARCHING, _SEARCHING_WALKS = 0.2, 0.7
# On a slow core searches may take so many times their share, up to most of the budget: choosing takes what is left.
_PATIENCE, _MOST = 2.0, 0.9


def _pooled(prepared: Prepared, seed: int, budget: Budget, workers: int) -> Narrow:
    """The best of the grids of two lines of work, put together exactly."""
    share = _SEARCHING_WALKS if prepared.terms.walk > 0 else _SEARCHING
    seconds = share * budget.seconds * workers / _SEARCHES / _LINES
    patience = min(_PATIENCE, _MOST / share)
    pools = [Pool(prepared) for _ in range(_LINES)]

    def line(number: int) -> Chain:
        chains = [Chain(prepared, seed * 1000 + number * _SEARCHES + i) for i in range(_SEARCHES)]
        return _line(prepared, pools[number], chains, seconds, patience, budget, number == 0)

    plans = side_by_side([partial(line, number) for number in range(_LINES)], workers)
    for own in pools[1:]:
        pools[0].join(own)
    best = min(plans, key=Chain.cost)
    if _may_choose(prepared, pools[0], budget):
        best = _put_together(prepared, pools[0], best, budget)
        if _priced(prepared, best) and not budget.over():
            small = len(best.of) <= _PROVABLE
            best = _proven(pools[0], best, budget) if small else settle(pools[0], best, budget, workers)
    whole = Pool(prepared)
    if len(best.of) <= _ALL_GRIDS and whole.add_all() and _may_choose(prepared, whole, budget):
        best = _put_together(prepared, whole, best, budget)
    return best.of


def _line(
    prepared: Prepared,
    pool: Pool,
    chains: list[Chain],
    seconds: float,
    patience: float,
    budget: Budget,
    tells: bool,
) -> Chain:
    """The best plan of some searches, or of their grids and those that prices then ask for, put together."""
    for number, chain in enumerate(chains):
        _searched(chain, pool, seconds, patience, budget)
        if tells:
            budget.told(0.5 * (number + 1) / len(chains))
    best = min(chains, key=Chain.cost)
    if not _may_choose(prepared, pool, budget):
        return best
    if not _priced(prepared, best):
        best = _put_together(prepared, pool, best, budget)
    if not _priced(prepared, best) or budget.over():
        return best
    widen(pool, best.cost(), budget)
    if tells:
        budget.told(0.6)
    return _put_together(prepared, pool, best, budget)


def _priced(prepared: Prepared, best: Chain) -> bool:
    """Whether prices say all that a grid costs, and a plan is there to set them: what walks cost is not in them."""
    return not prepared.terms.walk > 0 and not best.outside()


def _proven(pool: Pool, best: Chain, budget: Budget) -> Chain:
    """The best plan there is, wherever the grids that a better one may use are few enough to choose among all."""
    likely = Pool(pool.prepared)
    likely.gather(best)
    for number in pool.likely(_PROOF_GRIDS):
        likely.add(pool.members[number])
    relaxation = Relaxation(likely, best.cost(), budget, _PROOF_STEPS)
    relaxation.tighten(0.0)
    if relaxation.best is None:
        return best
    chain = Chain(pool.prepared, 1)
    chain.begin(relaxation.best)
    return min(best, chain, key=Chain.cost)


def _may_choose(prepared: Prepared, pool: Pool, budget: Budget) -> bool:
    """Whether there are grids to choose from, and time to do so."""
    return len(pool.members) >= prepared.k > 1 and not budget.over()


def _searched(chain: Chain, pool: Pool, seconds: float, patience: float, budget: Budget) -> None:
    """One search; the pool takes in the grids that it goes through once it is no longer hot."""
    chain.begin()
    run(
        chain,
        seconds,
        budget,
        cold=0.01,
        each_round=lambda chain, done: pool.gather(chain) if done > 0.3 else None,
        rounds=_GATHERINGS,
        patience=patience,
    )
    pool.gather(chain)


def _put_together(prepared: Prepared, pool: Pool, best: Chain, budget: Budget) -> Chain:
    """The best plan of the pool's grids where it beats the one known."""
    of = pool.best(best, budget.left())
    budget.over()
    if of is None:
        return best
    chain = Chain(prepared, 1)
    chain.begin(of)
    chain.polish()
    pool.gather(chain)
    return min(best, chain, key=Chain.cost)


def numbered(prepared: Prepared, of: Narrow) -> Ints:
    """Grids numbered from north to south by where their load is, as one reads a map."""
    graph = prepared.graph
    weight = np.maximum(graph.load, 1e-9)
    k = int(of.max()) + 1
    north = np.bincount(of, weight * graph.xy[:, 1], k) / np.maximum(np.bincount(of, weight, k), 1e-300)
    rank = np.empty(k, np.int64)
    rank[np.lexsort((np.arange(k), -north))] = np.arange(k)
    return rank[of]
