"""Edits of conditions: a row is never changed once it held; an edit ends it and begins the next."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.catalogue.models import Condition, Matter, Subject
from wangge.domain.catalogue.services.administering import must_administer
from wangge.domain.catalogue.services.revisions import hold_subject, recorded
from wangge.domain.catalogue.services.snapshots import of_matter
from wangge.domain.catalogue.words import PROOFS
from wangge.domain.places.models import Level
from wangge.engines.worktime import Unit
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid

PROCEDURES = ("ordinary", "coordination", "emergency", "approval")
CASE_LEVELS = (Level.GRID, Level.COMMUNITY, Level.STREET, Level.DISTRICT)
LONGEST_LIMIT = 365


@transaction.atomic
def revise_condition(
    actor: AnyActor,
    condition_id: int,
    changes: dict[str, Any],
    *,
    starts_on: date | None = None,
    note: str = "",
) -> Condition:
    """End a condition on a day (today) and begin its changed copy; cases keep the row they were filed by.

    A row that began that day, or is still to begin, is changed in place. Raises Invalid for wrong values,
    Conflict for a row that has a later version.
    """
    must_administer(actor)
    row = _held(condition_id)
    begins = row.valid.lower
    starts = starts_on or max(clock.today(), begins)
    if row.valid.upper is not None or begins > starts:
        raise Conflict(_("这一条件已有更新的版本，请刷新后再改。"))
    for name, value in changes.items():
        setattr(row, name, value)
    _check(row)
    with recorded(actor, Subject.MATTER, row.matter_id, of_matter, note):
        if begins < starts:
            Condition.objects.filter(pk=row.pk).update(valid=(begins, starts))
            row.pk, row.valid = None, (starts, None)
            row._state.adding = True
        row.save()
    return row


@transaction.atomic
def add_condition(
    actor: AnyActor,
    matter_id: int,
    values: dict[str, Any],
    *,
    starts_on: date | None = None,
    note: str = "",
) -> Condition:
    """A further condition of a matter from a day (today) on, with the next number; Invalid for wrong values."""
    must_administer(actor)
    hold_subject(Subject.MATTER, matter_id)
    matter = Matter.objects.select_for_update().get(pk=matter_id)
    last = matter.conditions.aggregate(last=Max("number"))["last"] or 0
    row = Condition(matter=matter, number=last + 1, valid=(starts_on or clock.today(), None), **values)
    _check(row)
    with recorded(actor, Subject.MATTER, matter_id, of_matter, note):
        row.save()
    return row


@transaction.atomic
def end_condition(actor: AnyActor, condition_id: int, *, on: date | None = None, note: str = "") -> None:
    """Stop offering a condition from a day (today) on; the matter must keep one. Cases filed by it go on."""
    must_administer(actor)
    row = _held(condition_id)
    others = Condition.objects.filter(matter_id=row.matter_id, valid__endswith__isnull=True).exclude(
        pk=row.pk
    )
    if not others.exists():
        raise Invalid({"condition": _("事项至少要保留一个立案条件；不再受理时请停用整个事项。")})
    if row.valid.upper is not None:
        return
    with recorded(actor, Subject.MATTER, row.matter_id, of_matter, note):
        # A range must not be empty: a row that begins that day ends the day after.
        ends = max(on or clock.today(), row.valid.lower + timedelta(days=1))
        Condition.objects.filter(pk=row.pk).update(valid=(row.valid.lower, ends))


def _held(condition_id: int) -> Condition:
    """The condition as it is once nobody else changes its matter any more."""
    of = Condition.objects.values_list("matter_id", flat=True).get(pk=condition_id)
    hold_subject(Subject.MATTER, of)
    return Condition.objects.select_for_update().get(pk=condition_id)


def condition_faults(row: Condition) -> dict[str, str]:
    """What is wrong with a condition's values, by field; sets `emergency` as the procedure says."""
    wrong = {}
    if not row.text.strip():
        wrong["text"] = _("请填写立案条件。")
    if not row.closing_condition.strip():
        wrong["closing_condition"] = _("请填写结案条件。")
    if not 1 <= row.amount <= LONGEST_LIMIT:
        wrong["amount"] = _("时限须在 1 到 %(most)d 之间。") % {"most": LONGEST_LIMIT}
    if row.unit not in set(Unit):
        wrong["unit"] = _("请选择时限的单位。")
    if row.level not in CASE_LEVELS:
        wrong["level"] = _("请选择办理层级。")
    if row.procedure not in PROCEDURES:
        wrong["procedure"] = _("请选择办理程序。")
    if row.proof not in PROOFS:
        wrong["proof"] = _("请选择结案凭证。")
    # As in the seed: people are in danger exactly when the emergency procedure applies.
    row.emergency = row.procedure == "emergency"
    if row.emergency and row.unit not in (Unit.URGENT_HOUR, Unit.URGENT_DAY):
        wrong["unit"] = _("应急程序的时限须昼夜计时。")
    if row.on_the_spot and row.level != Level.GRID:
        wrong["on_the_spot"] = _("只有网格层级的事项可以当场解决。")
    return wrong


def _check(row: Condition) -> None:
    if wrong := condition_faults(row):
        raise Invalid(wrong)
