"""Where everything stands: boxes in columns, lines in the gutters between them.

A layered layout with right angles. Each column has a gutter at its right. All lines to one state share one
upright (a bus) in a gutter and pass a column between its boxes on one level (a passage), so that few lines
are drawn and every one ends in one arrow.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from wangge.engines.flow.drawing.links import Link, staying
from wangge.engines.flow.drawing.measure import GRID, NAME_SIZE, ROW, SMALL_SIZE, on_grid, text_width
from wangge.engines.flow.parts import Part, State
from wangge.engines.worktime import Duration

Point = tuple[float, float]

_TRACK = 9
_GAP = 24
_MARGIN = 32
_ROUNDS = 6


@dataclass(slots=True, eq=False)
class Port:
    """Where lines leave or enter a box. An entering one has no link."""

    link: Link | None
    y: float = 0


@dataclass(slots=True, eq=False)
class Item:
    """Something with a place in a column: the box of a state, or a passage of lines to `target`."""

    column: int
    target: str
    state: State | None = None
    notes: tuple[str, ...] = ()
    tip: str = ""
    left: list[Port] = field(default_factory=list)
    right: list[Port] = field(default_factory=list)
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    rank: float = 0
    neighbours: list["Item"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Bus:
    """The upright in a gutter that collects the lines to one state."""

    gutter: int
    levels: list[Port | Item] = field(default_factory=list)
    track: int = 0
    x: float = 0

    def span(self) -> tuple[float, float]:
        heights = [level.y for level in self.levels]
        return min(heights), max(heights)


@dataclass(slots=True, eq=False)
class Route:
    """How a link goes: out of a port, then by a bus to a passage, and so on; the last hop enters the target."""

    link: Link
    leaving: Port
    hops: list[tuple[Bus, Item | Port]]


@dataclass(slots=True)
class Plan:
    """A finished layout. `routes` holds each link with the corners of its line, `lanes` (left, right, title)."""

    start: str
    width: float
    height: float
    boxes: list[Item]
    routes: list[tuple[Link, list[Point]]]
    lanes: list[tuple[float, float, str]]


def lay_out(
    part: Part, columns: Mapping[str, int], links: Sequence[Link], titles: Sequence[str], english: bool
) -> Plan:
    """Place the states of a part in their columns and lead the links between them."""
    return _Layout(part, columns, links, titles, english).plan()


class _Layout:
    def __init__(
        self,
        part: Part,
        columns: Mapping[str, int],
        links: Sequence[Link],
        titles: Sequence[str],
        english: bool,
    ) -> None:
        self.start = part.start
        self.count = len(titles)
        self.titles = titles
        self.links = links
        self.items: list[list[Item]] = [[] for _ in titles]
        self.boxes: dict[str, Item] = {}
        self.passages: dict[tuple[str, int, bool], Item] = {}
        self.buses: dict[tuple[int, str, bool], Bus] = {}
        self.entries: dict[tuple[str, bool], Port] = {}
        for state in part.states:
            box = _box(part, state, columns[state.key], english)
            self.boxes[state.key] = box
            self.items[box.column].append(box)

    def plan(self) -> Plan:
        led = [self._lead(link) for link in self.links]
        self._order()
        self._size()
        self._stack()
        width, lanes = self._spread()
        routes = [(route.link, self._corners(route)) for route in led]
        bottom = max(item.y + item.height for column in self.items for item in column)
        return Plan(self.start, width, bottom + _MARGIN / 2, list(self.boxes.values()), routes, lanes)

    def _lead(self, link: Link) -> Route:
        """Lead a link out of its box, by buses and passages in turn, to where it enters."""
        source, target = self.boxes[link.source], self.boxes[link.target]
        onward = target.column > source.column
        sideways = target.column == source.column
        leaving = Port(link)
        (source.right if onward or sideways else source.left).append(leaving)
        first = source.column if onward or sideways else source.column - 1
        gutters = range(first, target.column) if onward else range(first, target.column - 1, -1)
        hops: list[tuple[Bus, Item | Port]] = []
        before = source
        for gutter in gutters:
            bus = self.buses.setdefault((gutter, link.target, onward), Bus(gutter))
            following = self._next(link.target, gutter + 1 if onward else gutter, onward)
            bus.levels += [hops[-1][1] if hops else leaving, following]
            after = target if isinstance(following, Port) else following
            before.neighbours.append(after)
            after.neighbours.append(before)
            before = after
            hops.append((bus, following))
        return Route(link, leaving, hops)

    def _next(self, key: str, column: int, onward: bool) -> Item | Port:
        """What a bus leads to: the target's entry if it stands in this column, else a passage through it."""
        target = self.boxes[key]
        if target.column == column:
            if (key, onward) not in self.entries:
                entry = self.entries[key, onward] = Port(None)
                (target.left if onward else target.right).insert(0, entry)
            return self.entries[key, onward]
        if (key, column, onward) not in self.passages:
            passage = self.passages[key, column, onward] = Item(column, key)
            self.items[column].append(passage)
        return self.passages[key, column, onward]

    def _order(self) -> None:
        """Boxes keep the order of the definition; passages go between them, near what they link."""
        for column in self.items:
            boxes = [item for item in column if item.state]
            for index, box in enumerate(boxes):
                box.rank = (index + 0.5) / len(boxes)
        for _ in range(_ROUNDS):
            for passage in self.passages.values():
                passage.rank = sum(other.rank for other in passage.neighbours) / len(passage.neighbours)
        for column in self.items:
            column.sort(key=lambda item: item.rank)

    def _size(self) -> None:
        for box in self.boxes.values():
            for side in (box.left, box.right):
                side.sort(key=lambda port: self._height_of_other_end(port, box))
            rows = max(_height(box.left), _height(box.right))
            box.height = on_grid(max(26 + 15 * len(box.notes), rows + GRID))
        for passage in self.passages.values():
            passage.height = GRID

    def _height_of_other_end(self, port: Port, box: Item) -> float:
        return self.boxes[port.link.target].rank if port.link else box.rank

    def _stack(self) -> None:
        heights = [sum(i.height for i in column) + _gaps(column) for column in self.items]
        for column, height in zip(self.items, heights, strict=True):
            y = on_grid((max(heights) - height) / 2) + 2 * _MARGIN
            for index, item in enumerate(column):
                if index:
                    y += _gap(column[index - 1], item)
                item.y = y if item.state else y + (2 if item.column % 2 else 6)
                y += on_grid(item.height)
        for box in self.boxes.values():
            _set_ports(box.left, box, 4)
            _set_ports(box.right, box, 0)

    def _spread(self) -> tuple[float, list[tuple[float, float, str]]]:
        """Give columns and gutters their width from left to right; the whole width and the lanes."""
        x: float = _MARGIN
        lanes = []
        for index, column in enumerate(self.items):
            begin = x
            width = max([item.width for item in column if item.state], default=0)
            for item in column:
                item.x, item.width = x, width
            x += width
            here = [bus for bus in self.buses.values() if bus.gutter == index]
            tracks = _assign_tracks(here)
            x += _label_room(port for item in column for port in item.right)
            for bus in here:
                bus.x = x + bus.track * _TRACK
            x += max(tracks - 1, 0) * _TRACK
            following = self.items[index + 1] if index + 1 < self.count else []
            x += _label_room(port for item in following for port in item.left) if following else _MARGIN
            lanes.append((begin, x, self.titles[index]))
        return x + _MARGIN / 2, lanes

    def _corners(self, route: Route) -> list[Point]:
        source, target = self.boxes[route.link.source], self.boxes[route.link.target]
        level = route.leaving.y
        points: list[Point] = [(_side(source, route.leaving), level)]
        for bus, following in route.hops:
            points += [(bus.x, level), (bus.x, following.y)]
            level = following.y
        onward = target.column > source.column
        return [*points, (_side(target, self.entries[target.target, onward]), level)]


def _side(box: Item, port: Port) -> float:
    return box.x + box.width if port in box.right else box.x


def _box(part: Part, state: State, column: int, english: bool) -> Item:
    stays = staying(part, state.key, english)
    notes = [note for note in (_clock_note(state, english), _stay_note(stays, english)) if note]
    name = (english and state.name_en) or state.name
    box = Item(column, state.key, state, tuple(notes), "；".join(stays) if not english else "; ".join(stays))
    widest = max(text_width(name, NAME_SIZE), *(text_width(note, SMALL_SIZE) for note in notes), 56)
    box.width = on_grid(widest + 28)
    return box


def _clock_note(state: State, english: bool) -> str:
    if state.limit is not None:
        return Duration.parse(state.limit).name("en" if english else "zh")
    words = {"case": ("按案件时限", "the case's deadline"), "paused": ("暂停计时", "clock paused")}
    return words[state.clock][english] if state.clock in words else ""


def _stay_note(stays: Sequence[str], english: bool) -> str:
    if not stays:
        return ""
    return f"↻ {len(stays)} more" if english else f"↻ 另{len(stays)}项"


def _height(ports: Sequence[Port]) -> float:
    return sum(_row(port) for port in ports)


def _row(port: Port) -> int:
    return ROW * max(port.link.lines, 1) if port.link else ROW


def _set_ports(ports: Sequence[Port], box: Item, shift: int) -> None:
    """Spread ports down a side; each stands below the lines of its label."""
    y = box.y + on_grid((box.height - _height(ports)) / 2) - GRID
    for port in ports:
        y += _row(port)
        port.y = y + shift


def _gaps(column: Sequence[Item]) -> float:
    return sum(_gap(above, below) for above, below in pairwise(column))


def _gap(above: Item, below: Item) -> int:
    return _GAP if above.state and below.state else GRID * 2 if above.state or below.state else 0


def _label_room(ports: Iterable[Port]) -> float:
    widths = [
        text_width(line, SMALL_SIZE) + 14
        for port in ports
        if port.link
        for label in port.link.labels
        for line in label.lines
    ]
    return max(widths, default=0) + 20


def _assign_tracks(buses: list[Bus]) -> int:
    """Give uprights that overlap different tracks, the shortest first; how many tracks there are."""
    taken: list[list[tuple[float, float]]] = []
    for bus in sorted(buses, key=lambda b: (b.span()[1] - b.span()[0], b.span())):
        top, bottom = bus.span()
        free = (
            track
            for track, spans in enumerate(taken)
            if all(bottom + GRID < begin or top - GRID > end for begin, end in spans)
        )
        bus.track = next(free, len(taken))
        if bus.track == len(taken):
            taken.append([])
        taken[bus.track].append((top, bottom))
    return len(taken)
