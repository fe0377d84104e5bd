"""What holds now of what a change is about, as plain values; services/changes.py gives the shapes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wangge.domain.cases.models import Responsibility
from wangge.domain.catalogue.models import CalendarOverride, Condition
from wangge.domain.catalogue.services.snapshots import of_condition
from wangge.domain.rulebook.models import DraftChange

ROW_FIELDS = ("matter_id", "duty", "unit_id", "when", "when_name", "note")
Base = dict[str, Any] | None


def condition_subject(matter_id: int, number: int | str) -> str:
    return f"condition {matter_id} {number}"


def duty_subject(area_id: int, values: dict[str, Any]) -> str:
    """The name of a row inside a draft: its area, class and condition."""
    return f"duty {area_id} {values['matter_id'] or values['duty']} {values['when']}".strip()


def day_subject(area_id: int, day: str) -> str:
    return f"day {area_id} {day}"


def condition_base(matter_id: int, number: int) -> Base:
    """A condition as it holds or will hold last (1 statement)."""
    row = Condition.objects.filter(matter_id=matter_id, number=number, valid__endswith__isnull=True).first()
    return of_condition(row) | {"id": row.pk} if row else None


def duty_base(area_id: int, values: dict[str, Any]) -> Base:
    """The row that holds or will hold last for the same area, class and condition (1 statement)."""
    same = {name: values[name] for name in ("matter_id", "duty", "when")}
    row = Responsibility.objects.filter(area_id=area_id, ends_on__isnull=True, **same).last()
    return _of_row(row) if row else None


def day_base(area_id: int, day: date) -> Base:
    """The district's own word on a day (1 statement)."""
    row = CalendarOverride.objects.filter(area_id=area_id, day=day).first()
    return {"working": row.working, "note": row.note} if row else None


def present_bases(changes: Sequence[DraftChange]) -> dict[int, Base]:
    """{id of the change: what holds now} (3 statements, however many)."""
    matters = {c.matter_id for c in changes if c.matter_id}
    areas = {c.area_id for c in changes if c.area_id}
    found: dict[str, Base] = {}
    for row in Condition.objects.filter(matter_id__in=matters, valid__endswith__isnull=True):
        found[condition_subject(row.matter_id, row.number)] = of_condition(row) | {"id": row.pk}
    for held in Responsibility.objects.filter(area_id__in=areas, ends_on__isnull=True).order_by("pk"):
        found[duty_subject(held.area_id, _of_row(held))] = _of_row(held)
    for day in CalendarOverride.objects.filter(area_id__in=areas):
        found[day_subject(day.area_id, day.day.isoformat())] = {"working": day.working, "note": day.note}
    return {change.pk: found.get(change.subject) for change in changes}


def _of_row(row: Responsibility) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ROW_FIELDS} | {"id": row.pk}
