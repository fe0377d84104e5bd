"""The best plan of a small town, proven by its relaxation."""

import numpy as np
import pytest
from hypothesis import assume, given, settings

from engines.partition.small_towns import legal_plans, rows, towns
from wangge.engines.partition.bounding import gap_of
from wangge.engines.partition.budget import Budget
from wangge.engines.partition.chains import Chain
from wangge.engines.partition.planning import plan
from wangge.engines.partition.pooling import Pool
from wangge.engines.partition.preparing import Wishes, prepare
from wangge.engines.partition.problem import Problem
from wangge.engines.partition.relaxing import Relaxation


@settings(max_examples=10, deadline=None)
@given(towns(most=8))
def test_from_the_worst_legal_plan_the_relaxation_comes_to_the_best(town: Problem) -> None:
    prepared = prepare(town, Wishes())
    legal = sorted(legal_plans(town), key=lambda found: found[1].quality)
    assume(legal and prepared.k > 1)
    worst, pool = Chain(prepared, 1), Pool(prepared)
    of = np.zeros(len(prepared.graph.households), np.int32)
    of[prepared.node] = np.unique(legal[-1][0], return_inverse=True)[1]
    worst.begin(of)
    pool.gather(worst)
    relaxation = Relaxation(pool, worst.cost(), Budget(60.0, guarded=False))
    relaxation.tighten(0.0)
    assert relaxation.bound == pytest.approx(legal[0][1].quality, abs=2e-5)
    assert relaxation.known == pytest.approx(legal[0][1].quality, abs=2e-5)


def test_in_a_town_of_64_units_every_seed_gives_a_plan_that_is_proven_best() -> None:
    households = np.random.default_rng(5).integers(1, 4, 64).tolist()
    town = rows(8, 8, households, k=10, lo=9, hi=16)
    made = [plan(town, seed, Budget(0.05, guarded=False)) for seed in (1, 2, 3)]
    assert len({round(each.score.quality, 6) for each in made}) == 1
    assert gap_of(town, made[0].grid, Budget(60.0, guarded=False)).percent <= 0.01


def test_steps_that_are_used_up_leave_a_bound_under_the_plan() -> None:
    households = np.random.default_rng(5).integers(1, 4, 64).tolist()
    prepared = prepare(rows(8, 8, households, k=10, lo=9, hi=16), Wishes())
    chain, pool = Chain(prepared, 3), Pool(prepared)
    chain.begin()
    chain.polish()
    pool.gather(chain)
    relaxation = Relaxation(pool, chain.cost(), Budget(60.0, guarded=False), steps=100_000)
    relaxation.tighten(0.0)
    assert relaxation.left <= 0
    assert relaxation.bound < relaxation.known == chain.cost()
