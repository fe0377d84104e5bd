"""Official holidays and the weekend days worked in their place."""

from datetime import date
from typing import Protocol

from chinese_calendar import constants


class HolidaySource(Protocol):
    """Where a calendar learns of days that break the weekly rule."""

    @property
    def known_until(self) -> date:
        """The last day about which this source knows."""

    def working(self, day: date) -> bool | None:
        """True for a make-up working day, False for a holiday, None where the weekly rule holds."""


class OfficialHolidays:
    """China's public holidays as the State Council publishes them for each year (package chinesecalendar).

    The plan for a year appears in the autumn before it; for later years the weekly rule holds.
    """

    @property
    def known_until(self) -> date:
        return date(max(constants.holidays).year, 12, 31)

    def working(self, day: date) -> bool | None:
        if day in constants.workdays:
            return True
        return False if day in constants.holidays else None

    def name(self, day: date) -> tuple[str, str] | None:
        """The holiday a day belongs to or is worked for, in Chinese and English; None for an ordinary day."""
        english = constants.holidays.get(day) or constants.workdays.get(day)
        if english is None:
            return None
        holiday = constants.Holiday(english)
        return holiday.chinese, holiday.value


CHINA = OfficialHolidays()
