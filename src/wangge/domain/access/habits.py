"""Reading far above one's own habit: told to the supervisor, about staff and never about residents."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connection

from wangge.platform import clock
from wangge.platform.outbox.services import publish

TOPIC = "access.bulk_reading"
# A day is far above the habit from so many looks at people on, and from so many times the median of the days with
# looks among the last four weeks on.
LEAST = 40
TIMES = 4
DAYS = 28


@dataclass(frozen=True, slots=True)
class Unusual:
    """Somebody who looked at `count` people on a day and usually at `usual`."""

    user_id: int
    count: int
    usual: int


def unusual(day: date) -> list[Unusual]:
    """Who looked at far more people than usual on a day of the district's zone (1 statement)."""
    words: dict[str, str | int | date] = {
        "zone": settings.TIME_ZONE,
        "day": day,
        "first": day - timedelta(days=DAYS),
        "least": LEAST,
        "times": TIMES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UNUSUAL, words)
        return [Unusual(user, count, round(usual)) for user, count, usual in cursor.fetchall()]


# The bounds of time are written so that the index on it serves; a look at nobody (a list, the log) does not count.
_UNUSUAL = """
WITH looks AS (
    SELECT user_id, (at AT TIME ZONE %(zone)s)::date AS day, count(*) AS count FROM access_readlog
    WHERE at >= (%(first)s::date)::timestamp AT TIME ZONE %(zone)s
      AND at < (%(day)s::date + 1)::timestamp AT TIME ZONE %(zone)s
      AND person <> '' AND user_id IS NOT NULL
    GROUP BY 1, 2
), usual AS (
    SELECT user_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY count) AS median FROM looks
    WHERE day < %(day)s GROUP BY 1
)
SELECT looks.user_id, looks.count, coalesce(median, 0) FROM looks LEFT JOIN usual USING (user_id)
WHERE looks.day = %(day)s AND looks.count >= %(least)s AND looks.count >= %(times)s * coalesce(median, 0)
ORDER BY 1
"""


def tell_unusual() -> int:
    """Tell today's unusual readers' supervisors; told again each hour, each supervisor reads it once a day."""
    found = unusual(clock.today())
    for one in found:
        day = clock.today().isoformat()
        publish(TOPIC, {"user": one.user_id, "count": one.count, "usual": one.usual, "day": day})
    return len(found)
