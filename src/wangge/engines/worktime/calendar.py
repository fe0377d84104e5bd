"""The working calendar of a district."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from wangge.engines.worktime.axis import Axis
from wangge.engines.worktime.duration import Basis, Duration, Unit
from wangge.engines.worktime.holidays import CHINA, HolidaySource
from wangge.engines.worktime.pauses import OpenPauseError, Pause, merged, to_datetime, to_instant

Light = Literal["green", "yellow", "red"]
Periods = Sequence[tuple[time, time]]

# Nobody's deadline lies outside; the bound keeps a mistyped amount from filling the memory.
FIRST_YEAR, LAST_YEAR = 1950, 2199

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR


def weekly(periods: Periods, days: int = 5) -> tuple[Periods, ...]:
    """The same periods on the first `days` days of the week, none on the others."""
    return tuple(periods if weekday < days else () for weekday in range(7))


OFFICE_HOURS = weekly([(time(9), time(12)), (time(13), time(18))])


class WorkCalendar:
    """Working time by weekly periods, official holidays and the district's own overrides.

    `periods`: for Monday to Sunday, a list of (from, to) in the zone's wall time, in order, not
    overlapping; `to` = 00:00 is midnight at the end of the day. A day that is made working although its
    weekday has no periods (a make-up Saturday) takes those of a normal day. `overrides` win over
    `source`, `source` over the week. `source=None`: no holidays. `plain` says what the units `hour` and
    `day` mean. Raises ValueError for a week that makes no sense.

    Everything takes aware datetimes between 1950 and 2199 (ValueError otherwise) and gives UTC.
    """

    def __init__(
        self,
        periods: Sequence[Periods] = OFFICE_HOURS,
        zone: str = "Asia/Shanghai",
        overrides: Mapping[date, bool] | None = None,
        source: HolidaySource | None = CHINA,
        plain: Basis = "work",
    ) -> None:
        self.periods = _checked(periods)
        self.zone = ZoneInfo(zone)
        self.overrides = dict(overrides or {})
        self.source = source
        self.plain = plain
        self._normal = _normal_day(self.periods)
        self._normal_length = _length(self._normal)
        self._axis = Axis(range(0), 0, 0, ())

    @property
    def known_until(self) -> date | None:
        """The last day with official holidays; after it only the week and overrides hold. None: no source."""
        return None if self.source is None else self.source.known_until

    @property
    def normal_day(self) -> timedelta:
        """The working time of one working day, as a limit counts it: the commonest of the week's lengths."""
        return timedelta(microseconds=self._normal_length)

    def is_working_day(self, day: date) -> bool:
        """Is there working time on this local date?"""
        return bool(self._periods_of(day))

    def is_working(self, at: datetime) -> bool:
        """Is `at` in working time? The end of a period is outside."""
        instant = to_instant(at)
        return self._axis_over(instant, instant).is_working(instant)

    def next_working(self, at: datetime) -> datetime:
        """`at` itself in working time, otherwise the next start of a period."""
        instant = to_instant(at)
        axis = self._axis_over(instant, instant)
        if axis.is_working(instant):
            return to_datetime(instant)
        while (start := axis.next_start(instant)) is None:
            axis = self._longer(axis)
        return to_datetime(start)

    def basis(self, unit: Unit) -> Basis:
        """Does this unit run on the clock or on working time?"""
        if unit in (Unit.HOUR, Unit.DAY):
            return self.plain
        return "clock" if unit in (Unit.URGENT_HOUR, Unit.URGENT_DAY) else "work"

    def length(self, duration: Duration) -> timedelta:
        """The duration as time on its own basis: one work_day is `normal_day` of working time."""
        return timedelta(microseconds=self._length_of(duration))

    def due(self, start: datetime, duration: Duration, pauses: Sequence[Pause] = ()) -> datetime:
        """The first moment at which the whole duration has run. Raises OpenPauseError if it never will."""
        basis = self.basis(duration.unit)
        return to_datetime(self._run(to_instant(start), self._length_of(duration), basis, pauses))

    def add(self, start: datetime, amount: timedelta, basis: Basis, pauses: Sequence[Pause] = ()) -> datetime:
        """The first moment at which `amount` (not negative) has run since `start`."""
        if amount < timedelta(0):
            raise ValueError(f"only time to come can be added, not {amount}")
        return to_datetime(self._run(to_instant(start), _microseconds(amount), basis, pauses))

    def elapsed(
        self, start: datetime, end: datetime, basis: Basis, pauses: Sequence[Pause] = ()
    ) -> timedelta:
        """Time run from `start` to `end`, pauses left out; negative where `end` lies before `start`."""
        a, b = to_instant(start), to_instant(end)
        if a > b:
            return -self.elapsed(end, start, basis, pauses)
        run = self._measure(a, b, basis)
        for pause_start, pause_end in merged(pauses) if pauses else ():
            inside = max(a, pause_start), b if pause_end is None else min(b, pause_end)
            if inside[0] < inside[1]:
                run -= self._measure(*inside, basis)
        return timedelta(microseconds=run)

    def remaining(
        self, now: datetime, due: datetime, basis: Basis, pauses: Sequence[Pause] = ()
    ) -> timedelta:
        """Time left until `due`, negative when overdue; what was left at its start while a pause is open."""
        stopped = min((p.start for p in pauses if p.end is None), default=now)
        closed = [p for p in pauses if p.end is not None]
        return self.elapsed(min(now, stopped), due, basis, closed)

    def moment_of_yellow(
        self, start: datetime, due: datetime, basis: Basis, share: float = 0.25, pauses: Sequence[Pause] = ()
    ) -> datetime:
        """The first moment at which at most `share` (0 to 1) of the time from `start` to `due` is left."""
        if not 0 <= share <= 1:
            raise ValueError(f"a share lies between 0 and 1, not {share}")
        total = max(self.elapsed(start, due, basis, pauses), timedelta(0))
        return min(self.add(start, total - total * share, basis, pauses), due)

    def light(
        self,
        start: datetime,
        due: datetime,
        now: datetime,
        basis: Basis,
        yellow_share: float = 0.25,
        pauses: Sequence[Pause] = (),
    ) -> Light:
        """The colour of the clock: red after `due`, yellow from `moment_of_yellow` on, otherwise green."""
        if now > due:
            return "red"
        return "yellow" if now >= self.moment_of_yellow(start, due, basis, yellow_share, pauses) else "green"

    # Inside: whole microseconds only.

    def _length_of(self, duration: Duration) -> int:
        if not duration.unit.is_day:
            return duration.amount * _HOUR
        return duration.amount * (_DAY if self.basis(duration.unit) == "clock" else self._normal_length)

    def _run(self, start: int, amount: int, basis: Basis, pauses: Sequence[Pause]) -> int:
        cursor, left = start, amount
        for pause_start, pause_end in merged(pauses) if pauses else ():
            if pause_start > cursor:
                available = self._measure(cursor, pause_start, basis)
                if left <= available:
                    break
                left -= available
            if left and pause_end is None:
                raise OpenPauseError(f"the clock stands still since {to_datetime(pause_start)}")
            if left and pause_end is not None:
                cursor = max(cursor, pause_end)
        return self._forward(cursor, left, basis)

    def _measure(self, start: int, end: int, basis: Basis) -> int:
        if basis == "clock":
            return end - start
        axis = self._axis_over(start, end)
        return axis.position(end) - axis.position(start)

    def _forward(self, start: int, amount: int, basis: Basis) -> int:
        if basis == "clock" or amount == 0:
            return start + amount
        axis = self._axis_over(start, start)
        while axis.position(start) + amount > axis.total:
            axis = self._longer(axis)
        return axis.instant(axis.position(start) + amount)

    def _axis_over(self, start: int, end: int) -> Axis:
        """An axis that holds both instants. It is replaced as a whole, so threads need no lock."""
        axis = self._axis
        if axis.start <= start and end < axis.end:
            return axis
        first, last = (to_datetime(instant).astimezone(self.zone).year for instant in (start, end))
        if first < FIRST_YEAR or last > LAST_YEAR:
            raise ValueError(f"outside the calendar, which runs from {FIRST_YEAR} to {LAST_YEAR}")
        known = axis.years or range(first, last)
        return self._build(min(known.start, first), max(known.stop, last + 2))

    def _longer(self, axis: Axis) -> Axis:
        if axis.years.stop > LAST_YEAR:
            raise ValueError(f"the time runs out of the calendar, which ends with {LAST_YEAR}")
        return self._build(axis.years.start, axis.years.stop + len(axis.years))

    def _build(self, first: int, stop: int) -> Axis:
        years = range(first, min(stop, LAST_YEAR + 1))
        start, end = (self._wall(date(year, 1, 1), time()) for year in (years.start, years.stop))
        self._axis = Axis(years, start, end, self._stretches(start, years))
        return self._axis

    def _wall(self, day: date, at: time) -> int:
        return to_instant(datetime.combine(day, at, self.zone))

    def _stretches(self, start: int, years: range) -> Iterator[tuple[int, int]]:
        before = start
        day, stop = date(years.start, 1, 1), date(years.stop, 1, 1)
        while day < stop:
            tomorrow = day + timedelta(days=1)
            for opens, closes in self._periods_of(day):
                # In the hour that summer time skips, wall times can come out of order.
                begin = max(self._wall(day, opens), before)
                end = self._wall(tomorrow if closes == time() else day, closes)
                if begin < end:
                    yield begin, end
                    before = end
            day = tomorrow

    def _periods_of(self, day: date) -> Periods:
        weekly_periods = self.periods[day.weekday()]
        verdict = self.overrides.get(day)
        if verdict is None and self.source is not None:
            verdict = self.source.working(day)
        if verdict is None:
            return weekly_periods
        return (weekly_periods or self._normal) if verdict else ()


def _checked(periods: Sequence[Periods]) -> tuple[Periods, ...]:
    if len(periods) != 7:
        raise ValueError(f"a week has 7 days, not {len(periods)}")
    for weekday, day in enumerate(periods, start=1):
        previous = 0
        for opens, closes in day:
            start, end = _bounds(opens, closes)
            if not previous <= start < end:
                raise ValueError(f"weekday {weekday}: {opens:%H:%M} to {closes:%H:%M} is out of order")
            previous = end
    if not any(periods):
        raise ValueError("a week without working time has no deadlines")
    return tuple(tuple(day) for day in periods)


def _bounds(opens: time, closes: time) -> tuple[int, int]:
    start, end = (
        ((t.hour * 60 + t.minute) * 60 + t.second) * 1_000_000 + t.microsecond for t in (opens, closes)
    )
    return start, end or _DAY


def _length(periods: Periods) -> int:
    return sum(end - start for start, end in (_bounds(*period) for period in periods))


def _normal_day(periods: Sequence[Periods]) -> Periods:
    lengths = Counter(_length(day) for day in periods if day)
    commonest = max(lengths, key=lambda length: (lengths[length], length))
    return next(day for day in periods if _length(day) == commonest)


def _microseconds(amount: timedelta) -> int:
    return amount // timedelta(microseconds=1)
