"""Whatever a map shows was changed: tiles made before are stale."""

from django.db.models import F

from wangge.domain.places.models import MapStamp


def map_changed() -> None:
    """To be called in the transaction of the change (1 statement, 2 the first time)."""
    if not MapStamp.objects.filter(pk=1).update(number=F("number") + 1):
        MapStamp.objects.get_or_create(pk=1, defaults={"number": 1})
