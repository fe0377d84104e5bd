"""Grids that prices ask for, and loads that flow on to where they are wanted."""

import numpy as np
import pytest

from engines.partition.small_towns import rows
from wangge.engines.partition.budget import Budget
from wangge.engines.partition.chains import Chain
from wangge.engines.partition.kernels.cost import cost_of
from wangge.engines.partition.pooling import Pool
from wangge.engines.partition.preparing import Prepared, Wishes, prepare
from wangge.engines.partition.problem import pieces
from wangge.engines.partition.widening import widen


@pytest.fixture
def town() -> Prepared:
    """Eight rows of eight units, twelve households or so a grid."""
    households = np.random.default_rng(5).integers(1, 4, 64).tolist()
    return prepare(rows(8, 8, households, k=10, lo=9, hi=16), Wishes())


def test_prices_find_grids_that_make_a_better_plan_possible(town: Prepared) -> None:
    chain, pool = Chain(town, 3), Pool(town)
    chain.begin()
    chain.polish()
    assert not chain.outside()
    pool.gather(chain)
    known, before = chain.cost(), pool.relaxed()[0]
    widen(pool, known, Budget(60.0, guarded=False))
    assert pool.relaxed()[0] < before
    better = pool.best(chain)
    assert better is not None
    chain.begin(better)
    assert chain.cost() < known
    assert not chain.outside()


def test_each_grid_that_prices_find_is_legal_and_in_one_piece(town: Prepared) -> None:
    chain, pool = Chain(town, 3), Pool(town)
    chain.begin()
    chain.polish()
    pool.gather(chain)
    widen(pool, chain.cost(), Budget(60.0, guarded=False))
    assert len(pool.members) > 10 * town.k
    ends = town.graph.ends
    for nodes in pool.members:
        assert 9 <= town.graph.households[nodes].sum() <= 16
        inner = ends[np.isin(ends, nodes).all(1)].astype(np.int64)
        assert len(np.unique(pieces(64, inner)[nodes])) == 1


def test_where_large_differences_cost_more_it_pays_to_share_one_between_two_grids(town: Prepared) -> None:
    steep = town.terms._replace(steep=30.0)

    def cost(terms: object, *loads: float) -> float:
        return sum(cost_of(terms, 12.0, town.terms.target + load, 0.0, 0.0, 0.0) for load in loads)

    assert cost(town.terms, 4.0, 0.0) == pytest.approx(cost(town.terms, 2.0, 2.0))
    assert cost(steep, 4.0, 0.0) > cost(steep, 2.0, 2.0)
