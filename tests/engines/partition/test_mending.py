"""A mended plan is legal again and leaves alone what it can."""

from dataclasses import replace

import numpy as np
import pytest

from engines.partition.small_towns import rows
from wangge.engines.partition import BadProblem, Problem
from wangge.engines.partition.budget import Budget
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
