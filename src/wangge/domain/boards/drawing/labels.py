"""Labels for facilities: 24 on A4 (70 x 37 mm each), with the QR code that reports this very one."""

from collections.abc import Sequence

import segno
from django.utils.translation import gettext as _

from wangge.domain.catalogue.queries import component_classes
from wangge.domain.places.models import Facility
from wangge.engines.paper import Paper
from wangge.platform.errors import Invalid
from wangge.platform.language import named
from wangge.platform.paper import new_paper

WIDTH, HEIGHT = 210.0, 297.0
COLUMNS, ROWS = 3, 8
LABEL_WIDTH, LABEL_HEIGHT = WIDTH / COLUMNS, HEIGHT / ROWS
MOST_LABELS = 10 * COLUMNS * ROWS
_QR, _EDGE = 25.0, 5.0
_TEAL, _SOFT = "#0f6570", "#5b6a6d"


def labels_pdf(facilities: Sequence[Facility], links: str) -> bytes:
    """A label each, in the order given. `links` is the public address of a facility with {code} in it.

    Raises Invalid for none and for more than MOST_LABELS.
    """
    if not facilities:
        raise Invalid({"facilities": _("这里没有要打印标签的部件。")})
    if len(facilities) > MOST_LABELS:
        text = _("一次最多打印 %(most)d 张标签，请先按网格或类别筛选。") % {"most": MOST_LABELS}
        raise Invalid({"facilities": text})
    paper = new_paper(_("部件标签"))
    for number, facility in enumerate(facilities):
        row, column = divmod(number % (COLUMNS * ROWS), COLUMNS)
        if not (row or column):
            paper.page(WIDTH, HEIGHT)
        _label(paper, facility, links.format(code=facility.code), column * LABEL_WIDTH, row * LABEL_HEIGHT)
    return paper.bytes()


def _label(paper: Paper, facility: Facility, link: str, x: float, y: float) -> None:
    modules = [list(row) for row in segno.make(link, error="m", micro=False).matrix]
    paper.matrix(modules, x + _EDGE, y + (LABEL_HEIGHT - _QR) / 2, _QR)
    left = x + _EDGE + _QR + 3
    width = LABEL_WIDTH - _QR - 2 * _EDGE - 3
    of_class = component_classes().get(facility.class_code)
    below = paper.block(
        named(of_class) if of_class else facility.class_code, left, y + 6, width, 10, 11, bold=True, least=7
    )
    code = facility.code
    below = paper.line(f"{code[:6]} {code[6:11]}", left, below, width, 8, least=5)
    below = paper.line(code[11:], left, below, width, 11, bold=True, colour=_TEAL, least=6)
    paper.line(_("坏了请扫码"), left, below + 1, width, 8, colour=_SOFT, least=5)
