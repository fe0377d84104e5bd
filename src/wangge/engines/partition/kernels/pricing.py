"""Every grid that could be worth having: a search through connected sets of units that proves what it leaves out."""

import numpy as np
from numba import njit

from wangge.engines.partition.kernels.arrays import Cuts, Flags, Floats, Graph, Ints, Longs, Terms

# Prices of a household tried in the bound; more of them prune more and cost more at each step.
_PRICES = 4


@njit(cache=True, nogil=True)
def price(
    graph: Graph,
    terms: Terms,
    worth: Floats,
    each: float,
    cuts: Cuts,
    enough: float,
    roots: Ints,
    keep: int,
    every: bool,
    limit: int,
    found: Ints,
    found_start: Longs,
) -> tuple[int, int, int]:
    """Search the legal grids (connected, lo to hi households) whose cost is over `enough` below what they are worth.

    A grid's reduced cost is half its border + what its size costs - the `worth` of its units - `each` + the cost
    of each of `cuts` of which it holds two units or more.
    From each root the search goes through all connected sets whose smallest unit is the root; a branch is
    left only when a relaxation shows that nothing in it has a reduced cost under -enough. All such grids, or
    (not `every`) at most `keep` ever better ones a root, are written to `found`: the units of grid i stand from
    found_start[i] to found_start[i + 1].
    Returns the number of grids, of steps, and how many roots were not finished after `limit` steps each;
    with 0 unfinished and 0 grids it is proven that no such grid exists.
    """
    n = len(graph.households)
    inside, touch = np.zeros(n, np.int8), np.zeros(n, np.int32)
    to_in, to_out = np.zeros(n), np.zeros(n)
    distance, heap = np.full(n, np.int64(1 << 60)), np.empty(n, np.int32)
    total, steps, unfinished = 0, 0, 0
    lean, worth = _levelled(graph, worth)
    held = np.zeros(len(cuts.cost), np.int32)
    even = True
    for u in range(n):
        even = even and graph.load[u] == graph.households[u]
    for root in roots:
        size = _reach(graph, root, terms.hi, distance, heap)
        region = heap[:size].copy()
        total, used, whole = _from_root(
            graph, terms, lean, worth, each, cuts, held, enough, root, region, keep, every, limit, found, found_start, total,
            inside, touch, to_in, to_out, distance, even,
        )  # fmt: skip
        steps += used
        unfinished += 0 if whole else 1
        for v in region:
            distance[v] = np.int64(1 << 60)
    return total, steps, unfinished


@njit(cache=True, nogil=True)
def _reach(graph: Graph, root: int, most: float, distance: Longs, heap: Ints) -> int:
    """The units after `root` that a grid with both can hold: `distance` is the fewest households on the way."""
    distance[root] = graph.households[root]
    heap[0], size, at = root, 1, 0
    if distance[root] > most:
        distance[root] = np.int64(1 << 60)
        return 0
    while at < size:
        low = at
        for i in range(at + 1, size):
            if distance[heap[i]] < distance[heap[low]]:
                low = i
        heap[at], heap[low] = heap[low], heap[at]
        u = heap[at]
        at += 1
        for i in range(graph.start[u], graph.start[u + 1]):
            v = graph.to[i]
            way = distance[u] + graph.households[v]
            if v > root and way <= most and way < distance[v]:
                if distance[v] == np.int64(1 << 60):
                    heap[size] = v
                    size += 1
                distance[v] = way
    return size


@njit(cache=True, nogil=True)
def _from_root(
    graph: Graph, terms: Terms, lean: Floats, worth: Floats, each: float, cuts: Cuts, held: Ints, enough: float,
    root: int, region: Ints,
    keep: int, every: bool, limit: int, found: Ints, found_start: Longs, total: int,
    inside: Flags, touch: Ints, to_in: Floats, to_out: Floats, distance: Longs, even: bool,
) -> tuple[int, int, bool]:  # fmt: skip
    size = len(region)
    if size == 0:
        return total, 0, True
    far = np.int64(1 << 60)
    for u in region:
        inside[u], touch[u], to_in[u], to_out[u] = 0, 0, 0.0, 0.0
        for i in range(graph.start[u], graph.start[u + 1]):
            if distance[graph.to[i]] == far:
                to_out[u] += lean[i]
    prices = _prices(graph, terms, worth, region)
    gains = np.zeros(_PRICES)
    for u in region:
        for d in range(_PRICES):
            gains[d] += max(0.0, worth[u] - to_out[u] - prices[d] * graph.households[u])
    chosen, out_now = np.empty(size + 1, np.int32), np.empty(size + 1, np.bool_)
    border_was, seen_was = np.empty(size + 1), np.empty(size + 1, np.int32)
    gains_was = np.empty((size + 1, _PRICES))
    frontier = np.empty(size + 1, np.int32)
    border, value, load, people, seen = 0.0, -each, 0.0, 0, 0
    best, written, steps = -enough, 0, 0
    depth = 0
    # The root is in; from then on each step takes the most entangled neighbour in, and later out.
    chosen[0], out_now[0] = root, False
    take = root
    going_in = True
    while True:
        steps += 1
        if steps > limit:
            inside[region] = 0
            held[:] = 0
            return total, steps, False
        u = take
        border_was[depth], seen_was[depth] = border, seen
        for d in range(_PRICES):
            gains_was[depth, d] = gains[d]
            gains[d] -= max(0.0, worth[u] + to_in[u] - to_out[u] - prices[d] * graph.households[u])
        chosen[depth], out_now[depth] = u, not going_in
        inside[u] = 1 if going_in else 2
        if going_in:
            border += to_out[u] - to_in[u]
            value += _paid(cuts, held, u, 1) - worth[u]
            load += graph.load[u]
            people += int(graph.households[u])
        for i in range(graph.start[u], graph.start[u + 1]):
            v = graph.to[i]
            if distance[v] == far:
                continue
            half = lean[i] if going_in else graph.weight[i] - lean[i]
            if inside[v] == 0:
                was = worth[v] + to_in[v] - to_out[v]
                now = was + half if going_in else was - half
                for d in range(_PRICES):
                    p = prices[d] * graph.households[v]
                    gains[d] += max(0.0, now - p) - max(0.0, was - p)
                if going_in:
                    to_in[v] += half
                    border += half
                    touch[v] += 1
                    if touch[v] == 1:
                        frontier[seen] = v
                        seen += 1
                else:
                    to_out[v] += half
        depth += 1
        if going_in and people >= terms.lo and people <= terms.hi:
            cost = border + value + terms.uneven * abs(load - terms.target)
            if cost < best - 1e-12:
                room = found_start[total] + depth <= len(found) and total + 1 < len(found_start)
                if every and not room:
                    inside[region] = 0
                    held[:] = 0
                    return total, steps, False
                if room and (every or written < keep):
                    at = found_start[total]
                    for i in range(depth):
                        if not out_now[i]:
                            found[at] = chosen[i]
                            at += 1
                    total += 1
                    found_start[total] = at
                    written += 1
                if not every:
                    best = cost
        # How good can it still get?
        going_on = people <= terms.hi
        if going_on:
            floor = border + value - _most(terms, people, prices, gains, even)
            going_on = floor < best
        take = -1
        if going_on:
            most = -np.inf
            for i in range(seen):
                v = frontier[i]
                if inside[v] == 0 and to_in[v] > most:
                    most, take = to_in[v], v
        if take >= 0:
            going_in = people + int(graph.households[take]) <= terms.hi
            continue
        # Back to the last unit that was taken in and can still be left out.
        while depth > 0:
            depth -= 1
            u = chosen[depth]
            was_in = not out_now[depth]
            inside[u] = 0
            for i in range(graph.start[u], graph.start[u + 1]):
                v = graph.to[i]
                if distance[v] == far or inside[v] != 0:
                    continue
                half = lean[i] if was_in else graph.weight[i] - lean[i]
                if was_in:
                    to_in[v] -= half
                    touch[v] -= 1
                else:
                    to_out[v] -= half
            border, seen = border_was[depth], seen_was[depth]
            for d in range(_PRICES):
                gains[d] = gains_was[depth, d]
            if was_in:
                value += worth[u] - _paid(cuts, held, u, -1)
                load -= graph.load[u]
                people -= int(graph.households[u])
                if depth > 0:
                    take, going_in = u, False
                    break
        if depth == 0:
            return total, steps, True


@njit(cache=True, nogil=True)
def _levelled(graph: Graph, worth: Floats) -> tuple[Floats, Floats]:
    """The same reduced costs told with worth spread evenly over households, which makes the relaxation tight.

    For any f(u, v) = -f(v, u) of at most half a border's weight, half the border of a set is the sum of
    w/2 - f(u, v) over its cut borders plus what f carries out of its units. So worth may flow between
    neighbours while each direction of a border keeps a cost that is not negative. Returns that cost of
    each border entry (its first unit inside, the second out), and the worth that is left in each unit.
    """
    n = len(worth)
    left, lean, back = worth.copy(), np.zeros(len(graph.to)), np.zeros(len(graph.to), np.int32)
    people = 0.0
    for u in range(n):
        people += graph.households[u]
    rate = worth.sum() / max(people, 1.0)
    for u in range(n):
        for i in range(graph.start[u], graph.start[u + 1]):
            lean[i] = 0.5 * graph.weight[i]
            for j in range(graph.start[graph.to[i]], graph.start[graph.to[i] + 1]):
                if graph.to[j] == u:
                    back[i] = j
    for _round in range(300):
        for u in range(n):
            for i in range(graph.start[u], graph.start[u + 1]):
                v = graph.to[i]
                if v < u:
                    continue
                over = 0.5 * ((left[u] - rate * graph.households[u]) - (left[v] - rate * graph.households[v]))
                flow = min(max(over, -lean[back[i]]), lean[i])
                lean[i] -= flow
                lean[back[i]] += flow
                left[u] -= flow
                left[v] += flow
    return lean, left


@njit(cache=True, nogil=True)
def _paid(cuts: Cuts, held: Ints, u: int, change: int) -> float:
    """What the cuts of unit u cost when it goes in (change 1), or cost until now when it goes out (-1)."""
    cost = 0.0
    for i in range(cuts.start[u], cuts.start[u + 1]):
        c = cuts.of[i]
        if held[c] == (1 if change > 0 else 2):
            cost += cuts.cost[c]
        held[c] += change
    return cost


@njit(cache=True, nogil=True)
def _prices(graph: Graph, terms: Terms, worth: Floats, region: Ints) -> Floats:
    """Prices of a household round the one at which the region's units just fill a grid."""
    rate, count = np.empty(len(region)), 0
    for u in region:
        if graph.households[u] > 0:
            rate[count] = worth[u] / graph.households[u]
            count += 1
    prices = np.zeros(_PRICES)
    if count == 0:
        return prices
    ranked = np.sort(rate[:count])
    for d in range(_PRICES):
        prices[d] = max(0.0, ranked[count - 1 - (count - 1) * (2 * d + 1) // (2 * _PRICES)])
    return prices


@njit(cache=True, nogil=True, inline="always")
def _most(terms: Terms, people: int, prices: Floats, gains: Floats, even: bool) -> float:
    """No set of further units gains more than this (Lagrange's bound over the best of the prices).

    Where load is not households (not `even`) what an uneven share costs is left out.
    """
    least = np.inf
    uneven = terms.uneven if even else 0.0
    for d in range(len(prices)):
        price = prices[d]
        if people <= terms.target:
            room = price * (terms.target - people)
            if price > uneven:
                room += (price - uneven) * (terms.hi - terms.target)
        elif price > uneven:
            room = price * (terms.hi - people) - uneven * (terms.hi - terms.target)
        else:
            room = -uneven * (people - terms.target)
        least = min(least, gains[d] + room)
    return least
