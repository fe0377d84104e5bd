"""A division on paper: A3 with the map, what it says in words, and the list of its grids."""

import shapely
from django.utils.translation import gettext as _

from wangge.domain.planning.picture import Picture
from wangge.engines.paper import Paper
from wangge.platform import clock
from wangge.platform.paper import new_paper

WIDTH, HEIGHT = 420.0, 297.0
_EDGE = 12.0
_MAP = (_EDGE, 34.0, 270.0, 246.0)
_LIST = (_EDGE + 280.0, WIDTH - 2 * _EDGE - 280.0)
_TEAL, _SOFT, _WATER, _STREET = "#0f6570", "#5b6a6d", "#bfdae6", "#ffffff"
# The tones of the screen, for white paper.
TONES = ("#f3d9b1", "#bfe0d0", "#d5cdea", "#f6c9c4", "#c9dcf2", "#e3e3a9")
_MOST_ROWS = 30


def plan_sheet(picture: Picture) -> bytes:
    """The PDF. Raises Unavailable when the fonts are not built."""
    plan = picture.division.plan
    paper = new_paper(plan.area.name)
    paper.page(WIDTH, HEIGHT)
    paper.line(_("%(area)s网格方案") % {"area": plan.area.name}, _EDGE, 9, 270, 30, bold=True, colour=_TEAL)
    drawn = _("%(day)s 绘制") % {"day": clock.today().isoformat()}
    if plan.published_at and plan.effective_on and picture.division.alternative.published:
        drawn = _("自 %(day)s 起施行") % {"day": plan.effective_on.isoformat()}
    paper.line(drawn, _EDGE, 23, 270, 13, colour=_SOFT)
    _map(paper, picture)
    _grids(paper, picture)
    return paper.bytes()


def _map(paper: Paper, picture: Picture) -> None:
    x, y, width, height = _MAP
    ground = picture.ground
    scale = min(width / ground.width, height / ground.height)
    left, bottom = x + (width - ground.width * scale) / 2, y + (height + ground.height * scale) / 2

    def placed(shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, lambda points: points * (scale, -scale) + (left, bottom))

    paper.shape(placed(ground.water), fill=_WATER)
    for shape, tone in zip(picture.outlines, picture.tones, strict=True):
        paper.shape(placed(shape), fill=TONES[tone])
    for street, wide in ground.streets:
        paper.shape(placed(street), edge=_STREET, pen=max(wide * scale, 0.3))
    paper.shape(placed(ground.houses), edge="#8d9a9c", pen=0.1)
    for shape in picture.outlines:
        paper.shape(placed(shape.boundary), edge=_TEAL, pen=0.8)
    for number, name in enumerate(picture.short_names):
        point = placed(shapely.Point(picture.label(number)))
        paper.turned(name, point.x, point.y, 13, 0, "#17262a")
    paper.box(x, y, width, height, edge=_SOFT, pen=0.3)


def _grids(paper: Paper, picture: Picture) -> None:
    x, width = _LIST
    y = _MAP[1]
    division = picture.division
    for words in division.words:
        y = paper.block(words, x, y, width, 16, 13, least=8) + 1
    y += 4
    shown = list(zip(division.alternative.names, division.homes, strict=True))[:_MOST_ROWS]
    step = min(12.0, (_MAP[1] + _MAP[3] - y) / max(len(shown), 1))
    for number, (name, homes) in enumerate(shown):
        top = y + number * step
        paper.box(x, top + 0.8, 3.5, 3.5, fill=TONES[picture.tones[number]], edge=_SOFT, pen=0.1)
        paper.line(name["name"], x + 5, top, width - 27, 11, least=6, bold=True)
        paper.line(name["code"], x + 5, top + 4.6, width - 27, 8, colour=_SOFT)
        paper.line(_("%(n)d 户") % {"n": homes}, x + width - 21, top, 21, 11, align="R")
