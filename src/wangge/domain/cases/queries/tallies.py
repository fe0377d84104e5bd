"""How many living cases there are of each kind, for the heads of pages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from wangge.domain.access.actor import Actor
from wangge.domain.cases.queries.lists import (
    ALIVE,
    FLAGS,
    Filters,
    matching,
    path_of,
    seen,
    versions,
    waits_for,
    what_is_asked,
)
from wangge.platform import clock
from wangge.platform.db.kept import kept


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of what the actor may view: open cases by colour (`lights`), work by what is asked (`work`), and open
    cases or closed ones under appeal by flag (`flags`)."""

    lights: dict[str, int]
    work: dict[str, int]
    flags: dict[str, int]


def tally(actor: Actor, filters: Filters | None = None, flags: Sequence[str] = ()) -> Tally:
    """`filters` hold for the colours only. One walk over living cases (1 statement)."""
    filters = replace(filters or Filters(), light="")
    minute = clock.now().replace(second=0, microsecond=0)
    lights: Counter[str] = Counter()
    work: Counter[str] = Counter()
    flagged = dict.fromkeys(flags, 0)
    for light, asked, is_open, waits, *carried in _tally(
        actor, filters, path_of(filters), versions(), minute, *flags
    ):
        lights[light] += is_open
        work[asked] += waits
        flagged = {flag: flagged[flag] + count for flag, count in zip(flags, carried, strict=True)}
    return Tally(dict(+lights), dict(+work), flagged)


@kept
def _tally(
    actor: Actor, filters: Filters, path: str, _versions: tuple[int, ...], minute: datetime, *flags: str
) -> Any:
    groups = seen(actor).filter(ALIVE).order_by().values("light", asked=what_is_asked(actor))
    return groups.annotate(
        open=Count("pk", filter=Q(ended=False) & matching(filters, path)),
        waits=Count("pk", filter=waits_for(actor, minute)),
        **{f"n_{flag}": Count("pk", filter=FLAGS[flag]) for flag in flags},
    ).values_list("light", "asked", "open", "waits", *(f"n_{flag}" for flag in flags))
