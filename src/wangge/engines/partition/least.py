"""How many households must move at the least before a plan is legal again: what every mending is compared with."""

import heapq

import numpy as np

from wangge.engines.partition.problem import Flags, Ints, Problem


def least_moved(problem: Problem, home: Ints) -> int:
    """A proven bound: no legal plan with the grids of `home` (each unit's grid, 0 to k - 1) moves fewer households.

    Each grid above `hi` must lose its excess and each below `lo` must gain what it lacks. Only a household that goes
    straight from the one to the other counts for both, and then the grid that gains it, being in one piece, reaches
    to it over units of other grids, which move as well. So a grid in need costs, beside all excess, what it lacks or
    the households on its cheapest way to a grid above. Or one in need moves as a whole, which all its own pay for.
    """
    people = np.bincount(home, problem.households)
    above, below = people > problem.hi, people < problem.lo
    excess, lack = people - problem.hi, problem.lo - people
    near = _neighbours(problem)
    needs = np.flatnonzero(below).tolist()
    beside = sum(_way(problem, home, near, grid, above, int(lack[grid])) for grid in needs)
    whole = int(people[below].min()) if needs else 0
    return max(int(excess[above].sum()) + min(beside, whole), int(lack[below].sum()))


def _way(problem: Problem, home: Ints, near: list[Ints], grid: int, above: Flags, most: int) -> int:
    """Households of other grids on the cheapest way from a grid to one of those `above`; `most` when it is dearer."""
    known = {int(unit): 0 for unit in np.flatnonzero(home == grid)}
    waiting = [(0, unit) for unit in known]
    while waiting:
        cost, unit = heapq.heappop(waiting)
        if above[home[unit]] or cost >= most:
            return min(cost, most)
        if cost > known[unit]:
            continue
        for other in near[unit].tolist():
            further = cost + (0 if above[home[other]] else int(problem.households[other]))
            if further < known.get(other, most):
                known[other] = further
                heapq.heappush(waiting, (further, other))
    return most


def _neighbours(problem: Problem) -> list[Ints]:
    ends = np.concatenate([problem.edges, problem.edges[:, ::-1]])
    ends = ends[np.argsort(ends[:, 0], kind="stable")]
    return np.split(ends[:, 1], np.cumsum(np.bincount(ends[:, 0], minlength=problem.size))[:-1])
