"""The exact choice of `relaxing` in one neighbourhood of grids after another, for towns too large for it as a whole."""

from functools import partial

import numpy as np

from wangge.engines.partition.budget import Budget
from wangge.engines.partition.chains import Chain, side_by_side
from wangge.engines.partition.kernels.arrays import Graph
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.pooling import Pool
from wangge.engines.partition.preparing import part_of
from wangge.engines.partition.problem import Floats, Ints
from wangge.engines.partition.relaxing import Relaxation

# Grids of a neighbourhood, the likely ones its choice begins with, and neighbourhoods that are divided at once.
_TOGETHER, _LIKELY, _AT_ONCE = 6, 1_000, 2
# Steps of the search that one neighbourhood may take, and all of them.
_STEPS, _ALL_STEPS = 20_000_000, 60_000_000


def settle(pool: Pool, best: Chain, budget: Budget, workers: int) -> Chain:
    """The plan once no neighbourhood of its grids can be divided better, or once the steps for it are taken.

    `pool` gives each neighbourhood the grids that are known to lie in it; the plan must be legal.
    """
    chain, settled = Chain(pool.prepared, 1), set[bytes]()
    chain.begin(best.of)
    steps, first = float(_ALL_STEPS), 0
    while steps > 0 and not budget.over():
        groups = _unsettled(pool.prepared.graph, chain.of, first, settled)
        if not groups:
            break
        first = int(groups[0][0]) + 1
        allowed = min(steps, _STEPS)
        works = [partial(_divide, pool, chain.of.copy(), group, budget, allowed) for group in groups]
        for group, (better, left) in zip(groups, side_by_side(works, workers), strict=True):
            steps -= allowed - left
            mine = np.isin(chain.of, group)
            chain.of[mine] = better[mine]
        chain.recount()
    return chain


def _unsettled(graph: Graph, of: Narrow, first: int, settled: set[bytes]) -> list[Ints]:
    """The next neighbourhoods round the grid `first` and those after it that share no grid; they count as settled.

    Each is the numbers of its grids, that in its middle first.
    """
    shared, groups = _shared(graph, of), list[Ints]()
    taken: set[int] = set()
    for middle in np.roll(np.arange(len(shared)), -first).tolist():
        group = _around(shared, middle)
        nodes = np.flatnonzero(np.isin(of, group))
        key = nodes.tobytes() + of[nodes].tobytes()
        if key in settled or taken.intersection(group.tolist()):
            continue
        settled.add(key)
        taken.update(group.tolist())
        groups.append(group)
        if len(groups) == _AT_ONCE:
            break
    return groups


def _divide(pool: Pool, of: Narrow, group: Ints, budget: Budget, steps: float) -> tuple[Narrow, float]:
    """The plan with these grids divided better, if they can be, and the steps left."""
    names = np.sort(group).astype(np.int32)
    nodes = np.flatnonzero(np.isin(of, names)).astype(np.int32)
    prepared = part_of(pool.prepared, nodes, len(names))
    present = Chain(prepared, 1)
    present.begin(np.searchsorted(names, of[nodes]).astype(np.int32))
    likely = _known(pool, nodes, present)
    if len(likely.members) < len(names):
        return of, steps
    relaxation = Relaxation(likely, present.cost(), budget, steps)
    relaxation.tighten(0.0)
    if relaxation.best is not None:
        of[nodes] = names[relaxation.best]
    return of, relaxation.left


def _known(pool: Pool, nodes: Narrow, present: Chain) -> Pool:
    """The present grids of a neighbourhood and those of the pool that lie in it and are likely."""
    number = np.full(len(pool.prepared.graph.households), -1, np.int32)
    number[nodes] = np.arange(len(nodes))
    inside, likely = Pool(present.prepared), Pool(present.prepared)
    inside.gather(present)
    likely.gather(present)
    for members in pool.members:
        if (number[members] >= 0).all():
            inside.add(number[members])
    for one in inside.likely(_LIKELY):
        likely.add(inside.members[one])
    return likely


def _shared(graph: Graph, of: Narrow) -> Floats:
    """The weight of the border that each two grids share."""
    k = int(of.max()) + 1
    weight = np.zeros(len(graph.ends))
    weight[graph.edge] = graph.weight
    one, two = of[graph.ends[:, 0]], of[graph.ends[:, 1]]
    shared = np.zeros((k, k))
    np.add.at(shared, (one, two), weight)
    both: Floats = shared + shared.T
    return both


def _around(shared: Floats, middle: int) -> Ints:
    """A grid and those that one after another share most of the border with the group."""
    group = [middle]
    while len(group) < min(_TOGETHER, len(shared)):
        border = shared[group].sum(0)
        border[group] = 0.0
        nearest = int(np.argmax(border))
        if border[nearest] <= 0:
            break
        group.append(nearest)
    return np.array(group)
