"""Figures of the register for those who may not see single people: counts by area, small ones left out."""

from dataclasses import dataclass

from django.db.models import Count, Q

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Area
from wangge.domain.places.queries import subtree
from wangge.domain.register.models import Household, Resident
from wangge.domain.register.rules import suppressed
from wangge.platform import clock

AGED_FROM, CHILD_UNDER = 60, 18
COLUMNS = ("households", "residents", "aged", "children")


@dataclass(frozen=True, slots=True)
class Row:
    """An area with its figures in the order of COLUMNS; None = left out, because it is small."""

    area: Area
    figures: tuple[int | None, ...]


def figures(actor: Actor, area: Area) -> list[Row]:
    """The areas right below one that the actor serves, with their figures (3 statements); [] for anybody else."""
    if not any(area.path.startswith(path) for path in actor.area_paths):
        return []
    below = [one for one in subtree(area) if one.parent_id == area.pk]
    counts = _counts(area.path)
    rows = [
        [sum(values[column] for path, values in counts.items() if path.startswith(one.path)) for one in below]
        for column in range(len(COLUMNS))
    ]
    shown = [suppressed(row) for row in rows]
    return [Row(one, tuple(column[at] for column in shown)) for at, one in enumerate(below)]


def _counts(path: str) -> dict[str, tuple[int, ...]]:
    """Figures of each grid below a path."""
    year = clock.today().year
    living = Q(until__isnull=True)
    with acting_as(System("figures of the register")):
        homes = dict(
            Household.objects.filter(living, area__path__startswith=path)
            .values_list("area__path")
            .annotate(count=Count("pk"))
        )
        people = (
            Resident.objects.filter(living, area__path__startswith=path, merged_into__isnull=True)
            .values_list("area__path")
            .annotate(
                count=Count("pk"),
                aged=Count("pk", filter=Q(birth_year__lte=year - AGED_FROM)),
                children=Count("pk", filter=Q(birth_year__gt=year - CHILD_UNDER)),
            )
        )
        found = {grid: tuple(values) for grid, *values in people}
    none = (0, 0, 0)
    return {grid: (homes.get(grid, 0), *found.get(grid, none)) for grid in {*homes, *found}}
