"""Paper: text is broken, made smaller or cut so that it stays in its place, and can be read back from the PDF."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wangge
from pdftext import embedded_fonts, pages_of
from wangge.engines.paper import Face, Paper, fitted, shortened, wrapped
from wangge.engines.paper.wrapping import line_mm

FONTS = Path(wangge.__file__).parent / "static" / "build" / "fonts"
TEXTS = st.text(st.sampled_from("网格员一二三，。、（）ABC 12-3\n"), max_size=120)


def plain(text: str) -> float:
    """A measure of its own: 4 mm a Chinese character, 2 mm a letter."""
    return sum(2.0 if char.isascii() else 4.0 for char in text)


def at(text: str, size: float) -> float:
    return plain(text) * size / 10


@given(TEXTS, st.floats(4, 60))
def test_lines_fit_and_lose_nothing_but_blanks(text: str, width: float) -> None:
    lines = wrapped(text, width, plain)
    assert all(plain(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_word_stays_whole_and_a_full_stop_begins_no_line() -> None:
    assert wrapped("电话 020-84400001", 20, lambda text: len(text)) == ["电话 020-84400001"]
    assert wrapped("找我 84400001", 9, lambda text: len(text)) == ["找我", "84400001"]
    assert wrapped("一二三。", 3, lambda text: len(text)) == ["一二", "三。"]


@given(TEXTS, st.floats(4, 60))
def test_what_is_cut_says_so(text: str, width: float) -> None:
    shown = shortened(text, width, plain)
    assert plain(shown) <= width
    assert shown == " ".join(text.split()) or shown.endswith("…")


@given(TEXTS, st.floats(6, 60), st.floats(5, 40))
def test_a_block_never_leaves_its_box(text: str, width: float, height: float) -> None:
    size, lines = fitted(text, width, height, 20, 6, at)
    assert all(at(line, size) <= width for line in lines)
    assert len(lines) == 1 or len(lines) * line_mm(size) <= height


@pytest.fixture(scope="module")
def face() -> Face:
    assert (FONTS / "regular.woff").exists(), "the front end is built with the fonts: python3 dev.py build"
    return Face(FONTS / "regular.woff", FONTS / "bold.woff")


def test_text_is_read_back_and_the_fonts_are_inside(face: Face) -> None:
    paper = Paper(face, "试")
    paper.page(297, 420)
    paper.line("南华西街道", 10, 20, 200, 30, bold=True)
    paper.page(90, 54)
    paper.line("网格员（代）", 5, 5, 80, 8)
    pdf = paper.bytes()
    first, second = pages_of(pdf)
    assert (first.words, second.words) == ("南华西街道", "网格员（代）")
    assert (round(first.width), round(first.height), round(second.width)) == (297, 420, 90)
    assert len(embedded_fonts(pdf)) == 2


def test_the_licence_of_the_font_goes_with_it() -> None:
    assert "SIL Open Font License" in (FONTS / "LICENSE").read_text("utf-8")
