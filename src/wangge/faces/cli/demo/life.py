"""A year of the demo's life: cases made one after the other through the real services, in the clock of their day.

Each case is lived to its end, or to the present, before the next begins; a seed of its own makes it the
same whichever process lives it.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from random import Random

from django import db
from django.utils import timezone

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.faces.cli.demo.directory import Directory
from wangge.faces.cli.demo.story import Story
from wangge.faces.cli.demo.town import Town
from wangge.platform import clock
from wangge.platform.outbox.models import Message

DAYS = 365
_STEP = 200

# How a week and a day fill with reports, Monday first.
_WEEKDAYS = (1.15, 1.05, 1.0, 1.0, 1.05, 0.85, 0.8)
_HOURS = (2, 1, 1, 1, 1, 2, 5, 9, 13, 15, 15, 12, 8, 8, 11, 13, 13, 12, 10, 10, 9, 7, 5, 3)


def live(
    town: Town, cases: int, seed: int, progress: Callable[[int], None], since: datetime | None = None
) -> None:
    """Make the cases of the last year (of `cases` in all, those after `since`), on all cores.

    `progress` is told how many are done.
    """
    moments = [moment for moment in _moments(cases, seed) if since is None or moment >= since]
    # A part lived anew after an archive must not repeat its cases' keys.
    seed, cases = seed + (int(since.timestamp()) if since else 0), len(moments)
    parts = [range(start, min(start + _STEP, cases)) for start in range(0, cases, _STEP)]
    db.connections.close_all()
    context = multiprocessing.get_context("fork")
    workers = min(os.cpu_count() or 1, 4)
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(town, moments, seed)
    ) as pool:
        done = 0
        for finished in pool.map(_live_part, parts):
            done += finished
            progress(done)
    _forget_old_messages()


_town: Town
_all_moments: list[datetime]
_seed: int
_directory: Directory


def _begin(town: Town, moments: list[datetime], seed: int) -> None:
    global _town, _all_moments, _seed, _directory
    _town, _all_moments, _seed = town, moments, seed
    with db.connection.cursor() as cursor:
        # Nobody was told that these cases are safe, so the disk may be asked less often.
        cursor.execute("SET synchronous_commit = off")
    with acting_as(System("demo")):
        _directory = Directory.load(clock.today())


def _live_part(numbers: range) -> int:
    for number in numbers:
        rng = Random(_seed * 1_000_003 + number)  # noqa: S311 - a story, not a secret
        # A transaction for each case: an interrupted run leaves whole cases, and two runs never wait crosswise.
        with db.transaction.atomic():
            Story(rng, _town, _directory, timezone.now()).live(_all_moments[number])
    return len(numbers)


def _moments(cases: int, seed: int) -> Iterator[datetime]:
    """Moments of reports in order, over the last year up to an hour ago."""
    rng = Random(seed)  # noqa: S311 - a story, not a secret
    now = timezone.localtime(timezone.now())
    first = (now - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [first + timedelta(days=n) for n in range(DAYS + 1)]
    weights = [_WEEKDAYS[day.weekday()] * _season(day) for day in days]
    moments: list[datetime] = []
    while len(moments) < cases:
        day = rng.choices(days, weights)[0]
        hour = rng.choices(range(24), _HOURS)[0]
        moment = day + timedelta(hours=hour, seconds=rng.randrange(3600))
        if moment < now - timedelta(hours=1):
            moments.append(moment)
    return iter(sorted(moments))


def _season(day: datetime) -> float:
    """Typhoon and rain bring more, the Spring Festival fewer; lately the product is better known."""
    by_month = (0.85, 0.7, 0.95, 1.0, 1.15, 1.2, 1.15, 1.2, 1.1, 0.95, 0.95, 0.9)
    age = (timezone.now() - day).days
    return by_month[day.month - 1] * (1.25 if age < 45 else 1.0)


def _forget_old_messages() -> None:
    """Notices of months ago need not be delivered today; the last two days' are."""
    Message.objects.filter(made_at__lt=timezone.now() - timedelta(days=2)).delete()
