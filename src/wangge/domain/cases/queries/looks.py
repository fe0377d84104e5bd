"""Who looked at a reporter's contact data: shown to the reporter, without the names of staff."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from wangge.domain.access.actor import Role
from wangge.domain.access.models import ROLE_NAMES, ReadLog, Unit


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, from which unit and post, why, and at which kind of data."""

    at: datetime
    unit: str
    role: str
    purpose: str
    data_class: str


def looks_at(case_id: int) -> list[Look]:
    """Looks at the contact of a case, newest first (2 statements)."""
    rows = list(ReadLog.objects.filter(subject=f"case {case_id}").order_by("-at", "-pk"))
    units = dict(Unit.objects.filter(pk__in={row.unit_id for row in rows}).values_list("pk", "name"))
    return [
        Look(
            at=row.at,
            unit=units.get(row.unit_id or 0, ""),
            role=str(ROLE_NAMES[Role(row.role)]) if row.role in set(Role) else row.role,
            purpose=gettext(row.purpose),
            data_class=row.data_class,
        )
        for row in rows
    ]
