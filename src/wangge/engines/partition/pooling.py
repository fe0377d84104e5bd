"""The best plan out of all the grids that many searches came across."""

import math
from dataclasses import dataclass, field
from itertools import pairwise

import highspy
import numpy as np

from wangge.engines.partition.chains import Chain
from wangge.engines.partition.kernels.arrays import Cuts
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.kernels.pricing import price
from wangge.engines.partition.preparing import Prepared
from wangge.engines.partition.problem import Floats, Ints

# Columns and branches that the exact choice among them may take: both keep it within seconds.
_MOST_COLUMNS = 2000
_MOST_BRANCHES = 300
# Room for all legal grids of a small town and their units, and the steps a unit that finding them may take.
_ALL, _ROOM, _TRIES = 2500, 100_000, 20_000


@dataclass
class Pool:
    """Legal grids (sorted nodes) with what each costs: half its border and its size."""

    prepared: Prepared
    members: list[Narrow] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    _number: dict[bytes, int | None] = field(default_factory=dict)

    def gather(self, chain: Chain) -> None:
        """Take in every legal grid of the chain's present plan."""
        for nodes in grids_of(chain):
            self.add(nodes)

    def add(self, nodes: Narrow) -> bool:
        """Take in one connected grid; False when it is known or not legal."""
        key = nodes.tobytes()
        if key in self._number:
            return False
        cost = grid_cost(self.prepared, nodes)
        self._number[key] = None if cost is None else len(self.members)
        if cost is None:
            return False
        self.members.append(nodes)
        self.cost.append(cost)
        return True

    def join(self, other: "Pool") -> None:
        """Take in all that another pool has, in its order."""
        for nodes in other.members:
            self.add(nodes)

    def add_all(self) -> bool:
        """Take in every legal grid there is; False, and nothing taken, when there are too many to go through."""
        n = len(self.prepared.graph.households)
        units, start = np.zeros(_ROOM, np.int32), np.zeros(_ALL + 1, np.int64)
        count, _, unfinished = price(
            self.prepared.graph, self.prepared.terms, np.zeros(n), 0.0, no_cuts(n), -np.inf,
            np.arange(n, dtype=np.int32), 0, True, _TRIES, units, start,
        )  # fmt: skip
        if unfinished:
            return False
        for i in range(count):
            self.add(np.sort(units[start[i] : start[i + 1]]))
        return True

    def relaxed(self) -> tuple[float, Floats, float]:
        """The linear relaxation: its value, the worth of each node, and the worth of one grid more."""
        model = self._model(np.arange(len(self.members)), whole=False)
        model.setOptionValue("solver", "simplex")
        model.run()
        dual = np.array(model.getSolution().row_dual)
        return float(model.getInfo().objective_function_value), dual[:-1], float(dual[-1])

    def reduced(self) -> Floats:
        """What each grid costs more than its units are worth under the linear relaxation."""
        _, worth, each = self.relaxed()
        paid: Floats = np.array(self.cost) - each - np.array([worth[nodes].sum() for nodes in self.members])
        return paid

    def likely(self, most: int) -> Ints:
        """The numbers of the grids, at most so many, that cost least over what their units are worth."""
        return np.sort(np.argsort(self.reduced(), kind="stable")[:most])

    def best(self, known: Chain, seconds: float = math.inf) -> Narrow | None:
        """The best plan of these grids when one is found, in so many seconds, that costs less than the one known."""
        present = [self._number.get(nodes.tobytes()) for nodes in grids_of(known)]
        start = np.array([number for number in present if number is not None], np.int64)
        columns = np.union1d(self.likely(_MOST_COLUMNS), start)
        whole = start if len(start) == len(present) else None
        return self._choose(columns, known.cost(), seconds, whole)[0]

    def exactly(self, known: float, seconds: float = math.inf) -> tuple[Narrow | None, float, float]:
        """The best plan of all these grids, if it costs less than `known`; the least cost then known, and proven."""
        if not self.members:
            return None, known, known
        of, cost, lower = self._choose(np.arange(len(self.members)), known, seconds)
        return of, cost, min(lower, cost)

    def _choose(
        self, columns: Ints, known: float, seconds: float, start: Ints | None = None
    ) -> tuple[Narrow | None, float, float]:
        """A plan of the grids `columns` that costs less than `known`, or None; what it costs; what no plan costs less than.

        `start` are the grids of a plan to begin with.
        """
        model = self._model(columns, whole=True)
        if start is not None:
            plan = highspy.HighsSolution()
            plan.col_value = np.isin(columns, start).astype(float).tolist()
            model.setSolution(plan)
        model.setOptionValue("mip_max_nodes", _MOST_BRANCHES)
        model.setOptionValue("mip_rel_gap", 1e-6)
        model.setOptionValue("time_limit", max(seconds, 0.1))
        model.run()
        if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None, known, known
        info = model.getInfo()
        lower = float(info.mip_dual_bound)
        if info.primal_solution_status != 2 or info.objective_function_value >= known - 1e-9:
            return None, known, lower
        of: Narrow = np.empty(len(self.prepared.graph.households), np.int32)
        for g, column in enumerate(columns[np.array(model.getSolution().col_value) > 0.5]):
            of[self.members[column]] = g
        return of, float(info.objective_function_value), lower

    def _model(self, columns: Ints, whole: bool) -> highspy.Highs:
        """Each node in one of the grids `columns`, k grids; the last row counts the grids."""
        n, size = len(self.prepared.graph.households), len(columns)
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("threads", 1)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = size, n + 1
        program.col_cost_ = np.array(self.cost)[columns]
        program.col_lower_, program.col_upper_ = np.zeros(size), np.ones(size)
        program.row_lower_ = program.row_upper_ = np.append(np.ones(n), self.prepared.k)
        rows = [np.append(self.members[column], n) for column in columns]
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
        program.a_matrix_.index_ = np.concatenate(rows)
        program.a_matrix_.value_ = np.ones(len(program.a_matrix_.index_))
        if whole:
            program.integrality_ = [highspy.HighsVarType.kInteger] * size
        model.passModel(program)
        return model


def grids_of(chain: Chain) -> list[Narrow]:
    """The nodes of each grid of a chain's present plan, sorted."""
    order = np.argsort(chain.of, kind="stable").astype(np.int32)
    bounds = np.searchsorted(chain.of[order], np.arange(chain.prepared.k + 1))
    return [order[first:last] for first, last in pairwise(bounds)]


def no_cuts(size: int) -> Cuts:
    """No triples at all."""
    return Cuts(np.zeros(size + 1, np.int32), np.zeros(0, np.int32), np.zeros(0))


def grid_cost(prepared: Prepared, nodes: Narrow) -> float | None:
    """What a connected grid costs, or None when its households are out of bounds or it holds foes."""
    graph, terms = prepared.graph, prepared.terms
    households = int(graph.households[nodes].sum())
    if not terms.lo <= households <= terms.hi:
        return None
    inside = set(nodes.tolist())
    border = 0.0
    for u in nodes.tolist():
        first, last = graph.start[u], graph.start[u + 1]
        for v, weight in zip(graph.to[first:last].tolist(), graph.weight[first:last].tolist(), strict=True):
            border += 0.0 if v in inside else weight
        if any(v in inside for v in graph.foe[graph.foe_start[u] : graph.foe_start[u + 1]].tolist()):
            return None
    load, xy = graph.load[nodes], graph.xy[nodes]
    total = float(load.sum())
    cost = 0.5 * border + terms.uneven * abs(total - terms.target)
    if terms.walk > 0 and total > 0:
        centre = (load[:, None] * xy).sum(0) / total
        cost += terms.walk * float((load * ((xy - centre) ** 2).sum(1)).sum())
    return cost
