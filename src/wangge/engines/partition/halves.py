"""Large towns: two cores work on one plan, each on its own half of the grids, along another line each round."""

import numpy as np

from wangge.engines.partition.budget import Budget
from wangge.engines.partition.chains import Chain, side_by_side, tree_steps
from wangge.engines.partition.kernels.annealing import anneal, relist
from wangge.engines.partition.kernels.arrays import Grids, Terms
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.kernels.splitting import recombine
from wangge.engines.partition.preparing import Prepared

_ROUNDS = 48
# Rounds of single moves come last.
_LAST = 6
_HOT, _COLD = 0.3, 0.003
_MOVES_HOT, _MOVES_COLD = 0.15, 0.02
# From this share of the trees on large differences in load cost more, and how much.
_EVENING, _STEEP = 0.2, 40.0


def run_halves(prepared: Prepared, seed: int, budget: Budget) -> Narrow:
    """The grid of each node; the same for a seed however the cores take turns."""
    chain, other = Chain(prepared, seed * 1000), Chain(prepared, seed * 1000 + 1)
    chain.begin()
    # One tree touches two grids of a half; both halves together take all steps of two cores.
    steps = tree_steps(prepared, 0.7 * budget.seconds) // (_ROUNDS - _LAST)
    moves = int(0.1 * budget.seconds * 5_000_000) // _LAST
    weight = float(np.abs(prepared.graph.weight).mean())
    since, number = budget.begun(), 0
    while number < _ROUNDS and not budget.over():
        group = _sides(chain, number)
        trees = number < _ROUNDS - _LAST
        share = number / (_ROUNDS - _LAST) if trees else (number - _ROUNDS + _LAST) / _LAST
        step = 1 / (_ROUNDS - _LAST) if trees else 1 / _LAST
        top, low = (
            (_HOT / prepared.k, _COLD / prepared.k) if trees else (_MOVES_HOT * weight, _MOVES_COLD * weight)
        )
        terms = prepared.terms if share < _EVENING and trees else prepared.terms._replace(steep=_STEEP)
        hot, cold = (top * (low / top) ** at for at in (share, share + step))

        def half(
            side: int,
            own: Chain,
            trees: bool = trees,
            terms: Terms = terms,
            hot: float = hot,
            cold: float = cold,
            group: Narrow = group,
        ) -> None:
            grids = Grids(chain.of, chain.sums, own.cut, own.place, own.count)
            relist(prepared.graph, grids, group, side)
            if trees:
                recombine(prepared.graph, terms, grids, group, side, hot, cold, steps, own.state, own.local)
            else:
                anneal(
                    prepared.graph,
                    terms,
                    grids,
                    group,
                    side,
                    hot,
                    cold,
                    moves,
                    own.state,
                    own.scratch,
                )

        side_by_side([lambda: half(0, chain), lambda: half(1, other)], 2)
        chain.recount()
        budget.told(0.95 * (number + 1) / _ROUNDS)
        number = max(
            number + 1, int(_ROUNDS * budget.behind(since, 0.9 * budget.seconds, (number + 1) / _ROUNDS))
        )
    chain.polish()
    return chain.of


def _sides(chain: Chain, number: int) -> Narrow:
    """Which half each grid belongs to: cut at the middle along a line that turns from round to round."""
    graph = chain.prepared.graph
    weight = np.maximum(graph.load, 1e-9)
    angle = number * 2.399963
    along = graph.xy @ np.array([np.cos(angle), np.sin(angle)])
    k = chain.prepared.k
    at = np.bincount(chain.of, weight * along, k) / np.bincount(chain.of, weight, k)
    side: Narrow = np.zeros(k, np.int32)
    side[np.argsort(at, kind="stable")[k // 2 :]] = 1
    return side
