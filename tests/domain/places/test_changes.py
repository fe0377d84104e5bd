"""Founding, renaming, moving, merging, splitting and closing areas, each from a day."""

from datetime import UTC, date, datetime

import pytest
import shapely
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.domain.places.trees import BEGAN, TESTER, assert_areas_show, assert_sound, establish, plant
from wangge.domain.access.actor import ActivePost, Actor, Public, Role
from wangge.domain.places.models import Area, AreaChange, AreaShape, AreaVersion, Succession
from wangge.domain.places.queries import code_on, point_on
from wangge.domain.places.services import (
    Part,
    Repath,
    apply_due_changes,
    close,
    found,
    merge,
    move,
    rename,
    set_shape,
    split,
)
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
LATER = date(2027, 3, 1)


@pytest.fixture
def tree():
    with clock.at(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        yield plant()
        assert_sound()


def fresh(area: Area) -> Area:
    return Area.objects.get(pk=area.pk)


def test_a_founded_area_lies_in_its_parent_from_its_day_on(tree):
    street = tree["440105008"]
    area = establish(street, "440105008003", "南村社区居民委员会", TODAY)
    assert (area.level, area.short_name, area.active) == ("community", "南村社区", True)
    assert area.path == f"{street.path}{area.pk}."
    assert code_on("440105008003", TODAY).area == area
    assert code_on("440105008003", date(2026, 11, 21)) is None


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("44010500800", "南村", "12 位"),
        ("440105009003", "南村", "开头"),
        ("44010500800x", "南村", "12 位"),
        ("440105008003", "  ", "不能为空"),
        ("440105008003", "村" * 101, "100"),
        ("440105008003", "南\u202e村", "控制字符"),
        ("440105008001", "南村", "同福西"),
    ],
)
def test_a_wrong_code_or_name_is_refused_in_words(tree, code, name, words):
    with pytest.raises((Invalid, Conflict), match=words):
        found(TESTER, tree["440105008"], Part(code, name), TODAY)


def test_nothing_lies_under_a_grid_and_only_a_grid_is_dedicated(tree):
    with pytest.raises(Invalid, match="最小"):
        found(TESTER, tree["440105008001001"], Part("440105008001001001", "角落"), TODAY)
    with pytest.raises(Invalid, match="专属"):
        found(TESTER, tree["440105008"], Part("440105008003", "学校", kind="dedicated"), TODAY)


def test_only_administrators_change_the_tree(tree):
    street = tree["440105008"]
    leader = ActivePost(1, Role.STREET_LEADER, None, street.pk, street.path, "street")
    for actor in (Public(), Actor(1, "甲", (leader,))):
        for change in (
            lambda actor=actor: found(actor, street, Part("440105008003", "南村"), TODAY),
            lambda actor=actor: rename(actor, street, "新名", TODAY),
            lambda actor=actor: set_shape(actor, street, shapely.box(0, 0, 1, 1), TODAY),
        ):
            with pytest.raises(NotAllowed):
                change()


def test_the_decision_names_its_area_maker_and_day(tree):
    admin = Actor(7, "管理员", (ActivePost(1, Role.ADMINISTRATOR, None, 1, "1.", "district"),))
    done = rename(admin, tree["440105008"], "南华街道", TODAY, note="穗府〔2026〕1号")
    change = AreaChange.objects.get(pk=done.change.pk)
    assert (change.area_id, change.kind, change.effective_on) == (tree["440105008"].pk, "rename", TODAY)
    assert (change.made_by_id, change.note) == (7, "穗府〔2026〕1号")


def test_a_rename_leaves_the_name_of_before_to_the_days_before(tree):
    rename(TESTER, tree["440105008001"], "同福社区居民委员会", TODAY)
    assert fresh(tree["440105008001"]).short_name == "同福社区"
    assert code_on("440105008001", TODAY).name == "同福社区居民委员会"
    assert code_on("440105008001", date(2026, 11, 21)).name == "同福西社区居民委员会"


def test_a_change_ahead_shows_on_its_day_and_not_before(tree):
    area = tree["440105008001"]
    done = rename(TESTER, area, "同福社区居民委员会", LATER)
    assert done.repaths == ()
    assert fresh(area).name == "同福西社区居民委员会"
    assert apply_due_changes(date(2027, 2, 28)) == []
    assert fresh(area).name == "同福西社区居民委员会"
    apply_due_changes(LATER)
    assert fresh(area).name == "同福社区居民委员会"


def test_history_is_added_to_and_not_rewritten(tree):
    rename(TESTER, tree["440105008"], "南华街道", TODAY)
    with pytest.raises(Conflict, match="不能早于"):
        rename(TESTER, tree["440105008"], "更早的名字", date(2026, 11, 21))
    with pytest.raises(Conflict, match="不存在"):
        found(TESTER, tree["440105008"], Part("440105008003", "南村"), date(2019, 12, 31))
    with pytest.raises(Invalid, match="五年"):
        rename(TESTER, tree["440105008"], "二二〇六", date(2206, 1, 1))


def test_all_below_move_along_and_every_changed_path_is_told(tree):
    area, grids = tree["440105008001"], [tree["440105008001001"], tree["440105008001002"]]
    done = move(TESTER, area, tree["440105009"], TODAY)
    new = f"{tree['440105009'].path}{area.pk}."
    assert set(done.repaths) == {Repath(area.pk, area.path, new)} | {
        Repath(grid.pk, grid.path, f"{new}{grid.pk}.") for grid in grids
    }
    assert [fresh(one).path for one in [area, *grids]] == [new, *(f"{new}{grid.pk}." for grid in grids)]
    assert fresh(area).parent == tree["440105009"]
    assert code_on("440105008001001", date(2026, 11, 21)).path == grids[0].path
    assert_areas_show(TODAY)


def test_a_move_ahead_tells_the_paths_on_its_day(tree):
    assert move(TESTER, tree["440105008001"], tree["440105009"], LATER).repaths == ()
    assert_areas_show(TODAY)
    moved = apply_due_changes(LATER)
    assert {one.area_id for one in moved} == {
        tree[code].pk for code in ("440105008001", "440105008001001", "440105008001002")
    }
    assert_areas_show(LATER)


def test_a_new_code_reaches_the_codes_below(tree):
    move(TESTER, tree["440105008001"], tree["440105009"], TODAY, code="440105009002")
    assert fresh(tree["440105008001002"]).code == "440105009002002"
    assert code_on("440105008001", TODAY) is None
    assert code_on("440105009002", date(2026, 11, 21)) is None
    with pytest.raises(Conflict, match="草芳围"):
        move(TESTER, tree["440105008002"], tree["440105009"], TODAY, code="440105009001")


def test_an_area_moves_only_under_the_level_above_its_own(tree):
    for to in ("440105", "440105008001", "440105008001001", "440105008002"):
        with pytest.raises(Invalid):
            move(TESTER, tree["440105008001"], tree[to], TODAY)
    with pytest.raises(Invalid, match="已经属于"):
        move(TESTER, tree["440105008001"], tree["440105008"], TODAY)


def test_a_merger_hangs_what_lay_in_the_sources_under_the_successor(tree):
    source, target = tree["440105008001"], tree["440105008002"]
    grid = tree["440105008001001"]
    done = merge(TESTER, [source], target, TODAY)
    assert fresh(grid).parent == target
    assert not fresh(source).active
    assert Repath(source.pk, source.path, target.path) in done.repaths
    assert Repath(grid.pk, grid.path, f"{target.path}{grid.pk}.") in done.repaths
    assert list(Succession.objects.values_list("predecessor_id", "successor_id")) == [(source.pk, target.pk)]
    assert code_on("440105008001", TODAY) is None
    assert_areas_show(TODAY)


def test_a_merger_may_found_its_successor_with_a_code_of_a_source(tree):
    sources = [tree["440105008001"], tree["440105008002"]]
    done = merge(TESTER, sources, Part("440105008001", "同福社区居民委员会"), TODAY)
    (new,) = set(done.areas) - set(sources)
    assert code_on("440105008001", TODAY).area == new
    assert code_on("440105008001", date(2026, 11, 21)).area == sources[0]
    assert {one.predecessor_id for one in new.earlier.all()} == {one.pk for one in sources}
    assert {child.code for child in new.children.all()} >= {"440105008001001", "440105008002001"}


def test_what_was_merged_twice_is_found_at_the_last_successor(tree):
    first, second, third = (tree[code] for code in ("440105008001001", "440105008001002", "440105008002001"))
    merge(TESTER, [first], second, LATER)
    merge(TESTER, [second], third, date(2027, 4, 1))
    moved = {(one.area_id, one.new_path) for one in apply_due_changes(date(2027, 5, 1))}
    assert moved == {(first.pk, third.path), (second.pk, third.path)}


def test_mergers_that_make_no_sense_are_refused(tree):
    one, two, street = tree["440105008001"], tree["440105008002"], tree["440105009"]
    for sources, into in (
        ([], two),
        ([one, one], two),
        ([one], one),
        ([one], street),
        ([one, street], two),
        ([one], Part("440105008009", "独自")),
    ):
        with pytest.raises(Invalid):
            merge(TESTER, sources, into, TODAY)


def test_a_split_gives_each_child_to_the_part_that_names_it(tree):
    area, (a, b) = tree["440105008001"], (tree["440105008001001"], tree["440105008001002"])
    parts = [Part("440105008001", "同福社区", (a.pk,)), Part("440105008005", "同福新社区", (b.pk,))]
    split(TESTER, area, parts, TODAY)
    assert fresh(a).parent.name == "同福社区"
    assert fresh(b).parent.name == "同福新社区"
    assert {one.successor.name for one in area.later.all()} == {"同福社区", "同福新社区"}
    assert not fresh(area).active
    assert_areas_show(TODAY)


def test_a_split_that_forgets_or_invents_a_child_is_refused(tree):
    area, (a, b) = tree["440105008001"], (tree["440105008001001"], tree["440105008001002"])
    other = tree["440105008002001"]
    for one, two, words in (
        ((a.pk,), (), "还没有说明"),
        ((a.pk, b.pk), (b.pk,), "只能划归一个"),
        ((a.pk, b.pk), (other.pk,), "原区划的下级"),
    ):
        with pytest.raises(Invalid, match=words):
            split(TESTER, area, [Part("440105008005", "一", one), Part("440105008006", "二", two)], TODAY)
    with pytest.raises(Invalid, match="至少"):
        split(TESTER, area, [Part("440105008005", "一", (a.pk, b.pk))], TODAY)


def test_an_area_with_children_does_not_close(tree):
    with pytest.raises(Conflict, match="同福西第一网格"):
        close(TESTER, tree["440105008001"], TODAY)
    for code in ("440105008001001", "440105008001002", "440105008001"):
        close(TESTER, tree[code], TODAY)
    assert not fresh(tree["440105008001"]).active
    with pytest.raises(Conflict, match="已撤销"):
        rename(TESTER, tree["440105008001"], "又来", TODAY)


def test_nothing_new_lies_in_an_area_that_will_close_or_move(tree):
    close(TESTER, tree["440105009001001"], LATER)
    close(TESTER, tree["440105009001"], LATER)
    with pytest.raises(Conflict, match="将要撤销"):
        found(TESTER, tree["440105009001"], Part("440105009001002", "新网格"), TODAY)
    move(TESTER, tree["440105008001"], tree["440105009"], LATER)
    with pytest.raises(Conflict, match="变更隶属"):
        found(TESTER, tree["440105008001"], Part("440105008001003", "新网格"), TODAY)


def test_an_area_does_not_close_on_the_day_it_was_founded(tree):
    area = establish(tree["440105008"], "440105008003", "南村", TODAY)
    with pytest.raises(Conflict, match="当日"):
        close(TESTER, area, TODAY)


def test_the_database_itself_refuses_two_answers_for_one_day(tree):
    area, other = tree["440105008001"], tree["440105008002"]
    spans = [(area, "440105008099"), (other, "440105008001")]
    for one, code in spans:
        row = AreaVersion(
            area=one,
            code=code,
            name="x",
            short_name="x",
            path="1.",
            valid=DateRange(date(2026, 1, 1), date(2026, 1, 2)),
        )
        with pytest.raises(IntegrityError, match="conflicting key"), transaction.atomic():
            row.save()
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(
            "INSERT INTO places_areaversion (area_id, code, name, short_name, path, valid)"
            " VALUES (%s, '440105008077', 'x', 'x', '1.', '[2020-06-01,2020-06-02)')",
            [area.pk],
        )


def test_a_point_has_one_community_a_day(tree):
    street, one, two = tree["440105008"], tree["440105008001"], tree["440105008002"]
    west, east = shapely.box(113.25, 23.10, 113.26, 23.11), shapely.box(113.26, 23.10, 113.27, 23.11)
    set_shape(TESTER, one, west, BEGAN)
    set_shape(TESTER, two, east, BEGAN)
    set_shape(TESTER, one, shapely.union(west, shapely.box(113.26, 23.10, 113.262, 23.11)), TODAY)
    set_shape(TESTER, two, shapely.box(113.262, 23.10, 113.27, 23.11), TODAY)
    assert point_on(113.261, 23.105, date(2026, 11, 21), "community").area == two
    assert point_on(113.261, 23.105, TODAY, "community").area == one
    assert point_on(113.26, 23.105, BEGAN, "community").area == one
    assert point_on(113.261, 23.105, TODAY, "street").area == street
    assert point_on(113.3, 23.105, TODAY, "community") is None


def test_an_outline_stays_through_renames_moves_and_mergers(tree):
    grid = tree["440105008001001"]
    box = shapely.box(113.25, 23.10, 113.26, 23.11)
    set_shape(TESTER, grid, box, BEGAN)
    rename(TESTER, grid, "新第一网格", date(2021, 1, 1))
    move(TESTER, tree["440105008001"], tree["440105009"], date(2022, 1, 1))
    merge(TESTER, [tree["440105008001"]], tree["440105009001"], date(2023, 1, 1))
    shapes = AreaShape.objects.filter(version__area=grid)
    assert [shapely.from_wkb(bytes(one.wkb)).equals(box) for one in shapes] == [True] * 4


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Point(113, 23),
        shapely.Polygon(),
        shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
        shapely.box(12600000, 2600000, 12600100, 2600100),
        b"nonsense",
    ],
)
def test_an_outline_that_is_no_area_in_degrees_is_refused(tree, geometry):
    with pytest.raises(Invalid, match="边界"):
        set_shape(TESTER, tree["440105008001"], geometry, TODAY)
