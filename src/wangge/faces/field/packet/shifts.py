"""The worker's own shifts of the coming days, and those of posts they stand in for."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from wangge.domain.access.actor import Actor
from wangge.domain.shifts.queries import mine
from wangge.platform import clock

_DAYS = 8


def rows(actor: Actor) -> Iterator[dict[str, Any]]:
    """Today's and those of the next seven days (1 statement)."""
    today = clock.today()
    for shift in mine(actor, today, today + timedelta(days=_DAYS - 1)):
        yield {
            "id": str(shift.pk),
            "name": shift.get_kind_display(),
            "place": shift.area.name,
            "day": shift.day.isoformat(),
            "begins": shift.starts_at.isoformat(),
            "ends": shift.ends_at.isoformat(),
            "state": shift.state,
            "instead": shift.user_id != actor.user_id,
        }
