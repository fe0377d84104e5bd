"""The exact choice of `relaxing` in one neighbourhood of grids after another, for towns too large for it as a whole."""

import numpy as np

from wangge.engines.partition.budget import Budget
from wangge.engines.partition.chains import Chain
from wangge.engines.partition.kernels.arrays import Graph
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.pooling import Pool
from wangge.engines.partition.preparing import Prepared, part_of
from wangge.engines.partition.relaxing import Relaxation

# Grids of a neighbourhood, and the likely ones its choice begins with.
_TOGETHER, _LIKELY = 6, 1_000
# Steps of the search that one neighbourhood may take, and all of them.
_STEPS, _ALL_STEPS = 20_000_000, 60_000_000


def settle(pool: Pool, best: Chain, budget: Budget) -> Chain:
    """The plan once no neighbourhood of its grids can be divided better, or once the steps for it are taken.

    `pool` gives each neighbourhood the grids that are known to lie in it; the plan must be legal.
    """
    prepared = pool.prepared
    chain, settled = Chain(prepared, 1), set[bytes]()
    chain.begin(best.of)
    steps, gained = float(_ALL_STEPS), True
    while gained:
        gained = False
        for middle in range(prepared.k):
            group = _around(prepared.graph, chain.of, middle)
            nodes = np.flatnonzero(np.isin(chain.of, group)).astype(np.int32)
            key = nodes.tobytes() + chain.of[nodes].tobytes()
            if key in settled:
                continue
            if steps <= 0 or budget.over():
                return chain
            settled.add(key)
            better, left = _divided(pool, chain.of, nodes, group, budget, min(steps, _STEPS))
            steps -= min(steps, _STEPS) - left
            if better is not None:
                chain.begin(better)
                gained = True
    return chain


def _divided(
    pool: Pool, of: Narrow, nodes: Narrow, group: Narrow, budget: Budget, steps: float
) -> tuple[Narrow | None, float]:
    """The plan with these nodes divided anew among their grids, if that is better, and the steps left."""
    prepared = part_of(pool.prepared, nodes, len(group))
    present = Chain(prepared, 1)
    present.begin(np.searchsorted(group, of[nodes]).astype(np.int32))
    likely = _known(pool, prepared, nodes, present)
    if len(likely.members) < len(group):
        return None, steps
    relaxation = Relaxation(likely, present.cost(), budget, steps)
    relaxation.tighten(0.0)
    if relaxation.best is None:
        return None, relaxation.left
    better = of.copy()
    better[nodes] = group[relaxation.best]
    return better, relaxation.left


def _known(pool: Pool, prepared: Prepared, nodes: Narrow, present: Chain) -> Pool:
    """The present grids of a neighbourhood and those of the pool that lie in it and are likely."""
    number = np.full(len(pool.prepared.graph.households), -1, np.int32)
    number[nodes] = np.arange(len(nodes))
    inside, likely = Pool(prepared), Pool(prepared)
    inside.gather(present)
    likely.gather(present)
    for members in pool.members:
        if (number[members] >= 0).all():
            inside.add(number[members])
    for one in inside.likely(_LIKELY):
        likely.add(inside.members[one])
    return likely


def _around(graph: Graph, of: Narrow, middle: int) -> Narrow:
    """The numbers, in order, of a grid and those that one after another share most of the border with the group."""
    k = int(of.max()) + 1
    weight = np.zeros(len(graph.ends))
    weight[graph.edge] = graph.weight
    one, two = of[graph.ends[:, 0]], of[graph.ends[:, 1]]
    shared = np.zeros((k, k))
    np.add.at(shared, (one, two), weight)
    shared += shared.T
    group = [middle]
    while len(group) < min(_TOGETHER, k):
        border = shared[group].sum(0)
        border[group] = 0.0
        nearest = int(np.argmax(border))
        if border[nearest] <= 0:
            break
        group.append(nearest)
    return np.sort(np.array(group, np.int32))
