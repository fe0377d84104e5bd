"""The same place and class again soon after closing: an alarm to the supervisor."""

from datetime import datetime, timedelta

from wangge.domain.cases.models import Case, RepeatAlarm
from wangge.engines.geo import distance_m

REPEAT_DAYS = 15
REPEAT_METRES = 30.0


def raise_alarm(case: Case, now: datetime) -> RepeatAlarm | None:
    """Called at filing, when the class is known."""
    earlier = Case.objects.filter(
        matter_id=case.matter_id,
        area_id=case.area_id,
        state="closed",
        closed_at__gte=now - timedelta(days=REPEAT_DAYS),
    ).exclude(pk=case.pk)
    for other in earlier.order_by("-closed_at")[:20]:
        if _same_place(case, other):
            alarm, _ = RepeatAlarm.objects.get_or_create(
                case=case, defaults={"earlier": other, "made_at": now}
            )
            return alarm
    return None


def _same_place(one: Case, other: Case) -> bool:
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return one.address == other.address
    return distance_m(one.lon, one.lat, other.lon, other.lat) <= REPEAT_METRES
