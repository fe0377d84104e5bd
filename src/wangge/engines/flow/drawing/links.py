"""Moves gathered into links: all that lead from one state to another."""

from dataclasses import dataclass

from wangge.engines.flow.parts import Move, Part

_WIDEST_WORDS = 18


@dataclass(frozen=True, slots=True)
class Label:
    """One move on a link, in lines. `strong`: the main move; `by_condition`: only under a condition."""

    lines: tuple[str, ...]
    strong: bool
    by_condition: bool


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow between two different states. `timed`: only the system makes its moves."""

    source: str
    target: str
    labels: tuple[Label, ...]
    timed: bool

    @property
    def lines(self) -> int:
        return sum(len(label.lines) for label in self.labels)


def links_of(part: Part, english: bool) -> list[Link]:
    """The links of a part in the order of its moves; moves that stay in their state are not among them."""
    found: dict[tuple[str, str], list[tuple[Move, bool]]] = {}
    for move in part.moves:
        for source in move.sources:
            for target in move.targets(source):
                if source != target and {source, target} <= part.state_by_key.keys():
                    found.setdefault((source, target), []).append((move, len(move.targets(source)) > 1))
    return [
        Link(
            source,
            target,
            tuple(_label(*move, english) for move in moves),
            all(m.who == ("system",) for m, _ in moves),
        )
        for (source, target), moves in found.items()
    ]


def staying(part: Part, state: str, english: bool) -> list[str]:
    """Names of the moves that leave a state as it is."""
    moves = [move for move in part.leaving(state) if state in move.targets(state)]
    return [name_of(move, english) for move in moves]


def name_of(named: Move, english: bool) -> str:
    return (english and named.name_en) or named.name


def _label(move: Move, by_condition: bool, english: bool) -> Label:
    return Label(tuple(_wrapped(name_of(move, english))), move.tone == "primary", by_condition)


def _wrapped(name: str) -> list[str]:
    """Words in lines of some 18 letters; Chinese names are short and stay whole."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + len(word) < _WIDEST_WORDS:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
