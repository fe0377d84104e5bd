"""What may be done to many cases at once; pure."""

from dataclasses import dataclass, field
from typing import Any

from wangge.domain.access.actor import Actor
from wangge.engines.flow import Definition, Move

# In the order of the bar over a list.
MOVES = ("dispatch", "urge", "supervise", "merge")
MOST = 200
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """One case of a run: the version that the person saw, and fields of the move that are its own."""

    case_id: int
    version: int
    data: dict[str, Any] = field(default_factory=dict)

    def line(self) -> dict[str, Any]:
        return {"case": self.case_id, "version": self.version, "data": self.data, "done": None, "why": ""}


def offered(actor: Actor, definition: Definition) -> tuple[Move, ...]:
    """The moves for many cases that one of the actor's posts may make somewhere."""
    moves = (definition.move(key) for key in MOVES if definition.has_move(key))
    roles = actor.roles
    return tuple(move for move in moves if any(who.partition("@")[0] in roles for who in move.who))
