"""Codes of divisions, grids, facilities, matters and cases."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.engines.codes import (
    SCHEMES,
    CaseNumber,
    CodeError,
    CommunityKind,
    ComponentCode,
    DivisionCode,
    GridScheme,
    Level,
    MatterClassCode,
    StreetKind,
    case_number,
    initials,
)

NATIONAL, PINYIN, TOWN = SCHEMES["national"], SCHEMES["pinyin"], SCHEMES["town"]


def test_a_division_code_knows_its_level_and_its_line_of_parents() -> None:
    grid = DivisionCode.parse("440105008103007")
    assert grid.level is Level.GRID
    assert [str(code) for code in grid.ancestors] == ["44", "4401", "440105", "440105008", "440105008103"]
    assert grid.parent == DivisionCode.parse("440105008103")
    assert grid.own == "007"
    assert [code.level for code in grid.ancestors] == list(Level)[:-1]
    assert DivisionCode.parse("44").parent is None
    assert grid.within(DivisionCode.parse("440105"))
    assert not grid.within(DivisionCode.parse("440106"))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("440105008", StreetKind.STREET),
        ("440105099", StreetKind.STREET),
        ("440105100", StreetKind.TOWN),
        ("440105200", StreetKind.TOWNSHIP),
        ("440105399", StreetKind.TOWNSHIP),
        ("341102400", StreetKind.ZONE),
        ("350527000", StreetKind.UNDIVIDED),
        ("440105", None),
    ],
)
def test_the_number_of_a_street_tells_its_kind(code: str, kind: StreetKind | None) -> None:
    assert DivisionCode.parse(code).street_kind is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("440105008001", CommunityKind.RESIDENTS),
        ("440105008199", CommunityKind.RESIDENTS),
        ("440105008200", CommunityKind.VILLAGERS),
        ("440105008399", CommunityKind.VILLAGERS),
        ("440105008400", CommunityKind.SIMILAR),
        ("440105008", None),
    ],
)
def test_the_number_of_a_community_tells_its_kind(code: str, kind: CommunityKind | None) -> None:
    assert DivisionCode.parse(code).community_kind is kind


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("4401050081", "10 digits"),
        ("44010500810a", "only digits"),
        ("440105008１03", "only digits"),
        ("", "only digits"),
        ("990105", "no province has the number 99"),
        ("440105008103000", "from 001"),
    ],
)
def test_a_wrong_division_code_is_told_what_is_wrong(code: str, complaint: str) -> None:
    with pytest.raises(CodeError, match=complaint):
        DivisionCode.parse(code)


@pytest.mark.parametrize(
    ("scheme", "parts", "code"),
    [
        (NATIONAL, {"community": "440105008103", "serial": 7}, "440105008103007"),
        (PINYIN, {"street": "ly", "community": "hy", "serial": 1}, "ly-hy-01"),
        (TOWN, {"village": 12, "kind": 2, "serial": 3}, "012203"),
    ],
)
def test_each_scheme_writes_and_reads_its_codes(
    scheme: GridScheme, parts: dict[str, str | int], code: str
) -> None:
    assert scheme.make(**parts) == code
    assert scheme.make(**scheme.parse(code)) == code
    assert [key for key, other in SCHEMES.items() if other.check(code)] == [scheme.key]


@given(st.sets(st.integers(1, 99), max_size=98), st.text("abcdefg", min_size=1, max_size=4))
def test_the_next_serial_is_free_and_the_lowest(used: set[int], street: str) -> None:
    place = {"street": street, "community": "hy"}
    taken = [PINYIN.make(**place, serial=n) for n in used]
    others = [PINYIN.make(street=street + "x", community="hy", serial=n) for n in range(1, 99)]
    serial = PINYIN.next_serial(taken + others + ["440105008103007"], **place)
    assert serial not in used
    assert all(n in used for n in range(1, serial))
    assert PINYIN.next_code(taken, **place) not in taken


def test_when_all_serials_are_taken_it_is_said() -> None:
    taken = [TOWN.make(village=1, kind=1, serial=n) for n in range(1, 100)]
    with pytest.raises(CodeError, match="all 99 serials"):
        TOWN.next_serial(taken, village=1, kind=1)
    assert TOWN.next_serial(taken, village=1, kind=2) == 1


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (lambda: NATIONAL.make(community="440105008103", serial=1000), "serial '1000' must be 3 digits"),
        (lambda: NATIONAL.make(community="440105008103", serial=0), "serials start at 1"),
        (lambda: NATIONAL.make(community="440105008103", serial=-1), "must be 3 digits"),
        (lambda: NATIONAL.make(serial=1), "needs community, serial"),
        (lambda: PINYIN.make(street="LY", community="hy", serial=1), "lower-case"),
        (lambda: TOWN.make(village=1, kind=3, serial=1), "one of 1, 2"),
        (lambda: TOWN.parse("001301"), "does not fit"),
        (lambda: TOWN.parse("001100"), "serial 0"),
    ],
)
def test_a_wrong_grid_code_is_told_what_is_wrong(wrong: Callable[[], object], complaint: str) -> None:
    with pytest.raises(CodeError, match=complaint):
        wrong()


@pytest.mark.parametrize(
    "pattern", ["{village:3}", "{serial:a}", "{serial:2}{serial:2}", "{serial:2}}", "{serial:x}"]
)
def test_a_scheme_that_cannot_work_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="grid scheme"):
        GridScheme("odd", "怪", pattern)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("琅琊街道", "ly"),
        ("花园街社区居委会", "hyj"),
        ("南华西街道", "nhx"),
        ("敬和里社区居委会", "jhl"),
        ("复兴路24号社区居委会", "fxl24h"),
    ],
)
def test_initials_come_from_the_name_without_the_word_for_its_kind(name: str, letters: str) -> None:
    assert initials(name) == letters
    assert PINYIN.check(PINYIN.make(street="x", community=initials(name), serial=1))


def test_a_name_without_any_reading_has_no_initials() -> None:
    with pytest.raises(ValueError, match="no initials"):
        initials("、、")


def test_a_facility_carries_its_class_and_both_survive_being_written() -> None:
    facility = ComponentCode.parse("44010501001000042")
    assert str(facility) == "44010501001000042"
    assert facility.matter_class == MatterClassCode.parse("44010501001")
    assert facility.matter_class.catalogue_code == "01001"
    assert ComponentCode.make(MatterClassCode.parse("44010501001"), 42) == facility


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ComponentCode.parse("4401050100100004"),
        lambda: ComponentCode.parse("44010501001000000"),
        lambda: ComponentCode.make(MatterClassCode("440105", "01", "001"), 1_000_000),
        lambda: MatterClassCode.parse("44010500001"),
        lambda: MatterClassCode.parse("99010501001"),
        lambda: MatterClassCode("44010", "50", "1001"),
    ],
)
def test_a_wrong_facility_or_class_code_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(CodeError, match=r"digits|province"):
        wrong()


@given(st.dates(), st.integers(1, 9_999_999))
def test_a_case_number_survives_being_written_down(day: date, serial: int) -> None:
    text = case_number("440105", day, serial)
    assert len(text) == 23
    assert CaseNumber.parse(text) == CaseNumber("440105", day, serial)


def test_case_numbers_sort_as_the_cases_came_in() -> None:
    assert case_number("440105", date(2026, 11, 22), 123) == "440105-20261122-0000123"
    assert case_number("440105", date(2026, 11, 22), 9) < case_number("440105", date(2026, 11, 22), 10)
    assert case_number("440105", date(2026, 9, 30), 5) < case_number("440105", date(2026, 10, 1), 1)


@pytest.mark.parametrize(
    "text",
    ["440105-20261131-0000123", "440105-20261122-0000000", "20261122-0000123", "990105-20261122-0000001"],
)
def test_a_wrong_case_number_is_refused(text: str) -> None:
    with pytest.raises(CodeError, match=r"case number|province"):
        CaseNumber.parse(text)
