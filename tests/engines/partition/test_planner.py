"""Plans keep what they must, whatever the town."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.partition.small_towns import legal_plans, rows, towns
from wangge.engines.partition import BadProblem, Problem, weighted_load
from wangge.engines.partition.bounding import gap_of
from wangge.engines.partition.budget import Budget, Stopped
from wangge.engines.partition.explaining import Reason
from wangge.engines.partition.planning import Plan, plan
from wangge.engines.partition.preparing import Wishes


def planned(problem: Problem, seed: int = 1, **more: object) -> Plan:
    return plan(problem, seed, Budget(0.02, guarded=False), **more)  # type: ignore[arg-type]


@settings(max_examples=20, deadline=None)
@given(towns())
def test_every_grid_is_in_one_piece_and_there_are_as_many_as_asked(town: Problem) -> None:
    made = planned(town)
    assert made.score.extra_pieces == 0
    assert made.score.k == town.k == len(np.unique(made.grid))


@settings(max_examples=20, deadline=None)
@given(towns())
def test_a_plan_is_inside_its_bounds_or_says_why_not(town: Problem) -> None:
    made = planned(town)
    assert (made.score.feasible == 100) == (made.faults == ())


@settings(max_examples=8, deadline=None)
@given(towns(), st.integers(1, 99))
def test_the_same_seed_gives_the_same_plan_with_one_core_or_two(town: Problem, seed: int) -> None:
    assert (planned(town, seed, workers=2).grid == planned(town, seed, workers=2).grid).all()


@settings(max_examples=12, deadline=None)
@given(towns(), st.randoms(use_true_random=False))
def test_the_order_in_which_units_come_does_not_matter(town: Problem, chance: object) -> None:
    order = np.arange(town.size)
    chance.shuffle(order)  # type: ignore[attr-defined]
    rank = np.argsort(order)
    sequence = np.arange(len(town.edges))
    chance.shuffle(sequence)  # type: ignore[attr-defined]
    shuffled = replace(
        town,
        households=town.households[order],
        xy=town.xy[order],
        area=town.area[order],
        perimeter=town.perimeter[order],
        edges=np.sort(rank[town.edges], 1)[sequence],
        edge_len=town.edge_len[sequence],
    )
    assert (planned(shuffled).grid == planned(town).grid[order]).all()


@settings(max_examples=8, deadline=None)
@given(towns(most=8))
def test_in_small_towns_no_plan_at_all_is_better(town: Problem) -> None:
    made = plan(town, 1, Budget(0.1, guarded=False))
    legal = [found.quality for _grid, found in legal_plans(town)]
    if legal:
        assert made.score.feasible == 100
        assert made.score.quality == pytest.approx(min(legal), abs=2e-5)
    else:
        assert made.faults


@settings(max_examples=8, deadline=None)
@given(towns(most=8))
def test_the_proven_bound_is_under_every_plan(town: Problem) -> None:
    legal = [found.quality for _grid, found in legal_plans(town)]
    made = planned(town)
    gap = gap_of(town, made.grid, Budget(5.0))
    if legal and made.score.feasible == 100:
        assert gap.bound <= min(legal) + 2e-5


def test_a_fixed_border_is_kept() -> None:
    town = rows(6, 2, [1] * 12, k=4)
    middle = (town.xy[town.edges[:, 0], 0] == 2) & (town.xy[town.edges[:, 1], 0] == 3)
    kept = planned(replace(town, fixed=middle))
    assert kept.score.broken == 0
    assert all(kept.grid[u] != kept.grid[v] for u, v in town.edges[middle])


@settings(max_examples=12, deadline=None)
@given(towns(most=24), st.data())
def test_what_is_tied_stays_together_and_what_is_apart_stays_apart(
    town: Problem, data: st.DataObject
) -> None:
    u, v = town.edges[data.draw(st.integers(0, len(town.edges) - 1))]
    tied = np.full(town.size, -1)
    tied[[u, v]] = 7
    made = planned(replace(town, tied=tied, k=min(town.k or 1, town.size - 1)))
    assert made.grid[u] == made.grid[v]
    if (town.k or 1) > 1:
        loose = replace(town, lo=0, hi=int(town.households.sum()))
        parted = planned(replace(loose, apart=np.array([[u, v]])))
        assert parted.grid[u] != parted.grid[v]


def test_a_tower_larger_than_a_grid_is_named() -> None:
    made = planned(rows(4, 2, [1, 1, 9, 1, 1, 1, 1, 0], k=3))
    assert [(fault.reason, fault.units, fault.households) for fault in made.faults] == [
        (Reason.TOO_LARGE, (2,), 9)
    ]
    assert made.score.extra_pieces == 0


def test_an_island_smaller_than_a_grid_is_named() -> None:
    town = rows(5, 1, [4, 4, 4, 1, 1], k=4)
    cut = replace(town, edges=town.edges[[0, 1, 3]], edge_len=town.edge_len[[0, 1, 3]])
    made = planned(cut)
    assert [(fault.reason, fault.units, fault.households) for fault in made.faults] == [
        (Reason.ISLAND, (3, 4), 2)
    ]


def test_units_behind_a_tower_are_named() -> None:
    made = planned(rows(5, 1, [1, 5, 4, 4, 4], k=4))
    assert [(fault.reason, fault.units) for fault in made.faults] == [(Reason.WEDGED, (0,))]


def test_too_many_grids_for_the_households_are_named() -> None:
    made = planned(rows(4, 1, [2, 2, 2, 2], k=4))
    assert made.faults[0].reason == Reason.COUNT
    assert made.faults[0].households == 8


def test_with_the_number_left_free_there_are_as_many_grids_as_fit_best() -> None:
    assert planned(rows(4, 4, [1] * 16, k=None)).score.k == 4


def test_a_main_road_may_be_asked_not_to_run_inside_a_grid() -> None:
    town = rows(4, 3, [1] * 12, k=3)
    # The road turns, so that following it costs more border than the straight division.
    road = {(4, 5), (1, 5), (1, 2), (5, 9), (8, 9)}
    lengths = np.array(
        [[0.0, 0.0, 1.0] if tuple(pair) in road else [1.0, 0.0, 0.0] for pair in town.edges.tolist()]
    )
    town = replace(town, edge_len=lengths)
    without, asked = planned(town), planned(town, wishes=Wishes(whole_roads=3.0))
    assert asked.score.major_inside <= without.score.major_inside
    assert asked.score.major_inside == 0


def test_short_walks_may_be_asked_for() -> None:
    # Long strips follow streets; squares are shorter to walk.
    town = rows(8, 2, [1] * 16, k=4, lo=4, hi=4)
    along = town.edges[:, 1] - town.edges[:, 0] == 8
    lengths = np.where(along[:, None], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0])
    town = replace(town, edge_len=lengths)
    assert planned(town, wishes=Wishes(short_walks=5.0)).score.walk_mean_m < planned(town).score.walk_mean_m


def test_load_is_shared_while_bounds_count_households() -> None:
    load = weighted_load(
        {"households": np.ones(12), "elderly": np.eye(12)[0] * 6}, {"households": 1.0, "elderly": 1.0}
    )
    made = planned(rows(12, 1, [1] * 12, k=3, load=load, lo=2, hi=6))
    assert int((made.grid == made.grid[0]).sum()) == 2
    assert made.score.feasible == 100


def test_weights_need_counts() -> None:
    with pytest.raises(BadProblem, match="shops"):
        weighted_load({"households": np.ones(2)}, {"shops": 2.0})


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"lo": 6}, "bounds"),
        ({"k": 99}, "k must be"),
        ({"edges": np.array([[0, 99]])}, "edge_len"),
        ({"xy": np.full((4, 2), np.nan)}, "xy"),
        ({"households": np.zeros(4, np.int64)}, "no households"),
        ({"tied": np.array([1, 1, 0, 0]), "apart": np.array([[0, 1]])}, "at once"),
    ],
)
def test_data_that_makes_no_sense_is_refused_in_words(change: dict[str, object], text: str) -> None:
    with pytest.raises(BadProblem, match=text):
        replace(rows(4, 1, [1] * 4, k=1), **change)  # type: ignore[arg-type]


def test_a_plan_can_be_stopped_and_tells_how_far_it_is() -> None:
    told: list[float] = []
    made = plan(rows(6, 6, [1] * 36, k=9), 1, Budget(0.1, told.append, guarded=False))
    assert made.complete
    assert told[-1] == 1.0
    assert told == sorted(told)
    with pytest.raises(Stopped):
        plan(rows(6, 6, [1] * 36, k=9), 1, Budget(0.1, cancelled=lambda: True))
