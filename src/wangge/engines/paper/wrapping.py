"""Text that fits: broken into lines, made smaller, or cut short with a sign that it was. Pure."""

import re
from collections.abc import Callable, Iterator

# A Latin word or a number stays whole; of Chinese every character may begin a line.
_UNITS = re.compile(r"[!-~]+|\s+|.", re.DOTALL)
_NOT_FIRST = frozenset("，。、；：！？）》〉”’】…·")
_CUT = "…"
_LEADING = 1.35
_MM_PER_POINT = 25.4 / 72
_STEP_POINTS = 0.5

Measure = Callable[[str], float]


def line_mm(size_points: float) -> float:
    """The height of a line of text of a size."""
    return size_points * _LEADING * _MM_PER_POINT


def wrapped(text: str, width: float, measure: Measure) -> list[str]:
    """The text in lines not wider than `width` as `measure` says; ends of lines in the text hold.

    A character wider than the place has a line of its own.
    """
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, width, measure)]


def _lines(paragraph: str, width: float, measure: Measure) -> list[str]:
    lines, line = [], ""
    for unit in _pieces(paragraph, width, measure):
        if not line or measure(line + unit) <= width:
            line += unit
            continue
        down = unit in _NOT_FIRST and len(line) > 1 and measure(line[-1] + unit) <= width
        head, carried = (line[:-1], line[-1]) if down else (line, "")
        lines.append(head.rstrip())
        line = (carried + unit).lstrip()
    return [*lines, line.rstrip()]


def _pieces(paragraph: str, width: float, measure: Measure) -> Iterator[str]:
    """Units that fit a line; a longer word is taken apart."""
    for unit in _UNITS.findall(paragraph):
        if len(unit) > 1 and measure(unit) > width:
            yield from unit
        else:
            yield unit


def shortened(text: str, width: float, measure: Measure) -> str:
    """As much of the text as fits, with … where something is missing; "" where not even that fits."""
    text = " ".join(text.split())
    if measure(text) <= width:
        return text
    while text and measure(text + _CUT) > width:
        text = text[:-1]
    return text + _CUT if text or measure(_CUT) <= width else ""


def fitted(
    text: str, width: float, height: float, size: float, least: float, measure: Callable[[str, float], float]
) -> tuple[float, list[str]]:
    """(size in points, lines) of a text in a box of mm: the largest size from `size` down to `least` that fits.

    What does not fit at the least size is cut at the end. `measure` gives mm of a text at a size.
    """
    while True:
        lines = wrapped(text, width, lambda part: measure(part, size))  # noqa: B023 - called at once
        room = max(int(height / line_mm(size)), 1)
        if len(lines) <= room and all(measure(line, size) <= width for line in lines):
            return size, lines
        if size - _STEP_POINTS < least:
            break
        size -= _STEP_POINTS
    kept = [*lines[: room - 1], "".join(lines[room - 1 :])] if len(lines) > room else lines
    return size, [shortened(line, width, lambda part: measure(part, size)) for line in kept]
