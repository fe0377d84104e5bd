"""Closing a unit: its open cases have somebody else first, each by a move in its history."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor, System
from wangge.domain.access.models import Unit
from wangge.domain.access.policy import may_administer
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import set_unit_active
from wangge.domain.cases.models import Case, Responsibility, Support
from wangge.domain.cases.services import history
from wangge.domain.cases.services.centres import forget_centres
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed
from wangge.platform.outbox.services import publish

CENTRES = ("station", "street_centre", "district_centre")
_WORKING = ("asked", "working")
ONE_DAY = timedelta(days=1)


def open_cases(unit: Unit) -> int:
    """Open cases that the unit leads, answers for or supports (1 statement, as the system)."""
    with acting_as(System("open cases of a unit")):
        return _open(unit).count()


@transaction.atomic
def close_unit(actor: AnyActor, unit_id: int, successor_id: int | None = None) -> int:
    """Close a unit; `successor_id` takes over its open cases and its rows of the responsibility list.

    Returns how many cases were passed on. Invalid while there are open cases and nobody takes them.
    """
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以停用单位。"))
    unit = Unit.objects.select_for_update().select_related("area").get(pk=unit_id)
    with acting_as(System("a unit is closed")):
        cases = list(_open(unit).select_for_update(of=("self",)).order_by("pk"))
    successor = _successor(unit, successor_id)
    if successor is None and cases:
        text = _("这个单位还有 %(n)d 件在办案件。请先改派，或选择接续的单位，案件会逐件移交并记入经过。")
        raise Invalid({"successor": text % {"n": len(cases)}})
    set_unit_active(actor, unit.pk, False)
    if successor is not None:
        if not successor.active:
            set_unit_active(actor, successor.pk, True)
        forget_centres()
        with acting_as(System("a unit is closed")):
            for case in cases:
                _pass_on(actor, case, unit, successor)
        _pass_duties(unit, successor)
    forget_centres()
    return len(cases)


def _open(unit: Unit) -> "QuerySet[Case]":
    supports = Support.objects.filter(unit=unit, state__in=_WORKING).values("case_id")
    cases: QuerySet[Case] = Case.objects.filter(
        Q(lead=unit) | Q(responsible=unit) | Q(pk__in=supports), ended=False
    )
    return cases


def _successor(unit: Unit, successor_id: int | None) -> Unit | None:
    """The unit that takes over: any active one; for a station or centre one of its kind and area, founded inactive."""
    if successor_id is None:
        return None
    found = Unit.objects.select_for_update().filter(pk=successor_id).exclude(pk=unit.pk).first()
    if found is None or (unit.kind not in CENTRES and not found.active):
        raise Invalid({"successor": _("这个单位不存在或已停用。")})
    if unit.kind in CENTRES and (found.kind, found.area_id) != (unit.kind, unit.area_id):
        raise Invalid(
            {"successor": _("工作站和中心只能由同一区域、同一类型的单位接续。请先设立（不勾“在用”）。")}
        )
    return found


def _pass_on(actor: AnyActor, case: Case, unit: Unit, successor: Unit) -> None:
    before = history.snapshot(case)
    if case.lead_id == unit.pk:
        case.lead, case.handler = successor, None
    if case.responsible_id == unit.pk:
        case.responsible = successor
    _pass_supports(case, unit, successor)
    data = {"from_unit": unit.pk, "to_unit": successor.pk, "note": f"{unit.name} → {successor.name}"}
    event = history.append(case, actor, "passed_on", at=clock.now(), before=before, data=data)
    case.save(update_fields=[*event.after, "version"])
    publish("case.moved", {"case": case.pk, "event": event.pk})


def _pass_supports(case: Case, unit: Unit, successor: Unit) -> None:
    share = Support.objects.filter(case=case, unit=unit, state__in=_WORKING).first()
    if share is None:
        return
    if successor.pk in (case.lead_id, *case.support_units):
        share.state, share.ended_at = "declined", clock.now()
    else:
        share.unit = successor
        case.support_units = [successor.pk if one == unit.pk else one for one in case.support_units]
    share.save(update_fields=["state", "ended_at", "unit"])


def _pass_duties(unit: Unit, successor: Unit) -> None:
    """The responsibility list names the successor from today on."""
    day = clock.today()
    for row in Responsibility.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), unit=unit):
        begins = max(row.starts_on, day)
        Responsibility.objects.create(
            matter_id=row.matter_id,
            duty=row.duty,
            area_id=row.area_id,
            unit=successor,
            starts_on=begins,
            ends_on=row.ends_on,
            note=row.note,
        )
        if row.starts_on >= day:
            row.delete()
        else:
            Responsibility.objects.filter(pk=row.pk).update(ends_on=day - ONE_DAY)
