"""Reads of buildings and dwellings: a list, the cut-away of one building, what a person finds by words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from wangge.domain.places.models import (
    Area,
    Building,
    Compound,
    Dwelling,
    DwellingBatch,
    DwellingUse,
    Level,
    Panorama,
    Stairwell,
)


def buildings_in(area: Area, words: str = "") -> "QuerySet[Building]":
    """Standing buildings of an area by their signs.

    Words are looked for in the signs and in the compound's name (1 statement).
    """
    rows = Building.objects.filter(removed_on=None).select_related("compound", "area")
    where = Q(area_id=area.pk) if area.level == Level.GRID else Q(area__path__startswith=area.path)
    for word in words.split():
        signs = Q(address__icontains=word) | Q(number__icontains=word) | Q(name__icontains=word)
        where &= signs | Q(compound__name__icontains=word)
    return rows.filter(where).order_by("compound__name", "address", "number", "pk")


def compounds_in(area: Area, words: str = "") -> "QuerySet[Compound]":
    """Compounds of an area (of a grid: of its community) by name, each with `standing`, its buildings (1 statement)."""
    where = Q(area_id=area.parent_id) if area.level == Level.GRID else Q(area__path__startswith=area.path)
    rows = Compound.objects.filter(where, removed_on=None, name__icontains=words).select_related("area")
    standing = Count("buildings", filter=Q(buildings__removed_on=None))
    return rows.annotate(standing=standing).order_by("area__code", "name")


def dwelling_counts(buildings: Iterable[Building]) -> dict[int, dict[str, int]]:
    """Dwellings by use of each building, of those that the actor may see (1 statement)."""
    found: dict[int, dict[str, int]] = {building.pk: {} for building in buildings}
    rows = Dwelling.objects.filter(building__in=found).values_list("building_id", "use")
    for building_id, use, count in rows.annotate(count=Count("pk")).order_by():
        found[building_id][use] = count
    return found


@dataclass(frozen=True, slots=True)
class Storey:
    """A floor of a cut-away: for each stairwell its dwellings in the order of their numbers."""

    floor: int
    cells: tuple[tuple[Dwelling, ...], ...]
    widths: tuple[int, ...]

    @property
    def filled(self) -> list[tuple[tuple[Dwelling, ...], int]]:
        """The dwellings of each stairwell, and how many the widest floor has more."""
        return [(row, width - len(row)) for row, width in zip(self.cells, self.widths, strict=True)]


@dataclass(frozen=True, slots=True)
class CutAway:
    """A building cut open, the top floor first. `widths`: the most dwellings of a floor, for each stairwell."""

    building: Building
    stairwells: tuple[Stairwell | None, ...]
    widths: tuple[int, ...]
    storeys: tuple[Storey, ...]
    uses: dict[str, int]

    @property
    def columns(self) -> list[tuple[Stairwell | None, int]]:
        return list(zip(self.stairwells, self.widths, strict=True))

    @property
    def total(self) -> int:
        return sum(self.uses.values())

    @property
    def empty(self) -> int:
        return self.uses.get(DwellingUse.EMPTY, 0)


def cut_away(building: Building) -> CutAway:
    """The dwellings that the actor may see, floor by floor (1 statement)."""
    rows = list(Dwelling.objects.filter(building=building).select_related("stairwell"))
    rows.sort(key=lambda one: (len(one.room), one.room))
    stairs = {one.stairwell_id: one.stairwell for one in rows}
    order = sorted(stairs, key=lambda pk: stairs[pk].number if stairs[pk] else 0)
    places: dict[tuple[int, int | None], list[Dwelling]] = {}
    for one in rows:
        places.setdefault((one.floor, one.stairwell_id), []).append(one)
    floors = sorted({one.floor for one in rows}, reverse=True)
    widths = tuple(max(len(places.get((floor, pk), ())) for floor in floors) for pk in order)
    return CutAway(
        building,
        tuple(stairs[pk] for pk in order),
        widths,
        tuple(
            Storey(floor, tuple(tuple(places.get((floor, pk), ())) for pk in order), widths)
            for floor in floors
        ),
        dict(Counter(one.use for one in rows)),
    )


def panoramas_of(building: Building) -> list[Panorama]:
    """Panoramas that the actor may see, the newest first (1 statement)."""
    return list(Panorama.objects.filter(building=building, removed_at=None).order_by("-taken_on", "-pk"))


def batches_of(building: Building) -> list[DwellingBatch]:
    """What was made from patterns and not taken back, newest first (1 statement)."""
    return list(DwellingBatch.objects.filter(building=building, undone_at=None).order_by("-pk")[:10])
