"""Whether the product works behind its pages: worker, sweep, outbox, jobs, disk.

The ages are by the database's clock, the only one that all machines share.
"""

import shutil
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from wangge.platform.outbox.services import MAX_ATTEMPTS

# Each loop of a worker beats every 10 s: three missed beats are a dead worker.
WORKER_LATE_S = 30.0
# The sweep runs each minute; two missed rounds make deadlines late.
SWEEP_LATE_S = 180.0
# Events are looked for once a second; one that has waited this long is late.
EVENT_LATE_S = 60.0
DISK_LOW_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Health:
    """Seconds since each was last seen (None: never), and what waits. `late` names the parts that are red.

    `webhooks_s` is None where no other system has a webhook: then nobody need send.
    """

    delivery_s: float | None
    jobs_s: float | None
    sweep_s: float | None
    webhooks_s: float | None
    waiting: int
    oldest_waiting_s: float
    given_up: int
    jobs_waiting: int
    jobs_failed: int
    disk_free: int

    @property
    def late(self) -> tuple[str, ...]:
        """Parts that are late, of: delivery, jobs, sweep, webhooks, outbox, disk."""
        red = {
            "delivery": _older(self.delivery_s, WORKER_LATE_S),
            "jobs": _older(self.jobs_s, WORKER_LATE_S),
            "sweep": _older(self.sweep_s, SWEEP_LATE_S),
            "webhooks": self.webhooks_s is not None and self.webhooks_s > WORKER_LATE_S,
            "outbox": self.oldest_waiting_s > EVENT_LATE_S,
            "disk": self.disk_free < DISK_LOW_BYTES,
        }
        return tuple(name for name, is_red in red.items() if is_red)

    @property
    def ok(self) -> bool:
        return not self.late


_MEASURE = """
    SELECT (SELECT extract(epoch FROM now() - max(at)) FROM outbox_beat WHERE name = 'delivery'),
           (SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers),
           (SELECT extract(epoch FROM now() - max(at)) FROM outbox_beat WHERE name = 'sweep'),
           (SELECT extract(epoch FROM now() - max(at)) FROM outbox_beat WHERE name = 'webhooks'),
           (SELECT count(*) FROM outbox_message WHERE done_at IS NULL AND attempts < %(most)s),
           (SELECT extract(epoch FROM now() - min(next_at))
              FROM outbox_message WHERE done_at IS NULL AND attempts < %(most)s),
           (SELECT count(*) FROM outbox_message WHERE done_at IS NULL AND attempts >= %(most)s),
           (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'),
           (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed')
"""


def measure() -> Health:
    """How things stand now (1 statement)."""
    with connection.cursor() as cursor:
        cursor.execute(_MEASURE, {"most": MAX_ATTEMPTS})
        delivery, jobs, sweep, webhooks, waiting, oldest, given_up, jobs_waiting, jobs_failed = (
            cursor.fetchone()
        )
    return Health(
        delivery_s=_rounded(delivery),
        jobs_s=_rounded(jobs),
        sweep_s=_rounded(sweep),
        webhooks_s=_rounded(webhooks),
        waiting=waiting,
        # An event that tries again later is not late before its time.
        oldest_waiting_s=max(0.0, _rounded(oldest) or 0.0),
        given_up=given_up,
        jobs_waiting=jobs_waiting,
        jobs_failed=jobs_failed,
        disk_free=shutil.disk_usage(settings.DATA).free,
    )


def _older(age: float | None, most_s: float) -> bool:
    return age is None or age > most_s


def _rounded(age: float | None) -> float | None:
    return None if age is None else round(float(age), 1)
