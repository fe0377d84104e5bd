"""How far a plan can be from the best possible: a proven lower bound by the relaxation over all legal grids."""

import math
from dataclasses import dataclass, replace

import numpy as np

from wangge.engines.partition.budget import Budget
from wangge.engines.partition.chains import Chain, run
from wangge.engines.partition.pooling import Pool
from wangge.engines.partition.preparing import Wishes, prepare
from wangge.engines.partition.problem import Ints, Problem
from wangge.engines.partition.relaxing import Relaxation

# Searches whose grids the proof begins with, and seconds of each.
_SEARCHES, _SECONDS = 4, 0.3


@dataclass(frozen=True)
class Gap:
    """`bound` is under the quality of every plan; `percent` how much the plan is above it at most (inf: no bound)."""

    bound: float
    percent: float


def gap_of(problem: Problem, grid: Ints, budget: Budget, wanted: float = 0.2) -> Gap:
    """A proven bound for plans with as many grids as `grid`; ends when within `wanted` per cent or with the budget.

    The bound is for quality (problem.load shared equally, borders weighted) of plans with all grids inside the
    bounds and in one piece. Ties are kept to; pairs to be apart are left out of the proof, which can only
    lower it. Without enough time, or for a plan that is not legal, there is no bound.
    """
    prepared = prepare(replace(problem, k=len(np.unique(grid))), Wishes())
    if prepared.k == 1 or len(prepared.grids) > 1:
        return Gap(0.0, math.inf)
    of = np.zeros(len(prepared.graph.households), np.int32)
    of[prepared.node] = np.unique(grid, return_inverse=True)[1]
    chain = Chain(prepared, 1)
    chain.begin(of)
    if chain.outside() > 0:
        return Gap(0.0, math.inf)
    pool = Pool(prepared)
    pool.gather(chain)
    for number in range(_SEARCHES):
        _gathered(Chain(prepared, number), pool, budget)
    relaxation = Relaxation(pool, chain.cost(), budget)
    relaxation.tighten(wanted)
    bound = math.floor(relaxation.bound * 1e5) / 1e5
    percent = 100 * (chain.cost() - bound) / bound if bound > 0 else math.inf
    return Gap(bound, round(percent, 3) if math.isfinite(percent) else math.inf)


def _gathered(chain: Chain, pool: Pool, budget: Budget) -> None:
    """One short search; the pool takes in the grids it goes through."""
    chain.begin()

    def gather(searched: Chain, done: float) -> None:
        if done > 0.4:
            pool.gather(searched)

    run(chain, _SECONDS, budget, cold=0.02, each_round=gather)
