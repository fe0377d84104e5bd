"""A small process with one of everything, and random sound ones."""

import copy
from typing import Any

from hypothesis import strategies as st

from wangge.engines.flow import Vocabulary

VOCABULARY = Vocabulary(
    roles={"officer", "head", "helper"},
    places={"unit", "level", "support"},
    effects={"take", "give_back", "remind", "escalate", "thank"},
    option_lists={"reasons"},
    owners={"station", "lead", "keep"},
)

LAMP: dict[str, Any] = {
    "key": "lamp",
    "name": "路灯报修",
    "name_en": "Street lamp repair",
    "start": "asked",
    "facts": ["lamp.returns", "lamp.dark", "lamp.parts", "actor.repaired", "data.worked"],
    "states": [
        {
            "key": "asked", "name": "待派", "name_en": "Asked", "step": 1, "owner": "station", "clock": "stage",
            "limit": "2 work_hour", "timers": [{"after": "1 work_hour", "do": "remind"}],
        },
        {
            "key": "repairing", "name": "维修中", "name_en": "Repairing", "step": 3, "owner": "lead", "clock": "case",
            "timers": [{"at": "yellow", "do": "remind"}, {"at": "due", "do": "escalate"}],
        },
        {
            "key": "waiting", "name": "待料", "name_en": "Waiting for parts", "step": 3, "owner": "lead", "clock": "paused",
            "timers": [{"at": "pause_end", "move": "resume"}],
        },
        {"key": "judged", "name": "仲裁中", "step": 2, "owner": "station", "clock": "case"},
        {"key": "done", "name": "已修好", "name_en": "Done", "step": 5, "owner": "keep", "clock": "stopped", "end": True},
    ],
    "moves": [
        {
            "key": "send", "name": "派修", "name_en": "Send", "from": ["asked", "judged"], "to": "repairing",
            "who": ["officer@level", "head@level"], "effects": ["take"], "tone": "primary",
            "ask": [
                {"key": "note", "type": "text", "name": "说明", "name_en": "Note"},
                {"key": "unit", "type": "unit", "name": "单位", "name_en": "Unit", "required": True},
                {"key": "urgent", "type": "boolean", "name": "紧急", "required": True},
            ],
        },
        {
            "key": "return", "name": "退单", "name_en": "Return", "from": ["repairing"],
            "to": [{"when": "lamp.returns >= 1", "to": "judged"}, {"to": "asked"}],
            "who": ["officer@unit"], "when": "lamp.returns < 2", "why": "已退过两次", "why_en": "Returned twice already",
            "effects": ["give_back"],
            "ask": [
                {"key": "reason", "type": "choice", "name": "理由", "options": "reasons", "required": True},
                {"key": "how", "type": "choices", "name": "怎样",
                 "options": [{"value": "a", "name": "甲", "name_en": "A"}, {"value": "b", "name": "乙"}]},
            ],
        },
        {
            "key": "wait", "name": "等料", "from": ["repairing"], "to": "waiting", "who": ["officer@unit"],
            "when": "'bulb' in lamp.parts", "why": "不缺灯泡",
        },
        {"key": "resume", "name": "恢复", "from": ["waiting"], "to": "repairing", "who": ["system", "officer@unit"]},
        {
            "key": "finish", "name": "修好", "name_en": "Finish", "from": ["repairing"], "to": "done",
            "who": ["officer@unit", "head@unit"], "join": "help", "effects": ["thank", "remind"], "tone": "primary",
        },
        {
            "key": "again", "name": "又坏了", "from": ["done"], "to": "repairing", "who": ["reporter"],
            "when": "lamp.dark && !actor.repaired", "why": "灯还亮着", "tone": "danger",
        },
        {"key": "urge", "name": "催办", "from": ["asked", "repairing", "judged"], "to": "=", "who": ["reporter", "head@level"],
         "tone": "quiet"},
    ],
    "branches": [
        {
            "key": "help", "name": "协办", "name_en": "Help", "start": "called",
            "states": [
                {"key": "called", "name": "待到场"},
                {"key": "there", "name": "已到场"},
                {"key": "left", "name": "已离开", "end": True},
            ],
            "moves": [
                {"key": "come", "name": "到场", "from": ["called"], "to": "there", "who": ["helper@support"]},
                {"key": "leave", "name": "离开", "from": ["called", "there"], "to": "left",
                 "who": ["helper@support", "head@level"],
                 "ask": [{"key": "note", "type": "long_text", "name": "情况", "required": True}]},
            ],
        }
    ],
}  # fmt: skip

FACTS = {
    "lamp": {"returns": 0, "dark": True, "parts": ["bulb"]},
    "actor": {"repaired": False},
    "data": {"worked": True},
}
EVERYBODY = frozenset(
    {"officer@level", "head@level", "officer@unit", "head@unit", "helper@support", "reporter", "system"}
)


def lamp() -> dict[str, Any]:
    """The small process, free to change."""
    return copy.deepcopy(LAMP)


CONDITIONS = [
    "lamp.returns < 1",
    "lamp.dark",
    "actor.repaired",
    "lamp.returns >= 1 || lamp.dark",
    "'bulb' in lamp.parts",
]
WHO = st.lists(st.sampled_from(sorted(EVERYBODY)), min_size=1, max_size=3, unique=True)
NAMES = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=6)


@st.composite
def ways(draw: st.DrawFn, states: list[str]) -> Any:
    last = draw(st.sampled_from([*states, "="]))
    conditional = draw(st.lists(st.sampled_from(CONDITIONS), max_size=2, unique=True))
    if not conditional:
        return last
    return [{"when": when, "to": draw(st.sampled_from(states))} for when in conditional] + [{"to": last}]


@st.composite
def moves(draw: st.DrawFn, states: list[str], joins: list[str]) -> list[dict[str, Any]]:
    """A chain through all the states, so that each is reached and ends, and other moves across."""
    found: list[dict[str, Any]] = [
        {"key": f"step{n}", "name": draw(NAMES), "from": [states[n]], "to": states[n + 1], "who": draw(WHO)}
        for n in range(len(states) - 1)
    ]
    for number in range(draw(st.integers(0, 6))):
        move: dict[str, Any] = {
            "key": f"move{number}",
            "name": draw(NAMES),
            "from": draw(st.lists(st.sampled_from(states), min_size=1, max_size=3, unique=True)),
            "to": draw(ways(states)),
            "who": draw(WHO),
        }
        if draw(st.booleans()):
            move |= {"when": draw(st.sampled_from(CONDITIONS)), "why": "还不行"}
        if joins and draw(st.booleans()):
            move["join"] = draw(st.sampled_from(joins))
        if draw(st.booleans()):
            move["ask"] = [{"key": "note", "type": "text", "name": "说明", "required": draw(st.booleans())}]
        if draw(st.booleans()):
            move["effects"] = draw(st.lists(st.sampled_from(sorted(VOCABULARY.effects)), max_size=3))
        found.append(move)
    return found


@st.composite
def sound(draw: st.DrawFn) -> dict[str, Any]:
    """The data of a definition in which nothing is wrong."""
    keys = [f"s{n}" for n in range(draw(st.integers(2, 7)))]
    states = [
        {
            "key": key, "name": draw(NAMES), "step": draw(st.integers(1, 5)), "owner": "lead", "clock": "stage",
            "limit": f"{draw(st.integers(1, 9))} work_day",
        }
        for key in keys[:-1]
    ]  # fmt: skip
    states.append(
        {"key": keys[-1], "name": "终", "step": 5, "owner": "keep", "clock": "stopped", "end": True}
    )
    joins = ["help"] if draw(st.booleans()) else []
    branch_states = ["b0", "b1", "b2"]
    branches = [
        {
            "key": "help", "name": "协办", "start": "b0",
            "states": [{"key": key, "name": key, "end": key == "b2"} for key in branch_states],
            "moves": draw(moves(branch_states, [])),
        }
        for _ in joins
    ]  # fmt: skip
    return {
        "key": "random", "name": "随机", "start": keys[0], "facts": list(LAMP["facts"]),
        "states": states, "moves": draw(moves(keys, joins)), "branches": branches,
    }  # fmt: skip
