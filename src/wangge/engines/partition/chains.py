"""One search for a plan: from a rough division by trees to borders that no single unit would improve."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from wangge.engines.partition.budget import Budget
from wangge.engines.partition.kernels.annealing import anneal, relist
from wangge.engines.partition.kernels.arrays import Grids, Scratch, Terms
from wangge.engines.partition.kernels.arrays import Ints as Narrow
from wangge.engines.partition.kernels.cost import resum, whole_cost
from wangge.engines.partition.kernels.splitting import divide, recombine
from wangge.engines.partition.preparing import Prepared
from wangge.engines.partition.problem import Floats

Done = TypeVar("Done")

# Units of trees that an ordinary core lays a second, and what one tree costs beside its units.
_TREE_UNITS = 3_000_000.0
_TREE_BASE = 6.0
# Single moves a second that an ordinary core tries.
_MOVES = 5_000_000.0
# Temperatures, as shares of what a grid costs on average (trees) and a border weighs on average (moves).
_TREES_HOT, _TREES_COLD = 0.3, 0.003
_MOVES_HOT, _MOVES_COLD = 0.15, 0.02
_ROUNDS = 60


@dataclass
class Chain:
    """A plan in work, its random numbers and its own room; several chains run beside each other."""

    prepared: Prepared
    seed: int

    def __post_init__(self) -> None:
        """Empty arrays for this problem."""
        n, m, k = len(self.prepared.graph.households), len(self.prepared.graph.ends), self.prepared.k
        mixed = (self.seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64
        self.state = np.array([mixed], np.uint64)
        self.of: Narrow = np.zeros(n, np.int32)
        self.sums: Floats = np.zeros((k, 6))
        self.local: Narrow = np.full(n, -1, np.int32)
        self.scratch = Scratch(np.zeros(n, np.int64), np.zeros(n, np.int32), np.zeros(1, np.int64))
        self.cut, self.place = np.zeros(m, np.int32), np.full(m, -1, np.int32)
        self.count = np.zeros(1, np.int64)
        self.all_one: Narrow = np.zeros(k, np.int32)

    @property
    def grids(self) -> Grids:
        """The plan as the kernels change it."""
        return Grids(self.of, self.sums, self.cut, self.place, self.count)

    def begin(self, of: Narrow | None = None) -> None:
        """Start from the plan `of`, or from a rough division by trees."""
        if of is None:
            first = np.concatenate([[0], np.cumsum(self.prepared.grids)[:-1]])
            self.of[:] = first[self.prepared.piece]
            wanted = np.zeros(self.prepared.k, np.int64)
            wanted[first] = self.prepared.grids
            divide(self.prepared.graph, self.of, wanted, self.state, self.local)
        else:
            self.of[:] = of
        self.recount()

    def recount(self) -> None:
        """Count sums and cut borders anew."""
        resum(self.prepared.graph, self.grids)
        relist(self.prepared.graph, self.grids, self.all_one, 0)

    def trees(self, hot: float, cold: float, steps: int, terms: Terms | None = None) -> None:
        """`steps` recombinations of neighbouring grids between two temperatures."""
        k = self.prepared.k
        recombine(
            self.prepared.graph, terms or self.prepared.terms, self.grids, self.all_one, 0,
            hot / k, cold / k, steps, self.state, self.local,
        )  # fmt: skip
        self.recount()

    def moves(self, hot: float, cold: float, steps: int, terms: Terms | None = None) -> None:
        """`steps` single moves between two temperatures (0 and 0: only what improves)."""
        weight = float(np.abs(self.prepared.graph.weight).mean()) if len(self.prepared.graph.weight) else 0.0
        anneal(
            self.prepared.graph, terms or self.prepared.terms, self.grids, self.all_one, 0,
            hot * weight, cold * weight, steps, self.state, self.scratch,
        )  # fmt: skip
        self.recount()

    def polish(self) -> None:
        """Only what improves, under bounds that nothing outweighs."""
        n = len(self.of)
        strict = self.prepared.strict()
        self.trees(0.0, 0.0, 40 * self.prepared.k if self.outside() else 0, strict)
        self.moves(0.0, 0.0, 60 * n, strict)
        self.moves(0.0, 0.0, 60 * n, strict)

    def outside(self) -> float:
        """Households out of bounds, all grids together."""
        people = self.sums[:, 0]
        terms = self.prepared.terms
        return float(np.maximum(people - terms.hi, 0).sum() + np.maximum(terms.lo - people, 0).sum())

    def cost(self) -> float:
        """The whole plan's cost under strict terms: what plans are compared by."""
        return float(whole_cost(self.prepared.graph, self.prepared.strict(), self.grids))


def tree_steps(prepared: Prepared, seconds: float) -> int:
    """How many recombinations an ordinary core does in so many seconds."""
    pair = 2.0 * len(prepared.graph.households) / prepared.k
    return max(1, int(seconds * _TREE_UNITS / (pair + _TREE_BASE)))


def run(
    chain: Chain,
    seconds: float,
    budget: Budget,
    hot: float = _TREES_HOT,
    cold: float = _TREES_COLD,
    each_round: Callable[[Chain, float], None] | None = None,
    rounds: int = _ROUNDS,
    patience: float = 1.0,
) -> None:
    """Anneal a chain that has begun, for so many seconds of an ordinary core; ends early with the budget, and is
    hurried on a core that would take more than `patience` times as long.

    `each_round` is called after each of the `rounds` (no more than there are steps) with the share done.
    """
    if chain.prepared.k == 1 or not len(chain.prepared.graph.ends):
        return
    steps = tree_steps(chain.prepared, 0.85 * seconds)
    moves = int(0.15 * seconds * _MOVES)
    rounds = min(rounds, steps)
    since, number = budget.begun(), 0
    while number < rounds and not budget.over():
        warm = [hot * (cold / hot) ** ((number + d) / rounds) for d in (0, 1)]
        chain.trees(warm[0], warm[1], _portion(steps, number, rounds))
        if each_round is not None:
            each_round(chain, (number + 1) / rounds)
        number = max(
            number + 1, int(rounds * budget.behind(since, patience * seconds, (number + 1) / rounds))
        )
    for number in range(10):
        if budget.over():
            break
        warm = [_MOVES_HOT * (_MOVES_COLD / _MOVES_HOT) ** ((number + d) / 10) for d in (0, 1)]
        chain.moves(warm[0], warm[1], _portion(moves, number, 10))
    chain.polish()


def side_by_side(works: Sequence[Callable[[], Done]], workers: int) -> list[Done]:
    """Do the works on so many cores and return what each returns, in order; an error of one is raised."""
    if workers == 1 or len(works) == 1:
        return [work() for work in works]
    with ThreadPoolExecutor(workers) as pool:
        return [done.result() for done in [pool.submit(work) for work in works]]


def _portion(total: int, number: int, parts: int) -> int:
    return total * (number + 1) // parts - total * number // parts
