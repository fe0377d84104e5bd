"""A mended plan is legal again and leaves alone what it can."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.partition.small_towns import every_plan, legal_plans, rows, towns
from wangge.engines.partition import BadProblem, Problem, score
from wangge.engines.partition.budget import Budget
from wangge.engines.partition.least import least_moved
from wangge.engines.partition.replanning import replan

OLD = np.repeat([5, 6, 7, 8], 3)


def strip(households: list[int]) -> Problem:
    return rows(12, 1, households, lo=30, hi=50)


def test_a_plan_that_is_still_legal_is_left_alone() -> None:
    mended = replan(strip([13] * 12), OLD, budget=Budget(1.0, guarded=False))
    assert mended.moved == ()
    assert mended.touched == ()


def test_a_grid_that_grew_gives_away_what_it_must_to_a_neighbour() -> None:
    mended = replan(strip([20, 20, 11, *[12] * 9]), OLD, budget=Budget(1.0, guarded=False))
    assert mended.score.feasible == 100
    assert mended.moved == ((2, 5, 6),)
    assert (mended.least, mended.moved_households, mended.touched, mended.broken) == (1, 11, (5, 6), (5,))


def test_the_slider_lets_more_move_for_a_better_shape() -> None:
    town = strip([20, 20, 20, *[10] * 9])
    calm, free = (replan(town, OLD, freedom, budget=Budget(1.0, guarded=False)) for freedom in (0.0, 1.0))
    assert calm.score.feasible == free.score.feasible == 100
    assert calm.moved_households <= free.moved_households
    assert free.score.quality <= calm.score.quality <= calm.before.quality


def test_mending_is_the_same_for_the_same_seed() -> None:
    town = strip([20, 20, 20, *[10] * 9])
    one, two = (replan(town, OLD, 0.5, 3, Budget(1.0, guarded=False)) for _ in range(2))
    assert one.moved == two.moved


def test_an_old_plan_of_another_town_is_refused() -> None:
    with pytest.raises(BadProblem, match="old plan"):
        replan(strip([13] * 12), OLD[:5])


def test_what_cannot_be_mended_is_named() -> None:
    town = replace(strip([13] * 12), households=np.array([60, *[10] * 11]))
    mended = replan(town, OLD, budget=Budget(1.0, guarded=False))
    assert [fault.units for fault in mended.faults] == [(0,)]


def test_what_must_move_counts_a_grid_above_and_a_far_one_below_apart() -> None:
    # 5 above by 10, 8 below by 6: the way between them is dearer than what 8 lacks.
    town = strip([20, 20, 20, *[12] * 6, 8, 8, 8])
    assert least_moved(town, np.repeat([0, 1, 2, 3], 3)) == 16


def test_what_must_move_counts_once_what_goes_straight_from_above_to_below() -> None:
    town = strip([12] * 3 + [20] * 3 + [8] * 3 + [12] * 3)
    assert least_moved(town, np.repeat([0, 1, 2, 3], 3)) == 10


@settings(max_examples=25, deadline=None)
@given(towns(most=8).filter(lambda town: town.size <= 8), st.integers(0, 2**16))
def test_no_legal_plan_moves_less_than_what_must_move(town: Problem, chosen: int) -> None:
    legal = [grid for grid, _found in legal_plans(town)]
    homes = [grid.copy() for grid in every_plan(town) if not score(town, grid).extra_pieces]
    homes = [home for home in homes if len(np.unique(home)) == town.k]
    if not legal or not homes:
        return
    home = homes[chosen % len(homes)]
    moved = [
        int(town.households[np.array(names)[grid] != home].sum())
        for grid in legal
        for names in permutations(range(town.k or 1))
    ]
    assert least_moved(town, home) <= min(moved)
