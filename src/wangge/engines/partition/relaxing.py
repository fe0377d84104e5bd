"""The linear relaxation of choosing grids, over *all* legal grids: a bound under every plan, and at last the best plan.

A plan is a choice of k legal grids that hold every unit once. Its linear relaxation, with triples of units of which
only one grid can hold two, gives each unit a worth; by weak duality the sum of worths, plus k times the worth of a
grid, less k times whatever a legal grid can still cost under the worth of its units, is under the cost of every plan.
The last part is found by a search that leaves a branch only on proof (kernels/pricing). A plan better than the known
one uses only grids that cost less over their worth than the known plan is above the bound: once these are few, the
choice among them is exact (Baldacci, Christofides and Mingozzi 2008).
"""

import math

import highspy
import numpy as np

from wangge.engines.partition.budget import Budget
from wangge.engines.partition.kernels.arrays import Cuts
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.kernels.pricing import price
from wangge.engines.partition.pooling import Pool, no_cuts
from wangge.engines.partition.problem import Floats

# Steps of the search for one unit: first quickly for new grids, then as many as a proof takes.
_QUICK, _THOROUGH = 20_000, 60_000_000
# How far a unit's worth may be from that of its households, in mean costs of a grid; it keeps searches short.
_BOX = 0.6
# Grids that an exact choice takes, room for their units, and the steps a unit that finding them may take each round.
_CHOICE, _ROOM, _CHOICE_STEPS = 2_500, 1_000_000, 1_000_000
# Parts in which a long search is done, so that the clock can end it.
_MOST_PARTS = 64
# Rounds of triples (Jepsen, Petersen, Spoorendonk and Pisinger 2008: subset rows), and how many a round.
_CUT_ROUNDS, _CUTS_A_ROUND = 40, 30


class Relaxation:
    """Prices and grids in turn: the grids known give prices, the prices lead to better grids or to a proof.

    `pool` holds a plan that costs `known`. `bound` is under the cost of every plan; where a plan better than the
    known one is found, `best` is its grids and `known` its cost. Takes at most `steps` of the search for grids.
    """

    def __init__(self, pool: Pool, known: float, budget: Budget, steps: float = math.inf) -> None:
        self.prepared, self.budget, self.left = pool.prepared, budget, steps
        self.known, self.bound = known, 0.0
        self.best: Narrow | None = None
        self.pool = pool
        self.in_model = 0
        self.triples: list[tuple[int, int, int]] = []
        self.mean = self.known / self.prepared.k
        graph = self.prepared.graph
        self.middle: Floats = graph.households * (self.known / graph.households.sum())
        self.model = self._model()
        # The last prices that proved something, and what they alone prove: a choice by these prices needs that.
        self.centre: Floats | None = None
        self.value = 0.0

    def tighten(self, wanted: float) -> None:
        """Prices, then triples, in turn until the bound is within `wanted` per cent of the plan or work must end."""
        enough = 0.1 * self.mean
        for _ in range(_CUT_ROUNDS):
            self._prove(enough, least=0.002 * self.mean)
            if not self._near(wanted) and self.centre is not None and not self._over():
                self._choose(self.centre)
            if self._near(wanted) or self._over() or not self._separate():
                break
            enough = 0.01 * self.mean

    def _over(self) -> bool:
        return self.left <= 0 or self.budget.over()

    def _prove(self, enough: float, least: float) -> None:
        """Raise the bound with the triples known now: prices lead to grids until no grid is cheap by `least`."""
        mixing = 0.5
        while enough >= least and not self._over():
            dual = self._priced()
            worth = dual if self.centre is None else mixing * self.centre + (1 - mixing) * dual
            found, proven = self._search(worth, enough)
            fresh = [nodes for nodes in found if self.pool.add(nodes)]
            if found and not fresh and mixing < 0.02:
                return
            # Prices that lead only to what is known: trust the model more.
            mixing = 0.5 if fresh or not found else 0.5 * mixing
            if not found:
                if not proven:
                    return
                self._raise(worth, enough)
                enough *= 0.5

    def _near(self, wanted: float) -> bool:
        return self.bound > 0 and 100 * (self.known - self.bound) / self.bound <= wanted

    def _raise(self, worth: Floats, enough: float) -> None:
        n = len(self.middle)
        self.centre = worth
        self.value = float(worth[:n].sum() + worth[n + 1 :].sum()) + self.prepared.k * (
            float(worth[n]) - enough
        )
        self.bound = max(self.bound, self.value)

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

    def _search(self, worth: Floats, enough: float) -> tuple[list[Narrow], bool]:
        """Grids that cost at least `enough` less than their worth, and whether the search went through all."""
        for limit, parts in (_QUICK, 1), (_THOROUGH, _MOST_PARTS):
            found: list[Narrow] = []
            whole = True
            for part in self._roots(parts):
                if self._over():
                    return found, False
                more, finished = self._priced_out(part, worth, enough, False, limit)
                found += more
                whole = whole and finished
            if found or whole:
                return found, whole
        return [], False

    def _choose(self, worth: Floats) -> None:
        """Choose among all grids that a better plan can use, where few enough cost so little over their worth."""
        pool = Pool(self.prepared)
        for part in self._roots(_MOST_PARTS):
            found, whole = self._priced_out(part, worth, self.value - self.known, True, _CHOICE_STEPS)
            for nodes in found:
                pool.add(nodes)
            if not whole or len(pool.members) > _CHOICE or self._over():
                return
        better, self.known, lower = pool.exactly(self.known, self.budget.left())
        self.bound = max(self.bound, lower)
        self.best = self.best if better is None else better

    def _roots(self, parts: int) -> list[Narrow]:
        """All units in so many parts: between them work can end."""
        n = len(self.middle)
        return np.array_split(np.arange(n, dtype=np.int32), min(n, parts))

    def _priced_out(
        self, roots: Narrow, worth: Floats, enough: float, every: bool, limit: int
    ) -> tuple[list[Narrow], bool]:
        """What the kernel finds from these roots, and whether it went through all there is."""
        n = len(self.middle)
        units, start = np.zeros(_ROOM, np.int32), np.zeros(_CHOICE + 1, np.int64)
        count, steps, unfinished = price(
            self.prepared.graph, self.prepared.terms, worth[:n].copy(), worth[n], self._cuts(worth), enough,
            roots, 3, every, int(min(limit, max(self.left, 1))), units, start,
        )  # fmt: skip
        self.left -= steps
        return [np.sort(units[start[i] : start[i + 1]]) for i in range(count)], unfinished == 0

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
