"""Writes of households and residents: moving in, changes, moving out."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Dwelling
from wangge.domain.register import rules
from wangge.domain.register.models import Household, NameMark, Relation, Residence, Resident, Stay
from wangge.domain.register.services.base import EARLIEST_BIRTH, check_days, kept, locked, must_keep, save
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotFound

LONGEST_NAME = 40
KEEPER = System("the register")


def dwelling_of(actor: AnyActor, dwelling_id: int) -> Dwelling:
    """A dwelling of the actor's ring whose people they keep. NotFound, NotAllowed."""
    with acting_as(actor):
        found: Dwelling | None = (
            Dwelling.objects.select_related("area", "building").filter(pk=dwelling_id).first()
        )
    if found is None:
        raise NotFound(_("没有找到这套房屋，或者不在您的服务范围内。"))
    must_keep(actor, found.area)
    return found


@transaction.atomic
def add_household(actor: AnyActor, dwelling_id: int, *, stay: str, since: date | None = None) -> Household:
    """A household moves into a dwelling; several may live there."""
    dwelling = dwelling_of(actor, dwelling_id)
    with acting_as(KEEPER):
        return Household.objects.create(
            area_id=dwelling.area_id, dwelling=dwelling, stay=Stay(stay), since=since
        )


@transaction.atomic
def change_household(
    actor: AnyActor, household_id: int, *, stay: str, since: date | None, version: int | None = None
) -> Household:
    """Another way of living there, or another day. Conflict when somebody was first."""
    found = kept(actor, Household, household_id)
    with acting_as(KEEPER):
        household = locked(found, version)
        check_days(since, household.until, "since")
        save(household, stay=Stay(stay), since=since)
    return household


@transaction.atomic
def move_out(actor: AnyActor, household_id: int, *, on: date, version: int | None = None) -> Household:
    """The whole household leaves; its residents with it. Their data goes when its time is over."""
    found = kept(actor, Household, household_id)
    with acting_as(KEEPER):
        household = locked(found, version)
        _check_leaving(household.since, household.until, on)
        save(household, until=on)
        for resident in household.residents.filter(until__isnull=True):
            save(resident, until=max(on, resident.since or on))
    return household


@transaction.atomic
def add_resident(actor: AnyActor, household_id: int, **given: Any) -> Resident:
    """A person of a household: name, phone, birth_year, relation, residence, since. Invalid names each wrong field."""
    household = kept(actor, Household, household_id)
    values = checked(given)
    with acting_as(KEEPER):
        if household.until is not None:
            raise Conflict(_("这一户已经迁出，请先登记新的一户。"))
        _check_head(household, values.get("relation"))
        resident = Resident(area_id=household.area_id, household=household, **values)
        resident.phone_mark = rules.phone_mark(values.get("phone", ""))
        resident.save()
        mark_name(resident)
    return resident


@transaction.atomic
def change_resident(
    actor: AnyActor, resident_id: int, *, version: int | None = None, **given: Any
) -> Resident:
    """Change what is given; what is left out stays. An empty phone takes the phone away."""
    found = kept(actor, Resident, resident_id)
    values = checked(given, whole=False)
    with acting_as(KEEPER):
        resident = locked(found, version)
        _check_head(resident.household, values.get("relation"), but=resident)
        if "phone" in values:
            values["phone_mark"] = rules.phone_mark(values["phone"])
        if values:
            save(resident, **values)
        if "name" in values:
            mark_name(resident)
    return resident


@transaction.atomic
def resident_leaves(actor: AnyActor, resident_id: int, *, on: date, version: int | None = None) -> Resident:
    """One person moves out. Conflict when they have left already."""
    found = kept(actor, Resident, resident_id)
    with acting_as(KEEPER):
        resident = locked(found, version)
        _check_leaving(resident.since, resident.until, on)
        save(resident, until=on)
    return resident


def mark_name(resident: Resident) -> None:
    """What the name is found by, written anew."""
    NameMark.objects.filter(resident=resident).delete()
    NameMark.objects.bulk_create(
        NameMark(resident=resident, area_id=resident.area_id, mark=mark)
        for mark in rules.name_marks(str(resident.name))
    )


def checked(given: dict[str, Any], whole: bool = True) -> dict[str, Any]:
    """The values as they are kept; `whole` asks for a name. Raises Invalid naming each wrong field."""
    values, wrong = dict(given), {}
    if whole or "name" in values:
        values["name"] = rules.name_of(values.get("name", ""))
        if not values["name"] or len(values["name"]) > LONGEST_NAME:
            wrong["name"] = _("请写姓名，最多 %(most)d 个字。") % {"most": LONGEST_NAME}
    if phone := values.get("phone"):
        values["phone"] = rules.phone_of(phone)
        if not values["phone"]:
            wrong["phone"] = _("电话号码应为 5 至 15 位数字。")
    year = values.get("birth_year")
    if year is not None and not EARLIEST_BIRTH <= year <= clock.today().year:
        wrong["birth_year"] = _("出生年份应在 %(first)d 至 %(last)d 之间。") % {
            "first": EARLIEST_BIRTH,
            "last": clock.today().year,
        }
    for name, choices in (("relation", Relation), ("residence", Residence)):
        if name in values and values[name] not in choices.values:
            wrong[name] = _("请选择一项。")
    if wrong:
        raise Invalid(wrong)
    return values


def _check_head(household: Household, relation: str | None, but: Resident | None = None) -> None:
    """A household has one head at a time."""
    others = household.residents.filter(relation=Relation.HEAD, until__isnull=True, merged_into__isnull=True)
    if relation == Relation.HEAD and others.exclude(pk=but.pk if but else 0).exists():
        raise Invalid({"relation": _("这一户已有户主。请先把原来的户主改成别的关系。")})


def _check_leaving(since: date | None, until: date | None, on: date) -> None:
    if until is not None:
        raise Conflict(_("已经登记过迁出了。"))
    check_days(since, on, "on")
    if on > clock.today():
        raise Invalid({"on": _("迁出日期不能晚于今天。")})
