"""Cases follow when the tree of areas changes, so that whoever serves the place now sees them."""

from collections.abc import Iterable

from django.db import transaction

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.services import history
from wangge.domain.places.models import Area, Level
from wangge.domain.places.queries import point_on
from wangge.domain.places.services.versions import Repath
from wangge.platform import clock


def follow_areas(repaths: Iterable[Repath]) -> int:
    """Give the cases of each re-hung area its new path; `area` stays the place where it happened.

    Returns the number of cases. Call it in the transaction that changed the areas.
    """
    with acting_as(System("areas changed")):
        return sum(
            Case.objects.filter(area_path=repath.old_path).update(area_path=repath.new_path)
            for repath in repaths
        )


def find_again() -> int:
    """Open cases of grids that are no more go to the grid in which their point lies today; returns how many.

    A case without a point, or where no outline is drawn yet, stays with its community until there is one.
    """
    found = 0
    with transaction.atomic(), acting_as(System("grids changed")):
        homeless = Case.objects.filter(
            ended=False, area__level=Level.GRID, area__active=False, lon__isnull=False
        )
        for case in homeless.select_for_update(of=("self",)):
            grid = point_on(case.lon, case.lat, clock.today(), Level.GRID)
            if grid is not None and grid.area_id != case.area_id:
                _settle_in(case, grid.area)
                found += 1
    return found


def _settle_in(case: Case, grid: Area) -> None:
    before = history.snapshot(case)
    case.area, case.area_path = grid, grid.path
    history.append(case, System("grids changed"), "area_changed", at=clock.now(), before=before)
    case.save(update_fields=["area", "area_path", "version"])
