"""Meetings of the week before and the week to come, and what they left for the worker to see to."""

from collections.abc import Iterator
from typing import Any

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import near_paths
from wangge.domain.visits.queries import meetings_near
from wangge.platform import clock

MOST = 40


def rows(actor: Actor) -> Iterator[dict[str, Any]]:
    """The first to begin first, for who keeps a ring (2 statements); only one's own open items."""
    if not near_paths(actor):
        return
    for meeting in meetings_near(actor, clock.now())[:MOST]:
        yield {
            "id": str(meeting.pk),
            "kind": meeting.get_kind_display(),
            "title": meeting.title,
            "place": meeting.place,
            "starts_at": meeting.starts_at.isoformat(),
            "invitation": meeting.invitation,
            "came": meeting.came,
            "minutes": meeting.minutes,
            "version": meeting.version,
            "items": [
                {"id": str(item.pk), "text": item.text, "due": item.due_on.isoformat()}
                for item in meeting.follow_ups.all()
            ],
        }
