"""What the pictures show, chosen from the demo's cases. Imported after django.setup()."""

from django.db.models import Count

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.services.receipts import receipt_code
from wangge.domain.places.models import Area


def subjects(community: str, **areas: str) -> dict[str, str]:
    """{"case": id, "receipt": code}, the open case of the community with the longest history, and the ids of the areas."""
    with acting_as(System("pictures")):
        inside = Area.objects.get(code=community)
        case = (
            Case.objects.filter(area_path__startswith=inside.path, ended=False, lon__isnull=False)
            .filter(channel__in=["web", "qr"], photos__isnull=False)
            .annotate(length=Count("events", distinct=True))
            .order_by("-length")
            .first()
        )
        found = {name: str(Area.objects.get(code=code).pk) for name, code in areas.items()}
    if case is None:
        raise LookupError("the demo has no open case to show; fill it first")
    return found | {"case": str(case.pk), "receipt": receipt_code(case.key)}
