"""Cards to hand out: 90 x 54 mm, ten on A4, with marks where to cut."""

import segno
from django.utils.translation import gettext as _

from wangge.domain.boards.queries import Board, role_words
from wangge.engines.paper import Paper

WIDTH, HEIGHT = 210.0, 297.0
CARD_WIDTH, CARD_HEIGHT = 90.0, 54.0
COLUMNS, ROWS = 2, 5
_LEFT, _TOP = (WIDTH - COLUMNS * CARD_WIDTH) / 2, (HEIGHT - ROWS * CARD_HEIGHT) / 2
_TEAL, _SOFT = "#0f6570", "#5b6a6d"
_QR, _EDGE, _MARK = 27.0, 5.0, 5.0


def card_sheet(paper: Paper, board: Board, link: str) -> None:
    """A page of ten equal cards; `link` is what the QR code leads to."""
    paper.page(WIDTH, HEIGHT)
    modules = [list(row) for row in segno.make(link, error="m", micro=False).matrix]
    for row in range(ROWS):
        for column in range(COLUMNS):
            _card(paper, board, modules, _LEFT + column * CARD_WIDTH, _TOP + row * CARD_HEIGHT)
    _marks(paper)


def _card(paper: Paper, board: Board, modules: list[list[int]], x: float, y: float) -> None:
    paper.box(x, y, CARD_WIDTH, 3, fill=_TEAL)
    left, wide = x + _EDGE, CARD_WIDTH - 2 * _EDGE
    text = wide - _QR - 3
    paper.line(" · ".join(board.above), left, y + 5, wide, 8, colour=_SOFT, least=5)
    below = paper.line(board.area.name, left, y + 9, wide, 13, bold=True, colour=_TEAL, least=7) + 1
    if one := board.worker:
        below = paper.line(role_words(one.role), left, below, text, 7.5, colour=_SOFT)
        below = paper.line(one.name, left, below, text, 16, bold=True, least=8)
        if one.phone:
            below = paper.line(one.phone, left, below, text, 11, bold=True, least=6)
    foot = y + CARD_HEIGHT - 12
    if office := board.office:
        paper.line(f"{office.name} {office.phone}".strip(), left, foot, text, 7.5, least=5)
        if office.address:
            paper.line(office.address, left, foot + 4, text, 7, colour=_SOFT, least=5)
    side = x + CARD_WIDTH - _EDGE - _QR
    paper.matrix(modules, side, y + 17, _QR)
    paper.line(_("扫码就报"), side, y + 17.5 + _QR, _QR, 8, colour=_SOFT, align="C", least=5)


def _marks(paper: Paper) -> None:
    """Short lines outside the cards, so that no line is left on a card."""
    right, bottom = _LEFT + COLUMNS * CARD_WIDTH, _TOP + ROWS * CARD_HEIGHT
    for column in range(COLUMNS + 1):
        x = _LEFT + column * CARD_WIDTH
        paper.box(x, _TOP - _MARK - 1, 0.1, _MARK, fill=_SOFT)
        paper.box(x, bottom + 1, 0.1, _MARK, fill=_SOFT)
    for row in range(ROWS + 1):
        y = _TOP + row * CARD_HEIGHT
        paper.box(_LEFT - _MARK - 1, y, _MARK, 0.1, fill=_SOFT)
        paper.box(right + 1, y, _MARK, 0.1, fill=_SOFT)
