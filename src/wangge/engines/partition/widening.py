"""Grids that no search came across: the known ones set prices, and the prices tell which others are worth having.

Column generation (Gilmore and Gomory 1961) without its proof: `relaxing` proves, this only looks for better plans.
"""

import numpy as np

from wangge.engines.partition.budget import Budget
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.kernels.pricing import price
from wangge.engines.partition.pooling import Pool, no_cuts
from wangge.engines.partition.problem import Floats

# Steps of the search for one unit: for grids cheaper than their worth, and for all that are nearly so.
_QUICK, _THOROUGH = 5_000, 20_000
_TURNS, _KEPT, _FEW = 12, 2, 20
# In mean costs of a grid: how much cheaper than its worth a new grid is at first and at last, and how much dearer
# one may be in the end. The optimum of most towns needs none that is further off.
_FIRST, _LAST, _NEARLY = 0.1, 0.002, 0.25
# Room for the units of grids found, and for grids.
_ROOM, _MOST = 1_000_000, 50_000


def widen(pool: Pool, known: float, budget: Budget) -> None:
    """Take in the grids that the pool's prices ask for, in turns, then all that cost little more than their worth.

    `known` is the cost of the best plan so far; the pool must hold one. What walks cost is not in the prices.
    """
    mean = known / pool.prepared.k
    enough, centre = _FIRST * mean, None
    for _ in range(_TURNS):
        if budget.over():
            return
        prices = _prices(pool)
        centre = prices if centre is None else 0.5 * (centre + prices)
        fresh = sum(pool.add(nodes) for nodes in _search(pool, centre, enough, False))
        if fresh < _FEW:
            enough *= 0.5
        if enough < _LAST * mean:
            break
    for nodes in _search(pool, _prices(pool), -_NEARLY * mean, True):
        pool.add(nodes)


def _prices(pool: Pool) -> Floats:
    """The worth of each node, and last that of one grid more."""
    _, worth, each = pool.relaxed()
    return np.append(worth, each)


def _search(pool: Pool, prices: Floats, enough: float, every: bool) -> list[Narrow]:
    """Grids that cost at least `enough` less than their worth: a few from each unit, or `every` one come across."""
    graph, n = pool.prepared.graph, len(prices) - 1
    units, start = np.zeros(_ROOM, np.int32), np.zeros(_MOST + 1, np.int64)
    count, _, _ = price(
        graph, pool.prepared.terms, prices[:n].copy(), prices[n], no_cuts(n), enough,
        np.arange(n, dtype=np.int32), _KEPT, every, _THOROUGH if every else _QUICK, units, start,
    )  # fmt: skip
    return [np.sort(units[start[i] : start[i + 1]]) for i in range(count)]
