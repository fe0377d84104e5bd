"""Single units change grids: simulated annealing that keeps every grid in one piece."""

import math

from numba import njit

from wangge.engines.partition.kernels.arrays import Graph, Grids, Ints, Scratch, Terms, Words
from wangge.engines.partition.kernels.chance import below, fraction
from wangge.engines.partition.kernels.cost import grid_cost
from wangge.engines.partition.kernels.pieces import holds_without

# Proposals at one temperature.
_ROUND = 1024


@njit(cache=True, nogil=True)
def relist(graph: Graph, grids: Grids, group: Ints, mine: int) -> None:
    """List anew the cut borders between grids of the group `mine`."""
    count = 0
    for e in range(len(graph.ends)):
        p, q = grids.of[graph.ends[e, 0]], grids.of[graph.ends[e, 1]]
        if group[p] != mine or group[q] != mine:
            continue
        grids.place[e] = -1
        if p != q:
            grids.cut[count] = e
            grids.place[e] = count
            count += 1
    grids.listed[0] = count


@njit(cache=True, nogil=True)
def anneal(
    graph: Graph,
    terms: Terms,
    grids: Grids,
    group: Ints,
    mine: int,
    hot: float,
    cold: float,
    steps: int,
    state: Words,
    scratch: Scratch,
) -> int:
    """Try `steps` moves of a unit over a cut border while the temperature falls from `hot` to `cold`.

    Only grids p with group[p] == mine change: kernels with other groups may run beside this one. The
    borders must have been listed by `relist`. Returns the number of moves made.
    """
    made = 0
    fall = (cold / hot) ** (_ROUND / max(steps, _ROUND)) if hot > 0 else 1.0
    heat = hot
    for step in range(steps):
        if step % _ROUND == _ROUND - 1:
            heat *= fall
        count = grids.listed[0]
        if count == 0:
            return made
        pick = below(state, 2 * count)
        e = grids.cut[pick >> 1]
        u, v = graph.ends[e, pick & 1], graph.ends[e, 1 - (pick & 1)]
        p, q = grids.of[u], grids.of[v]
        if grids.sums[p, 5] <= 1.0:
            continue
        change = 0.0
        for i in range(graph.start[u], graph.start[u + 1]):
            r = grids.of[graph.to[i]]
            if r == p:
                change += graph.weight[i]
            elif r == q:
                change -= graph.weight[i]
        for i in range(graph.foe_start[u], graph.foe_start[u + 1]):
            r = grids.of[graph.foe[i]]
            if r == p:
                change -= terms.together
            elif r == q:
                change += terms.together
        change += grid_cost(graph, terms, grids.sums, p, u, -1.0) - grid_cost(
            graph, terms, grids.sums, p, u, 0.0
        )
        change += grid_cost(graph, terms, grids.sums, q, u, 1.0) - grid_cost(
            graph, terms, grids.sums, q, u, 0.0
        )
        if change > 0.0:
            if heat <= 0.0 or change > 30.0 * heat or fraction(state) >= math.exp(-change / heat):
                continue
        elif change == 0.0 and heat <= 0.0:
            continue
        if not holds_without(graph, grids.of, u, scratch):
            continue
        move(graph, grids, group, mine, u, q)
        made += 1
    return made


@njit(cache=True, nogil=True)
def move(graph: Graph, grids: Grids, group: Ints, mine: int, u: int, q: int) -> None:
    """Unit u joins grid q; sums and the list of cut borders follow."""
    p = grids.of[u]
    grids.of[u] = q
    x, y, load = graph.xy[u, 0], graph.xy[u, 1], graph.load[u]
    for g, sign in ((p, -1.0), (q, 1.0)):
        grids.sums[g, 0] += sign * graph.households[u]
        grids.sums[g, 1] += sign * load
        grids.sums[g, 2] += sign * load * x
        grids.sums[g, 3] += sign * load * y
        grids.sums[g, 4] += sign * load * (x * x + y * y)
        grids.sums[g, 5] += sign
    for i in range(graph.start[u], graph.start[u + 1]):
        r = grids.of[graph.to[i]]
        if group[r] != mine:
            continue
        e = graph.edge[i]
        if r == p:
            count = grids.listed[0]
            grids.cut[count] = e
            grids.place[e] = count
            grids.listed[0] = count + 1
        elif r == q:
            count = grids.listed[0] - 1
            hole, last = grids.place[e], grids.cut[count]
            grids.cut[hole] = last
            grids.place[last] = hole
            grids.place[e] = -1
            grids.listed[0] = count
