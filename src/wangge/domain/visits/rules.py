"""When a visit is due, in which order to go, and what no note may hold."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from stdnum.cn import ric

from wangge.engines.geo.frame import distance_m

T = TypeVar("T")

# Visits a day, days from one to the next.
RHYTHMS = {
    "three_a_day": (3, 1),
    "two_a_day": (2, 1),
    "daily": (1, 1),
    "twice_a_week": (1, 3),
    "weekly": (1, 7),
    "fortnightly": (1, 14),
    "monthly": (1, 30),
}

# Phones and identity numbers: personal data has its place in the register, with its rules.
_PHONE = re.compile(r"(?<![\dXx])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_EIGHTEEN = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


@dataclass(frozen=True, slots=True)
class Due:
    """Since which day a visit waits, and how many are left on the day asked about."""

    since: date
    left: int


def due(rhythm: str, starts_on: date, last_day: date | None, made_that_day: int, today: date) -> Due | None:
    """What waits today; None when nothing does. `last_day` is that of the last visit that counts, `made_that_day` how many
    counted then. Missed days do not pile up: visits of the past cannot be made any more."""
    a_day, gap = RHYTHMS[rhythm]
    if last_day == today:
        left = a_day - made_that_day
        return Due(today, left) if left > 0 else None
    since = starts_on if last_day is None else max(starts_on, last_day + timedelta(days=gap))
    return Due(since, a_day) if since <= today else None


def route(stops: Sequence[T], point: Callable[[T], tuple[float, float]]) -> list[T]:
    """The stops in walking order: the first as given, then always the nearest that is left. `point` is (lon, lat) of a
    house; nobody's own position is asked for. Quadratic; for a day's visits."""
    left, way = list(stops), list[T]()
    while left:
        if way:
            here = point(way[-1])
            left.sort(key=lambda stop: float(distance_m(*here, *point(stop))))
        way.append(left.pop(0))
    return way


def holds_number_of_a_person(text: str) -> bool:
    """Whether a mobile phone's or a valid identity number stands in the words; codes of facilities also have 18 digits."""
    return bool(_PHONE.search(text)) or any(ric.is_valid(found.upper()) for found in _EIGHTEEN.findall(text))
