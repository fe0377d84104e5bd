"""From a problem to the arrays of the kernels: one order of units whatever order they came in, ties merged."""

from dataclasses import dataclass

import numpy as np

from wangge.engines.partition.kernels.arrays import Graph, Terms
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.problem import BORDER_WEIGHTS, UNEVEN_WEIGHT, Floats, Ints, Problem, pieces

# A household outside the bounds costs so many times what one away from the equal share costs…
_OUTSIDE = 10.0
# …and once a plan is nearly done so many times more.
STRICT = 100.0
_TOGETHER = 3.0


@dataclass(frozen=True)
class Wishes:
    """What else counts beside borders and equal shares; 0 leaves a wish out.

    `whole_roads`: each metre of major road, railway or water inside a grid costs so much as that many metres of
    border over open ground. `short_walks`: weight of the mean square distance of the load from its grid's
    centre, over that of a round grid of mean size.
    """

    whole_roads: float = 0.0
    short_walks: float = 0.0


@dataclass(frozen=True)
class Prepared:
    """A problem as the kernels plan it: nodes in canonical order, each a unit or units tied together.

    `node` (n) is each unit's node, `piece` (nodes) the number of the connected piece, `grids` how many grids each
    piece gets, in the order of pieces; their sum is k.
    """

    graph: Graph
    terms: Terms
    node: Ints
    piece: Ints
    grids: Ints

    @property
    def k(self) -> int:
        """How many grids."""
        return int(self.grids.sum())

    def strict(self) -> Terms:
        """The terms with bounds and pairs that nothing outweighs."""
        return self.terms._replace(outside=self.terms.outside * STRICT, together=self.terms.together * STRICT)


def prepare(problem: Problem, wishes: Wishes) -> Prepared:
    """The kernels' arrays; equal whatever the order of the units, if no two units are equal in everything."""
    order = np.lexsort(
        (problem.perimeter, problem.area, problem.households, problem.xy[:, 1], problem.xy[:, 0])
    )
    rank = np.empty(problem.size, np.int64)
    rank[order] = np.arange(problem.size)
    edges = np.sort(rank[problem.edges], 1)
    sequence = np.lexsort((edges[:, 1], edges[:, 0]))
    node = _tied(problem, order)
    ends = node[edges[sequence]]
    piece = _numbered(pieces(int(node.max()) + 1, np.sort(ends, 1)))
    households = np.bincount(node, problem.households[order]).astype(np.int64)
    grids = share_out(
        problem, np.bincount(piece, households).astype(float), np.bincount(piece), wanted=problem.k
    )
    k = int(grids.sum())
    radius = np.sqrt(np.pi * problem.area[order].sum() / k)
    lengths = problem.edge_len[sequence]
    weight = (lengths @ BORDER_WEIGHTS - wishes.whole_roads * lengths[:, 2]) / radius / k
    load = problem.shares[order]
    pairs = [rank[problem.apart]]
    if problem.fixed is not None:
        pairs.append(edges[sequence][problem.fixed[sequence]])
    graph = graph_of(ends, weight, households, load, problem.xy[order], node, node[np.concatenate(pairs)])
    share = load.sum() / k
    uneven = UNEVEN_WEIGHT / (k * share)
    # A round grid of mean area has a mean square distance of half its radius squared.
    walk = wishes.short_walks / (load.sum() * problem.area.sum() / k / np.pi / 2)
    terms = Terms(
        target=float(share),
        lo=float(problem.lo),
        hi=float(problem.hi),
        uneven=float(uneven),
        outside=float(_OUTSIDE * UNEVEN_WEIGHT / (k * max(households.sum() / k, 1.0))),
        together=_TOGETHER / k,
        walk=float(walk),
    )
    return Prepared(graph, terms, node[rank], piece, grids)


def graph_of(
    ends: Ints, weight: Floats, households: Ints, load: Floats, xy: Floats, node: Ints, apart: Ints
) -> Graph:
    """The graph of nodes from borders between units: parallel borders are added up, inner ones dropped."""
    size = len(households)
    outer = ends[:, 0] != ends[:, 1]
    pairs, number = np.unique(np.sort(ends[outer], 1), axis=0, return_inverse=True)
    pairs = pairs.reshape(-1, 2)
    summed = np.bincount(number.ravel(), weight[outer], len(pairs)).astype(float)
    start, to, edge = _adjacent(size, pairs)
    foes = np.unique(np.sort(apart[apart[:, 0] != apart[:, 1]], 1), axis=0).reshape(-1, 2)
    foe_start, foe, _ = _adjacent(size, foes)
    many = np.bincount(node, minlength=size)
    middle = np.stack([np.bincount(node, xy[:, d], size) / many for d in (0, 1)], 1)
    return Graph(
        start, to, summed[edge], edge, pairs.astype(np.int32), households, np.bincount(node, load, size).astype(float), middle,
        foe_start, foe,
    )  # fmt: skip


def part_of(prepared: Prepared, nodes: Narrow, k: int) -> Prepared:
    """Some nodes of a town, numbered anew, to be divided into k grids as part of its plan.

    Borders to the rest of the town are left out: they are cut in every plan of the part.
    """
    graph, size = prepared.graph, len(nodes)
    number = np.full(len(graph.households), -1)
    number[nodes] = np.arange(size)
    weight = np.zeros(len(graph.ends))
    weight[graph.edge] = graph.weight
    ends = number[graph.ends]
    inside = (ends >= 0).all(1)
    foes = np.stack([np.repeat(number, np.diff(graph.foe_start)), number[graph.foe]], 1)
    part = graph_of(
        ends[inside], weight[inside], graph.households[nodes], graph.load[nodes], graph.xy[nodes], np.arange(size),
        foes[(foes >= 0).all(1)],
    )  # fmt: skip
    return Prepared(part, prepared.terms, np.arange(size), np.zeros(size, np.int64), np.array([k]))


def share_out(problem: Problem, households: Floats, nodes: Ints, wanted: int | None) -> Ints:
    """How many grids each connected piece gets: near its share of all households, inside the bounds if it can be."""
    lo, hi = max(problem.lo, 1), max(problem.hi, 1)
    fewest = np.clip(np.ceil(households / hi), 1, nodes).astype(np.int64)
    most = np.clip(np.floor(households / lo), fewest, nodes).astype(np.int64)
    middle = max((problem.lo + problem.hi) / 2, 1.0)
    if wanted is None:
        grids: Ints = np.clip(np.round(households / middle).astype(np.int64), fewest, most)
        return grids
    if wanted < len(households):
        return np.ones(len(households), np.int64)
    ideal = households / households.sum() * wanted
    grids = np.clip(np.floor(ideal).astype(np.int64), fewest, most)
    while (missing := wanted - int(grids.sum())) != 0:
        step = 1 if missing > 0 else -1
        need = step * (ideal - grids)
        legal = grids < most if step > 0 else grids > fewest
        able = legal if legal.any() else (grids < nodes if step > 0 else grids > 1)
        grids[int(np.argmax(np.where(able, need, -np.inf)))] += step
    return grids


def _tied(problem: Problem, order: Ints) -> Ints:
    """The node of each unit in canonical order; nodes are numbered by their first unit."""
    if problem.tied is None:
        return np.arange(problem.size)
    label = problem.tied[order]
    alone = np.arange(problem.size) + label.max(initial=0) + 1
    return _numbered(np.where(label >= 0, label, alone))


def _numbered(label: Ints) -> Ints:
    """The same groups, numbered from 0 in the order in which they first occur."""
    _, first, number = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[number.ravel()]


def _adjacent(size: int, pairs: Ints) -> tuple[Narrow, Narrow, Narrow]:
    one = np.concatenate([pairs[:, 0], pairs[:, 1]])
    two = np.concatenate([pairs[:, 1], pairs[:, 0]])
    edge = np.tile(np.arange(len(pairs)), 2)
    order = np.lexsort((two, one))
    start = np.concatenate([[0], np.cumsum(np.bincount(one, minlength=size))])
    return start.astype(np.int32), two[order].astype(np.int32), edge[order].astype(np.int32)
