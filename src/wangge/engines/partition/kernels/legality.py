"""Whether any legal grid can hold a unit."""

import numpy as np
from numba import njit

from wangge.engines.partition.kernels.arrays import Flags, Graph, Terms


@njit(cache=True, nogil=True)
def legal_with(graph: Graph, terms: Terms, root: int, tries: int) -> int:
    """1 when a connected set with `root` has lo to hi households, 0 when it is proven that none has, -1 when open.

    Goes through all connected sets around the root that are not too large: each step takes the next
    neighbour in or leaves it out for good. Pairs to be kept apart are kept apart.
    """
    n = len(graph.households)
    status = np.zeros(n, np.int8)
    near = np.zeros(n, np.int32)
    frontier, seen = np.empty(n, np.int32), 0
    chosen, taken = np.empty(n + 1, np.int32), np.empty(n + 1, np.bool_)
    seen_was = np.empty(n + 1, np.int32)
    people, depth = np.int64(0), 0
    unit, going_in = root, graph.households[root] <= terms.hi
    if not going_in:
        return 0
    for _ in range(tries):
        chosen[depth], taken[depth], seen_was[depth] = unit, going_in, seen
        status[unit] = 1 if going_in else 2
        depth += 1
        if going_in:
            people += graph.households[unit]
            if people >= terms.lo and people <= terms.hi:
                return 1
            for i in range(graph.start[unit], graph.start[unit + 1]):
                v = graph.to[i]
                near[v] += 1
                if near[v] == 1 and status[v] == 0:
                    frontier[seen] = v
                    seen += 1
        unit = -1
        for i in range(seen - 1, -1, -1):
            if status[frontier[i]] == 0:
                unit = frontier[i]
                break
        if unit >= 0:
            going_in = people + graph.households[unit] <= terms.hi and _friendly(graph, status, unit)
            continue
        while depth > 0:
            depth -= 1
            u = chosen[depth]
            status[u] = 0
            seen = seen_was[depth]
            if taken[depth]:
                people -= graph.households[u]
                for i in range(graph.start[u], graph.start[u + 1]):
                    near[graph.to[i]] -= 1
                if depth == 0:
                    return 0
                unit, going_in = u, False
                break
        if depth == 0 and unit < 0:
            return 0
    return -1


@njit(cache=True, nogil=True)
def _friendly(graph: Graph, status: Flags, unit: int) -> bool:
    friends = True
    for i in range(graph.foe_start[unit], graph.foe_start[unit + 1]):
        friends = friends and status[graph.foe[i]] != 1
    return friends
