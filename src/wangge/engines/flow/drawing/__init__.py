"""Draws a definition as an SVG diagram: states in lanes by step, moves as labelled arrows."""

from collections.abc import Callable, Collection

from wangge.engines.flow.definition import Definition
from wangge.engines.flow.drawing.layout import Plan, lay_out
from wangge.engines.flow.drawing.links import links_of
from wangge.engines.flow.drawing.svg import Picture
from wangge.engines.flow.parts import Part

__all__ = ["draw"]

STEPS = {
    "zh": ("发现告知", "调度派遣", "事件处理", "跟踪回访", "评价结案"),
    "en": ("Report", "Dispatch", "Handle", "Follow up", "Close"),
}


def draw(
    definition: Definition,
    lang: str = "zh",
    here: str | None = None,
    visited: Collection[str] = (),
    *,
    wrong: Collection[tuple[str, str]] = (),
    link: Callable[[str, str], str] | None = None,
) -> str:
    """An SVG element of a definition, with the state `here` highlighted and the `visited` ones tinted.

    `lang` beginning with "en" draws English names. Colours come from currentColor; a page may set
    --flow-accent and --flow-wrong. Its natural size is in `width` and `height`, so that a page may let it
    scroll. For an editor: `wrong` states, as (branch or "", state), are marked, and `link` gives the address
    of each. A definition with problems is drawn too: what leads to no state is left out.
    """
    english = lang.startswith("en")
    picture = Picture(english, here, frozenset(visited), frozenset(wrong), link)
    picture.part(_plan_main(definition, english), None)
    for branch in definition.branches:
        heading = f"In parallel: {branch.name_en or branch.name}" if english else f"并行：{branch.name}"
        picture.part(_plan_branch(branch, english), heading, branch.key)
    return picture.finish(definition)


def _plan_main(definition: Definition, english: bool) -> Plan:
    steps = sorted({state.step for state in definition.states})
    columns = {state.key: steps.index(state.step) for state in definition.states}
    names = STEPS["en" if english else "zh"]
    titles = [f"{step} {names[step - 1]}" if 1 <= step <= len(names) else "" for step in steps]
    return lay_out(definition, columns, links_of(definition, english), titles, english)


def _plan_branch(branch: Part, english: bool) -> Plan:
    columns = _depths(branch)
    return lay_out(branch, columns, links_of(branch, english), [""] * (max(columns.values()) + 1), english)


def _depths(part: Part) -> dict[str, int]:
    """How many moves each state is from the start; what cannot be reached stands at the start too."""
    depths = {part.start: 0}
    waiting = [part.start]
    while waiting:
        state = waiting.pop(0)
        for move in part.leaving(state):
            for target in move.targets(state):
                if target not in depths:
                    depths[target] = depths[state] + 1
                    waiting.append(target)
    return {state.key: depths.get(state.key, 0) for state in part.states}
