"""What one grid costs for its size and its spread."""

from numba import njit

from wangge.engines.partition.kernels.arrays import Floats, Graph, Grids, Terms


@njit(cache=True, nogil=True, inline="always")
def cost_of(terms: Terms, households: float, load: float, x: float, y: float, square: float) -> float:
    """The cost of a grid with these sums (see Grids)."""
    away = abs(load - terms.target)
    cost = terms.uneven * away * (1.0 + terms.steep * away / terms.target)
    if households < terms.lo:
        cost += terms.outside * (terms.lo - households)
    elif households > terms.hi:
        cost += terms.outside * (households - terms.hi)
    if terms.walk > 0.0 and load > 0.0:
        cost += terms.walk * max(0.0, square - (x * x + y * y) / load)
    return cost


@njit(cache=True, nogil=True, inline="always")
def grid_cost(graph: Graph, terms: Terms, sums: Floats, g: int, u: int, sign: float) -> float:
    """The cost of grid g with unit u added (sign 1), taken away (-1) or left where it is (0)."""
    if terms.walk == 0.0:
        return cost_of(
            terms, sums[g, 0] + sign * graph.households[u], sums[g, 1] + sign * graph.load[u], 0.0, 0.0, 0.0
        )
    x, y, load = graph.xy[u, 0], graph.xy[u, 1], sign * graph.load[u]
    return cost_of(
        terms,
        sums[g, 0] + sign * graph.households[u],
        sums[g, 1] + load,
        sums[g, 2] + load * x,
        sums[g, 3] + load * y,
        sums[g, 4] + load * (x * x + y * y),
    )


@njit(cache=True, nogil=True)
def whole_cost(graph: Graph, terms: Terms, grids: Grids) -> float:
    """The cost of the whole plan, counted afresh from its sums."""
    cost = 0.0
    for e in range(len(graph.ends)):
        u, v = graph.ends[e, 0], graph.ends[e, 1]
        if grids.of[u] != grids.of[v]:
            for i in range(graph.start[u], graph.start[u + 1]):
                if graph.edge[i] == e:
                    cost += graph.weight[i]
    for g in range(len(grids.sums)):
        s = grids.sums[g]
        cost += cost_of(terms, s[0], s[1], s[2], s[3], s[4])
    for u in range(len(graph.households)):
        for i in range(graph.foe_start[u], graph.foe_start[u + 1]):
            if graph.foe[i] > u and grids.of[graph.foe[i]] == grids.of[u]:
                cost += terms.together
    return cost


@njit(cache=True, nogil=True)
def resum(graph: Graph, grids: Grids) -> None:
    """Count the sums of all grids anew, which also takes off what rounding gathered."""
    grids.sums[:] = 0.0
    for u in range(len(graph.households)):
        g, load = grids.of[u], graph.load[u]
        x, y = graph.xy[u, 0], graph.xy[u, 1]
        grids.sums[g, 0] += graph.households[u]
        grids.sums[g, 1] += load
        grids.sums[g, 2] += load * x
        grids.sums[g, 3] += load * y
        grids.sums[g, 4] += load * (x * x + y * y)
        grids.sums[g, 5] += 1.0
