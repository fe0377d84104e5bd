"""Processes as data: definitions that are checked before use, asked which moves are open, and drawn.

Pure: no clock, no database. A definition is a dict (JSON in a database, TOML by people); its shape is
described at `Definition`.
"""

from wangge.engines.flow.checking import Problem, check
from wangge.engines.flow.definition import Definition
from wangge.engines.flow.drawing import draw
from wangge.engines.flow.moving import OpenMove, Outcome, Refused, decide, open_moves
from wangge.engines.flow.parts import Branch, Field, Move, Option, Part, State, Timer, Way
from wangge.engines.flow.reading import DefinitionError
from wangge.engines.flow.vocabulary import REPORTER, SYSTEM, Vocabulary

__all__ = [
    "REPORTER",
    "SYSTEM",
    "Branch",
    "Definition",
    "DefinitionError",
    "Field",
    "Move",
    "OpenMove",
    "Option",
    "Outcome",
    "Part",
    "Problem",
    "Refused",
    "State",
    "Timer",
    "Vocabulary",
    "Way",
    "check",
    "decide",
    "draw",
    "open_moves",
]
