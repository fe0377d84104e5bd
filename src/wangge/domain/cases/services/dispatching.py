"""The responsibility list: which unit should lead a case, and the edits of an administrator."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.models import Unit
from wangge.domain.access.policy import may_administer
from wangge.domain.access.queries import centre_of
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case, Responsibility
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
    if case.matter is not None and case.matter.lead_role == STATION_DUTY:
        return centre_of(rules.area_id_at(case.area_path, "community") or case.area_id)
    return None


def responsible_row(case: Case, day: date | None = None) -> Responsibility | None:
    """The row of the list that applies: the nearest area wins, the matter before its duty (1 statement)."""
    matter = case.matter
    if matter is None:
        return None
    on = day or clock.today()
    rows = (
        Responsibility.objects.filter(
            area_id__in=[int(part) for part in case.area_path.rstrip(".").split(".")], unit__active=True
        )
        .filter(Q(matter=matter) | Q(matter__isnull=True, duty=matter.lead_role))
        .filter(starts_on__lte=on)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .select_related("unit", "area", "matter")
    )
    return max(
        rows,
        key=lambda row: (row.matter_id is not None, len(row.area.path), row.starts_on, row.pk),
        default=None,
    )


@transaction.atomic
def set_responsibility(
    actor: AnyActor,
    *,
    area_id: int,
    unit_id: int,
    matter_id: int | None = None,
    duty: str = "",
    note: str = "",
    starts_on: date | None = None,
) -> Responsibility:
    """Give a class in an area to a unit from a day on; the row that held until then ends the day before."""
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以修改责任清单。"))
    if (matter_id is None) == (duty == ""):
        raise Invalid({"matter": _("请选择一个事项，或一个职责领域。")})
    if not Unit.objects.filter(pk=unit_id, active=True).exists():
        raise Invalid({"unit": _("这个单位不存在或已停用。")})
    begins = starts_on or clock.today()
    current = Responsibility.objects.filter(  # type: ignore[misc]
        matter_id=matter_id, duty=duty, area_id=area_id, ends_on__isnull=True
    )
    current.filter(starts_on__gte=begins).delete()
    current.update(ends_on=begins - timedelta(days=1))
    return Responsibility.objects.create(
        matter_id=matter_id, duty=duty, area_id=area_id, unit_id=unit_id, starts_on=begins, note=note[:300]
    )


@transaction.atomic
def end_responsibility(actor: AnyActor, row_id: int) -> None:
    """Take a row out of the list from today on; it stays readable for the past."""
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以修改责任清单。"))
    Responsibility.objects.filter(pk=row_id, ends_on__isnull=True).update(
        ends_on=clock.today() - timedelta(days=1)
    )
