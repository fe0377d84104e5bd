"""The working calendar of a district, from its hours and overrides."""

import time
from datetime import time as wall_time

from wangge.domain.catalogue.models import CalendarOverride, WorkingHours
from wangge.engines.worktime import OFFICE_HOURS, WorkCalendar

# Another process's edit of the calendar is seen after this many seconds.
_FRESH_SECONDS = 30.0
_calendars: dict[int, tuple[float, WorkCalendar]] = {}


def calendar_of(district_id: int) -> WorkCalendar:
    """The calendar of a district (area id); its own hours, or office hours when it set none."""
    made, calendar = _calendars.get(district_id, (0.0, None))
    if calendar is None or time.monotonic() - made > _FRESH_SECONDS:
        calendar = _build(district_id)
        _calendars[district_id] = (time.monotonic(), calendar)
    return calendar


def forget_calendars() -> None:
    """After an edit, in the process that made it."""
    _calendars.clear()


def _build(district_id: int) -> WorkCalendar:
    week: list[list[tuple[wall_time, wall_time]]] = [[] for _ in range(7)]
    for hours in WorkingHours.objects.filter(area_id=district_id).order_by("weekday", "begins"):
        week[hours.weekday].append((hours.begins, hours.ends))
    overrides = dict(CalendarOverride.objects.filter(area_id=district_id).values_list("day", "working"))
    return WorkCalendar(week if any(week) else OFFICE_HOURS, overrides=overrides)
