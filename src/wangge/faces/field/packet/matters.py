"""The catalogue as a phone needs it, the most frequent matters of the worker's area first."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import within
from wangge.domain.cases.models import Case
from wangge.domain.catalogue.models import Condition, Matter
from wangge.platform import clock
from wangge.platform.language import named

FREQUENT = 10
_LOOKS_BACK = timedelta(days=90)


def rows(actor: Actor) -> Iterator[dict[str, Any]]:
    """Enabled matters with today's conditions (3 statements)."""
    conditions = Condition.objects.filter(valid__contains=clock.today()).order_by("number")
    found = list(Matter.objects.filter(enabled=True).prefetch_related(Prefetch("conditions", conditions)))
    rank = _ranks(actor, found)
    for matter in found:
        yield {
            "id": str(matter.pk),
            "code": matter.code,
            "name": named(matter),
            "group": matter.group_name,
            "explain": named(matter, "explain"),
            "confuse": matter.not_to_confuse,
            "rank": rank.get(matter.pk),
            "position": matter.position,
            "conditions": [_condition(condition) for condition in matter.conditions.all()],
        }


def _condition(condition: Condition) -> dict[str, Any]:
    return {
        "id": str(condition.pk),
        "text": named(condition, "text"),
        "on_the_spot": condition.on_the_spot,
        "emergency": condition.emergency,
    }


def _ranks(actor: Actor, matters: list[Matter]) -> dict[int, int]:
    """1 to 10: what was reported most in the worker's area lately, then the catalogue's own order of frequency."""
    near = Q(pk__in=[])
    for path in actor.area_paths:
        near |= within(path)
    since = clock.now() - _LOOKS_BACK
    seen = Case.objects.filter(near, reported_at__gte=since, matter__isnull=False).order_by()
    counts = Counter(dict(seen.values_list("matter_id").annotate(Count("pk"))))

    def order(matter: Matter) -> tuple[int, int, int]:
        return -counts[matter.pk], matter.frequent_rank or 10_000, matter.position

    return {matter.pk: place for place, matter in enumerate(sorted(matters, key=order)[:FREQUENT], start=1)}
