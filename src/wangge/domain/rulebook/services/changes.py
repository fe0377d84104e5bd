"""Changes put into a draft.

Shapes: a condition's values are snapshots.CONDITION_FIELDS, its base the same with "id"; a row of the list is
{"matter_id", "duty", "unit_id", "when", "when_name", "note"}, its base the same with "id"; a day is
{"day": "2026-12-25", "working": True | False | None, "note"}, its base {"working", "note"}.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.cases.models import Responsibility
from wangge.domain.cases.services.dispatching import row_faults
from wangge.domain.catalogue.models import Condition
from wangge.domain.catalogue.services import condition_faults
from wangge.domain.rulebook.bases import (
    ROW_FIELDS,
    condition_base,
    day_base,
    duty_base,
    duty_subject,
    present_bases,
)
from wangge.domain.rulebook.models import DraftChange, Kind
from wangge.domain.rulebook.services.drafts import must_administer, open_draft, touched, user_id_of
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotFound


@transaction.atomic
def put_condition(
    actor: AnyActor,
    draft_id: int,
    matter_id: int,
    number: int | None,
    values: dict[str, Any] | None,
    *,
    seen: int | None = None,
) -> DraftChange:
    """A condition as it shall be; None ends it. `number` None is a new one. Raises Invalid, or Conflict.

    `seen` is the version of the draft's change that the person saw, 0 for none.
    """
    base = None if number is None else condition_base(matter_id, number)
    if number is not None and base is None:
        raise NotFound(_("没有这个立案条件，或者它已经停用。"))
    if values is not None:
        row = Condition(matter_id=matter_id, number=number or 0, **values)
        if wrong := condition_faults(row):
            raise Invalid(wrong)
    subject = f"condition {matter_id} {number if number is not None else _fresh(draft_id, matter_id)}"
    kind = Kind.CONDITION if values is not None else Kind.END_CONDITION
    return _put(actor, draft_id, kind, subject, values or {}, base, matter_id=matter_id, seen=seen)


def _fresh(draft_id: int, matter_id: int) -> str:
    new = DraftChange.objects.filter(draft_id=draft_id, subject__startswith=f"condition {matter_id} new")
    return f"new{new.count() + 1}"


@transaction.atomic
def put_duty(
    actor: AnyActor, draft_id: int, area_id: int, values: dict[str, Any], *, seen: int | None = None
) -> DraftChange:
    """A row of the responsibility list as it shall be (ROW_FIELDS). Raises Invalid, or Conflict."""
    values = {"matter_id": None, "duty": "", "when": "", "when_name": "", "note": ""} | values
    values["when"] = values["when"].strip()
    if wrong := row_faults(Responsibility(area_id=area_id, **values)):
        raise Invalid(wrong)
    subject = duty_subject(area_id, values)
    return _put(
        actor,
        draft_id,
        Kind.DUTY,
        subject,
        values,
        duty_base(area_id, values),
        area_id=area_id,
        matter_id=values["matter_id"],
        seen=seen,
    )


@transaction.atomic
def end_duty(actor: AnyActor, draft_id: int, row_id: int, *, seen: int | None = None) -> DraftChange:
    """A row of the list shall end."""
    row = Responsibility.objects.filter(pk=row_id, ends_on__isnull=True).first()
    if row is None:
        raise NotFound(_("没有这条规定，或者它已经停用。"))
    values = {name: getattr(row, name) for name in ROW_FIELDS}
    return _put(
        actor,
        draft_id,
        Kind.END_DUTY,
        duty_subject(row.area_id, values),
        {},
        values | {"id": row.pk},
        area_id=row.area_id,
        matter_id=row.matter_id,
        seen=seen,
    )


@transaction.atomic
def put_day(
    actor: AnyActor,
    draft_id: int,
    area_id: int,
    day: date,
    working: bool | None,
    note: str,
    *,
    seen: int | None = None,
) -> DraftChange:
    """A day that a district shall work, or not; None: the national calendar shall hold again. Raises Invalid."""
    wrong = {}
    if working is not None and not note.strip():
        wrong["note"] = _("请写明依据，例如通知的文号。")
    if day < clock.today():
        wrong["day"] = _("过去的日子不能再改。")
    if wrong:
        raise Invalid(wrong)
    values = {"day": day.isoformat(), "working": working, "note": note.strip()[:100]}
    subject = f"day {area_id} {day.isoformat()}"
    return _put(
        actor, draft_id, Kind.DAY, subject, values, day_base(area_id, day), area_id=area_id, seen=seen
    )


def _put(
    actor: AnyActor,
    draft_id: int,
    kind: Kind,
    subject: str,
    values: dict[str, Any],
    base: dict[str, Any] | None,
    *,
    seen: int | None,
    matter_id: int | None = None,
    area_id: int | None = None,
) -> DraftChange:
    must_administer(actor)
    draft = open_draft(draft_id)
    change = DraftChange.objects.filter(draft=draft, subject=subject).first()
    if seen is not None and seen != (change.version if change else 0):
        raise Conflict(_("别人刚刚在这个方案里改过这一条，请核对后再保存。"), "stale")
    change = change or DraftChange(draft=draft, subject=subject, version=0)
    change.kind, change.values, change.base = kind, values, base
    change.matter_id, change.area_id = matter_id, area_id
    change.version += 1
    change.edited_at, change.edited_by_id = clock.now(), user_id_of(actor)
    change.save()
    touched(draft)
    return change


@transaction.atomic
def remove(actor: AnyActor, change_id: int) -> None:
    """Take a change out of its draft."""
    must_administer(actor)
    change = _change(change_id)
    draft = open_draft(change.draft_id)
    change.delete()
    touched(draft)


@transaction.atomic
def take_anew(actor: AnyActor, change_id: int) -> None:
    """What the change rests on was changed meanwhile: keep the draft's values over what holds now."""
    must_administer(actor)
    change = _change(change_id)
    draft = open_draft(change.draft_id)
    change.base = present_bases([change])[change.pk]
    change.version += 1
    change.save()
    touched(draft)


def _change(change_id: int) -> DraftChange:
    change = DraftChange.objects.filter(pk=change_id).first()
    if change is None:
        raise NotFound(_("方案里没有这一条，可能已被移除。"))
    return change
