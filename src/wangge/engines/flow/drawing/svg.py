"""Writes laid-out parts as one SVG element."""

from collections.abc import Callable, Sequence
from html import escape

from wangge.engines.flow.definition import Definition
from wangge.engines.flow.drawing.layout import Item, Plan, Point
from wangge.engines.flow.drawing.links import Link
from wangge.engines.flow.drawing.measure import NAME_SIZE, SMALL_SIZE

_RADIUS = 5
_STYLE = f"""
.flow-diagram{{color:inherit;font-family:inherit;font-size:{SMALL_SIZE}px}}
.flow-diagram text{{fill:currentColor}}
.flow-diagram a{{color:inherit;text-decoration:none}}
.flow-diagram .lane{{fill:currentColor;fill-opacity:.035}}
.flow-diagram .lane-name{{font-size:13px;font-weight:600}}
.flow-diagram .lines{{opacity:.62}}
.flow-diagram .line{{fill:none;stroke:currentColor;stroke-width:1.3}}
.flow-diagram .timed{{stroke-dasharray:5 3}}
.flow-diagram .line:hover{{stroke:var(--flow-accent,#0b7a75);stroke-width:2.6}}
.flow-diagram .head,.flow-diagram .begin{{fill:currentColor}}
.flow-diagram .box{{fill:currentColor;fill-opacity:.05;stroke:currentColor;stroke-opacity:.75;stroke-width:1.2}}
.flow-diagram .inner{{fill:none;stroke:currentColor;stroke-opacity:.75}}
.flow-diagram .name{{font-size:{NAME_SIZE}px;font-weight:600}}
.flow-diagram .note{{opacity:.75}}
.flow-diagram .strong{{font-weight:600}}
.flow-diagram .past .box{{fill:var(--flow-accent,#0b7a75);fill-opacity:.14;stroke:var(--flow-accent,#0b7a75)}}
.flow-diagram .here .box{{fill:var(--flow-accent,#0b7a75);fill-opacity:.32;stroke:var(--flow-accent,#0b7a75)}}
.flow-diagram .here .box{{stroke-opacity:1;stroke-width:3}}
.flow-diagram .wrong .box{{stroke:var(--flow-wrong,currentColor);stroke-opacity:1;stroke-width:2.5;stroke-dasharray:6 3}}
.flow-diagram a:is(:hover,:focus-visible) .box{{stroke:var(--flow-accent,#0b7a75);stroke-opacity:1;stroke-width:3}}
"""


class Picture:
    """Parts one below the other."""

    def __init__(
        self,
        english: bool,
        here: str | None,
        visited: frozenset[str],
        wrong: frozenset[tuple[str, str]] = frozenset(),
        link: Callable[[str, str], str] | None = None,
    ) -> None:
        self.english = english
        self.here = here
        self.visited = visited
        self.wrong = wrong
        self.link = link
        self.width: float = 0
        self.height: float = 0
        self.rows: list[str] = []

    def part(self, plan: Plan, heading: str | None, branch: str = "") -> None:
        """Add a plan below what is there; a branch has a heading and its key."""
        self.rows.append(f'<g transform="translate(0 {_n(self.height)})">')
        if heading:
            self.rows.append(f'<text class="lane-name" x="32" y="40">{escape(heading)}</text>')
        for left, right, title in plan.lanes:
            if title:
                self._lane(left, right, title, plan.height)
        self.rows.append('<g class="lines">')
        self.rows += [self._line(link, points) for link, points in plan.routes]
        self.rows.append("</g>")
        self.rows += [self._label(link, points) for link, points in plan.routes]
        for box in plan.boxes:
            self.rows.append(self._box(box, branch))
            if box.target == plan.start:
                self.rows.append(f'<circle class="begin" cx="{_n(box.x)}" cy="{_n(box.y)}" r="6"/>')
        self.rows.append("</g>")
        self.width = max(self.width, plan.width)
        self.height += plan.height

    def finish(self, definition: Definition) -> str:
        name = (self.english and definition.name_en) or definition.name
        ident = f"flow-{definition.key}"
        self._legend()
        size = f'width="{_n(self.width)}" height="{_n(self.height)}" viewBox="0 0 {_n(self.width)} {_n(self.height)}"'
        role = "group" if self.link else "img"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="flow-diagram" role="{role}" {size} '
            f'aria-labelledby="{ident}-title {ident}-desc"><title id="{ident}-title">{escape(name)}</title>'
            f'<desc id="{ident}-desc">{escape(self._described(definition))}</desc><style>{_STYLE}</style>'
            f"{''.join(self.rows)}</svg>"
        )

    def _lane(self, left: float, right: float, title: str, height: float) -> None:
        x, width = left - 12, right - left
        self.rows.append(
            f'<rect class="lane" x="{_n(x)}" y="8" width="{_n(width - 6)}" height="{_n(height - 8)}" rx="6"/>'
        )
        self.rows.append(f'<text class="lane-name" x="{_n(left)}" y="30">{escape(title)}</text>')

    def _line(self, link: Link, points: Sequence[Point]) -> str:
        names = ", ".join(" ".join(label.lines) for label in link.labels)
        (x, y), (before, _) = points[-1], points[-2]
        back = 8 if before < x else -8
        head = f"M{_n(x)} {_n(y)}l{-back} -4v8z"
        kind = "line timed" if link.timed else "line"
        path = f'<path class="{kind}" d="{_rounded(points)}"><title>{escape(names)}</title></path>'
        return f'{path}<path class="head" d="{head}"/>'

    def _label(self, link: Link, points: Sequence[Point]) -> str:
        (x, y), (after, _) = points[0], points[1]
        onward = after > x
        place = f'x="{_n(x + 7 if onward else x - 7)}" text-anchor="{"start" if onward else "end"}"'
        rows = []
        at = y - 4 - 13 * (link.lines - 1)
        for label in link.labels:
            for index, line in enumerate(label.lines):
                last = index == len(label.lines) - 1
                mark = " ◇" if label.by_condition and last else ""
                strong = ' class="strong"' if label.strong else ""
                rows.append(f'<text{strong} {place} y="{_n(at)}">{escape(line)}{mark}</text>')
                at += 13
        return "".join(rows)

    def _box(self, box: Item, branch: str) -> str:
        state = box.state
        assert state is not None
        kinds = ["state"]
        if not branch and state.key == self.here:
            kinds.append("here")
        elif not branch and state.key in self.visited:
            kinds.append("past")
        if (branch, state.key) in self.wrong:
            kinds.append("wrong")
        x, y, width, height = box.x, box.y, box.width, box.height
        rows = [f'<g class="{" ".join(kinds)}">', f"<title>{escape(box.tip)}</title>" if box.tip else ""]
        rows.append(_rect("box", x, y, width, height, 8))
        if state.end:
            rows.append(_rect("inner", x + 3.5, y + 3.5, width - 7, height - 7, 5))
        name = (self.english and state.name_en) or state.name
        at = y + height / 2 - 7.5 * len(box.notes) + 5
        middle = f'x="{_n(x + width / 2)}" text-anchor="middle"'
        rows.append(f'<text class="name" {middle} y="{_n(at)}">{escape(name)}</text>')
        for index, note in enumerate(box.notes):
            rows.append(f'<text class="note" {middle} y="{_n(at + 15 * (index + 1))}">{escape(note)}</text>')
        rows.append("</g>")
        drawn = "".join(rows)
        return f'<a href="{escape(self.link(branch, state.key))}">{drawn}</a>' if self.link else drawn

    def _legend(self) -> None:
        zh = "◇ 按条件走向 · ↻ 不改变状态的操作 · 粗体：主要操作 · 虚线：到时自动 · ● 起点 · 双框：终点"
        en = "◇ by condition · ↻ moves that stay · bold: main move · dashed: by itself · ● start · double frame: end"
        self.height += 28
        text = en if self.english else zh
        self.rows.append(f'<text class="note" x="32" y="{_n(self.height - 10)}">{text}</text>')

    def _described(self, definition: Definition) -> str:
        def named(key: str) -> str:
            state = definition.state_by_key.get(key)
            if state is None:
                return key
            return (self.english and state.name_en) or state.name

        ends = [named(state.key) for state in definition.states if state.end]
        states, moves = len(definition.states), len(definition.moves)
        now = named(self.here) if self.here in definition.state_by_key and self.here else None
        if self.english:
            text = f"{states} states, {moves} moves, from {named(definition.start)} to {', '.join(ends)}."
            return f"{text} Now: {now}." if now else text
        text = f"{states}个状态、{moves}个操作，从“{named(definition.start)}”开始，终点：{'、'.join(ends)}。"
        return f"{text}当前：{now}。" if now else text


def _rect(kind: str, x: float, y: float, width: float, height: float, radius: int) -> str:
    size = f'width="{_n(width)}" height="{_n(height)}"'
    return f'<rect class="{kind}" x="{_n(x)}" y="{_n(y)}" {size} rx="{radius}"/>'


def _rounded(points: Sequence[Point]) -> str:
    """A path through right-angled corners, rounded."""
    path = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(_RADIUS, _distance(before, corner) / 2, _distance(corner, after) / 2)
        begin, end = _towards(corner, before, reach), _towards(corner, after, reach)
        path.append(
            f"L{_n(begin[0])} {_n(begin[1])}Q{_n(corner[0])} {_n(corner[1])} {_n(end[0])} {_n(end[1])}"
        )
    path.append(f"L{_n(points[-1][0])} {_n(points[-1][1])}")
    return "".join(path)


def _distance(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _towards(start: Point, end: Point, reach: float) -> Point:
    length = _distance(start, end)
    if length == 0:
        return start
    return start[0] + (end[0] - start[0]) * reach / length, start[1] + (end[1] - start[1]) * reach / length


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
