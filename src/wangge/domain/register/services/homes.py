"""Writes of tenancies and of safety checks of rented homes."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.scope import acting_as
from wangge.domain.register import rules
from wangge.domain.register.models import CHECK_ITEMS, CheckState, HomeCheck, Household, Tenancy
from wangge.domain.register.services.base import check_days, kept, locked, save
from wangge.domain.register.services.people import KEEPER, dwelling_of
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid


@transaction.atomic
def let(
    actor: AnyActor,
    dwelling_id: int,
    *,
    landlord: str,
    landlord_phone: str = "",
    household_id: int | None = None,
    starts_on: date,
    ends_on: date | None = None,
) -> Tenancy:
    """A dwelling is let; to which household, where that is registered. Invalid names each wrong field."""
    dwelling = dwelling_of(actor, dwelling_id)
    wrong, name, phone = {}, rules.name_of(landlord), rules.phone_of(landlord_phone)
    if not name or len(name) > 60:
        wrong["landlord"] = _("请写出租人姓名或名称，最多 60 个字。")
    if landlord_phone and not phone:
        wrong["landlord_phone"] = _("电话号码应为 5 至 15 位数字。")
    if wrong:
        raise Invalid(wrong)
    check_days(starts_on, ends_on, "ends_on")
    with acting_as(KEEPER):
        household = Household.objects.filter(pk=household_id, dwelling=dwelling).first()
        if household_id and household is None:
            raise Invalid({"household_id": _("请选择住在这套房屋里的一户。")})
        return Tenancy.objects.create(
            area_id=dwelling.area_id,
            dwelling=dwelling,
            household=household,
            landlord=name,
            landlord_phone=phone,
            starts_on=starts_on,
            ends_on=ends_on,
        )


@transaction.atomic
def end_tenancy(actor: AnyActor, tenancy_id: int, *, on: date, version: int | None = None) -> Tenancy:
    """The lease ends with a day."""
    found = kept(actor, Tenancy, tenancy_id)
    with acting_as(KEEPER):
        tenancy = locked(found, version)
        check_days(tenancy.starts_on, on, "on")
        save(tenancy, ends_on=on)
    return tenancy


@transaction.atomic
def check_home(
    actor: AnyActor,
    dwelling_id: int,
    *,
    day: date,
    faults: Sequence[str] = (),
    remedy: str = "",
    fix_by: date | None = None,
) -> HomeCheck:
    """A look at the safety of a rented home. With faults: what must be put right, and by when."""
    dwelling = dwelling_of(actor, dwelling_id)
    wrong = {}
    if day > clock.today():
        wrong["day"] = _("检查日期不能晚于今天。")
    if set(faults) - set(CHECK_ITEMS):
        wrong["faults"] = _("请选择一项。")
    if faults and not remedy.strip():
        wrong["remedy"] = _("请写明要整改什么。")
    if faults and fix_by is None:
        wrong["fix_by"] = _("请写整改期限。")
    if fix_by and fix_by < day:
        wrong["fix_by"] = _("整改期限不能早于检查日期。")
    if wrong:
        raise Invalid(wrong)
    with acting_as(KEEPER):
        return HomeCheck.objects.create(
            area_id=dwelling.area_id,
            dwelling=dwelling,
            day=day,
            made_by_id=actor.user_id if isinstance(actor, Actor) else None,
            faults=sorted(faults),
            remedy=remedy.strip()[:300] if faults else "",
            state=CheckState.TO_FIX if faults else CheckState.PASSED,
            fix_by=fix_by if faults else None,
        )


@transaction.atomic
def mark_fixed(actor: AnyActor, check_id: int) -> HomeCheck:
    """What was found was put right, seen today."""
    found = kept(actor, HomeCheck, check_id)
    with acting_as(KEEPER):
        check = locked(found, None)
        if check.state != CheckState.TO_FIX:
            raise Conflict(_("这次检查没有待整改的问题。"))
        save(check, state=CheckState.FIXED, fixed_on=clock.today())
    return check
