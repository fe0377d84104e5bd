"""Single units change grids in a plan that people know: to move a household and to touch a grid costs too."""

import math

from numba import njit

from wangge.engines.partition.kernels.annealing import move
from wangge.engines.partition.kernels.arrays import Graph, Grids, Ints, Longs, Scratch, Terms, Words
from wangge.engines.partition.kernels.chance import below, fraction
from wangge.engines.partition.kernels.cost import grid_cost
from wangge.engines.partition.kernels.pieces import holds_without


@njit(cache=True, nogil=True)
def away(home: Ints, of: Ints, changed: Longs) -> None:
    """For each grid how many units left it or came to it: 0 means that nobody there notices anything."""
    changed[:] = 0
    for u in range(len(of)):
        if of[u] != home[u]:
            changed[of[u]] += 1
            changed[home[u]] += 1


@njit(cache=True, nogil=True)
def mend(
    graph: Graph,
    terms: Terms,
    grids: Grids,
    may: Ints,
    home: Ints,
    changed: Longs,
    stay: float,
    touch: float,
    hot: float,
    cold: float,
    steps: int,
    state: Words,
    scratch: Scratch,
) -> None:
    """Anneal single moves from a plan `home`; `stay` is the cost of a household that moves, `touch` of a grid.

    `changed` is as `away` counts it. Only grids g with may[g] == 1 change; `relist` must have listed their borders.
    """
    fall = (cold / hot) ** (1.0 / max(steps, 1)) if hot > 0 else 1.0
    heat = hot
    for _ in range(steps):
        heat *= fall
        count = grids.listed[0]
        if count == 0:
            return
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
        at_home = home[u]
        if p == at_home:
            change += stay * graph.households[u]
        elif q == at_home:
            change -= stay * graph.households[u]
        change += touch * _touched(changed, p, q, at_home)
        if change > 0.0 and (heat <= 0.0 or fraction(state) >= math.exp(-change / heat)):
            continue
        if change == 0.0 and heat <= 0.0:
            continue
        if not holds_without(graph, grids.of, u, scratch):
            continue
        move(graph, grids, may, 1, u, q)
        if p == at_home:
            changed[p] += 1
            changed[q] += 1
        elif q == at_home:
            changed[p] -= 1
            changed[q] -= 1
        else:
            changed[p] -= 1
            changed[q] += 1


@njit(cache=True, nogil=True, inline="always")
def _touched(changed: Longs, p: int, q: int, at_home: int) -> int:
    """How many more grids are touched when a unit goes from p to q."""
    if p == at_home:
        return int(changed[p] == 0) + int(changed[q] == 0)
    if q == at_home:
        return -int(changed[p] == 1) - int(changed[q] == 1)
    return int(changed[q] == 0) - int(changed[p] == 1)
