"""A plan is divided better neighbourhood by neighbourhood, and never worse."""

import numpy as np
import pytest
from hypothesis import assume, given, settings

from engines.partition.small_towns import legal_plans, rows, towns
from wangge.engines.partition.budget import Budget
from wangge.engines.partition.chains import Chain
from wangge.engines.partition.neighbourhoods import settle
from wangge.engines.partition.pooling import Pool
from wangge.engines.partition.preparing import Prepared, Wishes, part_of, prepare
from wangge.engines.partition.problem import Ints, Problem
from wangge.engines.partition.scoring import score


def begun(prepared: Prepared, grid: Ints) -> Chain:
    chain = Chain(prepared, 1)
    of = np.zeros(len(prepared.graph.households), np.int32)
    of[prepared.node] = np.unique(grid, return_inverse=True)[1]
    chain.begin(of)
    return chain


def settled(prepared: Prepared, grid: Ints) -> Chain:
    chain, pool = begun(prepared, grid), Pool(prepared)
    pool.gather(chain)
    return settle(pool, chain, Budget(60.0, guarded=False), 2)


@settings(max_examples=10, deadline=None)
@given(towns(most=8))
def test_where_the_town_is_one_neighbourhood_the_worst_legal_plan_becomes_the_best(town: Problem) -> None:
    prepared = prepare(town, Wishes())
    legal = sorted(legal_plans(town), key=lambda found: found[1].quality)
    assume(legal and prepared.k > 1)
    found = score(town, settled(prepared, legal[-1][0]).of[prepared.node])
    assert found.feasible == 100
    assert not found.extra_pieces
    assert found.quality == pytest.approx(legal[0][1].quality, abs=2e-5)


def test_a_part_costs_what_its_division_adds_to_the_whole() -> None:
    households = np.random.default_rng(6).integers(1, 4, 36).tolist()
    prepared = prepare(rows(6, 6, households, k=6, lo=8, hi=16), Wishes())
    whole = Chain(prepared, 2)
    whole.begin()
    nodes = np.flatnonzero(whole.of < 3).astype(np.int32)
    part = Chain(part_of(prepared, nodes, 3), 1)
    part.begin(whole.of[nodes])
    before, before_part = whole.cost(), part.cost()
    part.polish()
    changed = whole.of.copy()
    changed[nodes] = part.of
    whole.begin(changed)
    assert before - whole.cost() == pytest.approx(before_part - part.cost())
