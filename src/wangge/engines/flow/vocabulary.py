"""The words a definition may use: what the domain that runs it can resolve and carry out."""

from collections.abc import Set
from dataclasses import dataclass

REPORTER = "reporter"
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`roles` and `places` make up "role@place"; beside them "reporter" and "system" always stand."""

    roles: Set[str]
    places: Set[str]
    effects: Set[str]
    option_lists: Set[str]
    owners: Set[str]

    def knows_who(self, who: str) -> bool:
        role, at, place = who.partition("@")
        return who in (REPORTER, SYSTEM) or (bool(at) and role in self.roles and place in self.places)
