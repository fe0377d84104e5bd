"""A move under way, as each of its effects sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wangge.domain.access.actor import ActivePost, Actor, AnyActor
from wangge.domain.cases.models import Case
from wangge.domain.cases.services import photos
from wangge.domain.cases.services.photos import Picture


@dataclass(slots=True)
class Change:
    """`data` is cleaned (ids, dates, numbers); `notes` go into the event for whoever tells people."""

    case: Case
    actor: AnyActor
    move: str
    data: dict[str, Any]
    now: datetime
    source: str
    target: str
    post: ActivePost | None = None
    images: Sequence[bytes] = ()
    notes: dict[str, Any] = field(default_factory=dict)
    _pictures: list[Picture] | None = None

    def pictures(self) -> list[Picture]:
        """The images encoded anew, once for all effects; Invalid on `photos`."""
        if self._pictures is None:
            self._pictures = photos.read(self.images)
        return self._pictures

    @property
    def user_id(self) -> int | None:
        return self.actor.user_id if isinstance(self.actor, Actor) else None
