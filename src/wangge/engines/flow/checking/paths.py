"""Problems of the whole: states that nothing leads to, or from which no end can be reached."""

from collections.abc import Iterable, Iterator, Mapping

from wangge.engines.flow.checking.scope import Problem, Scope, is_always, possible_ways
from wangge.engines.flow.parts import SAME, Part

Graph = Mapping[str, set[str]]


def path_problems(scope: Scope) -> Iterator[Problem]:
    part, prefix = scope.part, scope.prefix
    if part.start not in part.state_by_key:
        yield Problem(
            "unknown_state", f"{prefix}start", f"没有名为“{part.start}”的状态", f"unknown state {part.start}"
        )
        return
    graph = graph_of(part)
    found = reach(graph, [part.start])
    ends = [state.key for state in part.states if state.end]
    finishing = reach(_reversed(graph), ends)
    if not ends:
        yield Problem("no_end", f"{prefix}states", f"“{part.name}”没有终点", f"{part.key} has no end state")
    for index, state in enumerate(part.states):
        where = f"{prefix}states[{index}]"
        if state.key not in found:
            text = f"“{state.name}”永远到不了"
            yield Problem("unreachable", where, text, f"nothing leads to {state.key}")
        if ends and state.key not in finishing:
            text = f"到了“{state.name}”就再也到不了终点"
            yield Problem("dead_end", where, text, f"no end can be reached from {state.key}")


def graph_of(part: Part) -> Graph:
    """Where one can go from each state, leaving out what provably never happens."""
    graph: dict[str, set[str]] = {state.key: set() for state in part.states}
    for move in part.moves:
        if is_always(move.when, False):
            continue
        targets = {way.to for way in possible_ways(move.ways) if way.to != SAME}
        for source in move.sources:
            if source in graph:
                graph[source] |= targets & graph.keys()
    return graph


def reach(graph: Graph, starts: Iterable[str]) -> set[str]:
    """Everything that can be reached, the starts included."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        fresh = graph[waiting.pop()] - found
        found |= fresh
        waiting += fresh
    return found


def _reversed(graph: Graph) -> Graph:
    back: dict[str, set[str]] = {state: set() for state in graph}
    for source, targets in graph.items():
        for target in targets:
            back[target].add(source)
    return back
