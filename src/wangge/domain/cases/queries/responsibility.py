"""Reads of the responsibility list: who leads what in an area, where the answer comes from, and what is open.

The rule is that of dispatching.likely_lead: a row for the matter wins over one for its duty, then the nearest
area, then the latest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Responsibility
from wangge.domain.cases.services.dispatching import STATION_DUTY
from wangge.domain.catalogue.models import Matter
from wangge.domain.catalogue.queries import REPORTED_KINDS
from wangge.domain.places.models import Area


@dataclass(frozen=True, slots=True)
class Line:
    """What holds for one duty, or for one matter of it, in an area: the row that applies, None for a gap."""

    duty: str
    matter: Matter | None
    row: Responsibility | None


@dataclass(frozen=True, slots=True)
class DutyBlock:
    """A duty with its line, the matters that have an own line, and the enabled matters without any unit."""

    duty: str
    line: Line
    exceptions: tuple[Line, ...]
    gaps: tuple[Matter, ...]
    matters: int


def rows_on(area: Area, day: date) -> "QuerySet[Responsibility]":
    """The rows of an area and of all above it that hold on a day, with an active unit."""
    above = [int(part) for part in area.path.rstrip(".").split(".")]
    held = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    rows = Responsibility.objects.filter(held, area_id__in=above, unit__active=True)
    return rows.select_related("unit", "area", "matter")


def matrix(area: Area, day: date) -> list[DutyBlock]:
    """Every duty of the enabled matters with the unit that leads in an area on a day (2 statements)."""
    rows = list(rows_on(area, day))
    matters = list(Matter.objects.filter(kind__in=REPORTED_KINDS, enabled=True).order_by("code"))
    duties = sorted({matter.lead_role for matter in matters} | {row.duty for row in rows if row.duty})
    return [_block(duty, [m for m in matters if m.lead_role == duty], rows) for duty in duties]


def _block(duty: str, matters: list[Matter], rows: list[Responsibility]) -> DutyBlock:
    general = _nearest(row for row in rows if row.matter_id is None and row.duty == duty)
    own = {matter.pk: _nearest(row for row in rows if row.matter_id == matter.pk) for matter in matters}
    exceptions = tuple(Line(duty, matter, own[matter.pk]) for matter in matters if own[matter.pk])
    # A station leads its own matters without a row.
    covered = general or duty == STATION_DUTY
    gaps = () if covered else tuple(matter for matter in matters if own[matter.pk] is None)
    return DutyBlock(duty, Line(duty, None, general), exceptions, gaps, len(matters))


def _nearest(rows: Iterable[Responsibility]) -> Responsibility | None:
    return max(rows, key=lambda row: (len(row.area.path), row.starts_on, row.pk), default=None)


def rows_set_in(area: Area) -> "QuerySet[Responsibility]":
    """All rows written for this very area, ended ones too, the newest first."""
    return (
        Responsibility.objects.filter(area=area)
        .select_related("unit", "matter")
        .order_by("-starts_on", "-pk")
    )


def arbitration_numbers(rows: Iterable[Responsibility]) -> dict[int, str]:
    """{case id: number} of the cases whose arbitration wrote the rows (1 statement).

    The list is public among staff, the case is not: only its number is read, as the system.
    """
    ids = {row.decided_in_id for row in rows if row.decided_in_id}
    if not ids:
        return {}
    with acting_as(System("number of an arbitration in the responsibility list")):
        return dict(Case.objects.filter(pk__in=ids).values_list("pk", "number"))
