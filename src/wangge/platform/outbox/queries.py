"""Whether the worker lives: what `wangge status` and a health page read."""

from typing import NamedTuple

from django.db import connection

from wangge.platform.outbox.models import Message


class Liveness(NamedTuple):
    """Seconds since each of the worker's two loops was last seen (None: never), and events not yet delivered."""

    waiting: int
    delivery_s: float | None
    jobs_s: float | None

    @property
    def healthy(self) -> bool:
        """Both loops beat every 10 s; three beats missed is dead."""
        return all(age is not None and age < 30 for age in (self.delivery_s, self.jobs_s))


_AGES = """
    SELECT (SELECT extract(epoch FROM now() - max(at)) FROM outbox_beat),
           (SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers)
"""


def liveness() -> Liveness:
    """Ages by the database's clock, the only one that all machines share (2 queries)."""
    with connection.cursor() as cursor:
        cursor.execute(_AGES)
        delivery, jobs = cursor.fetchone()
    waiting = Message.objects.filter(done_at__isnull=True).count()
    return Liveness(waiting, _rounded(delivery), _rounded(jobs))


def _rounded(age: float | None) -> float | None:
    return None if age is None else round(float(age), 1)
