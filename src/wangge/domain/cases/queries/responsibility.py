"""Reads of the responsibility list: who leads what in an area, where the answer comes from, and what is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from wangge.domain.access.actor import AnyActor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.leading import in_order
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
    """A duty with its line, the lines that go before it (a condition, a single matter), and what is open."""

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
    return blocks_of(list(rows_on(area, day)), enabled_matters())


def enabled_matters() -> list[Matter]:
    """What may be reported, in order (1 statement)."""
    matters = Matter.objects.filter(kind__in=REPORTED_KINDS, enabled=True)
    return list(matters.order_by("group_code", "position", "code"))


def blocks_of(rows: list[Responsibility], matters: list[Matter]) -> list[DutyBlock]:
    """The duties of matters under given rows (no statement)."""
    duties = sorted({matter.lead_role for matter in matters} | {row.duty for row in rows if row.duty})
    ordered = in_order(rows)
    return [_block(duty, [m for m in matters if m.lead_role == duty], ordered) for duty in duties]


def _block(duty: str, matters: list[Matter], rows: list[Responsibility]) -> DutyBlock:
    of_duty = [row for row in rows if row.matter_id is None and row.duty == duty]
    general = _always(of_duty)
    lines = [Line(duty, None, row) for row in of_duty if row.when]
    own = {matter.pk: [row for row in rows if row.matter_id == matter.pk] for matter in matters}
    for matter in matters:
        lines += [Line(duty, matter, row) for row in own[matter.pk] if row.when]
        if always := _always(own[matter.pk]):
            lines.append(Line(duty, matter, always))
    # A station leads its own matters without a row.
    covered = general or duty == STATION_DUTY
    gaps = () if covered else tuple(matter for matter in matters if _always(own[matter.pk]) is None)
    return DutyBlock(duty, Line(duty, None, general), tuple(lines), gaps, len(matters))


def _always(rows: Iterable[Responsibility]) -> Responsibility | None:
    """Of rows in order, the first that asks no condition."""
    return next((row for row in rows if not row.when), None)


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


def visible_ids(actor: AnyActor, ids: Iterable[int]) -> set[int]:
    """Which of these cases the actor may open (1 statement)."""
    with acting_as(actor):
        return set(Case.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))
