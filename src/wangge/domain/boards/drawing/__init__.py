"""Boards on paper: the poster of a grid, cards to hand out, and a whole set; one description draws them all."""

from collections.abc import Callable

from wangge.domain.boards.drawing.cards import card_sheet
from wangge.domain.boards.drawing.labels import labels_pdf
from wangge.domain.boards.drawing.poster import poster_page
from wangge.domain.boards.queries import board_of, boards_below
from wangge.domain.places.models import Area
from wangge.platform.paper import new_paper

__all__ = ["cards_pdf", "draw_set", "labels_pdf", "poster_pdf"]


def poster_pdf(grid: Area, links: str) -> bytes:
    """An A3 poster of a grid. `links` is the address of its report form with {code} in it."""
    paper, board = new_paper(grid.name), board_of(grid)
    poster_page(paper, board, links.format(code=grid.code))
    return paper.bytes()


def cards_pdf(grid: Area, links: str) -> bytes:
    """Ten cards of a grid on A4."""
    paper, board = new_paper(grid.name), board_of(grid)
    card_sheet(paper, board, links.format(code=grid.code))
    return paper.bytes()


def draw_set(area: Area, links: str, progress: Callable[[int], None]) -> bytes:
    """Poster and cards of every grid of an area, in code order; `progress` is told how many grids are drawn."""
    paper = new_paper(area.name)
    for number, board in enumerate(boards_below(area), start=1):
        link = links.format(code=board.area.code)
        poster_page(paper, board, link)
        card_sheet(paper, board, link)
        progress(number)
    return paper.bytes()
