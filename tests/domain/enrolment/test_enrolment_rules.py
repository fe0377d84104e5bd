"""What a list's columns and rows say."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wangge.domain.enrolment import columns, rules
from wangge.domain.register.models import Relation, Residence, Stay

TODAY = date(2026, 9, 24)
ID = "11010519491231002X"
PEOPLE = [["王小明", "13800001234", ID, "户主", "1949-12-31"], ["李红", "13900001234", ID, "配偶", "1950"]]


def codes(cells: list[str], named: dict[str, int], formulas: tuple[int, ...] = ()) -> list[tuple[str, str]]:
    return [(field, code) for field, code, _ in rules.words_of(cells, formulas, named, TODAY)[1]]


def test_columns_are_known_by_their_names_whatever_stands_round_them() -> None:
    header = ["序号", "小区名称", "楼栋号", "单元", "房号", "*姓名", "联系电话（必填）", "与户主的关系"]
    assert columns.guess(header, {}, [], bool) == {
        "compound": 1, "building": 2, "stairwell": 3, "room": 4, "name": 5, "phone": 6, "relation": 7,
    }  # fmt: skip


def test_columns_are_known_by_what_stands_in_them() -> None:
    header = ["A", "B", "C", "D", "E", "F"]
    sample = [[*row, "长庚新村2栋502"] for row in PEOPLE]
    assert columns.guess(header, {}, sample, lambda cell: cell.startswith("长庚")) == {
        "name": 0, "phone": 1, "id_number": 2, "relation": 3, "birth": 4, "address": 5,
    }  # fmt: skip


def test_what_a_unit_said_before_goes_before_every_guess() -> None:
    remembered = {columns.memory_of("姓名"): "", columns.memory_of("住 户"): "name"}
    assert columns.guess(["姓名", "住户"], remembered, [], bool) == {"name": 1}


@pytest.mark.parametrize(
    "name", ["宗教信仰", "政治面貌", "是否党员", "信访情况", "重点人员类别", "计划生育情况"]
)
def test_a_column_of_what_is_never_kept_is_neither_read_nor_taken_for_another(name: str) -> None:
    assert columns.never_read(name)
    assert columns.guess([name], {}, PEOPLE, bool) == {}


def test_a_choice_of_columns_needs_a_name_and_an_address_and_each_column_once() -> None:
    assert columns.wrong_columns({"name": 0, "address": 1}) == {}
    assert columns.wrong_columns({"name": 0, "room": 1, "compound": 2}) == {}
    assert set(columns.wrong_columns({})) == {"name", "address"}
    assert set(columns.wrong_columns({"name": 0, "room": 1})) == {"building"}
    assert set(columns.wrong_columns({"name": 0, "address": 0})) == {"name", "address"}


def test_a_row_is_read_as_people_write_it() -> None:
    named = {
        name: at
        for at, name in enumerate(("name", "phone", "relation", "birth", "residence", "stay", "since"))
    }
    cells = ["王 小明", "138 0000 1234", "户主", "1980年5月", "外地", "出租", "2020/3/1"]
    words, problems = rules.words_of(cells, (), named, TODAY)
    assert problems == []
    assert words == rules.Words(
        "王小明", "13800001234", 1980, Relation.HEAD, Residence.ELSEWHERE, Stay.RENT, date(2020, 3, 1)
    )


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("name", "无", "no_name"),
        ("name", "王" * 41, "name_long"),
        ("name", "王\ufffd明", "garbled"),
        ("phone", "1234", "phone_wrong"),
        ("phone", "1.38E+10", "phone_lost"),
        ("id_number", "110105194912310021", "id_wrong"),
        ("id_number", "1.10105E+17", "id_lost"),
        ("birth", "八零年", "birth_wrong"),
        ("birth", "2031", "birth_wrong"),
        ("since", "去年", "since_wrong"),
        ("since", "2027-01-01", "since_future"),
        ("relation", "邻居", "relation_wrong"),
        ("residence", "火星", "residence_wrong"),
        ("stay", "流浪", "stay_wrong"),
    ],
)
def test_what_is_wrong_with_a_cell_is_told_at_its_field(field: str, text: str, code: str) -> None:
    named = {"name": 0, field: 1} if field != "name" else {"name": 1}
    assert codes(["王小明", text], named) == [(field, code)]


def test_an_id_number_gives_the_year_and_must_agree_with_the_date() -> None:
    named = {"name": 0, "id_number": 1, "birth": 2}
    assert rules.words_of(["王小明", ID, ""], (), named, TODAY)[0].birth_year == 1949
    assert codes(["王小明", ID, "1949-12-31"], named) == []
    assert codes(["王小明", ID, "1950-12-31"], named) == [("birth", "id_birth")]


def test_a_formula_is_a_note_where_its_value_is_known_and_a_fault_where_it_is_not() -> None:
    named = {"name": 0, "since": 1}
    noted = rules.words_of(["王小明", "2020-03-01"], (1,), named, TODAY)[1]
    assert noted == [["since", "formula", ""]]
    assert not rules.is_wrong(noted)
    assert rules.is_wrong(rules.words_of(["=A1", ""], (0,), named, TODAY)[1])


@pytest.mark.parametrize(
    ("cells", "address"),
    [
        (["长庚新村", "2", "3", "502"], "长庚新村2栋3单元502"),
        (["长庚新村", "2栋", "", "502"], "长庚新村2栋502"),
        (["厚德里12号", "", "", "302"], "厚德里12号302"),
        (["", "厚德里12", "", "302"], "厚德里12 302"),
    ],
)
def test_an_address_in_columns_becomes_one_line(cells: list[str], address: str) -> None:
    named = {"compound": 0, "building": 1, "stairwell": 2, "room": 3}
    assert rules.address_of(cells, named) == (address, "room")


@given(st.lists(st.text(max_size=30), min_size=1, max_size=14), st.permutations(list(columns.FIELD_NAMES)))
@settings(deadline=None)
def test_no_cell_whatever_it_holds_breaks_the_reading(cells: list[str], fields: list[str]) -> None:
    named = {field: at for at, field in enumerate(fields)}
    words, problems = rules.words_of(cells, range(len(cells)), named, TODAY)
    assert bool(words.name) or ["name", "no_name", ""] in problems
    assert all(rules.problem_words(problem) for problem in problems)
    rules.address_of(cells, named)
