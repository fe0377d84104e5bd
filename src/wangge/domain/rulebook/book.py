"""The rules of a moment in memory: limits, the responsibility list and calendars, with or without a draft."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Q

from wangge.domain.access.models import Unit, UnitKind
from wangge.domain.cases import leading
from wangge.domain.cases.models import Case, Responsibility
from wangge.domain.cases.rules import area_id_at
from wangge.domain.cases.services.dispatching import STATION_DUTY
from wangge.domain.catalogue.calendar import calendar_of
from wangge.domain.catalogue.models import Condition
from wangge.domain.places.models import Area
from wangge.domain.rulebook.models import DraftChange, Kind
from wangge.engines.worktime import Duration, WorkCalendar
from wangge.engines.worktime import Unit as TimeUnit

RowKey = tuple[int, int | str]


@dataclass(slots=True)
class Book:
    """`limits` by (matter, number); `rows` by (area, matter or duty), in order; `stations` by community."""

    limits: dict[tuple[int, int], Duration]
    rows: dict[RowKey, list[Responsibility]]
    stations: dict[int, int]
    calendars: dict[int, WorkCalendar] = field(default_factory=dict)

    def lead(self, case: Case) -> int | None:
        """The unit that the list names for a case; the rule of dispatching.likely_lead (no statement)."""
        assert case.matter is not None
        district = area_id_at(case.area_path, "district")
        facts = leading.CaseFacts(case, self.calendar(district) if district else None)
        rows: list[Responsibility] = []
        for area_id in map(int, case.area_path.rstrip(".").split(".")):
            rows += self.rows.get((area_id, case.matter.pk), ())
            rows += self.rows.get((area_id, case.matter.lead_role), ())
        row = leading.first(leading.in_order(rows), facts)
        if row is not None:
            return row.unit_id
        if case.matter.lead_role == STATION_DUTY:
            return self.stations.get(area_id_at(case.area_path, "community") or case.area_id)
        return None

    def limit(self, case: Case) -> Duration:
        """The limit of the case's condition; its own row's where the book no longer has it."""
        own = case.condition
        assert own is not None
        found = self.limits.get((own.matter_id, own.number))
        return found or Duration(own.amount, TimeUnit(own.unit))

    def calendar(self, district_id: int) -> WorkCalendar:
        if district_id not in self.calendars:
            self.calendars[district_id] = calendar_of(district_id)
        return self.calendars[district_id]


def present_book(day: date) -> Book:
    """The rules that hold on a day (3 statements, and those of each calendar when it is first asked)."""
    limits = {
        (matter_id, number): Duration(amount, TimeUnit(unit))
        for matter_id, number, amount, unit in Condition.objects.filter(valid__contains=day).values_list(
            "matter_id", "number", "amount", "unit"
        )
    }
    held = Responsibility.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day, unit__active=True
    ).select_related("area")
    stations = Unit.objects.filter(kind=UnitKind.STATION, active=True).values_list("area_id", "pk")
    return Book(limits, _by_class(held), dict(stations))


def drafted_book(book: Book, changes: Iterable[DraftChange], starts_on: date) -> Book:
    """The same rules with a draft's changes in them (at most 2 statements)."""
    changes = list(changes)
    limits = dict(book.limits)
    for change in changes:
        number = change.subject.split()[-1]
        if change.kind == Kind.CONDITION and change.matter_id and number.isdecimal():
            values = change.values
            limits[change.matter_id, int(number)] = Duration(values["amount"], TimeUnit(values["unit"]))
    calendars = {
        area_id: _with_days(book.calendar(area_id), changes, area_id)
        for area_id in {change.area_id for change in changes if change.kind == Kind.DAY and change.area_id}
    }
    return replace(book, limits=limits, rows=_drafted_rows(book, changes, starts_on), calendars=calendars)


def _drafted_rows(
    book: Book, changes: list[DraftChange], starts_on: date
) -> dict[RowKey, list[Responsibility]]:
    rows = defaultdict(list, {key: list(found) for key, found in book.rows.items()})
    duties = [change for change in changes if change.kind in (Kind.DUTY, Kind.END_DUTY)]
    areas = Area.objects.in_bulk([change.area_id for change in duties if change.area_id])
    active = set(
        Unit.objects.filter(
            pk__in=[change.values["unit_id"] for change in duties if change.values], active=True
        ).values_list("pk", flat=True)
    )
    for change in duties:
        assert change.area_id is not None
        values: dict[str, Any] = change.values or change.base
        key: RowKey = (change.area_id, values["matter_id"] or values["duty"])
        rows[key] = [row for row in rows[key] if row.when != values["when"]]
        if change.kind == Kind.DUTY and values["unit_id"] in active:
            rows[key].append(Responsibility(area=areas[change.area_id], starts_on=starts_on, **values))
    return rows


def _with_days(calendar: WorkCalendar, changes: list[DraftChange], area_id: int) -> WorkCalendar:
    overrides = dict(calendar.overrides)
    for change in changes:
        if change.kind == Kind.DAY and change.area_id == area_id:
            day, working = date.fromisoformat(change.values["day"]), change.values["working"]
            overrides.pop(day, None)
            if working is not None:
                overrides[day] = working
    return WorkCalendar(calendar.periods, str(calendar.zone), overrides, calendar.source, calendar.plain)


def _by_class(rows: Iterable[Responsibility]) -> dict[RowKey, list[Responsibility]]:
    found: dict[RowKey, list[Responsibility]] = defaultdict(list)
    for row in rows:
        found[row.area_id, row.matter_id or row.duty].append(row)
    return found
