"""The poster of a grid: A3, to be read from two metres away."""

from pathlib import Path

import segno
from django.conf import settings
from django.utils.translation import gettext as _

from wangge.domain.boards.drawing.plans import draw_plan
from wangge.domain.boards.plan import plan_of
from wangge.domain.boards.queries import Board, Person, role_words
from wangge.engines.paper import Paper
from wangge.platform import clock

WIDTH, HEIGHT = 297.0, 420.0
_EDGE = 15.0
_TEAL, _PALE, _SOFT = "#0f6570", "#d7ecee", "#5b6a6d"
_PLAN = (_EDGE, 68.0, 172.0, 196.0)
_SIDE = (197.0, 85.0)
_QR = 84.0
_LOWER = 278.0
_MOST_PEOPLE = 3


def poster_page(paper: Paper, board: Board, link: str) -> None:
    """One page; `link` is what the QR code leads to."""
    paper.page(WIDTH, HEIGHT)
    _head(paper, board)
    x, y, width, height = _PLAN
    if plan := plan_of(board.area, width / height):
        draw_plan(paper, plan, x, y, width)
    else:
        paper.box(x, y, width, height, edge=_SOFT)
        paper.line(_("这个网格还没有画边界"), x + 10, y + height / 2, width - 20, 20, colour=_SOFT, align="C")
    _people(paper, board)
    _office(paper, board)
    _scan(paper, link)
    _duties(paper, board)
    _foot(paper)


def _head(paper: Paper, board: Board) -> None:
    paper.box(0, 0, WIDTH, 56, fill=_TEAL)
    paper.line(" · ".join(board.above), _EDGE, 8, WIDTH - 2 * _EDGE, 22, colour=_PALE, least=12)
    paper.line(board.area.name, _EDGE, 20, WIDTH - 2 * _EDGE, 58, bold=True, colour="#ffffff", least=22)


def _people(paper: Paper, board: Board) -> None:
    x, width = _SIDE
    y = _PLAN[1]
    if not board.people:
        paper.line(_("网格员"), x, y, width, 16, colour=_SOFT)
        paper.block(_("暂缺，请直接找社区工作站。"), x, y + 9, width, 20, 20)
        return
    first, *others = board.people[:_MOST_PEOPLE]
    y = _first(paper, first, y)
    for one in others:
        y += 4
        y = paper.line(f"{role_words(one.role)}  {one.name}", x, y, width, 18, least=10)
        if one.phone:
            y = paper.line(one.phone, x, y, width, 18, least=10)


def _first(paper: Paper, one: Person, y: float) -> float:
    x, width = _SIDE
    if one.photo and (file := Path(settings.MEDIA_ROOT) / one.photo).exists():
        paper.picture(file, x, y, 42, 54)
        y += 57
    y = paper.line(role_words(one.role), x, y, width, 16, colour=_SOFT)
    y = paper.line(one.name, x, y, width, 40, bold=True, least=16)
    if one.phone:
        y = paper.line(one.phone, x, y, width, 28, bold=True, colour=_TEAL, least=12)
    return y


def _office(paper: Paper, board: Board) -> None:
    x, width = _SIDE
    y, office = 190.0, board.office
    paper.line(_("社区工作站"), x, y, width, 16, colour=_SOFT)
    y = paper.block(office.name if office else "—", x, y + 8, width, 20, 20, bold=True, least=11)
    if office and office.phone:
        y = paper.line(office.phone, x, y, width, 24, bold=True, colour=_TEAL, least=12)
    if office and office.address:
        y = paper.block(office.address, x, y + 1, width, 15, 15, least=9)
    if board.hours:
        paper.block(
            board.hours, x, y + 1, width, max(_PLAN[1] + _PLAN[3] - y - 1, 12), 14, colour=_SOFT, least=8
        )


def _scan(paper: Paper, link: str) -> None:
    paper.line(_("有事扫码就报"), _EDGE, _LOWER, _QR, 24, bold=True, colour=_TEAL, align="C", least=14)
    paper.matrix(_modules(link), _EDGE, _LOWER + 13, _QR)
    text = _("坏了、脏了、不安全了：写几句，拍张照，不用注册，不用留电话。")
    paper.block(text, _EDGE, _LOWER + 15 + _QR, _QR, 16, 13, least=8)


def _modules(link: str) -> list[list[int]]:
    return [list(row) for row in segno.make(link, error="m", micro=False).matrix]


def _duties(paper: Paper, board: Board) -> None:
    x = _EDGE + _QR + 12
    width, bottom = WIDTH - _EDGE - x, HEIGHT - 30
    y = paper.line(_("网格员为您做什么"), x, _LOWER, width, 24, bold=True, colour=_TEAL, least=14) + 2
    share = (bottom - y) / max(len(board.duties), 1)
    size = min(20.0, share / 0.95)
    for number, duty in enumerate(board.duties, start=1):
        paper.line(f"{number}", x, y, 8, size, bold=True, colour=_TEAL)
        below = paper.block(duty, x + 9, y, width - 9, share - 2, size, least=8)
        y = max(below + 2, y + 2)


def _foot(paper: Paper) -> None:
    paper.box(0, HEIGHT - 24, WIDTH, 24, fill=_PALE)
    half = WIDTH / 2 - _EDGE
    numbers = _("市民热线 12345    报警 110    火警 119    急救 120")
    paper.line(numbers, _EDGE, HEIGHT - 17, half + 50, 20, bold=True, colour=_TEAL, least=11)
    day = _("%(day)s 更新") % {"day": clock.today().isoformat()}
    paper.line(day, WIDTH - _EDGE - 60, HEIGHT - 14, 60, 12, colour=_SOFT, align="R")
