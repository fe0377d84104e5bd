"""Whether grids hang together."""

from numba import njit

from wangge.engines.partition.kernels.arrays import Graph, Ints, Scratch


@njit(cache=True, nogil=True)
def holds_without(graph: Graph, of: Ints, u: int, scratch: Scratch) -> bool:
    """Whether the grid of unit u stays in one piece, with at least one unit, when u leaves it.

    First u's own neighbours are asked whether they touch each other round u, which settles nearly
    every case; only then is the grid itself walked.
    """
    p = of[u]
    mark, queue = scratch.mark, scratch.queue
    turn = scratch.turn[0] + 2
    scratch.turn[0] = turn
    wanted, first = 0, -1
    for i in range(graph.start[u], graph.start[u + 1]):
        v = graph.to[i]
        if of[v] == p:
            mark[v] = turn
            wanted += 1
            first = v
    if wanted <= 1:
        return wanted == 1
    mark[first] = turn + 1
    queue[0], size, at = first, 1, 0
    while at < size:
        x = queue[at]
        at += 1
        for i in range(graph.start[x], graph.start[x + 1]):
            v = graph.to[i]
            if mark[v] == turn:
                mark[v] = turn + 1
                queue[size] = v
                size += 1
    if size == wanted:
        return True
    return _walk(graph, of, u, p, size, wanted, scratch)


@njit(cache=True, nogil=True)
def _walk(graph: Graph, of: Ints, u: int, p: int, found: int, wanted: int, scratch: Scratch) -> bool:
    """Walk on from the `found` neighbours in the queue through the whole grid until all are met."""
    mark, queue = scratch.mark, scratch.queue
    turn = scratch.turn[0]
    done = turn + 1
    size, at = found, 0
    mark[u] = done
    while at < size:
        x = queue[at]
        at += 1
        for i in range(graph.start[x], graph.start[x + 1]):
            v = graph.to[i]
            if of[v] == p and mark[v] != done:
                if mark[v] == turn:
                    found += 1
                    if found == wanted:
                        return True
                mark[v] = done
                queue[size] = v
                size += 1
    return False
