"""How good a plan is, in the figures by which plans are compared."""

from dataclasses import dataclass

import numpy as np

from wangge.engines.partition.problem import BORDER_WEIGHTS, UNEVEN_WEIGHT, Floats, Ints, Problem, pieces


@dataclass(frozen=True)
class Score:
    """The figures of a plan.

    `feasible` is the per cent of grids inside the bounds, `extra_pieces` how many pieces there are beyond one
    a grid, `broken` how many pairs are together that must be apart or apart that are tied. `quality` (lower is
    better; only among plans with 100, 0 and 0) is `shape` + 2 x `deviation`: the mean over grids of half the
    street-weighted border over half the circumference of a circle of mean size, and the mean deviation from
    the equal share. `cv` is the standard deviation over the mean. `street_border` is the per cent of border
    length along streets, roads or water, `major_inside` the per cent of major border length inside grids,
    `walk_mean_m` and `walk_longest_m` how far homes are from their grid's centre.
    """

    k: int
    feasible: float
    extra_pieces: int
    broken: int
    quality: float
    shape: float
    deviation: float
    cv: float
    smallest: int
    largest: int
    street_border: float
    major_inside: float
    walk_mean_m: float
    walk_longest_m: float


def score(problem: Problem, plan: Ints) -> Score:
    """Score one grid number a unit; the formulas are those of the field's comparison of planners (score.py)."""
    number, of = np.unique(np.asarray(plan), return_inverse=True)
    k, load = len(number), problem.shares
    households = np.bincount(of, problem.households, k)
    shares = np.bincount(of, load, k)
    share = shares.sum() / k
    cut = of[problem.edges[:, 0]] != of[problem.edges[:, 1]]
    along = problem.edge_len[cut]
    radius = np.sqrt(np.pi * problem.area.sum() / k)
    shape = float((along @ BORDER_WEIGHTS).sum() / radius / k)
    deviation = float(np.abs(shares - share).mean() / share)
    walk = _walks(problem, of, k, np.maximum(load, 1e-9))
    major = problem.edge_len[:, 2]
    return Score(
        k=k,
        feasible=round(100 * float(((households >= problem.lo) & (households <= problem.hi)).mean()), 2),
        extra_pieces=len(np.unique(pieces(problem.size, problem.edges[~cut]))) - k,
        broken=_broken(problem, of),
        quality=round(shape + UNEVEN_WEIGHT * deviation, 5),
        shape=round(shape, 5),
        deviation=round(deviation, 5),
        cv=round(float(shares.std() / share), 5),
        smallest=int(households.min()),
        largest=int(households.max()),
        street_border=round(100 * float(along[:, 1:].sum() / max(along.sum(), 1e-9)), 1),
        major_inside=round(100 * float(major[~cut].sum() / max(major.sum(), 1e-9)), 1),
        walk_mean_m=round(float(np.average(walk, weights=np.maximum(load, 1e-9))), 1),
        walk_longest_m=round(float(walk[problem.households > 0].max(initial=0.0)), 1),
    )


def _walks(problem: Problem, of: Ints, k: int, weight: Floats) -> Floats:
    total = np.bincount(of, weight, k)
    centre = np.stack([np.bincount(of, weight * problem.xy[:, d], k) / total for d in (0, 1)], 1)
    return np.asarray(np.hypot(*(problem.xy - centre[of]).T))


def _broken(problem: Problem, of: Ints) -> int:
    pairs = (
        problem.apart
        if problem.fixed is None
        else np.concatenate([problem.apart, problem.edges[problem.fixed]])
    )
    together = int((of[pairs[:, 0]] == of[pairs[:, 1]]).sum())
    if problem.tied is None:
        return together
    tied = problem.tied >= 0
    both = np.unique(np.stack([problem.tied[tied], of[tied]], 1), axis=0)
    return together + len(both) - len(np.unique(both[:, 0]))
