"""Limits on attempts, counted in PostgreSQL so that all processes share them.

A span begins with the first attempt and ends some minutes later; then the count begins anew. Whoever
refuses because of a limit must still let the transaction commit, or the attempt was never counted.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.functional import Promise

from wangge.platform import clock
from wangge.platform.errors import WanggeError
from wangge.platform.fresh import fresh_for
from wangge.platform.limits.models import Tally
from wangge.platform.personal import derived_key


class TooMany(WanggeError):
    """The limit is reached; it will work again in `retry_s` seconds where that is known."""

    status = 429

    def __init__(self, text: str | Promise, code: str = "too_many", retry_s: int | None = None) -> None:
        super().__init__(text, code)
        self.retry_s = retry_s


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts in `minutes`, for each subject (an address, an account and an address...)."""

    name: str
    most: int
    minutes: int

    def reached(self, *subject: str) -> bool:
        """Whether no further attempt is allowed now."""
        return self.attempts(*subject) >= self.most

    def attempts(self, *subject: str) -> int:
        """How often the subject tried in the span that runs now."""
        with connection.cursor() as cursor:
            cursor.execute(_ATTEMPTS, [self.key(*subject), clock.now()])
            found = cursor.fetchone()
        return found[0] if found else 0

    def reached_until(self, *subject: str) -> datetime | None:
        """When attempts are allowed again; None while they are allowed."""
        full = Tally.objects.filter(key=self.key(*subject), ends_at__gt=clock.now(), count__gte=self.most)
        return full.values_list("ends_at", flat=True).first()

    def count(self, *subject: str) -> int:
        """Count one more attempt and return the count."""
        now = clock.now()
        _forget_ended()
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [self.key(*subject), now + timedelta(minutes=self.minutes), now, now])
            count: int = cursor.fetchone()[0]
        return count

    def forget(self, *subject: str) -> None:
        """Begin anew, as after a right password."""
        Tally.objects.filter(key=self.key(*subject)).delete()

    def key(self, *subject: str) -> str:
        """The counter's name in the database: a keyed hash that reads back to nobody."""
        text = "\0".join((self.name, *subject))
        return hmac.new(derived_key("limits"), text.encode(), hashlib.sha256).hexdigest()


_ATTEMPTS = "SELECT count FROM limits_tally WHERE key = %s AND ends_at > %s"
_COUNT = """
INSERT INTO limits_tally (key, count, ends_at) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN limits_tally.ends_at > %s THEN limits_tally.count + 1 ELSE 1 END,
    ends_at = CASE WHEN limits_tally.ends_at > %s THEN limits_tally.ends_at ELSE excluded.ends_at END
RETURNING count
"""


def forget_keys(keys: Iterable[str]) -> None:
    """Begin these counters anew."""
    Tally.objects.filter(key__in=list(keys)).delete()


@fresh_for(60)
def _forget_ended() -> bool:
    """Once a minute and process is enough."""
    # Skipping locked rows keeps two of these from waiting for each other.
    ended = Tally.objects.filter(ends_at__lte=clock.now()).select_for_update(skip_locked=True)
    Tally.objects.filter(pk__in=ended.values("pk")).delete()
    return True
