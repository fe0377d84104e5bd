"""The drawing is one well-formed, labelled SVG that shows every state and every move between states."""

import re
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from flow_examples import lamp, sound
from hypothesis import given

from wangge.engines.flow import Definition, draw
from wangge.engines.flow.drawing.layout import Point, lay_out
from wangge.engines.flow.drawing.links import links_of

SVG = "{http://www.w3.org/2000/svg}"


def drawn(data: dict[str, Any], **more: Any) -> ElementTree.Element:
    return ElementTree.fromstring(draw(Definition.from_data(data), **more))


def texts(root: ElementTree.Element, kind: str) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text") if element.get("class") == kind]


def boxes(root: ElementTree.Element) -> list[tuple[float, float, float, float]]:
    found = [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "box"]
    return [tuple(float(rect.get(name, "")) for name in ("x", "y", "width", "height")) for rect in found]  # type: ignore[misc]


def test_every_state_has_a_box_with_its_name() -> None:
    names = {state["name"] for state in lamp()["states"]} | {
        s["name"] for s in lamp()["branches"][0]["states"]
    }
    assert set(texts(drawn(lamp()), "name")) == names


def test_every_move_between_states_labels_an_arrow() -> None:
    written = " ".join("".join(element.itertext()) for element in drawn(lamp()).iter(f"{SVG}text"))
    for name in ("派修", "退单 ◇", "等料", "恢复", "修好", "又坏了", "到场", "离开"):
        assert name in written
    assert "催办" not in written


def test_english_names_are_drawn_in_english() -> None:
    root = drawn(lamp(), lang="en-gb")
    assert {"Asked", "Repairing", "Done"} <= set(texts(root, "name"))
    assert "In parallel: Help" in texts(root, "lane-name")
    assert root.findtext(f"{SVG}title") == "Street lamp repair"


def test_lanes_are_the_steps_in_use() -> None:
    assert texts(drawn(lamp()), "lane-name") == [
        "1 发现告知",
        "2 调度派遣",
        "3 事件处理",
        "5 评价结案",
        "并行：协办",
    ]


def test_the_present_state_and_the_visited_ones_are_marked() -> None:
    root = drawn(lamp(), here="repairing", visited={"asked", "repairing"})
    kinds = {
        group.findtext(f"{SVG}text"): group.get("class")
        for group in root.iter(f"{SVG}g")
        if group.get("class") != "lines"
    }
    assert kinds["维修中"] == "state here"
    assert kinds["待派"] == "state past"
    assert kinds["已修好"] == "state"
    assert "当前：维修中" in str(root.findtext(f"{SVG}desc"))


def test_end_states_have_a_double_frame() -> None:
    root = drawn(lamp())
    framed = {
        group.findtext(f"{SVG}text")
        for group in root.iter(f"{SVG}g")
        if any(rect.get("class") == "inner" for rect in group.findall(f"{SVG}rect"))
    }
    assert framed == {"已修好", "已离开"}


def test_what_the_system_does_alone_is_dashed() -> None:
    data = lamp()
    assert "line timed" not in draw(Definition.from_data(data))
    data["moves"][3]["who"] = ["system"]
    assert "line timed" in draw(Definition.from_data(data))


def test_a_screen_reader_is_told_what_it_is() -> None:
    root = drawn(lamp())
    assert root.get("role") == "img"
    labels = str(root.get("aria-labelledby")).split()
    assert [root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")] == labels  # type: ignore[union-attr]
    assert "5个状态、7个操作" in str(root.findtext(f"{SVG}desc"))


def test_names_cannot_break_out_of_the_drawing() -> None:
    data = lamp()
    evil = '"><script>alert(1)</script>&'
    data["name"] = data["states"][0]["name"] = data["moves"][0]["name"] = data["branches"][0]["name"] = evil
    text = draw(Definition.from_data(data))
    assert "<script" not in text
    assert evil in "".join(ElementTree.fromstring(text).itertext())


def test_the_colours_are_those_of_the_page() -> None:
    text = draw(Definition.from_data(lamp()))
    assert "currentColor" in text
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", text)) == {"#0b7a75"}


@given(sound())
def test_any_definition_is_drawn_without_boxes_on_each_other(data: dict[str, Any]) -> None:
    main_and_branches = drawn(data)
    for group in main_and_branches.findall(f"{SVG}g"):
        placed = boxes(group)
        for index, (x, y, width, height) in enumerate(placed):
            for x2, y2, width2, height2 in placed[:index]:
                assert x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y


def corners(path: str) -> list[tuple[float, float]]:
    """The right-angled points of a rounded path."""
    numbers = re.findall(r"([MLQ])(-?[\d.]+) (-?[\d.]+)(?: (-?[\d.]+) (-?[\d.]+))?", path)
    return [(float(x), float(y)) for kind, x, y, *_ in numbers if kind in "MQ"] + [
        (float(numbers[-1][1]), float(numbers[-1][2]))
    ]


@given(sound())
def test_no_line_runs_through_a_box(data: dict[str, Any]) -> None:
    for group in drawn(data).findall(f"{SVG}g"):
        placed = boxes(group)
        for path in (p for p in group.iter(f"{SVG}path") if "line" in str(p.get("class")).split()):
            points = corners(str(path.get("d")))
            for (x1, y1), (x2, y2) in pairwise(points):
                for x, y, width, height in placed:
                    beside = max(x1, x2) <= x or min(x1, x2) >= x + width
                    over = max(y1, y2) <= y or min(y1, y2) >= y + height
                    assert beside or over


def overlap(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two level or upright lines share more than a point."""
    for axis in (0, 1):
        along = 1 - axis
        if one[0][axis] == one[1][axis] == other[0][axis] == other[1][axis]:
            (a, b), (c, d) = (
                sorted((one[0][along], one[1][along])),
                sorted((other[0][along], other[1][along])),
            )
            if min(b, d) - max(a, c) > 0:
                return True
    return False


@given(sound())
def test_lines_to_different_states_never_lie_on_each_other(data: dict[str, Any]) -> None:
    definition = Definition.from_data(data)
    steps = sorted({state.step for state in definition.states})
    columns = {state.key: steps.index(state.step) for state in definition.states}
    plan = lay_out(definition, columns, links_of(definition, False), [""] * len(steps), False)
    lines = [(link.target, line) for link, points in plan.routes for line in pairwise(points)]
    for (target, line), (other, crossing) in combinations(lines, 2):
        assert target == other or not overlap(line, crossing)


def test_drawing_the_same_twice_gives_the_same() -> None:
    definition = Definition.from_data(lamp())
    assert draw(definition, here="asked") == draw(definition, here="asked")


@pytest.mark.parametrize("step", [1, 5])
def test_a_process_of_two_states_is_drawn(step: int) -> None:
    data = {
        "key": "tiny", "name": "小", "start": "a",
        "states": [{"key": "a", "name": "甲", "step": step}, {"key": "b", "name": "乙", "step": step, "end": True}],
        "moves": [{"key": "go", "name": "去", "from": ["a"], "to": "b", "who": ["reporter"]}],
    }  # fmt: skip
    assert texts(drawn(data), "name") == ["甲", "乙"]
