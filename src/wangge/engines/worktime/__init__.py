"""Time by the clock and by the working calendar: deadlines, what is left, and the colour of the clock.

Every moment that goes in or comes out is an aware datetime; results are in UTC.
"""

from wangge.engines.worktime.calendar import OFFICE_HOURS, Light, Periods, WorkCalendar, weekly
from wangge.engines.worktime.duration import Basis, Duration, Unit
from wangge.engines.worktime.holidays import CHINA, HolidaySource, OfficialHolidays
from wangge.engines.worktime.pauses import OpenPauseError, Pause

__all__ = [
    "CHINA",
    "OFFICE_HOURS",
    "Basis",
    "Duration",
    "HolidaySource",
    "Light",
    "OfficialHolidays",
    "OpenPauseError",
    "Pause",
    "Periods",
    "Unit",
    "WorkCalendar",
    "weekly",
]
