"""Nobody is kept longer than the fields declare."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from wangge.domain.access.actor import System
from wangge.domain.access.persons import forget
from wangge.domain.access.scope import acting_as
from wangge.domain.register.models import CareNeed, Correction, Household, Organisation, Resident, Tenancy
from wangge.domain.register.services.erasing import delete_residents


@transaction.atomic
def forget_ended(today: date) -> int:
    """Delete what ended longer ago than its fields say: residents and empty households, leases, care, decided
    corrections; contacts of closed organisations become empty. Returns how many rows."""
    with acting_as(System("end of retention")):
        gone = list(Resident.objects.filter(until__lt=_since(today, Resident), merged_into__isnull=True))
        gone += list(Resident.objects.filter(merged_into__in=gone))
        delete_residents(gone)
        count = len(gone)
        empty = Household.objects.filter(until__lt=_since(today, Household), residents__isnull=True)
        leases = Tenancy.objects.filter(ends_on__lt=_since(today, Tenancy))
        forget("landlord", leases.values_list("pk", flat=True))
        ended = CareNeed.objects.filter(ended_on__lt=_since(today, CareNeed))
        decided = Correction.objects.filter(decided_at__date__lt=_since(today, Correction))
        for rows in (leases, empty, ended, decided):
            count += rows.delete()[0]
        closed = Organisation.objects.filter(until__lt=_since(today, Organisation)).exclude(
            Q(contact_name=b"") & Q(contact_phone=b"")
        )
        forget("organisation", closed.values_list("pk", flat=True))
        return count + int(closed.update(contact_name="", contact_phone=""))


def _since(today: date, model: Any) -> date:
    """The first day on which what ended is still kept: by the shortest retention of the model's fields."""
    days = min(f.declaration.retention_days for f in model._meta.concrete_fields if hasattr(f, "declaration"))
    return today - timedelta(days=days)
