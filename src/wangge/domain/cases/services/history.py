"""History: what a move changed, written in the transaction of the move, and folded again to the present."""

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from wangge.domain.access.actor import ActivePost, Actor, AnyActor
from wangge.domain.cases.models import Case, CaseEvent

# Fields that history alone must give again. The colour follows from the deadlines and the present time.
TRACKED = (
    "state", "step", "ended", "level", "procedure", "emergency", "matter_id", "condition_id", "area_id", "responsible_id",
    "lead_id", "support_units", "first_unit_id", "handler_id", "handlers", "checker_id", "filed_at", "clock_from",
    "case_due_at", "due_at", "entered_at", "paused_at", "paused_until", "remaining_seconds", "left_seconds",
    "handled_at", "closed_at", "closing_condition", "overdue", "overdue_excused", "returns", "returned_by",
    "extensions", "extension_stage", "extension_asked", "suspensions", "suspension_until", "objections",
    "reworks", "urges", "supervised",
    "appeal_stage", "appeal_reviewer_id", "arbitrated", "approved", "reached", "solved", "satisfied", "merged_into_id",
)  # fmt: skip


def snapshot(case: Case) -> dict[str, Any]:
    """The tracked fields as JSON values."""
    values = {name: getattr(case, name) for name in TRACKED}
    plain: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return plain


def append(
    case: Case,
    actor: AnyActor,
    move: str,
    *,
    at: datetime,
    before: dict[str, Any],
    post: ActivePost | None = None,
    data: dict[str, Any] | None = None,
    public: bool = False,
) -> CaseEvent:
    """Write the next history row; `before` is the snapshot before the move, {} for the first row."""
    after = snapshot(case)
    given = dict(data or {})
    case.version += 1
    return CaseEvent.objects.create(
        case=case,
        seq=case.version,
        at=at,
        move=move,
        source=before.get("state", ""),
        target=case.state,
        user_id=actor.user_id if isinstance(actor, Actor) else None,
        on_behalf_of_id=post.on_behalf_of if post else None,
        actor_kind=type(actor).__name__.lower(),
        role=post.role if post else "",
        unit_id=post.unit_id if post else None,
        unit_from_id=before.get("responsible_id"),
        unit_to_id=case.responsible_id,
        reason=str(given.pop("reason", "") or ""),
        note=str(given.pop("note", "") or ""),
        data=json.loads(json.dumps(given, cls=DjangoJSONEncoder)),
        after={name: value for name, value in after.items() if before.get(name, _ABSENT) != value},
        public=public,
    )


_ABSENT = object()


def as_of(case: Case, event: CaseEvent) -> Case:
    """The case, in memory, as it stood right after one of its events (1 statement, none for the last event)."""
    if event.seq < case.version:
        past = replay(list(CaseEvent.objects.filter(case=case, seq__lte=event.seq).order_by("seq")))
        fields = {field.attname: field for field in Case._meta.concrete_fields}
        for name, value in past.items():
            setattr(case, name, fields[name].to_python(value))
    return case


def replay(events: list[CaseEvent]) -> dict[str, Any]:
    """Fold a history, in order, to the tracked fields of the present."""
    state: dict[str, Any] = {}
    for event in events:
        state |= event.after
    return state
