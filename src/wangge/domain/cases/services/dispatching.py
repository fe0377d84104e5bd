"""The responsibility list: which unit should lead a case, and the edits of an administrator."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.models import Unit
from wangge.domain.access.policy import may_administer
from wangge.domain.access.queries import centre_of, centres_of
from wangge.domain.cases import leading, rules
from wangge.domain.cases.models import Case, Responsibility
from wangge.domain.catalogue.models import Revision, Subject
from wangge.domain.catalogue.services.restoring import restored_words
from wangge.domain.catalogue.services.revisions import recorded
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed

STATION_DUTY = "station"


def likely_lead(case: Case, day: date | None = None) -> Unit | None:
    """The unit of the list for the case's matter and place (1 statement); None if the list is silent.

    A matter of the station needs no row: the community's own station leads it (1 statement more).
    """
    row = responsible_row(case, day)
    if row is not None:
        return row.unit
    return centre_of(_community(case)) if _is_for_the_station(case) else None


def responsible_row(case: Case, day: date | None = None) -> Responsibility | None:
    """The row of the list that applies, by the order of leading.py (1 statement)."""
    return leading.first(rows_for(case, day), leading.CaseFacts(case))


def likely_leads(cases: Sequence[Case], day: date | None = None) -> dict[int, Unit]:
    """The same for many cases by their ids (2 statements); one on which the list is silent is missing."""
    known = [case for case in cases if case.matter is not None]
    rows = list(
        _holding(
            {pk for case in known for pk in _area_ids(case)},
            Q(matter__in={case.matter_id for case in known})
            | Q(matter__isnull=True, duty__in={case.matter.lead_role for case in known if case.matter}),
            day,
        )
    )
    leads: dict[int, Unit] = {}
    for case in known:
        row = leading.first(leading.in_order(_fitting(case, rows)), leading.CaseFacts(case))
        if row is not None:
            leads[case.pk] = row.unit
    silent = [case for case in known if case.pk not in leads and _is_for_the_station(case)]
    stations = centres_of({_community(case) for case in silent})
    return leads | {case.pk: stations[at] for case in silent if (at := _community(case)) in stations}


def _is_for_the_station(case: Case) -> bool:
    return case.matter is not None and case.matter.lead_role == STATION_DUTY


def _community(case: Case) -> int:
    return rules.area_id_at(case.area_path, "community") or case.area_id


def rows_for(case: Case, day: date | None = None) -> list[Responsibility]:
    """Every row that could lead the case on a day, the first to be asked first (1 statement)."""
    matter = case.matter
    if matter is None:
        return []
    about = Q(matter=matter) | Q(matter__isnull=True, duty=matter.lead_role)
    return leading.in_order(_holding(_area_ids(case), about, day))


def _holding(area_ids: Iterable[int], about: Q, day: date | None) -> "QuerySet[Responsibility]":
    """Rows of these areas that hold on a day, with what leading.py reads."""
    on = day or clock.today()
    rows = Responsibility.objects.filter(about, area_id__in=area_ids, unit__active=True, starts_on__lte=on)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)).select_related("unit", "area", "matter")


def _fitting(case: Case, rows: Sequence[Responsibility]) -> list[Responsibility]:
    """Of rows for many cases those that could lead this one."""
    areas, duty = set(_area_ids(case)), case.matter.lead_role if case.matter else ""
    return [
        row
        for row in rows
        if row.area_id in areas
        and (row.matter_id == case.matter_id or (row.matter_id is None and row.duty == duty))
    ]


def _area_ids(case: Case) -> list[int]:
    return [int(part) for part in case.area_path.rstrip(".").split(".")]


@transaction.atomic
def set_responsibility(
    actor: AnyActor,
    *,
    area_id: int,
    unit_id: int,
    matter_id: int | None = None,
    duty: str = "",
    note: str = "",
    when: str = "",
    when_name: str = "",
    starts_on: date | None = None,
    change_note: str = "",
) -> Responsibility:
    """Give a class in an area to a unit from a day on; the row that held until then ends the day before.

    With `when` only cases that meet the condition; such rows stand beside the one without. Raises Invalid.
    """
    _must_administer(actor)
    row = Responsibility(
        matter_id=matter_id,
        duty=duty,
        area_id=area_id,
        unit_id=unit_id,
        starts_on=starts_on or clock.today(),
        note=note[:300],
        when=when.strip(),
        when_name=when_name.strip()[:80] if when.strip() else "",
    )
    if wrong := row_faults(row):
        raise Invalid(wrong)
    return enter_row(actor, row, change_note)


def row_faults(row: Responsibility) -> dict[str, str]:
    """What is wrong with a row of the list, by field (1 statement)."""
    wrong = {}
    if (row.matter_id is None) == (row.duty == ""):
        wrong["matter"] = _("请选择一个事项，或一个职责领域。")
    if not Unit.objects.filter(pk=row.unit_id, active=True).exists():
        wrong["unit"] = _("这个单位不存在或已停用。")
    if row.when:
        found = leading.when_faults(row.when)
        if len(row.when) > leading.LONGEST_CONDITION:
            found = [_("条件最多 %(most)d 个字符。") % {"most": leading.LONGEST_CONDITION}]
        if found:
            wrong["when"] = " ".join(found)
        if not row.when_name:
            wrong["when_name"] = _("请用一句话说明这个条件，派遣员会看到。")
    return wrong


@transaction.atomic
def enter_row(actor: AnyActor, row: Responsibility, change_note: str = "") -> Responsibility:
    """Write a row; the one of the same class, area and condition ends the day before it begins."""
    with recorded(actor, Subject.DUTIES, row.area_id, of_duties, change_note):
        current = Responsibility.objects.filter(  # type: ignore[misc]
            matter_id=row.matter_id, duty=row.duty, area_id=row.area_id, when=row.when, ends_on__isnull=True
        )
        current.filter(starts_on__gte=row.starts_on).delete()
        current.update(ends_on=row.starts_on - timedelta(days=1))
        row.save(force_insert=True)
    return row


@transaction.atomic
def end_responsibility(
    actor: AnyActor, row_id: int, *, on: date | None = None, change_note: str = ""
) -> None:
    """Take a row out of the list from a day (today) on; it stays readable for the past."""
    _must_administer(actor)
    area_id = Responsibility.objects.values_list("area_id", flat=True).get(pk=row_id)
    with recorded(actor, Subject.DUTIES, area_id, of_duties, change_note):
        Responsibility.objects.filter(pk=row_id, ends_on__isnull=True).update(
            ends_on=(on or clock.today()) - timedelta(days=1)
        )


@transaction.atomic
def restore_duties(actor: AnyActor, revision: Revision, *, before: bool = False) -> None:
    """An area's own rows as they were after (or `before`) a change, from today on: a new change."""
    _must_administer(actor)
    wanted = (revision.before if before else revision.after)["rows"]
    area_id = revision.area_id
    assert area_id is not None
    with recorded(actor, Subject.DUTIES, area_id, of_duties, restored_words(revision, before)):
        present = of_duties(area_id)["rows"]
        for key, values in wanted.items():
            if _meant(present.get(key)) != _meant(values):
                enter_row(actor, Responsibility(area_id=area_id, starts_on=clock.today(), **_meant(values)))
        gone = [present[key]["id"] for key in present.keys() - wanted.keys()]
        for row_id in gone:
            end_responsibility(actor, row_id)


_MEANT = ("matter_id", "duty", "unit_id", "when", "when_name", "note", "decided_in_id")


def _meant(values: dict[str, Any] | None) -> dict[str, Any]:
    return {name: values[name] for name in _MEANT} if values else {}


def of_duties(area_id: int) -> dict[str, Any]:
    """An area's own rows as they hold or will hold last, as plain values (1 statement).

    {"rows": {"sanitation": {...}, "event 06011 | case.hour >= 22": {..., "unit": "name", "starts_on": "2026-01-01"}}}
    """
    rows = Responsibility.objects.filter(area_id=area_id, ends_on__isnull=True)
    rows = rows.select_related("unit", "matter").order_by("starts_on", "pk")
    return {"rows": {_key(row): _values(row) for row in rows}}


def _key(row: Responsibility) -> str:
    what = f"{row.matter.kind} {row.matter.code}" if row.matter else row.duty
    return f"{what} | {row.when}" if row.when else what


def _values(row: Responsibility) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _MEANT} | {
        "id": row.pk,
        "unit": row.unit.name,
        "starts_on": row.starts_on.isoformat(),
    }


def _must_administer(actor: AnyActor) -> None:
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以修改责任清单。"))
