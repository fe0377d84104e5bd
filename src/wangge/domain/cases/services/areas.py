"""Cases follow when the tree of areas changes, so that whoever serves the place now sees them."""

from collections.abc import Iterable

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.places.services.versions import Repath


def follow_areas(repaths: Iterable[Repath]) -> int:
    """Give the cases of each re-hung area its new path; `area` stays the place where it happened.

    Returns the number of cases. Call it in the transaction that changed the areas.
    """
    with acting_as(System("areas changed")):
        return sum(
            Case.objects.filter(area_path=repath.old_path).update(area_path=repath.new_path)
            for repath in repaths
        )
