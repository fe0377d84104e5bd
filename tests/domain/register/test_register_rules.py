"""Names, phones and masks: what finds what, and what shows nothing."""

from hypothesis import given
from hypothesis import strategies as st

from wangge.domain.register import rules

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E40), min_size=2, max_size=5)
TEXT = st.text(max_size=40)
PHONES = st.from_regex(r"\+?[0-9]{5,15}", fullmatch=True)
# A tiny alphabet, so that names share letters often.
LETTERS = st.text("陈大文小", min_size=2, max_size=4)


@given(LETTERS, LETTERS)
def test_two_names_share_the_mark_of_the_whole_only_when_they_are_the_same(one: str, other: str) -> None:
    marks = [rules.name_marks(name) for name in (one, other)]
    same = rules.name_parts(one) & rules.name_parts(other)
    assert len(set(marks[0]) & set(marks[1])) == len(same)


@given(LETTERS, LETTERS)
def test_a_name_is_found_by_two_or_more_letters_in_a_row_and_by_nothing_else(name: str, asked: str) -> None:
    candidates = set(rules.asked_marks(asked)) <= set(rules.name_marks(name))
    assert not rules.found_by(name, asked) or candidates
    assert rules.found_by(name, asked) == (asked in name)


@given(PHONES, PHONES)
def test_the_mark_of_a_phone_never_matches_another_phone(one: str, other: str) -> None:
    assert (rules.phone_mark(one) == rules.phone_mark(other)) == (
        rules.phone_of(one) == rules.phone_of(other)
    )


@given(TEXT)
def test_what_is_no_phone_and_no_id_number_has_no_mark(text: str) -> None:
    assert rules.phone_of(text) or rules.phone_mark(text) is None
    assert rules.id_number_of(text) or rules.id_mark(text) is None


@given(CHINESE, PHONES)
def test_marks_of_names_and_phones_are_of_different_kinds(name: str, phone: str) -> None:
    assert rules.phone_mark(phone) not in rules.name_marks(name)


@given(TEXT)
def test_a_name_stays_as_it_is_when_it_is_read_a_second_time(text: str) -> None:
    assert rules.name_of(rules.name_of(text)) == rules.name_of(text)


@given(st.lists(st.integers(0, 60), max_size=12))
def test_small_figures_are_left_out_and_cannot_be_reckoned_from_the_total(counts: list[int]) -> None:
    shown = rules.suppressed(counts)
    assert all(figure is None or figure == 0 or figure >= rules.SMALLEST_CELL for figure in shown)
    assert all(figure in (None, count) for figure, count in zip(shown, counts, strict=True))
    hidden = [count for figure, count in zip(shown, counts, strict=True) if figure is None]
    # A single gap tells itself by the total, unless nothing else is there to reckon with.
    assert len(hidden) != 1 or not any(figure for figure in shown)


def test_chinese_names_lose_their_blanks_and_foreign_ones_keep_one() -> None:
    assert rules.name_of(" 陈　大 文 ") == "陈大文"
    assert rules.name_of("Anna  Maria") == "Anna Maria"
    assert rules.name_of("买买提·艾力") == "买买提·艾力"


def test_numbers_are_checked_by_their_check_digits() -> None:
    assert rules.id_number_of("360426199101010071")
    assert not rules.id_number_of("360426199101010072")
    assert rules.credit_code_of("91110000600037341L") == "91110000600037341L"
    assert not rules.credit_code_of("91110000600037341M")
