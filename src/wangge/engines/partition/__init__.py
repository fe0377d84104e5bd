"""Grids for a community: equal shares, short borders along streets, every grid in one piece and inside its bounds.

`problem` says what is divided and `scoring` how good a plan is; both need numpy only. `planning.plan` and
`replanning.replan` make plans with kernels that numba compiles; whoever serves pages should start them in a
process of their own (`wangge partition`), because numba and its compiler take 100 MB.
"""

from wangge.engines.partition.compiled import fingerprint
from wangge.engines.partition.problem import (
    BadProblem,
    Problem,
    problem_of,
    read_problem,
    weighted_load,
)
from wangge.engines.partition.scoring import Score, score

__all__ = [
    "BadProblem",
    "Problem",
    "Score",
    "fingerprint",
    "problem_of",
    "read_problem",
    "score",
    "weighted_load",
]
