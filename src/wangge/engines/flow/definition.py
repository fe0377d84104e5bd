"""A whole process definition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from wangge.engines.flow import reading, writing
from wangge.engines.flow.parts import Branch, Move, Part, State


@dataclass(frozen=True, slots=True)
class Definition(Part):
    """A process. As data, whose optional keys are marked with ?:

    {key, name, name_en?, start, facts?: [dotted names that conditions may read],
     states: [{key, name, name_en?, step?, owner?, clock?, limit?, end?, timers?: [{after|at, do|move}]}],
     moves: [{key, name, name_en?, from: [states], to: state or [{when?, to}], who: ["role@place"],
              when?, why?, why_en?, ask?: [{key, type, name, name_en?, required?, options?}], join?,
              effects?, tone?}],
     branches?: [{key, name, name_en?, start, states, moves}]}
    """

    facts: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Raises DefinitionError that names the path of the first fault, such as `moves[3].to`."""
        return cls(**reading.read(data))

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON, without default values; from_data makes an equal definition of it."""
        return writing.write(self) | writing.write_rest(self.facts, self.branches)

    def part(self, branch: str | None = None) -> Part:
        """The process itself, or a branch. Raises KeyError for an unknown branch."""
        if branch is None:
            return self
        return {part.key: part for part in self.branches}[branch]

    def state(self, key: str, branch: str | None = None) -> State:
        """Raises KeyError for an unknown state or branch."""
        return self.part(branch).state_by_key[key]

    def move(self, key: str, branch: str | None = None) -> Move:
        """Raises KeyError for an unknown move or branch."""
        return self.part(branch).move_by_key[key]

    def has_move(self, key: str, branch: str | None = None) -> bool:
        """False for an unknown move or branch."""
        known = branch is None or any(part.key == branch for part in self.branches)
        return known and key in self.part(branch).move_by_key
