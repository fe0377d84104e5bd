"""What a post leaves to its successor, from the live data: open cases with their next action, and stand-ins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from wangge.domain.access.actor import Role
from wangge.domain.access.models import Post, StandIn
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case
from wangge.domain.cases.queries.lists import by_urgency, with_names
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.office.models import HandOverLine

MOST_LINES = 500
_GRID = (Role.GRID_WORKER, Role.GRID_LEAD)
_OFFICERS = (Role.UNIT_OFFICER, Role.STATION_OFFICER)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line; `facts` as HandOverLine keeps them."""

    kind: str
    key: str
    facts: dict[str, Any]
    case_id: int | None = None


def draft(post: Post, now: datetime) -> list[DraftLine]:
    """Cases by urgency, suspended ones last, then stand-ins; at most MOST_LINES cases (2 statements, as the system)."""
    # Another post of the same person in another unit has a list of its own.
    cases = by_urgency(with_names(Case.objects.filter(work_of(post))))[:MOST_LINES]
    lines = [_case_line(case) for case in cases]
    lines.sort(key=lambda line: line.kind == HandOverLine.Kind.SUSPENDED)
    return lines + _stand_ins(post, now)


def work_of(post: Post) -> Q:
    """Open cases that belong to a post: those its holder has in hand, and what is its grid's or its unit's.

    An officer shares the unit's work with others: what a colleague has in hand stays with the colleague.
    """
    mine = Q(handler_id=post.user_id, lead_id=post.unit_id)
    if post.role in _GRID:
        mine |= Q(area_path__startswith=post.area.path)
    elif post.role in _OFFICERS:
        mine |= Q(responsible_id=post.unit_id, handler__isnull=True)
    elif post.unit_id:
        mine |= Q(responsible_id=post.unit_id)
    return mine & Q(ended=False)


def _case_line(case: Case) -> DraftLine:
    definition = definition_of(case.process_id)
    state = definition.state(case.state)
    asked = [
        [move.name, move.name_en]
        for move in definition.moves
        if case.state in move.sources and move.tone == "primary" and rules.is_work(move.key, case)
    ]
    facts = {
        "number": case.number,
        "matter": case.matter.name if case.matter else "",
        "matter_en": case.matter.name_en if case.matter else "",
        "area": case.area.short_name,
        "address": case.address,
        "unit": case.responsible.short_name,
        "state": case.state,
        "state_name": [state.name, state.name_en],
        "light": case.light,
        "due_at": _iso(case.due_at),
        "paused_until": _iso(case.paused_until),
        "asked": asked,
        "supervised": case.supervised,
        "emergency": case.emergency,
        "danger": case.danger,
    }
    kind = HandOverLine.Kind.SUSPENDED if case.paused_until else HandOverLine.Kind.CASE
    return DraftLine(kind, f"case {case.pk}", facts, case.pk)


def _stand_ins(post: Post, now: datetime) -> list[DraftLine]:
    """Those of this post and those its holder does for others, not over yet."""
    mine = Q(post=post) | Q(user_id=post.user_id)
    rows = StandIn.objects.filter(mine, ends_on__gte=timezone.localdate(now)).order_by("starts_on", "pk")
    return [
        DraftLine(
            HandOverLine.Kind.STAND_IN,
            f"stand-in {row.pk}",
            {
                "holder": row.post.user.name,
                "helper": row.user.name,
                "role": row.post.role,
                "from": row.starts_on.isoformat(),
                "to": row.ends_on.isoformat(),
                "reason": row.reason,
            },
        )
        for row in rows.select_related("post__user", "user")
    ]


def _iso(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
