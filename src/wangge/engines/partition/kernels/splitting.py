"""Whole groups of units change grids: trees over neighbouring grids are cut where it costs least."""

import math

import numpy as np
from numba import njit

from wangge.engines.partition.kernels.annealing import move
from wangge.engines.partition.kernels.arrays import Floats, Graph, Grids, Ints, Longs, Terms, Words
from wangge.engines.partition.kernels.chance import below, fraction
from wangge.engines.partition.kernels.cost import cost_of
from wangge.engines.partition.kernels.trees import branch_cuts, gather, spanning_tree


@njit(cache=True, nogil=True)
def recombine(
    graph: Graph,
    terms: Terms,
    grids: Grids,
    group: Ints,
    mine: int,
    hot: float,
    cold: float,
    steps: int,
    state: Words,
    local: Ints,
) -> int:
    """`steps` times lay a random tree over two neighbouring grids and cut it again where the plan costs least.

    The new border is taken by Metropolis' rule at a temperature that falls from `hot` to `cold`.
    `local` is -1 everywhere before and after. Returns how many borders changed.
    """
    made = 0
    for step in range(steps):
        heat = hot * (cold / hot) ** (step / steps) if hot > 0 else 0.0
        if grids.listed[0] == 0:
            return made
        e = grids.cut[below(state, grids.listed[0])]
        made += _again(
            graph, terms, grids, group, mine, graph.ends[e, 0], graph.ends[e, 1], heat, state, local
        )
    return made


@njit(cache=True, nogil=True)
def _again(
    graph: Graph,
    terms: Terms,
    grids: Grids,
    group: Ints,
    mine: int,
    u: int,
    v: int,
    heat: float,
    state: Words,
    local: Ints,
) -> int:
    p, q = grids.of[u], grids.of[v]
    members = gather(graph, grids.of, p, q, u, local)
    size = len(members)
    order, parent, depth, one, two, weight = spanning_tree(graph, members, local, terms.together, state)
    cut = branch_cuts(order, parent, depth, one, two, weight, size)
    sums = branch_sums(graph, members, order, parent)
    all_h, all_load, all_x, all_y, all_square = sums[0, 0], sums[0, 1], sums[0, 2], sums[0, 3], sums[0, 4]
    before = 0.0
    for i in range(len(one)):
        if grids.of[members[one[i]]] != grids.of[members[two[i]]]:
            before += weight[i]
    for g in (p, q):
        s = grids.sums[g]
        before += cost_of(terms, s[0], s[1], s[2], s[3], s[4])
    best, at = np.inf, -1
    for t in range(1, len(order)):
        a = order[t]
        h, load, x, y, square = sums[a, 0], sums[a, 1], sums[a, 2], sums[a, 3], sums[a, 4]
        cost = cut[a] + cost_of(terms, h, load, x, y, square)
        cost += cost_of(terms, all_h - h, all_load - load, all_x - x, all_y - y, all_square - square)
        if cost < best:
            best, at = cost, a
    changed = 0
    gain = best - before
    if at >= 0 and (gain < 0.0 or (heat > 0.0 and fraction(state) < math.exp(-gain / heat))):
        changed = _take(graph, grids, group, mine, members, order, parent, at, p, q)
    for i in range(size):
        local[members[i]] = -1
    return changed


@njit(cache=True, nogil=True)
def branch_sums(graph: Graph, members: Ints, order: Ints, parent: Ints) -> Floats:
    """The sums (as in Grids, without the number of units) of each place's branch."""
    sums = np.zeros((len(members), 5))
    for t in range(len(order) - 1, -1, -1):
        a = order[t]
        u = members[a]
        load, x, y = graph.load[u], graph.xy[u, 0], graph.xy[u, 1]
        sums[a, 0] += graph.households[u]
        sums[a, 1] += load
        sums[a, 2] += load * x
        sums[a, 3] += load * y
        sums[a, 4] += load * (x * x + y * y)
        if parent[a] >= 0:
            for d in range(5):
                sums[parent[a], d] += sums[a, d]
    return sums


@njit(cache=True, nogil=True)
def _take(
    graph: Graph,
    grids: Grids,
    group: Ints,
    mine: int,
    members: Ints,
    order: Ints,
    parent: Ints,
    top: int,
    p: int,
    q: int,
) -> int:
    """The branch under place `top` becomes one grid, the rest the other, so that fewer households move."""
    branch = np.zeros(len(members), np.bool_)
    branch[top] = True
    as_q = 0.0
    for t in range(len(order)):
        a = order[t]
        if parent[a] >= 0 and branch[parent[a]]:
            branch[a] = True
        u = members[a]
        same = branch[a] == (grids.of[u] == q)
        as_q += graph.households[u] if same else -graph.households[u]
    changed = 0
    for i in range(len(members)):
        target = q if branch[i] == (as_q >= 0) else p
        if grids.of[members[i]] != target:
            move(graph, grids, group, mine, members[i], target)
            changed = 1
    return changed


@njit(cache=True, nogil=True)
def divide(graph: Graph, of: Ints, wanted: Longs, state: Words, local: Ints) -> None:
    """Divide each grid number g of `of` into wanted[g] contiguous ones of about equal load, from g on.

    Before, `of` holds the first number of each connected piece; pieces are cut in two along random
    trees, and the halves again, where the load comes nearest to a whole number of shares.
    """
    stack = np.empty(len(wanted) + 1, np.int64)
    first = np.full(len(wanted), -1, np.int32)
    for u in range(len(of)):
        if first[of[u]] < 0:
            first[of[u]] = u
    many = wanted.copy()
    size = 0
    for g in range(len(wanted)):
        if first[g] >= 0 and many[g] > 1:
            stack[size] = g
            size += 1
    while size > 0:
        size -= 1
        g = stack[size]
        members = gather(graph, of, g, g, first[g], local)
        best, at, below_count = np.inf, -1, 0
        order = members
        parent = members
        for _try in range(8):
            now_order, now_parent, depth, one, two, weight = spanning_tree(graph, members, local, 0.0, state)
            cut = branch_cuts(now_order, now_parent, depth, one, two, weight, len(members))
            sums = branch_sums(graph, members, now_order, now_parent)
            worth, a, shares = _halves(sums, cut, now_order, many[g])
            if worth < best:
                best, at, below_count = worth, a, shares
                order, parent = now_order, now_parent
        for i in range(len(members)):
            local[members[i]] = -1
        if at < 0:
            continue
        branch = np.zeros(len(members), np.bool_)
        branch[at] = True
        number = g + many[g] - below_count
        for t in range(len(order)):
            a = order[t]
            if parent[a] >= 0 and branch[parent[a]]:
                branch[a] = True
            if branch[a]:
                of[members[a]] = number
        first[number] = members[at]
        for i in range(len(members)):
            if not branch[i]:
                first[g] = members[i]
                break
        many[number], many[g] = below_count, many[g] - below_count
        for half in (g, number):
            if many[half] > 1:
                stack[size] = half
                size += 1


@njit(cache=True, nogil=True)
def _halves(sums: Floats, cut: Floats, order: Ints, many: int) -> tuple[float, int, int]:
    """The branch to cut off so that both sides get whole shares: how bad, which place, how many shares."""
    share = sums[0, 1] / many
    best, at, taken = np.inf, -1, 0
    for t in range(1, len(order)):
        a = order[t]
        shares = round(sums[a, 1] / max(share, 1e-300))
        shares = min(max(shares, 1), many - 1)
        off = abs(sums[a, 1] - shares * share) / max(share, 1e-300)
        worth = off + 0.3 * abs(2 * shares - many) / many + 1e-9 * cut[a]
        if worth < best:
            best, at, taken = worth, a, shares
    return best, at, taken
