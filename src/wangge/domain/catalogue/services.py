"""Writes of the catalogue: the seed at setup, and an administrator's edits as new rows."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from importlib import resources
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.catalogue.calendar import forget_calendars
from wangge.domain.catalogue.models import CalendarOverride, Condition, Matter, MatterKind, WorkingHours
from wangge.domain.catalogue.words import DUTIES, PROOFS
from wangge.domain.places.models import Level
from wangge.engines.worktime import Unit, WorkCalendar
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed

_BEGINNING = date(2000, 1, 1)
PROCEDURES = ("ordinary", "coordination", "emergency", "approval")
CASE_LEVELS = (Level.GRID, Level.COMMUNITY, Level.STREET, Level.DISTRICT)
LONGEST_LIMIT = 365


@transaction.atomic
def load_seed() -> None:
    """Fill an empty catalogue from seed/*.csv; an installation's own edits are never overwritten."""
    if Matter.objects.exists():
        return
    matters = [
        Matter(
            kind=row["kind"],
            code=row["code"],
            group_code=row["group_code"],
            group_name=row["group_name"],
            name=row["name"],
            name_en=row["name_en"],
            explain=row["explain"],
            not_to_confuse=row["not_to_confuse"],
            lead_role=row["lead_role"],
            legacy_code=row["legacy_code"],
            frequent_rank=int(row["frequent_rank"]) if row["frequent_rank"] else None,
            enabled=row["enabled"] == "1",
        )
        for row in _rows("matters.csv")
    ]
    by_key = {(matter.kind, matter.code): matter for matter in Matter.objects.bulk_create(matters)}
    Condition.objects.bulk_create(
        Condition(
            matter=by_key[row["kind"], row["code"]],
            number=int(row["condition_no"]),
            text=row["condition"],
            text_en=row["condition_en"],
            amount=int(row["amount"]),
            unit=row["unit"],
            emergency=row["emergency"] == "1",
            level=row["level"],
            procedure=row["procedure"],
            closing_condition=row["closing_condition"],
            closing_condition_en=row["closing_condition_en"],
            proof=row["proof"],
            on_the_spot=row["on_the_spot"] == "1",
            valid=(_BEGINNING, None),
        )
        for row in _rows("conditions.csv")
    )


@transaction.atomic
def revise_condition(actor: AnyActor, condition_id: int, changes: dict[str, Any]) -> Condition:
    """End a condition today and begin its changed copy; cases keep the row they were filed by.

    A row that began today is changed in place. Raises Invalid for wrong values, Conflict for a row that ended.
    """
    _must_administer(actor)
    row = Condition.objects.select_for_update().get(pk=condition_id)
    if row.valid.upper is not None:
        raise Conflict(_("这一条件已有更新的版本，请刷新后再改。"))
    for name, value in changes.items():
        setattr(row, name, value)
    _check_condition(row)
    today, begins = clock.today(), row.valid.lower
    if begins < today:
        Condition.objects.filter(pk=row.pk).update(valid=(begins, today))
        row.pk, row.valid = None, (today, None)
        row._state.adding = True
    row.save()
    return row


@transaction.atomic
def add_condition(actor: AnyActor, matter_id: int, values: dict[str, Any]) -> Condition:
    """A further condition of a matter from today on, with the next number; Invalid for wrong values."""
    _must_administer(actor)
    matter = Matter.objects.select_for_update().get(pk=matter_id)
    last = matter.conditions.aggregate(last=Max("number"))["last"] or 0
    row = Condition(matter=matter, number=last + 1, valid=(clock.today(), None), **values)
    _check_condition(row)
    row.save()
    return row


@transaction.atomic
def end_condition(actor: AnyActor, condition_id: int) -> None:
    """Stop offering a condition from today on; the matter must keep one. Cases filed by it go on."""
    _must_administer(actor)
    row = Condition.objects.select_for_update().get(pk=condition_id)
    others = Condition.objects.filter(matter_id=row.matter_id, valid__endswith__isnull=True).exclude(
        pk=row.pk
    )
    if not others.exists():
        raise Invalid({"condition": _("事项至少要保留一个立案条件；不再受理时请停用整个事项。")})
    today = clock.today()
    if row.valid.upper is None:
        # A range must not be empty: a row of today ends tomorrow.
        Condition.objects.filter(pk=row.pk).update(
            valid=(row.valid.lower, max(today, row.valid.lower + timedelta(days=1)))
        )


def set_enabled(actor: AnyActor, matter_id: int, enabled: bool) -> None:
    """Offer a matter for reporting, or stop offering it. Invalid for a matter without conditions."""
    _must_administer(actor)
    if enabled and not Condition.objects.filter(matter_id=matter_id, valid__endswith__isnull=True).exists():
        raise Invalid({"enabled": _("请先给事项写上立案条件和时限，再启用。")})
    Matter.objects.filter(pk=matter_id).update(enabled=enabled)


LOCAL_GROUPS = range(91, 100)


@transaction.atomic
def add_matter(
    actor: AnyActor,
    *,
    name: str,
    lead_role: str,
    name_en: str = "",
    explain: str = "",
    group_code: str = "",
    group_name: str = "",
    parent_id: int | None = None,
) -> Matter:
    """A local matter, off until it has a condition: a fourth level under a national matter, or in a group
    of the city's own (91 to 99; group 90 stays the product's). The code follows the last one there.
    """
    _must_administer(actor)
    wrong = {}
    parent = Matter.objects.filter(pk=parent_id).first() if parent_id else None
    if not name.strip():
        wrong["name"] = _("请填写事项名称。")
    if lead_role not in DUTIES:
        wrong["lead_role"] = _("请选择职责领域。")
    if parent_id and (parent is None or parent.parent_id):
        wrong["parent"] = _("本地细类只能设在国家事项之下。")
    if not parent_id and not (group_code.isdecimal() and int(group_code) in LOCAL_GROUPS):
        wrong["group_code"] = _("本地大类用 91 至 99。")
    same = Matter.objects.filter(kind=MatterKind.LOCAL, name=name.strip())
    if same.filter(parent=parent, group_code=parent.group_code if parent else group_code).exists():
        wrong["name"] = _("这里已有同名的本地事项。")
    if wrong:
        raise Invalid(wrong)
    if parent is None:
        group_name = _group_name(group_code) or group_name.strip() or "本地事项"
    return Matter.objects.create(
        kind=MatterKind.LOCAL,
        code=_next_code(parent.code if parent else group_code, parent),
        group_code=parent.group_code if parent else group_code,
        group_name=parent.group_name if parent else group_name,
        name=name.strip(),
        name_en=name_en.strip(),
        explain=explain.strip(),
        lead_role=lead_role,
        parent=parent,
        enabled=False,
    )


@transaction.atomic
def override_day(actor: AnyActor, district_id: int, day: date, *, working: bool, note: str) -> None:
    """A district works on a day, or does not, against the national calendar; the note says why.

    Deadlines already promised stay; those computed from now on follow. Invalid without a note or for a past day.
    """
    _must_administer(actor)
    wrong = {}
    if not note.strip():
        wrong["note"] = _("请写明依据，例如通知的文号。")
    if day < clock.today():
        wrong["day"] = _("过去的日子不能再改。")
    if wrong:
        raise Invalid(wrong)
    CalendarOverride.objects.update_or_create(
        area_id=district_id, day=day, defaults={"working": working, "note": note.strip()[:100]}
    )
    forget_calendars()


@transaction.atomic
def clear_override(actor: AnyActor, district_id: int, day: date) -> None:
    """The national calendar holds again on a day, which must not be past."""
    _must_administer(actor)
    if day < clock.today():
        raise Invalid({"day": _("过去的日子不能再改。")})
    CalendarOverride.objects.filter(area_id=district_id, day=day).delete()
    forget_calendars()


@transaction.atomic
def set_hours(actor: AnyActor, district_id: int, week: Sequence[Sequence[tuple[time, time]]]) -> None:
    """The hours of work from Monday to Sunday, each day a list of (from, to); Invalid for a week out of order."""
    _must_administer(actor)
    try:
        WorkCalendar(week)
    except ValueError:
        raise Invalid({"week": _("每天的时段须有先后、不能重叠，一周至少有一天上班。")}) from None
    WorkingHours.objects.filter(area_id=district_id).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(area_id=district_id, weekday=weekday, begins=begins, ends=ends)
        for weekday, periods in enumerate(week)
        for begins, ends in periods
    )
    forget_calendars()


def _group_name(group_code: str) -> str:
    known = Matter.objects.filter(kind=MatterKind.LOCAL, group_code=group_code, parent__isnull=True)
    return known.values_list("group_name", flat=True).first() or ""


def _next_code(prefix: str, parent: Matter | None) -> str:
    """91001 after none in group 91; 0601201 after none under 06012."""
    digits = 2 if parent else 3
    taken = Matter.objects.select_for_update().filter(
        kind=MatterKind.LOCAL, code__startswith=prefix, code__regex=rf"^\d{{{len(prefix) + digits}}}$"
    )
    last = max((int(code[len(prefix) :]) for code in taken.values_list("code", flat=True)), default=0)
    if last + 1 >= 10**digits:
        raise Invalid({"name": _("这里的编码已经用完。")})
    return f"{prefix}{last + 1:0{digits}d}"


def _check_condition(row: Condition) -> None:
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
    if wrong:
        raise Invalid(wrong)


def _must_administer(actor: AnyActor) -> None:
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以修改事项目录和工作日历。"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with resources.files("wangge.domain.catalogue.seed").joinpath(name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
