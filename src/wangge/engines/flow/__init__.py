"""Processes as data: definitions that are checked before use, asked which moves are open, and drawn.

Pure: no clock, no database. A definition is a dict (JSON in a database, TOML by people); its shape is
described at `Definition`.
"""

from wangge.engines.flow.checking import Problem, check
from wangge.engines.flow.comparing import Change, FieldChange, compare
from wangge.engines.flow.definition import Definition
from wangge.engines.flow.drawing import draw
from wangge.engines.flow.editing import Element
from wangge.engines.flow.moving import OpenMove, Outcome, Refused, decide, open_moves
from wangge.engines.flow.parts import Branch, Field, Move, Option, Part, State, Timer, Way
from wangge.engines.flow.reading import DefinitionError
from wangge.engines.flow.replaying import Difference, Replay, Step, changes_the_way, replay
from wangge.engines.flow.vocabulary import REPORTER, SYSTEM, Vocabulary

__all__ = [
    "REPORTER",
    "SYSTEM",
    "Branch",
    "Change",
    "Definition",
    "DefinitionError",
    "Difference",
    "Element",
    "Field",
    "FieldChange",
    "Move",
    "OpenMove",
    "Option",
    "Outcome",
    "Part",
    "Problem",
    "Refused",
    "Replay",
    "State",
    "Step",
    "Timer",
    "Vocabulary",
    "Way",
    "changes_the_way",
    "check",
    "compare",
    "decide",
    "draw",
    "open_moves",
    "replay",
]
