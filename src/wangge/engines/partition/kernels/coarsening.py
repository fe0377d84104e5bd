"""Smaller towns: units that a good plan hardly parts are planned as one."""

import numpy as np
from numba import njit

from wangge.engines.partition.kernels.arrays import Graph, Ints, Words
from wangge.engines.partition.kernels.chance import below


@njit(cache=True, nogil=True)
def blocks(graph: Graph, wanted: int, most: float, state: Words) -> Ints:
    """Group the units into about `wanted` contiguous blocks along dear borders; returns each unit's block.

    No block gets more load than `most` unless a unit alone has it, and none holds a pair of foes.
    """
    n = len(graph.households)
    block = np.arange(n).astype(np.int32)
    if wanted >= n:
        return block
    size, load = np.ones(n), graph.load.copy()
    count = n
    order = np.arange(n).astype(np.int32)
    best, worth = np.empty(n, np.int32), np.empty(n)
    while count > wanted:
        for i in range(n - 1, 0, -1):
            j = below(state, i + 1)
            order[i], order[j] = order[j], order[i]
        best[:] = -1
        worth[:] = 0.0
        weight = _between(graph, block, size, load, most, best, worth)
        merged = 0
        taken = np.zeros(n, np.bool_)
        for a in order:
            b = best[a]
            if b < 0 or taken[a] or taken[b] or block[a] != a:
                continue
            taken[a] = taken[b] = True
            block[b] = a
            size[a] += size[b]
            load[a] += load[b]
            merged += 1
            count -= 1
            if count <= wanted:
                break
        for u in range(n):
            block[u] = block[block[u]]
        if merged * 50 < count or weight == 0:
            break
    number, following = np.full(n, -1, np.int32), 0
    for u in range(n):
        if number[block[u]] < 0:
            number[block[u]] = following
            following += 1
    for u in range(n):
        best[u] = number[block[u]]
    return best


@njit(cache=True, nogil=True)
def _between(graph, block, size, load, most, best, worth):
    """For each block its best neighbour to join: the dearest border for its size. Returns how many have one."""
    n = len(block)
    # Borders of one block, unit by unit: a list of units by block.
    start = np.zeros(n + 1, np.int32)
    for u in range(n):
        start[block[u] + 1] += 1
    for u in range(n):
        start[u + 1] += start[u]
    fill, units = start[:n].copy(), np.empty(n, np.int32)
    for u in range(n):
        units[fill[block[u]]] = u
        fill[block[u]] += 1
    shared, seen = np.zeros(n), np.empty(n, np.int32)
    found = 0
    for a in range(n):
        if block[a] != a:
            continue
        many = 0
        for i in range(start[a], start[a + 1]):
            u = units[i]
            for j in range(graph.start[u], graph.start[u + 1]):
                b = block[graph.to[j]]
                if b == a:
                    continue
                if shared[b] == 0.0:
                    seen[many] = b
                    many += 1
                shared[b] += max(graph.weight[j], 0.0) + 1e-300
        for i in range(start[a], start[a + 1]):
            u = units[i]
            for j in range(graph.foe_start[u], graph.foe_start[u + 1]):
                shared[block[graph.foe[j]]] = -1.0
        for i in range(many):
            b = seen[i]
            if shared[b] > 0.0 and load[a] + load[b] <= most:
                value = shared[b] * shared[b] / (size[a] * size[b])
                if value > worth[a]:
                    worth[a], best[a] = value, b
        for i in range(many):
            shared[seen[i]] = 0.0
        for i in range(start[a], start[a + 1]):
            u = units[i]
            for j in range(graph.foe_start[u], graph.foe_start[u + 1]):
                shared[block[graph.foe[j]]] = 0.0
        found += best[a] >= 0
    return found
