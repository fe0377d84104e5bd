"""Values that only a named service needs, and only as long as it needs them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wangge.domain.access.actor import Actor, AnyActor, System
from wangge.domain.access.persons import Person
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import log_look
from wangge.domain.register import rules
from wangge.domain.register.models import Detail, DetailKind, Resident
from wangge.domain.register.services.base import community_of, kept, must_state
from wangge.domain.register.services.people import KEEPER
from wangge.platform import clock
from wangge.platform.errors import Invalid


@dataclass(frozen=True, slots=True)
class Need:
    """A service that requires a value, and for how many days."""

    name: str
    kind: DetailKind
    days: int


# Every reason to keep an ID number or a sex; there is no other.
NEEDS = {
    "age_allowance": Need(gettext_noop("高龄津贴申领"), DetailKind.ID_NUMBER, 60),
    "disability_allowance": Need(gettext_noop("残疾人两项补贴申领"), DetailKind.ID_NUMBER, 60),
    "relief": Need(gettext_noop("低保和临时救助申请"), DetailKind.ID_NUMBER, 90),
    "residence_permit": Need(gettext_noop("居住证办理"), DetailKind.ID_NUMBER, 60),
    "women_screening": Need(gettext_noop("妇女两癌免费筛查"), DetailKind.SEX, 90),
}
SEXES = ("男", "女")
_DATA = {DetailKind.ID_NUMBER: gettext_noop("身份证号码"), DetailKind.SEX: gettext_noop("性别")}


@transaction.atomic
def add(actor: AnyActor, resident_id: int, *, need: str, value: str) -> Detail:
    """Keep what a service requires; a second time it is replaced. Invalid for a wrong ID number."""
    resident = kept(actor, Resident, resident_id)
    asked = NEEDS.get(need)
    if asked is None:
        raise Invalid({"need": _("请选择需要这项信息的服务。")})
    if asked.kind == DetailKind.ID_NUMBER:
        value = rules.id_number_of(value)
        if not value:
            raise Invalid({"value": _("身份证号码不对，请核对 18 位号码。")})
    elif value not in SEXES:
        raise Invalid({"value": _("请写“男”或“女”。")})
    with acting_as(KEEPER):
        found: Detail = Detail.objects.update_or_create(
            resident=resident,
            kind=asked.kind,
            need=need,
            defaults={
                "area_id": resident.area_id,
                "value": value,
                "mark": rules.id_mark(value) if asked.kind == DetailKind.ID_NUMBER else None,
                "until": clock.today() + timedelta(days=asked.days),
            },
        )[0]
    return found


@transaction.atomic
def show(actor: Actor, detail_id: int, purpose: str) -> Detail:
    """The value in full; `purpose` is the service it is kept for. The look is written down first."""
    detail = kept(actor, Detail, detail_id, "resident")
    must_state(purpose, NEEDS[detail.need].name)
    log_look(
        actor,
        subject="resident",
        data_class=_DATA[DetailKind(detail.kind)],
        purpose=NEEDS[detail.need].name,
        community=community_of(detail.area),
        person=Person("resident", detail.resident_id),
    )
    return detail


@transaction.atomic
def remove(actor: AnyActor, detail_id: int) -> None:
    """The service is done: the value goes."""
    detail = kept(actor, Detail, detail_id)
    with acting_as(KEEPER):
        detail.delete()


def forget_old(today: date) -> int:
    """Delete the values whose time is over; returns how many."""
    with transaction.atomic(), acting_as(System("end of retention")):
        count: int = Detail.objects.filter(until__lt=today).delete()[0]
        return count
