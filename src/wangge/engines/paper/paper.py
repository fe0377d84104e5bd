"""A PDF whose pages are drawn in millimetres from the top left corner."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from fpdf import FPDF
from fpdf.drawing import PaintedPath

from wangge.engines.paper.wrapping import fitted, line_mm, shortened

Colour = str
_FAMILY, _SPARE = "text", "spare"


@dataclass(frozen=True, slots=True)
class Face:
    """Files of the fonts: regular, bold, and (file, number in a collection) for characters they lack, if any."""

    regular: Path
    bold: Path
    spare: tuple[Path, int] | None = None


class Paper:
    """Pages of any size in one file; the fonts go in with the characters used, so that text can be searched.

    Nothing flows: each text has its place and is made to fit it.
    """

    def __init__(self, face: Face, title: str) -> None:
        self._pdf = FPDF(unit="mm")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.set_title(title)
        self._pdf.set_lang("zh-CN")
        self._pdf.add_font(_FAMILY, "", str(face.regular))
        self._pdf.add_font(_FAMILY, "B", str(face.bold))
        self._spare = face.spare
        self._known: Any = self._pdf.fonts[_FAMILY].cmap  # type: ignore[union-attr]

    def page(self, width: float, height: float) -> None:
        """The next page."""
        self._pdf.add_page(orientation="portrait", format=(width, height))

    def line(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        size: float,
        *,
        least: float = 6.0,
        bold: bool = False,
        colour: Colour = "#17262a",
        align: str = "L",
    ) -> float:
        """One line whose top is at `y`: smaller down to `least` points, then cut. Returns its bottom."""
        text = " ".join(text.split())
        self._prepare(text)
        while size > least and self._width(text, size, bold) > width:
            size = max(size - 0.5, least)
        shown = shortened(text, width, lambda part: self._width(part, size, bold))
        self._put(shown, x, y, width, size, bold, colour, align)
        return y + line_mm(size)

    def block(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        height: float,
        size: float,
        *,
        least: float = 6.0,
        bold: bool = False,
        colour: Colour = "#17262a",
    ) -> float:
        """Lines inside a box: smaller down to `least` points, then cut. Returns the bottom of the last."""
        self._prepare(text)
        size, lines = fitted(
            text, width, height, size, least, lambda part, points: self._width(part, points, bold)
        )
        for shown in lines:
            self._put(shown, x, y, width, size, bold, colour, "L")
            y += line_mm(size)
        return y

    def turned(self, text: str, x: float, y: float, size: float, degrees: float, colour: Colour) -> None:
        """A line whose middle is at (x, y), turned against the clock."""
        self._prepare(text)
        width, height = self._width(text, size, False), line_mm(size)
        with self._pdf.rotation(degrees, x, y):
            self._put(text, x - width / 2, y - height / 2, width, size, False, colour, "L")

    def width_of(self, text: str, size: float, *, bold: bool = False) -> float:
        """Millimetres of a text of a size."""
        self._prepare(text)
        return self._width(text, size, bold)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: Colour = "",
        edge: Colour = "",
        pen: float = 0.2,
    ) -> None:
        self.shape(shapely.box(x, y, x + width, y + height), fill, edge, pen)

    def shape(self, shape: shapely.Geometry, fill: Colour = "", edge: Colour = "", pen: float = 0.2) -> None:
        """Polygons (with holes) and lines in mm, all of them with one stroke of the pen."""
        if shape.is_empty:
            return
        path = PaintedPath()
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                for ring in (part.exterior, *part.interiors):
                    _walk(path, ring.coords, close=True)
            elif part.geom_type == "LineString":
                _walk(path, part.coords, close=False)
        path.style.fill_color = fill or None
        path.style.stroke_color = edge or None
        path.style.stroke_width = pen
        path.style.stroke_join_style = "round"
        path.style.stroke_cap_style = "round"
        path.style.intersection_rule = "evenodd"
        path.style.auto_close = False
        with self._pdf.drawing_context() as drawn:
            drawn.add_item(path)

    def matrix(self, rows: Sequence[Sequence[int]], x: float, y: float, side: float) -> None:
        """A QR code: its dark squares in one path."""
        unit = side / len(rows)
        squares = [
            shapely.box(x + column * unit, y + row * unit, x + (column + 1) * unit, y + (row + 1) * unit)
            for row, cells in enumerate(rows)
            for column, dark in enumerate(cells)
            if dark
        ]
        # Joined, so that no hair of white stands between two squares.
        self.shape(shapely.union_all(squares), fill="#000000")

    def picture(self, file: Path, x: float, y: float, width: float, height: float) -> None:
        """A picture, whole, in the middle of a box."""
        self._pdf.image(str(file), x, y, width, height, keep_aspect_ratio=True)

    def bytes(self) -> bytes:
        return bytes(self._pdf.output())

    def _prepare(self, text: str) -> None:
        """Bring in the spare font once a character needs it: it is large."""
        if self._spare and any(ord(char) not in self._known for char in text if not char.isspace()):
            file, number = self._spare
            self._pdf.add_font(_SPARE, "", str(file), collection_font_number=number)
            self._pdf.set_fallback_fonts([_SPARE], exact_match=False)
            self._spare = None

    def _width(self, text: str, size: float, bold: bool) -> float:
        self._pdf.set_font(_FAMILY, "B" if bold else "", size)
        return float(self._pdf.get_string_width(text))

    def _put(
        self, text: str, x: float, y: float, width: float, size: float, bold: bool, colour: Colour, align: str
    ) -> None:
        self._pdf.set_font(_FAMILY, "B" if bold else "", size)
        self._pdf.set_text_color(colour)
        self._pdf.set_xy(x, y)
        self._pdf.cell(width, line_mm(size), text, align=align)


def _walk(path: PaintedPath, points: Iterable[Any], *, close: bool) -> None:
    first, *rest = [(float(x), float(y)) for x, y in points]
    path.move_to(*first)
    for point in rest:
        path.line_to(*point)
    if close:
        path.close()
