"""A subject of the history as plain values.

matter: {"name": ..., "enabled": ..., "conditions": {"1": {"text": ..., "amount": ..., "starts_on": "2026-01-01"}}},
the conditions by number as they hold or will hold last. calendar: {"hours": {"0": "09:00-12:00 13:00-18:00"},
"days": {"2026-12-25": {"working": true, "note": ""}}}, weekdays from Monday = 0.
"""

from collections import defaultdict
from typing import Any

from wangge.domain.catalogue.models import CalendarOverride, Condition, Matter, WorkingHours

OWN_FIELDS = (
    "name", "name_en", "explain", "explain_en", "group_name", "lead_role", "legacy_code", "position", "enabled",
)  # fmt: skip
CONDITION_FIELDS = (
    "text", "text_en", "amount", "unit", "level", "procedure", "closing_condition", "closing_condition_en",
    "proof", "on_the_spot",
)  # fmt: skip


def of_condition(row: Condition) -> dict[str, Any]:
    """The values of a condition that an administrator edits."""
    return {name: getattr(row, name) for name in CONDITION_FIELDS}


def of_matter(matter_id: int) -> dict[str, Any]:
    """A matter with its conditions (2 statements)."""
    matter = Matter.objects.get(pk=matter_id)
    rows = Condition.objects.filter(matter_id=matter_id, valid__endswith__isnull=True)
    conditions = {
        str(row.number): of_condition(row) | {"starts_on": row.valid.lower.isoformat()} for row in rows
    }
    return {name: getattr(matter, name) for name in OWN_FIELDS} | {"conditions": conditions}


def of_calendar(district_id: int) -> dict[str, Any]:
    """A district's own hours ({} for office hours) and its own days (2 statements)."""
    hours = defaultdict(list)
    for row in WorkingHours.objects.filter(area_id=district_id).order_by("weekday", "begins"):
        hours[str(row.weekday)].append(f"{row.begins:%H:%M}-{row.ends:%H:%M}")
    days = CalendarOverride.objects.filter(area_id=district_id)
    return {
        "hours": {weekday: " ".join(periods) for weekday, periods in hours.items()},
        "days": {row.day.isoformat(): {"working": row.working, "note": row.note} for row in days},
    }
