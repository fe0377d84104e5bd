"""Why no legal plan exists: which units make it so, and what proves it."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from wangge.engines.partition.kernels.legality import legal_with
from wangge.engines.partition.preparing import Prepared
from wangge.engines.partition.problem import Ints, Problem

# Connected sets tried for one unit before it stays open whether a legal grid can hold it.
_TRIES = 200_000


class Reason(StrEnum):
    """What stands in the way; all but UNPROVEN and UNTIED are proofs."""

    TOO_LARGE = "too_large"  # these units (one, or tied together) have more households than a grid may
    ISLAND = "island"  # all that these units hang together with has fewer households than a grid must
    WEDGED = "wedged"  # no connected set around these units has a legal number of households
    UNDIVIDABLE = "undividable"  # no number of legal grids gives the households of this connected piece
    COUNT = "count"  # so many households cannot be shared among so many grids
    UNTIED = "untied"  # these units are tied together but do not touch
    UNPROVEN = "unproven"  # the search found no legal grid here; nothing proves that there is none


@dataclass(frozen=True)
class Fault:
    """Units (numbers as in the problem, () for the whole town) with their households, and what is wrong."""

    reason: Reason
    units: tuple[int, ...]
    households: int


def explain(problem: Problem, prepared: Prepared, grid: Ints) -> tuple[Fault, ...]:
    """Faults of a problem whose plan `grid` is not legal: proofs first, and what stays unproven."""
    whole = _whole(problem, prepared)
    # In a town of one piece its piece would only say the same again.
    by_piece = [] if whole and len(prepared.grids) == 1 else _pieces(problem, prepared)
    faults = [*whole, *by_piece, *_nodes(problem, prepared, grid)]
    proven = {unit for fault in faults for unit in fault.units}
    if any(fault.reason in (Reason.COUNT, Reason.UNDIVIDABLE) for fault in faults):
        return tuple(faults)
    for number in np.unique(grid):
        units = np.flatnonzero(grid == number)
        people = int(problem.households[units].sum())
        if (
            problem.lo <= people <= problem.hi
            or proven & set(units.tolist())
            or _beside(problem, units, proven)
        ):
            continue
        faults.append(Fault(Reason.UNPROVEN, tuple(units.tolist()), people))
    return tuple(faults)


def _whole(problem: Problem, prepared: Prepared) -> list[Fault]:
    people = int(problem.households.sum())
    if prepared.k * problem.lo <= people <= prepared.k * problem.hi:
        return []
    return [Fault(Reason.COUNT, (), people)]


def _pieces(problem: Problem, prepared: Prepared) -> list[Fault]:
    """Pieces of the town that hang together in themselves only."""
    faults = []
    for number, count in enumerate(prepared.grids.tolist()):
        units = np.flatnonzero(prepared.piece[prepared.node] == number)
        people = int(problem.households[units].sum())
        if people < problem.lo:
            faults.append(Fault(Reason.ISLAND, tuple(units.tolist()), people))
        elif -(-people // max(problem.hi, 1)) > people // max(problem.lo, 1):
            faults.append(Fault(Reason.UNDIVIDABLE, tuple(units.tolist()), people))
        elif not count * problem.lo <= people <= count * problem.hi:
            faults.append(Fault(Reason.COUNT, tuple(units.tolist()), people))
    return faults


def _nodes(problem: Problem, prepared: Prepared, grid: Ints) -> list[Fault]:
    """Nodes of illegal grids, and their neighbours, that no legal grid can hold."""
    graph, terms = prepared.graph, prepared.terms
    people = np.bincount(grid, problem.households)
    bad = (people < problem.lo) | (people > problem.hi)
    faults, units_of = [], _units(prepared)
    small = np.bincount(prepared.piece, graph.households)[prepared.piece] < problem.lo
    for node in np.unique(prepared.node[bad[grid]]).tolist():
        units = units_of[node]
        if small[node]:
            continue
        households = int(graph.households[node])
        if households > problem.hi:
            faults.append(Fault(Reason.TOO_LARGE, units, households))
        elif legal_with(graph, terms, node, _TRIES) == 0:
            faults.append(Fault(Reason.WEDGED, units, households))
    for node in np.flatnonzero(np.bincount(prepared.node) > 1).tolist():
        if not _touching(problem, units_of[node]):
            faults.append(Fault(Reason.UNTIED, units_of[node], int(graph.households[node])))
    return faults


def _units(prepared: Prepared) -> list[tuple[int, ...]]:
    units: list[list[int]] = [[] for _ in prepared.graph.households]
    for unit, node in enumerate(prepared.node.tolist()):
        units[node].append(unit)
    return [tuple(members) for members in units]


def _touching(problem: Problem, units: tuple[int, ...]) -> bool:
    inside, seen, stack = set(units), {units[0]}, [units[0]]
    while stack:
        unit = stack.pop()
        touches = problem.edges[(problem.edges == unit).any(1)]
        for other in touches[touches != unit].tolist():
            if other in inside and other not in seen:
                seen.add(other)
                stack.append(other)
    return len(seen) == len(inside)


def _beside(problem: Problem, units: Ints, proven: set[int]) -> bool:
    """Whether a unit that is proven to have no legal grid borders on these: its exception may be theirs."""
    mine = np.zeros(problem.size, bool)
    mine[units] = True
    rim = problem.edges[mine[problem.edges[:, 0]] != mine[problem.edges[:, 1]]]
    return bool(proven & set(rim.ravel().tolist()))
