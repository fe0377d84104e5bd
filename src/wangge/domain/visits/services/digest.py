"""The week's notes, told to who heads a community; what they were about, never who wrote how many."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Area, Level
from wangge.domain.visits.models import DiaryEntry
from wangge.platform.outbox.services import publish

DIGEST = System("diary digest")
TOPIC = "visits.digest"


@transaction.atomic
def tell_week(monday: date) -> int:
    """Publish the week from a Monday for every community with notes in it; returns how many (2 statements, and one each)."""
    start = timezone.make_aware(datetime.combine(monday, time()))
    with acting_as(DIGEST):
        found = DiaryEntry.objects.filter(made_at__gte=start, made_at__lt=start + timedelta(days=7))
        weeks = list(
            found.values(community=F("area__parent_id"), level=F("area__parent__level"))
            .annotate(notes=Count("pk"), cases=Count("case"))
            .filter(level=Level.COMMUNITY)
            .order_by("community")
        )
        paths = dict(
            Area.objects.filter(pk__in=[one["community"] for one in weeks]).values_list("pk", "path")
        )
    for one in weeks:
        told = {"monday": monday.isoformat(), "notes": one["notes"], "cases": one["cases"]}
        publish(TOPIC, told | {"area": one["community"], "path": paths[one["community"]]})
    return len(weeks)
