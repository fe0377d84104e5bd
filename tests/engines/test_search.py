"""What a text is cut into, and that every fragment of it is found again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.engines.search import highlights, parts, query, tokens

CHINESE = st.text("垃圾堆放在路灯下水道〇幸福里", min_size=1, max_size=12)
DIGITS = st.text("0123456789", min_size=1, max_size=12)
TEXTS = st.text(st.sampled_from("垃圾路灯坏了abcAB 12345，-。"), max_size=60)
TERM = re.compile(r"'([^']+)'(:\*)?")


def holds(text: str, words: str) -> bool:
    """What PostgreSQL answers for `tokens(text) @@ query(words)`."""
    kept = tokens(text)
    return all(
        any(token.startswith(term) for token in kept) if prefix else term in kept
        for term, prefix in TERM.findall(query(words))
    )


@given(st.one_of(CHINESE, DIGITS), st.data())
def test_every_fragment_of_chinese_or_digits_is_found(run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert query(run[start:end])
    assert holds(run, run[start:end])


@given(TEXTS, TEXTS)
def test_a_text_is_found_inside_a_longer_one(before: str, text: str) -> None:
    assert holds(f"{before} {text}", text)


@given(st.text(max_size=80))
def test_tokens_of_any_text_can_stand_in_an_index(text: str) -> None:
    assert all(token and not re.search(r"[\s'\\\\:&|!()]", token) for token in tokens(text))


@pytest.mark.parametrize(("text", "kept"), [
    ("路灯坏了", {"路灯", "灯坏", "坏了", "了"}),
    ("440105-12", {"440", "401", "010", "105", "05", "5", "12", "2"}),
    ("Street Lamp 3号", {"street", "lamp", "3", "号"}),
    ("B座WiFi坏", {"b", "座", "wifi", "坏"}),
    ("，。!", set()),
])  # fmt: skip
def test_a_text_is_cut_by_kind_of_character(text: str, kept: set[str]) -> None:
    assert tokens(text) == kept


@pytest.mark.parametrize(("words", "asked"), [
    ("路灯", "'路灯'"),
    ("路", "'路':*"),
    ("0012", "'001' & '012'"),
    ("12 路灯", "'12':* & '路灯'"),
    ("Stre", "'stre':*"),
    ("…", ""),
])  # fmt: skip
def test_a_query_asks_for_what_the_index_keeps(words: str, asked: str) -> None:
    assert query(words) == asked


def test_another_word_is_not_found() -> None:
    assert not holds("路灯坏了", "坏灯")
    assert not holds("440105-20260924-0000012", "9999")


@given(TEXTS, TEXTS)
def test_highlighting_loses_no_character(text: str, words: str) -> None:
    pieces = highlights(text, words)
    assert "".join(piece for piece, _ in pieces) == text
    wanted = {part.lower() for part in parts(words)}
    assert all(piece.lower() in wanted for piece, marked in pieces if marked)
