"""The seed of the catalogue: plain files, checked without a database."""

import csv
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SEED = ROOT / "src" / "wangge" / "domain" / "catalogue" / "seed"
STANDARDS = ROOT.parent / "shared" / "standards"

Row = dict[str, str]

UNITS = {"urgent_hour", "urgent_day", "work_hour", "work_day", "hour", "day"}
LEVELS = {"grid", "community", "street", "district"}
PROCEDURES = {"ordinary", "coordination", "emergency", "approval"}
FREQUENT = ["06010", "06011", "06012", "06017", "06036", "06042", "06045", "07003", "09005", "09006"]
FORBIDDEN = ["信访人", "吸毒", "刑满", "宗教", "上访", "精神病", "矫正", "计生"]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def standard(name: str) -> list[Row]:
    path = STANDARDS / name
    if not path.exists():
        pytest.skip(f"shared/standards/{name} is not beside the repository")
    return read(path)


MATTERS = read(SEED / "matters.csv")
CONDITIONS = read(SEED / "conditions.csv")
BY_KEY = {(row["kind"], row["code"]): row for row in MATTERS}
with (SEED / "reasons.toml").open("rb") as file:
    CHOICES: dict[str, list[Row]] = tomllib.load(file)


def repeated(keys: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [key for key, times in Counter(keys).items() if times > 1]


def test_a_matter_is_known_by_kind_and_code_alone() -> None:
    assert repeated([(row["kind"], row["code"]) for row in MATTERS]) == []


def test_no_two_matters_of_one_kind_share_a_name_in_either_language() -> None:
    assert repeated([(row["kind"], row["name"]) for row in MATTERS]) == []
    assert repeated([(row["kind"], row["name_en"]) for row in MATTERS]) == []


def test_the_national_list_is_whole_and_under_the_right_kinds() -> None:
    kinds = {"component": "component", "matter": "event"}
    columns = ("group_code", "group_name", "code", "name")
    national = {(kinds[row["kind"]], *(row[c] for c in columns)) for row in standard("matters.csv")}
    ours = {(row["kind"], *(row[c] for c in columns)) for row in MATTERS if row["kind"] != "local"}
    assert len(national) == 403
    assert ours == national


def test_group_90_holds_the_neighbourhood_matters_and_nothing_else_is_local() -> None:
    local = [row for row in MATTERS if row["kind"] == "local"]
    assert len(local) >= 45
    assert {row["group_code"] for row in local} == {"90"}
    assert [row["code"] for row in local] == [str(90001 + i) for i in range(len(local))]


def test_every_group_has_its_name_in_both_languages() -> None:
    named = {
        (row["kind"], row["group_code"], row["name"]) for row in read(SEED / "groups.csv") if row["name_en"]
    }
    assert named == {(row["kind"], row["group_code"], row["group_name"]) for row in MATTERS}


def test_the_ten_frequent_matters_come_first_in_order() -> None:
    ranked = sorted(
        (row for row in MATTERS if row["frequent_rank"]), key=lambda row: int(row["frequent_rank"])
    )
    assert [row["code"] for row in ranked] == FREQUENT
    assert {row["kind"] for row in ranked} == {"event"}
    assert [int(row["frequent_rank"]) for row in ranked] == list(range(1, 11))


def test_what_only_law_enforcement_may_act_on_is_off() -> None:
    off = {(row["kind"], row["code"]) for row in MATTERS if row["enabled"] == "0"}
    assert off == {("event", code) for code in ("08016", "09008", "09014", "09015", "09018")}
    assert {row["enabled"] for row in MATTERS} == {"0", "1"}


def test_someone_without_shelter_is_helped_and_not_registered() -> None:
    explain = BY_KEY["event", "09003"]["explain"]
    assert "救助" in explain
    assert "不登记其个人情况" in explain
    assert {row["proof"] for row in CONDITIONS if row["code"] == "09003"} == {"statement"}


def test_residents_get_an_explanation_where_they_could_choose_wrongly() -> None:
    silent = [row["code"] for row in MATTERS if row["code"] >= "06" and not row["explain"]]
    silent += [row["code"] for row in MATTERS if row["not_to_confuse"] and not row["explain"]]
    assert silent == []
    assert [row["code"] for row in MATTERS if len(row["explain"]) > 100] == []


def neighbour(row: Row, code: str) -> Row | None:
    """The matter a `not_to_confuse` code of this row means (see the README of the seed)."""
    kind = "local" if code.startswith("90") else "component" if row["kind"] == "component" else "event"
    return BY_KEY.get((kind, code))


def test_neighbours_not_to_confuse_exist_and_can_be_chosen() -> None:
    for row in MATTERS:
        for code in filter(None, row["not_to_confuse"].split(";")):
            other = neighbour(row, code)
            assert other is not None, (row["code"], code)
            assert other is not row, row["code"]


def test_a_name_quoted_in_an_explanation_is_one_of_the_neighbours() -> None:
    for row in MATTERS:
        others = [neighbour(row, code) for code in filter(None, row["not_to_confuse"].split(";"))]
        names = {other["name"] for other in others if other}
        quoted = {part.split("”")[0] for part in row["explain"].split("“")[1:]}
        assert quoted <= names, row["code"]


def test_lead_roles_and_proofs_are_those_listed_with_names() -> None:
    assert {row["lead_role"] for row in MATTERS} == {choice["value"] for choice in CHOICES["lead_roles"]}
    assert {row["proof"] for row in CONDITIONS} == {choice["value"] for choice in CHOICES["proofs"]}


def test_conditions_are_numbered_from_one_without_a_gap_and_differ() -> None:
    by_matter: dict[tuple[str, str], list[Row]] = {}
    for row in CONDITIONS:
        by_matter.setdefault((row["kind"], row["code"]), []).append(row)
    for key, rows in by_matter.items():
        assert key in BY_KEY
        assert [int(row["condition_no"]) for row in rows] == list(range(1, len(rows) + 1)), key
        assert len({row["condition"] for row in rows}) == len(rows), key
        assert len({row["condition_en"] for row in rows}) == len(rows), key


def test_every_enabled_matter_has_a_condition() -> None:
    conditioned = {(row["kind"], row["code"]) for row in CONDITIONS}
    assert {key for key, row in BY_KEY.items() if row["enabled"] == "1"} == conditioned


def test_every_deadline_of_the_city_is_carried_over_exactly() -> None:
    ours = {
        (row["kind"], row["code"], row["condition_no"]): (row["amount"], row["unit"]) for row in CONDITIONS
    }
    given = standard("deadlines_one_city.csv")
    assert len({row["code"] for row in given}) == 132
    for row in given:
        for kind in ("component", "event") if row["code"] < "06" else ("event",):
            assert ours[kind, row["code"], row["condition_no"]] == (row["amount"], row["unit"]), row


def test_the_plain_words_hour_and_day_come_from_the_city_alone() -> None:
    given = {(row["code"], row["condition_no"]) for row in standard("deadlines_one_city.csv")}
    plain = {(row["code"], row["condition_no"]) for row in CONDITIONS if row["unit"] in {"hour", "day"}}
    assert plain <= given


def test_a_component_and_its_event_share_their_conditions() -> None:
    def texts(kind: str) -> list[tuple[str, ...]]:
        rows = [row for row in CONDITIONS if row["kind"] == kind and row["code"] < "06"]
        return [tuple(value for column, value in row.items() if column != "kind") for row in rows]

    assert texts("component") == texts("event") != []


def test_units_levels_and_procedures_are_known_words() -> None:
    assert {row["unit"] for row in CONDITIONS} == UNITS
    assert {row["level"] for row in CONDITIONS} == LEVELS
    assert {row["procedure"] for row in CONDITIONS} == PROCEDURES
    assert all(1 <= int(row["amount"]) <= 60 for row in CONDITIONS)


def test_an_emergency_alerts_more_than_the_grid_and_never_waits_for_office_hours() -> None:
    for row in CONDITIONS:
        assert (row["emergency"] == "1") == (row["procedure"] == "emergency"), row
        if row["emergency"] == "1":
            assert row["unit"].startswith("urgent_"), row
            assert row["level"] != "grid", row


def test_only_what_stays_in_the_grid_is_settled_on_the_spot() -> None:
    on_the_spot = [row for row in CONDITIONS if row["on_the_spot"] == "1"]
    assert {row["level"] for row in on_the_spot} == {"grid"}
    assert {row["procedure"] for row in on_the_spot} == {"ordinary"}
    assert {row["on_the_spot"] for row in CONDITIONS} == {"0", "1"}


def test_an_approval_is_proved_by_a_document() -> None:
    assert {row["proof"] for row in CONDITIONS if row["procedure"] == "approval"} == {"document"}


def test_every_condition_says_in_both_languages_what_was_found_and_when_it_is_closed() -> None:
    for row in CONDITIONS:
        assert all(row.values()), row
        for column in ("condition", "closing_condition"):
            assert len(row[column]) <= 40, row
            assert row[column][-1] not in "。；，", row
            assert row[f"{column}_en"].isascii(), row
        assert row["condition"] != row["closing_condition"], row


def test_every_list_of_reasons_offers_distinct_choices_in_both_languages() -> None:
    reasons = {name: choices for name, choices in CHOICES.items() if name.endswith(("_reasons", "_general"))}
    assert len(reasons) == 10
    for name, choices in reasons.items():
        assert 5 <= len(choices) <= 9, name
    for name, choices in CHOICES.items():
        for column in ("value", "name", "name_en"):
            assert len({choice[column] for choice in choices}) == len(choices), (name, column)
            assert all(choice[column] for choice in choices), (name, column)
        assert all(choice["value"].isascii() and choice["value"].islower() for choice in choices), name


@pytest.mark.parametrize("path", sorted(filter(Path.is_file, SEED.iterdir())), ids=lambda path: path.name)
def test_no_word_of_lists_of_people_is_found_in_the_seed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [word for word in FORBIDDEN if word in text] == []
