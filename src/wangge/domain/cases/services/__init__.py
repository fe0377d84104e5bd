"""Every write of a case. Each takes the actor, runs in one transaction and returns the object."""

from wangge.domain.cases.services.intake import Report, Reported, report
from wangge.domain.cases.services.joined import answer
from wangge.domain.cases.services.moves import move, move_support

__all__ = ["Report", "Reported", "answer", "move", "move_support", "report"]
