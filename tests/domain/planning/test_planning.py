"""Plans of grids: cells share the ground, the worker finds legal grids, hands change them, a day makes them real."""

import uuid
from datetime import timedelta

import numpy as np
import pytest
import shapely
from django.db.models import Q

from casework import TESTS, reported
from factories import SIDE, SOUTH, WEST, Town, outline
from planned import make_plan
from wangge.domain.access.actor import Role
from wangge.domain.access.models import Post
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.places.borders import borders_of
from wangge.domain.places.models import Area, AreaChange, Building, Dwelling, LocalCode, Succession
from wangge.domain.places.services import add_scheme
from wangge.domain.planning import cells, queries, rules
from wangge.domain.planning.models import Alternative, Plan
from wangge.domain.planning.services import asking, editing, naming, publishing, searching
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed

FAR = shapely.Point(10_000, 10_000).buffer(1)


def built(town: Town, homes: int = 20) -> None:
    """Eight houses in a row in the two grids of the east, each with so many homes."""
    east = town.grids[:2]
    for number in range(8):
        grid = east[number // 4]
        lon, lat = WEST + (number + 0.5) * SIDE / 4, SOUTH + SIDE / 2
        walls = shapely.box(lon - 0.0001, lat - 0.0001, lon + 0.0001, lat + 0.0001)
        with acting_as(TESTS):
            house = Building.objects.create(
                area=grid, address=f"正街{number + 1}号", lon=lon, lat=lat, **outline(walls)
            )
            Dwelling.objects.bulk_create(
                Dwelling(building=house, area=grid, floor=1, room=str(room)) for room in range(homes)
            )


def test_cells_share_all_the_ground_and_borders_know_what_they_run_along() -> None:
    ground = shapely.box(0, 0, 100, 50)
    houses = [shapely.box(10, 10, 30, 40), shapely.box(45, 10, 60, 40), shapely.box(80, 10, 95, 40)]
    street, river = shapely.box(34, 0, 41, 50), shapely.box(66, 0, 74, 50)
    made = cells.build(ground, houses, street, river)
    assert shapely.area(made.cells).sum() == pytest.approx(5000)
    assert all(cell.contains(house) for cell, house in zip(made.cells, houses, strict=True))
    assert made.edges.tolist() == [[0, 1], [1, 2]]
    assert made.along[0] == pytest.approx([0, 50, 0], abs=1)
    assert made.along[1] == pytest.approx([0, 0, 50], abs=1)


def test_ground_cut_off_by_the_outline_goes_to_whoever_touches_it() -> None:
    # A U of ground: the left house's share of the right leg is not reached from it.
    ground = shapely.box(0, 0, 100, 100) - shapely.box(45, 20, 55, 100)
    houses = [shapely.box(30, 70, 44, 90), shapely.box(85, 40, 95, 50)]
    made = cells.build(ground, houses, FAR, FAR)
    assert [cell.geom_type for cell in made.cells] == ["Polygon", "Polygon"]
    assert shapely.area(made.cells).sum() == pytest.approx(ground.area)


def test_a_grid_goes_on_as_the_one_with_most_of_its_homes_and_each_only_once() -> None:
    assert rules.heirs([0, 1, 1], [10, 20, 5], [7, 7, 8]) == [None, 7]
    assert rules.successors([8], [0, 1, 1], [10, 20, 5], [7, 8, 8]) == {8: 1}


def test_the_worker_finds_grids_inside_the_bounds_and_keeps_them(town: Town) -> None:
    built(town)
    admin, east = town.actor("administrator"), town.communities[0]
    key = uuid.uuid4()
    plan = asking.ask(admin, key, east, least=60, most=100, seconds=0.3)
    assert asking.ask(admin, key, east, least=60, most=100, seconds=0.3) == plan
    searching.search(plan.pk)
    with acting_as(admin):
        plan = queries.plan_with(plan.pk)
        found = queries.divisions_of(plan)
    assert plan.ended_at
    assert not plan.problem
    assert found[0].words[0] == "全部 2 个网格在 80 至 80 户之间"
    assert found[0].homes == [80, 80]
    assert {one["area"] for one in found[0].alternative.names} == {grid.pk for grid in town.grids[:2]}
    assert found[0].moved_homes == 0


def test_a_compound_too_large_for_a_grid_is_named(town: Town) -> None:
    built(town)
    plan = asking.ask(
        town.actor("administrator"), uuid.uuid4(), town.communities[0], least=10, most=19, seconds=0.2
    )
    searching.search(plan.pk)
    with acting_as(TESTS):
        division = queries.divisions_of(queries.plan_with(plan.pk))[0]
    assert "正街1号自己就有 20 户，超过每个网格 19 户，又不能拆开。" in division.fault_words


def test_without_homes_the_plan_says_what_is_missing(town: Town) -> None:
    plan = asking.ask(town.actor("station_head"), uuid.uuid4(), town.communities[0], least=60, most=100)
    searching.search(plan.pk)
    with acting_as(TESTS):
        assert "请先登记楼栋和房屋" in queries.plan_with(plan.pk).problem


def test_a_stopped_search_keeps_nothing(town: Town) -> None:
    built(town)
    head = town.actor("station_head")
    plan = asking.ask(head, uuid.uuid4(), town.communities[0], least=60, most=100)
    asking.cancel(head, plan)
    searching.search(plan.pk)
    with acting_as(TESTS):
        assert Plan.objects.get().cancelled_at
        assert not Alternative.objects.exists()


def test_who_does_not_plan_there_is_refused(town: Town) -> None:
    for role in ("grid_worker", "station_officer", "unit_officer"):
        with pytest.raises(NotAllowed):
            asking.ask(town.actor(role), uuid.uuid4(), town.communities[0], least=60, most=100)
    with pytest.raises(NotAllowed):
        asking.ask(town.actor("station_head"), uuid.uuid4(), town.communities[1], least=60, most=100)


def grid_of(plan: Plan) -> tuple[int, ...]:
    with acting_as(TESTS):
        return queries.division_of(plan, 1).grid


def test_edits_are_undone_and_made_again_and_live_scores_tell_before(town: Town) -> None:
    head = town.actor("station_head")
    with acting_as(TESTS):
        plan = make_plan(head.user_id, town, town.communities[0])
        (option,) = queries.division_of(plan, 1).options(1)
    assert (option.grid, option.giving, option.taking, option.breaks) == (1, (100, 40), (80, 140), False)
    with acting_as(head):
        editing.give(head, plan, 1, 0, 1, 1)
    assert grid_of(plan) == (0, 1, 1, 1)
    with acting_as(head):
        assert editing.undo(head, plan, 1, 1) == 1
    assert grid_of(plan) == (0, 0, 1, 1)
    with acting_as(head):
        assert editing.redo(head, plan, 1, 2) == 1
        assert editing.redo(head, plan, 1, 3) is None
    assert grid_of(plan) == (0, 1, 1, 1)


def test_an_edit_that_breaks_a_grid_or_comes_second_is_refused(town: Town) -> None:
    head = town.actor("station_head")
    with acting_as(TESTS):
        plan = make_plan(head.user_id, town, town.communities[0], edited=True)
    with acting_as(head):
        with pytest.raises(Invalid, match="断开"):
            editing.give(head, plan, 1, 1, 0, 1)
        with pytest.raises(Invalid, match="相邻"):
            editing.give(head, plan, 1, 1, 3, 0)
        with pytest.raises(Conflict):
            editing.give(head, plan, 1, 0, 1, 0)


def test_two_grids_cannot_have_one_name(town: Town) -> None:
    head = town.actor("station_head")
    with acting_as(TESTS):
        plan = make_plan(head.user_id, town, town.communities[0])
        row = queries.division_of(plan, 1).alternative
    with acting_as(head), pytest.raises(Invalid) as refused:
        naming.name_grids(head, row, [("一号", ""), ("一号", "")])
    assert list(refused.value.fields) == ["name_1"]


def test_a_published_plan_moves_borders_houses_and_homes_from_its_day_on(town: Town) -> None:
    built(town)
    admin, east = town.actor("administrator"), town.communities[0]
    with acting_as(TESTS):
        plan = make_plan(admin.user_id, town, east, edited=True)
    with acting_as(admin):
        publishing.publish(admin, plan, 1, clock.today(), "街办〔2026〕7号")
        assert borders_of(east).topology.keys == {grid.pk for grid in town.grids[:2]}
        with pytest.raises(Conflict, match="已经公布"):
            publishing.publish(admin, plan, 1, clock.today())
    with acting_as(TESTS):
        counts = [Building.objects.filter(area=grid).count() for grid in town.grids[:2]]
        assert counts == [2, 6]
        assert Dwelling.objects.filter(area=town.grids[1]).count() == 120
    assert AreaChange.objects.get(area=east, kind="redraw").note == "街办〔2026〕7号"


def merging_plan(town: Town) -> Plan:
    """The first grid of the east goes into the second, and a new one is founded."""
    east, kept = town.communities[0], town.grids[1]
    names = [
        {"area": kept.pk, "name": "合一网格", "code": kept.code},
        {"area": None, "name": "新网格", "code": f"{east.code}009"},
    ]
    with acting_as(TESTS):
        plan = make_plan(town.users["administrator"].pk, town, east)
        Alternative.objects.filter(plan=plan).update(names=names, found=[0, 0, 0, 1])
    return plan


def workers_of(grid: Area) -> int:
    """How many people work in a grid today."""
    today = Q(starts_on__lte=clock.today()) & (Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()))
    return Post.objects.filter(today, area=grid, role=Role.GRID_WORKER).count()


def test_a_grid_that_goes_is_merged_and_its_cases_and_posts_follow(town: Town) -> None:
    admin, kept = town.actor("administrator"), town.grids[1]
    with acting_as(TESTS):
        case = reported(town, grid=0).case
    plan = merging_plan(town)
    assert (workers_of(town.grids[0]), workers_of(kept)) == (1, 0)
    with acting_as(admin):
        first, second = publishing.publish(admin, plan, 1, clock.today())
    assert (first.pk, second.name) == (kept.pk, "新网格")
    assert Succession.objects.get().predecessor_id == town.grids[0].pk
    assert (workers_of(town.grids[0]), workers_of(kept)) == (0, 1)
    with acting_as(TESTS):
        assert Case.objects.get(pk=case.pk).area_id == kept.pk


def test_on_the_day_to_come_posts_and_local_codes_follow(town: Town) -> None:
    admin, kept = town.actor("administrator"), town.grids[1]
    plan, day = merging_plan(town), clock.today() + timedelta(days=30)
    scheme = add_scheme(admin, "own", "本区编码", "{community:a}{serial:2}")
    with acting_as(admin):
        _first, founded = publishing.publish(admin, plan, 1, day, scheme=scheme)
    assert (workers_of(town.grids[0]), workers_of(kept)) == (1, 0)
    assert not LocalCode.objects.exists()
    with clock.at(clock.now() + timedelta(days=30)):
        assert publishing.follow_due() == 1
        assert (workers_of(town.grids[0]), workers_of(kept)) == (0, 1)
    assert set(LocalCode.objects.values_list("area_id", flat=True)) == {kept.pk, founded.pk}


def test_a_scheme_of_elsewhere_is_refused_before_the_day(town: Town) -> None:
    admin, plan = town.actor("administrator"), merging_plan(town)
    scheme = add_scheme(admin, "own", "西社区编码", "{community:a}{serial:2}", town.communities[1])
    with acting_as(admin), pytest.raises(Invalid, match="只用于"):
        publishing.publish(admin, plan, 1, clock.today() + timedelta(days=30), scheme=scheme)


def test_a_plan_for_a_day_to_come_changes_nothing_before(town: Town) -> None:
    built(town)
    admin, east = town.actor("administrator"), town.communities[0]
    day = clock.today() + timedelta(days=30)
    with acting_as(TESTS):
        plan = make_plan(admin.user_id, town, east, edited=True)
    with acting_as(admin):
        publishing.publish(admin, plan, 1, day)
    assert publishing.follow_due() == 0
    with acting_as(TESTS):
        assert Building.objects.filter(area=town.grids[0]).count() == 4
        # As if the day had come.
        Plan.objects.update(effective_on=clock.today())
    assert publishing.follow_due() == 1
    assert publishing.follow_due() == 0


def test_only_administrators_publish_and_not_from_other_grids(town: Town) -> None:
    admin, head = town.actor("administrator"), town.actor("station_head")
    with acting_as(TESTS):
        plan = make_plan(head.user_id, town, town.communities[0])
    with acting_as(head), pytest.raises(NotAllowed):
        publishing.publish(head, plan, 1, clock.today())
    with acting_as(TESTS):
        row = Alternative.objects.get()
        row.names[0]["area"] = town.grids[3].pk
        row.save()
    with acting_as(admin), pytest.raises(Conflict, match="重新算"):
        publishing.publish(admin, plan, 1, clock.today())


def test_a_plan_costs_the_same_however_many_edits(town: Town, django_assert_num_queries: object) -> None:
    head = town.actor("station_head")
    with acting_as(TESTS):
        plan = make_plan(head.user_id, town, town.communities[0], edited=True)
        with django_assert_num_queries(2):  # type: ignore[operator]
            found = queries.divisions_of(plan)
        assert np.array_equal(found[0].homes, [40, 140])
