"""Random spanning trees of a piece of the town, which fall apart along its barriers."""

import numpy as np
from numba import njit

from wangge.engines.partition.kernels.arrays import Floats, Graph, Ints, Words
from wangge.engines.partition.kernels.chance import fraction


@njit(cache=True, nogil=True)
def spanning_tree(
    graph: Graph, members: Ints, local: Ints, together: float, state: Words
) -> tuple[Ints, Ints, Ints, Ints, Ints, Floats]:
    """A random spanning tree over `members`, in which dear borders are seldom between branches.

    `local[u]` is the place of unit u in members, or -1 for a unit outside. Returns the tree's units in an
    order in which parents come first, each one's parent and depth (by place; the root's parent is -1),
    and the borders inside as two places and a weight; a pair to be kept apart is one that gains `together`
    when it is cut, and never a branch. When members hang together in several pieces
    only the first one's piece is in the order.
    """
    size = len(members)
    room = 0
    for i in range(size):
        room += graph.start[members[i] + 1] - graph.start[members[i]]
        room += graph.foe_start[members[i] + 1] - graph.foe_start[members[i]]
    one, two = np.empty(room // 2 + 1, np.int32), np.empty(room // 2 + 1, np.int32)
    weight, key = np.empty(room // 2 + 1), np.empty(room // 2 + 1)
    count, mean = 0, 0.0
    for i in range(size):
        u = members[i]
        for j in range(graph.start[u], graph.start[u + 1]):
            other = local[graph.to[j]]
            if other > i:
                one[count], two[count], weight[count] = i, other, graph.weight[j]
                mean += max(graph.weight[j], 0.0)
                count += 1
    borders = count
    for i in range(size):
        u = members[i]
        for j in range(graph.foe_start[u], graph.foe_start[u + 1]):
            other = local[graph.foe[j]]
            if other > i:
                one[count], two[count], weight[count] = i, other, -together
                count += 1
    floor = 0.02 * mean / max(borders, 1) + 1e-300
    for i in range(borders):
        key[i] = fraction(state) / (max(weight[i], 0.0) + floor)
    rank = _ranked(key[:borders])
    root = np.arange(size).astype(np.int32)
    start = np.zeros(size + 1, np.int32)
    kept = np.empty(max(size - 1, 1), np.int32)
    taken = 0
    for i in rank:
        a, b = _top(root, one[i]), _top(root, two[i])
        if a != b:
            root[a] = b
            kept[taken] = i
            start[one[i] + 1] += 1
            start[two[i] + 1] += 1
            taken += 1
    for i in range(size):
        start[i + 1] += start[i]
    fill = start[:size].copy()
    near = np.empty(2 * max(taken, 1), np.int32)
    for t in range(taken):
        a, b = one[kept[t]], two[kept[t]]
        near[fill[a]] = b
        near[fill[b]] = a
        fill[a] += 1
        fill[b] += 1
    order, parent, depth = np.empty(size, np.int32), np.full(size, -2, np.int32), np.zeros(size, np.int32)
    order[0], parent[0], reached, at = 0, -1, 1, 0
    while at < reached:
        a = order[at]
        at += 1
        for j in range(start[a], start[a + 1]):
            b = near[j]
            if b != parent[a]:
                parent[b], depth[b] = a, depth[a] + 1
                order[reached] = b
                reached += 1
    return order[:reached], parent, depth, one[:count], two[:count], weight[:count]


@njit(cache=True, nogil=True)
def _ranked(key: Floats) -> Ints:
    """The places of the keys from small to large, nearly: as many buckets as keys, unsorted inside."""
    count = len(key)
    middle = 0.0
    for i in range(count):
        middle += key[i]
    middle = 0.3 * middle / max(count, 1) + 1e-300
    start, bucket = np.zeros(count + 1, np.int32), np.empty(count, np.int32)
    for i in range(count):
        bucket[i] = min(int(key[i] / (key[i] + middle) * count), count - 1)
        start[bucket[i] + 1] += 1
    for i in range(count):
        start[i + 1] += start[i]
    rank = np.empty(count, np.int32)
    for i in range(count):
        rank[start[bucket[i]]] = i
        start[bucket[i]] += 1
    return rank


@njit(cache=True, nogil=True, inline="always")
def _top(root: Ints, a: int) -> int:
    while root[a] != a:
        root[a] = root[root[a]]
        a = root[a]
    return a


@njit(cache=True, nogil=True)
def branch_cuts(
    order: Ints, parent: Ints, depth: Ints, one: Ints, two: Ints, weight: Floats, size: int
) -> Floats:
    """For each place what the borders between its branch and the rest of the tree weigh together."""
    cut = np.zeros(size)
    for i in range(len(one)):
        a, b = one[i], two[i]
        cut[a] += weight[i]
        cut[b] += weight[i]
        while a != b:
            if depth[a] >= depth[b]:
                a = parent[a]
            else:
                b = parent[b]
        cut[a] -= 2.0 * weight[i]
    for t in range(len(order) - 1, 0, -1):
        cut[parent[order[t]]] += cut[order[t]]
    return cut


@njit(cache=True, nogil=True)
def gather(graph: Graph, of: Ints, p: int, q: int, u: int, local: Ints) -> Ints:
    """The units of grids p and q that hang together with u, u first; `local` then tells their places."""
    members = np.empty(64, np.int32)
    members[0], size, at = u, 1, 0
    local[u] = 0
    while at < size:
        x = members[at]
        at += 1
        for i in range(graph.start[x], graph.start[x + 1]):
            v = graph.to[i]
            if (of[v] == p or of[v] == q) and local[v] < 0:
                if size == len(members):
                    wider = np.empty(2 * size, np.int32)
                    wider[:size] = members
                    members = wider
                local[v] = size
                members[size] = v
                size += 1
    return members[:size]
