import csv
import gzip
import json
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest
import shapely
from shapely import Point

from wangge.engines.geo import Frame
from wangge.faces.cli.demo.areas import haizhu_outline, make_simple_areas
from wangge.faces.cli.demo.people import LEAD_ROLES, People, departments
from wangge.faces.cli.demo.places import PLACE_KINDS
from wangge.faces.cli.demo.situation import SINCE, Situation, load_situations, pick
from wangge.faces.cli.demo.town import Town, divisions, make_town

TOWN = make_town()
FRAME = Frame(113.256, 23.102)
SITUATIONS = load_situations()
CATALOGUE = Path(__file__).resolve().parents[3] / "src/wangge/domain/catalogue/seed"

# Words for people to be "controlled", for beliefs, quotas and surveillance: never in our texts.
FORBIDDEN = (
    "信访", "上访", "吸毒", "戒毒", "刑满", "刑释", "宗教", "信教", "精神病", "精神障碍", "矫正", "计生",
    "涉黑", "邪教", "前科", "重点人员", "维稳", "举报有奖", "监控", "人脸",
    "摄像头", "跟踪", "打分", "积分排名", "户籍", "身份证",
)  # fmt: skip


@pytest.fixture(scope="module")
def langya() -> dict[str, shapely.Polygon]:
    codes = [code for code in divisions() if code.startswith("341102")]
    return make_simple_areas(codes, 118.31, 32.30)


def test_the_street_has_its_twelve_communities_and_79_grids() -> None:
    assert len(TOWN.communities) == 12
    assert len(TOWN.grids) == 79
    per_community = Counter(grid.community for grid in TOWN.grids)
    assert set(per_community) == {community.code for community in TOWN.communities}
    assert all(5 <= count <= 8 for count in per_community.values())
    assert all(divisions()[c.code] == c.name and c.name.startswith(c.short) for c in TOWN.communities)


def test_grid_keys_are_the_national_fifteen_digits_and_unique() -> None:
    keys = [grid.key for grid in TOWN.grids]
    assert len(set(keys)) == 79
    assert all(re.fullmatch(r"440105008\d{6}", key) for key in keys)
    assert all(grid.key.startswith(grid.community) for grid in TOWN.grids)


@pytest.mark.parametrize("seed", [440105008, 1, 2, 3])
def test_grids_and_communities_tile_the_street_without_overlap_or_gap(seed: int) -> None:
    town = make_town(seed)
    whole = FRAME.project(town.outline).area
    for shapes in ([g.shape for g in town.grids], [c.shape for c in town.communities]):
        assert shapely.coverage_is_valid(shapes)
        assert abs(sum(FRAME.project(shape).area for shape in shapes) - whole) < 0.01
    assert 0.8e6 < whole < 1.0e6


def test_every_community_is_exactly_the_union_of_its_grids() -> None:
    for community in TOWN.communities:
        own = [FRAME.project(g.shape) for g in TOWN.grids if g.community == community.code]
        assert shapely.union_all(own).symmetric_difference(FRAME.project(community.shape)).area < 0.01


def test_no_compound_is_split_between_grids() -> None:
    shapes = {grid.key: grid.shape for grid in TOWN.grids}
    assert len(TOWN.compounds) >= 20
    assert all(shapes[compound.grid_key].contains(compound.shape) for compound in TOWN.compounds)
    assert len({compound.name for compound in TOWN.compounds}) == len(TOWN.compounds)


def test_every_building_of_a_compound_stands_inside_it() -> None:
    compounds = {compound.key: compound.shape.buffer(1e-7) for compound in TOWN.compounds}
    inside = [building for building in TOWN.buildings if building.compound is not None]
    assert inside
    assert all(compounds[b.compound].contains(b.shape) for b in inside if b.compound is not None)


def test_the_market_and_the_school_are_dedicated_grids() -> None:
    dedicated = {grid.use: grid for grid in TOWN.grids if grid.dedicated}
    assert set(dedicated) == {"market", "school"}
    assert all(use in TOWN.place_kinds(grid.key) for use, grid in dedicated.items())


def test_grid_borders_inside_a_community_run_along_lanes() -> None:
    roads = shapely.union_all([FRAME.project(road.line) for road in TOWN.roads]).buffer(1)
    creek = shapely.union_all([FRAME.project(shape) for name, shape in TOWN.water if name == "聚龙涌"])
    outline = FRAME.project(TOWN.outline).boundary.buffer(1)
    along = shapely.union_all([roads, creek, outline])
    borders = shapely.union_all([FRAME.project(grid.shape).boundary for grid in TOWN.grids])
    assert borders.difference(along).length / borders.length < 0.01


@pytest.mark.parametrize("kind", PLACE_KINDS)
def test_a_random_place_lies_in_the_grid_it_names(kind: str) -> None:
    shapes = {grid.key: grid.shape for grid in TOWN.grids}
    rng = Random(7)
    for _ in range(200):
        place = TOWN.random_place(rng, None, kind)  # type: ignore[arg-type]
        assert place.kind == kind
        assert shapes[place.grid_key].contains(Point(place.lon, place.lat))
        short = next(c.short for c in TOWN.communities if place.grid_key.startswith(c.code))
        assert place.address.startswith(f"南华西街道{short} ")


def test_a_place_is_found_in_every_grid_whatever_is_asked_for() -> None:
    rng = Random(8)
    for grid in TOWN.grids:
        for kind in PLACE_KINDS:
            place = TOWN.random_place(rng, grid.key, kind)
            assert grid.shape.contains(Point(place.lon, place.lat))
            assert place.kind == kind or kind not in TOWN.place_kinds(grid.key)


def test_a_place_in_a_compound_names_it_and_lies_in_it() -> None:
    compounds = {compound.key: compound for compound in TOWN.compounds}
    rng = Random(9)
    for _ in range(100):
        place = TOWN.random_place(rng, None, "compound")
        compound = compounds[place.compound or ""]
        assert compound.name in place.address
        assert compound.shape.buffer(2e-5).contains(Point(place.lon, place.lat))


def test_an_unknown_grid_is_refused() -> None:
    with pytest.raises(KeyError):
        TOWN.random_place(Random(1), "440105008999001", "street")


def _fingerprint(town: Town) -> str:
    rng = Random(5)
    places = [town.random_place(rng, None, "lane").address for _ in range(20)]
    drawn = [*town.buildings, *town.roads, *town.blocks, *town.compounds, *town.grids]
    return json.dumps([repr([(vars(one), str(one)) for one in drawn]), places], ensure_ascii=False)


def test_the_same_seed_gives_the_same_town_and_another_seed_another() -> None:
    assert _fingerprint(make_town()) == _fingerprint(TOWN)
    assert _fingerprint(make_town(2)) != _fingerprint(TOWN)


def test_everything_drawn_is_valid_and_the_streets_have_names() -> None:
    drawn = [one.shape for one in (*TOWN.blocks, *TOWN.compounds, *TOWN.buildings)]
    assert all(shape.is_valid for shape in [*drawn, *(shape for _, shape in (*TOWN.water, *TOWN.parks))])
    assert len({road.name for road in TOWN.roads}) >= 25


def test_the_street_has_some_two_thousand_buildings_each_with_one_sign_of_its_own() -> None:
    assert 1900 <= len(TOWN.buildings) <= 2100
    doors = [one.address for one in TOWN.buildings if one.address]
    assert len(set(doors)) == len(doors)
    assert all(bool(one.label) != bool(one.address) for one in TOWN.buildings)


def test_langya_has_a_shape_for_every_street_community_and_grid(langya: dict[str, shapely.Polygon]) -> None:
    codes = {code for code in divisions() if code.startswith("341102")}
    assert codes <= set(langya)
    assert Counter(len(code) for code in codes) == {6: 1, 9: 9, 12: 45}
    per_community = Counter(code[:12] for code in langya if len(code) == 15)
    assert len(per_community) == 45
    assert all(4 <= count <= 7 for count in per_community.values())


def test_langyas_areas_tile_their_district(langya: dict[str, shapely.Polygon]) -> None:
    frame = Frame(118.31, 32.30)
    whole = frame.project(langya["341102"]).area
    for length in (9, 12, 15):
        shapes = [shape for code, shape in langya.items() if len(code) == length]
        assert shapely.coverage_is_valid(shapes)
        assert abs(sum(frame.project(shape).area for shape in shapes) - whole) < 0.01


def test_haizhus_outline_contains_the_street() -> None:
    outline = haizhu_outline(TOWN)
    assert outline.is_valid
    assert outline.covers(TOWN.outline)


def test_the_seed_divisions_agree_with_the_national_list() -> None:
    folder = Path(__file__).resolve().parents[4] / "shared/data/divisions"
    if not folder.exists():
        pytest.skip("the national list of divisions (../shared/data/divisions) is not here")
    national = _national(folder)
    rows = divisions()
    assert all(national[code] == name for code, name in rows.items())
    wanted = {c for c in national if len(c) == 12 and c.startswith(("440105008", "341102"))}
    assert wanted == {code for code in rows if len(code) == 12}


def _national(folder: Path) -> dict[str, str]:
    names: dict[str, str] = {}
    for file in folder.glob("*.csv.gz"):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            names |= {row["code"]: row["name"] for row in csv.DictReader(lines)}
    return names


def test_no_two_people_share_a_name_or_a_number_and_no_number_can_ring() -> None:
    source = People(3)
    people = [source.resident() for _ in range(3000)]
    assert len({p.name for p in people}) == len({p.phone for p in people}) == 3000
    assert all(re.fullmatch(r"1[3-9]\d{9}", p.phone) and p.phone.startswith("164000") for p in people)
    assert all(re.fullmatch(r"[\u4e00-\u9fff]{3}", p.name) for p in people)
    assert people == [p for source in [People(3)] for p in (source.resident() for _ in range(3000))]


def test_staff_have_mail_that_reaches_nobody() -> None:
    person = People(1).staff("nhx-grid-07")
    assert (person.login, person.mail) == ("nhx-grid-07", "nhx-grid-07@example.org")


def test_each_lead_role_of_the_catalogue_has_its_unit() -> None:
    units = list(departments("440105", "海珠区"))
    assert [unit.lead_role for unit in units] == list(LEAD_ROLES)
    assert len({unit.key for unit in units} | {unit.name for unit in units}) == 2 * len(LEAD_ROLES)
    with (CATALOGUE / "matters.csv").open(encoding="utf-8") as lines:
        wanted = {row["lead_role"] for row in csv.DictReader(lines)}
    assert wanted - {"station"} <= set(LEAD_ROLES)


def test_there_are_enough_situations_all_different() -> None:
    assert len(SITUATIONS) >= 160
    assert len({situation.key for situation in SITUATIONS}) == len(SITUATIONS)
    words = [
        text.format(address="", since="", detail=detail)
        for situation in SITUATIONS
        for text in situation.texts
        for detail in situation.details
        if "{detail}" in text
    ]
    assert len(words) > 1000
    assert [word for word, count in Counter(words).items() if count > 1] == []


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.key)
def test_a_situation_has_all_it_needs_for_a_whole_case(situation: Situation) -> None:
    assert 2 <= len(situation.texts) <= 4
    assert len(situation.handling) >= 2
    assert len(situation.proof) >= 2
    assert situation.check
    assert situation.satisfied
    assert situation.unsatisfied
    assert situation.places
    assert situation.reporters
    assert situation.weight > 0
    assert all(text.strip() for text in (*situation.handling, *situation.proof, *situation.check))


def test_every_situation_names_an_enabled_matter_and_one_of_its_conditions() -> None:
    with (CATALOGUE / "conditions.csv").open(encoding="utf-8") as lines:
        conditions = {(r["kind"], r["code"], int(r["condition_no"])) for r in csv.DictReader(lines)}
    with (CATALOGUE / "matters.csv").open(encoding="utf-8") as lines:
        enabled = {(r["kind"], r["code"]) for r in csv.DictReader(lines) if r["enabled"] == "1"}
    for situation in SITUATIONS:
        assert (situation.kind, situation.code) in enabled, situation.key
        assert (situation.kind, situation.code, situation.condition_no) in conditions, situation.key


def test_the_ten_frequent_matters_are_reported_often() -> None:
    with (CATALOGUE / "matters.csv").open(encoding="utf-8") as lines:
        frequent = {(r["kind"], r["code"]) for r in csv.DictReader(lines) if r["frequent_rank"]}
    rng = Random(4)
    picked = [pick(rng, rng.randint(1, 12), rng.randint(7, 21)) for _ in range(4000)]
    found = Counter((s.kind, s.code) for s in picked if (s.kind, s.code) in frequent)
    assert set(found) == frequent
    assert 0.3 < found.total() / len(picked) < 0.65


def test_floods_come_in_summer_and_festival_rubbish_in_winter() -> None:
    rng = Random(6)
    seen = {month: Counter(pick(rng, month, 9).key for _ in range(3000)) for month in (2, 7)}
    assert seen[7]["water-compound-flooded"] > 0 == seen[2]["water-compound-flooded"]
    assert seen[2]["waste-festival-leftover"] > 0 == seen[7]["waste-festival-leftover"]


def test_something_can_be_picked_at_every_hour_of_the_year() -> None:
    rng = Random(2)
    assert all(pick(rng, month, hour) for month in range(1, 13) for hour in range(24))


def test_a_report_fills_every_slot_and_names_its_place() -> None:
    rng = Random(1)
    for situation in SITUATIONS:
        words = situation.report(rng, "福安街12号门前")
        assert "福安街12号门前" in words
        assert not set("{}") & set(words)
        assert not re.search("，，|。。|，。", words), words


def test_reports_vary() -> None:
    rng = Random(1)
    reports = {
        pick(rng, rng.randint(1, 12), rng.randint(0, 23)).report(rng, "福安街12号") for _ in range(4000)
    }
    assert len(reports) > 1500


def test_nothing_in_the_demo_watches_or_labels_people() -> None:
    folder = Path(__file__).resolve().parents[3] / "src/wangge/faces/cli/demo"
    files = [*folder.rglob("*.toml"), *folder.glob("*.py"), folder / "divisions.json"]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not [word for word in FORBIDDEN if word in text], file.name


def test_every_length_of_time_is_a_clause_without_a_stop() -> None:
    assert {situation.since for situation in SITUATIONS} == set(SINCE)
    assert all(not phrase.endswith(("，", "。")) for phrases in SINCE.values() for phrase in phrases)
