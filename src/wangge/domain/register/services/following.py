"""The register follows when borders move: what hangs on a dwelling lies in the grid of the dwelling."""

from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.places.services.buildings import find_grids_again
from wangge.domain.register.models import (
    CareNeed,
    Correction,
    Detail,
    Grant,
    HomeCheck,
    Household,
    Merge,
    NameMark,
    Organisation,
    Resident,
    Tenancy,
)

# Each with what its grid comes from, in the order in which it is passed on.
_CHAIN: tuple[tuple[Any, str], ...] = (
    (Household, "dwelling"),
    (Tenancy, "dwelling"),
    (HomeCheck, "dwelling"),
    (Organisation, "building"),
    (Resident, "household"),
    (NameMark, "resident"),
    (Detail, "resident"),
    (CareNeed, "resident"),
    (Grant, "resident"),
    (Correction, "resident"),
    (Merge, "kept"),
)


@transaction.atomic
def follow_borders() -> int:
    """Buildings, dwellings and the whole register come to the grids in which they lie today; how many rows moved."""
    moved = find_grids_again()
    with acting_as(System("borders changed")):
        for model, source in _CHAIN:
            above = model._meta.get_field(source).related_model.objects.filter(pk=OuterRef(source))
            strayed = model.objects.filter(**{f"{source}__isnull": False}).exclude(area=F(f"{source}__area"))
            moved += strayed.update(area=Subquery(above.values("area")[:1]))
    return moved
