"""The working calendar of a district, from its hours and overrides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from datetime import time as wall_time

from django.conf import settings

from wangge.domain.catalogue.models import CalendarOverride, WorkingHours
from wangge.engines.worktime import CHINA, OFFICE_HOURS, WorkCalendar
from wangge.platform.fresh import fresh_for

Periods = Sequence[tuple[wall_time, wall_time]]


@fresh_for(30)
def calendar_of(district_id: int) -> WorkCalendar:
    """The calendar of a district (area id); its own hours, or office hours when it set none."""
    return _build(district_id)


forget_calendars = calendar_of.forget


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar: worked or not, and why. `official`: True make-up day, False holiday, None neither."""

    date: date
    working: bool
    official: bool | None
    name: tuple[str, str] | None
    override: CalendarOverride | None


def days_of_year(district_id: int, year: int) -> list[Day]:
    """Every day of a year in a district, read afresh (3 statements)."""
    calendar = _build(district_id)
    own = {row.day: row for row in CalendarOverride.objects.filter(area_id=district_id, day__year=year)}
    return [
        Day(day, calendar.is_working_day(day), CHINA.working(day), CHINA.name(day), own.get(day))
        for day in _days(year)
    ]


def _days(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


def hours_of(district_id: int) -> Sequence[Periods]:
    """The hours of a district from Monday to Sunday; office hours when it set none."""
    week: list[list[tuple[wall_time, wall_time]]] = [[] for _ in range(7)]
    for hours in WorkingHours.objects.filter(area_id=district_id).order_by("weekday", "begins"):
        week[hours.weekday].append((hours.begins, hours.ends))
    return week if any(week) else OFFICE_HOURS


def _build(district_id: int) -> WorkCalendar:
    overrides = dict(CalendarOverride.objects.filter(area_id=district_id).values_list("day", "working"))
    return WorkCalendar(hours_of(district_id), settings.TIME_ZONE, overrides=overrides)
