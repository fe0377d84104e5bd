"""How far a plan can be from the best possible: a proven lower bound by pricing out all legal grids.

A plan is a choice of k legal grids that hold every unit once. Its linear relaxation, with triples of units of which only one
grid can hold two, gives each unit a worth;
by weak duality the sum of worths, plus k times the worth of a grid, less k times whatever a legal grid can
still cost under the worth of its units, is under the cost of every plan. The last part is found by a search
that leaves a branch only on proof (kernels/pricing).
"""

import math
from dataclasses import dataclass, replace

import highspy
import numpy as np

from wangge.engines.partition.budget import Budget
from wangge.engines.partition.chains import Chain, run
from wangge.engines.partition.kernels.arrays import Cuts
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.kernels.pricing import price
from wangge.engines.partition.pooling import Pool, no_cuts
from wangge.engines.partition.preparing import Prepared, Wishes, prepare
from wangge.engines.partition.problem import Floats, Ints, Problem

# Steps of the search for one unit: first quickly for new grids, then as many as a proof takes.
_QUICK, _THOROUGH = 20_000, 60_000_000
# How far a unit's worth may be from that of its households, in mean costs of a grid; it keeps searches short.
_BOX = 0.6
# Room for all grids that a better plan could use: units of them, and grids.
_ROOM, _MOST = 4_000_000, 60_000
_SEARCHES_BEFORE = 4
# Rounds of triples (Jepsen, Petersen, Spoorendonk and Pisinger 2008: subset rows), and how many a round.
_CUT_ROUNDS, _CUTS_A_ROUND = 40, 30


@dataclass(frozen=True)
class Gap:
    """`bound` is under the quality of every plan; `percent` how much the plan is above it at most (inf: no bound)."""

    bound: float
    percent: float


def gap_of(problem: Problem, grid: Ints, budget: Budget, wanted: float = 0.2) -> Gap:
    """A proven bound for plans with as many grids as `grid`; ends when within `wanted` per cent or with the budget.

    The bound is for quality (problem.load shared equally, borders weighted) of plans with all grids inside the
    bounds and in one piece. Ties are kept to; pairs to be apart are left out of the proof, which can only
    lower it. Without enough time, or for a plan that is not legal, there is no bound.
    """
    prepared = prepare(replace(problem, k=len(np.unique(grid))), Wishes())
    if prepared.k == 1 or len(prepared.grids) > 1:
        return Gap(0.0, math.inf)
    of = np.zeros(len(prepared.graph.households), np.int32)
    of[prepared.node] = np.unique(grid, return_inverse=True)[1]
    chain = Chain(prepared, 1)
    chain.begin(of)
    if chain.outside() > 0:
        return Gap(0.0, math.inf)
    return _Proof(prepared, chain, budget, wanted).gap()


class _Proof:
    """Prices and grids in turn: the grids known give prices, the prices lead to better grids or to a proof."""

    def __init__(self, prepared: Prepared, chain: Chain, budget: Budget, wanted: float) -> None:
        self.prepared, self.budget, self.wanted = prepared, budget, wanted
        self.known = chain.cost()
        self.bound = 0.0
        self.pool = Pool(prepared)
        self.pool.gather(chain)
        for number in range(_SEARCHES_BEFORE):
            other = Chain(prepared, number)
            other.begin()
            run(
                other,
                0.3,
                budget,
                cold=0.02,
                each_round=lambda c, done: self.pool.gather(c) if done > 0.4 else None,
            )
        self.in_model = 0
        self.triples: list[tuple[int, int, int]] = []
        self.mean = self.known / prepared.k
        graph = prepared.graph
        self.middle: Floats = graph.households * (self.known / graph.households.sum())
        self.model = self._model()
        self.centre: Floats | None = None

    def gap(self) -> Gap:
        """Prices and triples in turn until the proof is near enough or time is up, then all grids within the gap."""
        enough = 0.1 * self.mean
        for _ in range(_CUT_ROUNDS):
            self._prove(enough, least=0.002 * self.mean)
            if self._near() or self.budget.over() or not self._separate():
                break
            enough = 0.01 * self.mean
        if self.centre is not None and not self._near() and not self.budget.over():
            self._finish(self.centre)
        bound = math.floor(self.bound * 1e5) / 1e5
        percent = 100 * (self.known - bound) / bound if bound > 0 else math.inf
        return Gap(bound, round(percent, 3) if math.isfinite(percent) else math.inf)

    def _prove(self, enough: float, least: float) -> None:
        """Raise the bound with the triples known now: prices lead to grids until no grid is cheap by `least`."""
        mixing = 0.5
        while enough >= least and not self.budget.over() and not self._near():
            dual = self._priced()
            worth = dual if self.centre is None else mixing * self.centre + (1 - mixing) * dual
            found, proven = self._search(worth, enough, every=False)
            fresh = [nodes for nodes in found if self.pool.add(nodes)]
            if found and not fresh and mixing < 0.02:
                return
            # Prices that lead only to what is known: trust the model more.
            mixing = 0.5 if fresh or not found else 0.5 * mixing
            if not found:
                if not proven:
                    return
                self._raise(worth, enough)
                self.centre, enough = worth, 0.5 * enough

    def _near(self) -> bool:
        return self.bound > 0 and 100 * (self.known - self.bound) / self.bound <= self.wanted

    def _raise(self, worth: Floats, enough: float) -> None:
        n = len(self.middle)
        value = float(worth[:n].sum() + worth[n + 1 :].sum()) + self.prepared.k * (float(worth[n]) - enough)
        self.bound = max(self.bound, value)

    def _separate(self) -> bool:
        """Add the triples that the model's present mixture of grids breaks most; False when there are none."""
        value = np.array(self.model.getSolution().col_value)[2 * len(self.middle) :]
        mixed = np.flatnonzero(value > 1e-6)
        n = len(self.middle)
        has = np.zeros((len(mixed), n))
        for row, column in enumerate(mixed):
            has[row, self.pool.members[column]] = 1.0
        share = has * value[mixed][:, None]
        both = share.T @ has
        broken: list[tuple[float, tuple[int, int, int]]] = []
        for i in range(n):
            mine = has[:, i] > 0
            three = share[mine].T @ has[mine]
            over = both[i][:, None] + both[i][None, :] + both - 2 * three
            for j, k in np.argwhere(np.triu(over, 1) > 1.02).tolist():
                if i < j and (i, j, k) not in self.triples:
                    broken.append((-float(over[j, k]), (i, j, k)))
        for _, triple in sorted(broken)[:_CUTS_A_ROUND]:
            self.triples.append(triple)
            holds = [
                c
                for c, nodes in enumerate(self.pool.members[: self.in_model])
                if np.isin(triple, nodes).sum() > 1
            ]
            columns = np.array(holds, np.int32) + 2 * n
            self.model.addRow(-highspy.kHighsInf, 1.0, len(columns), columns, np.ones(len(columns)))
        if self.centre is not None:
            self.centre = np.append(self.centre, np.zeros(len(self.triples) + n + 1 - len(self.centre)))
        return bool(broken)

    def _cuts(self, worth: Floats) -> Cuts:
        """The triples that cost something, as the search takes them."""
        n = len(self.middle)
        cost = np.maximum(-worth[n + 1 :], 0.0)
        used = np.flatnonzero(cost > 1e-9)
        if not len(used):
            return no_cuts(n)
        units = np.array([self.triples[c] for c in used]).ravel()
        order = np.argsort(units, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(units, minlength=n))])
        return Cuts(
            start.astype(np.int32), np.repeat(np.arange(len(used)), 3)[order].astype(np.int32), cost[used]
        )

    def _search(self, worth: Floats, enough: float, every: bool) -> tuple[list[Narrow], bool]:
        """Grids that cost at least `enough` less than their worth, and whether the search went through all."""
        n, cuts = len(self.middle), self._cuts(worth)
        for limit in (_QUICK, _THOROUGH) if not every else (_THOROUGH,):
            found: list[Narrow] = []
            open_roots = 0
            for part in self._roots(limit):
                if self.budget.over():
                    return found, False
                units, start = np.zeros(_ROOM if every else 200_000, np.int32), np.zeros(_MOST + 1, np.int64)
                count, _, unfinished = price(
                    self.prepared.graph, self.prepared.terms, worth[:n].copy(), worth[n], cuts, enough,
                    part, 3, every, limit, units, start,
                )  # fmt: skip
                open_roots += unfinished
                found += [np.sort(units[start[i] : start[i + 1]]) for i in range(count)]
                if every and (open_roots or len(found) > _MOST):
                    return found, False
            if found or not open_roots:
                return found, open_roots == 0
        return [], False

    def _roots(self, limit: int) -> list[Narrow]:
        """All units, in few parts for quick searches and in many for those that the clock may have to end."""
        every = np.arange(len(self.prepared.graph.households), dtype=np.int32)
        return np.array_split(every, 1 if limit == _QUICK else min(len(every), 64))

    def _finish(self, worth: Floats) -> None:
        """Every plan better than the known one uses only grids within the gap: choose among all of them."""
        found, proven = self._search(worth, -(self.known - self.bound), every=True)
        if not proven:
            return
        pool = Pool(self.prepared)
        for nodes in found:
            pool.add(nodes)
        lower = pool.lower(self.known, self.budget.left())
        self.bound = max(self.bound, min(self.known, lower))

    def _model(self) -> highspy.Highs:
        """Each unit once, k grids; what a unit's worth may be is a cost of leaving it out or taking it twice."""
        n = len(self.middle)
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("threads", 1)
        for _ in range(n):
            model.addRow(1.0, 1.0, 0, np.empty(0, np.int32), np.empty(0))
        model.addRow(float(self.prepared.k), float(self.prepared.k), 0, np.empty(0, np.int32), np.empty(0))
        for u in range(n):
            room = _BOX * self.mean
            one = np.array([u], np.int32)
            model.addCol(float(self.middle[u] + room), 0.0, highspy.kHighsInf, 1, one, np.ones(1))
            model.addCol(float(room - self.middle[u]), 0.0, highspy.kHighsInf, 1, one, -np.ones(1))
        return model

    def _priced(self) -> Floats:
        """The worth of each unit and of a grid under all grids known so far."""
        n = len(self.middle)
        for nodes, cost in zip(
            self.pool.members[self.in_model :], self.pool.cost[self.in_model :], strict=True
        ):
            twice = [n + 1 + c for c, triple in enumerate(self.triples) if np.isin(triple, nodes).sum() > 1]
            rows = np.concatenate([nodes, [n], twice]).astype(np.int32)
            self.model.addCol(cost, 0.0, highspy.kHighsInf, len(rows), rows, np.ones(len(rows)))
        self.in_model = len(self.pool.members)
        self.model.run()
        dual: Floats = np.array(self.model.getSolution().row_dual)
        # A triple's row can only make a grid dearer.
        dual[n + 1 :] = np.minimum(dual[n + 1 :], 0.0)
        return dual
