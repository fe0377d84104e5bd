"""What the pictures show, chosen from the demo's cases. Imported after django.setup()."""

from django.db.models import Count, Exists, OuterRef

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.services.receipts import receipt_code
from wangge.domain.places.models import Area, Building, Panorama
from wangge.domain.register.models import Resident


def subjects(home: str, **areas: str) -> dict[str, str]:
    """{"case": id, "receipt": code}, the open case of the home community with the longest history; "building": one
    of many flats; "panorama" in that community; "dwelling" and "phone" of somebody who lives there; and the ids of the areas."""
    with acting_as(System("pictures")):
        inside = Area.objects.get(code=home)
        case = (
            Case.objects.filter(area_path__startswith=inside.path, ended=False, lon__isnull=False)
            .filter(channel__in=["web", "qr"], photos__isnull=False)
            .annotate(length=Count("events", distinct=True))
            .order_by("-length")
            .first()
        )
        building = (
            Building.objects.filter(area__path__startswith=inside.path, removed_on=None)
            .annotate(flats=Count("dwellings"))
            .order_by("-flats", "pk")
            .first()
        )
        panorama = Panorama.objects.filter(area__path__startswith=inside.path, removed_at=None).first()
        # A phone that others share opens nobody's page.
        others = Resident.objects.filter(phone_mark=OuterRef("phone_mark")).exclude(pk=OuterRef("pk"))
        person = (
            Resident.objects.filter(household__dwelling__building=building, phone_mark__isnull=False)
            .filter(~Exists(others), until__isnull=True, household__until__isnull=True)
            .select_related("household")
            .order_by("pk")
            .first()
        )
        found = {name: str(Area.objects.get(code=code).pk) for name, code in areas.items()}
    if case is None or building is None or person is None or panorama is None:
        raise LookupError("the demo has too little to show; fill it first")
    return found | {
        "case": str(case.pk),
        "receipt": receipt_code(case.key),
        "building": str(building.pk),
        "panorama": str(panorama.pk),
        "dwelling": str(person.household.dwelling_id),
        "phone": person.phone,
    }
