"""Care that somebody asks for at the door, of a worker who carries no register: the person is named, not chosen."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.register import rules
from wangge.domain.register.models import CareNeed, Household, Resident, Stay
from wangge.domain.register.services import care
from wangge.domain.register.services.people import add_household, add_resident, dwelling_of
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid

# For how long care can be asked for at the door, in days; the station prolongs it when it is reviewed.
SPANS = (30, 91, 182, 365)


@transaction.atomic
def apply_at_door(
    actor: Actor, dwelling_id: int, *, name: str, phone: str, span: int, consent_on: date, **given: Any
) -> CareNeed:
    """Care for the person of this name in the dwelling, who is registered there if they are not yet.

    `given` as for care.apply. Invalid names each wrong field; NotFound, NotAllowed for a dwelling that is not the
    actor's; Conflict when the name does not say which of several people or households is meant.
    """
    dwelling_of(actor, dwelling_id)
    found = _named(actor, dwelling_id, name) or _registered(actor, dwelling_id, name, phone)
    return apply_for(actor, found.pk, span=span, consent_on=consent_on, **given)


def apply_for(actor: Actor, resident_id: int, *, span: int, consent_on: date, **given: Any) -> CareNeed:
    """Care for `span` days from today, looked at again when half of them are over.

    A phone's clock may run ahead: what was agreed to there was not agreed to after today.
    """
    if span not in SPANS:
        raise Invalid({"span": _("请选择一项。")})
    today = clock.today()
    return care.apply(
        actor,
        resident_id,
        consent_on=min(consent_on, today),
        review_on=today + timedelta(days=span // 2),
        ends_on=today + timedelta(days=span),
        **given,
    )


def _named(actor: Actor, dwelling_id: int, name: str) -> Resident | None:
    """Who lives there under this name; None when nobody of it is registered."""
    wanted = rules.name_of(name)
    with acting_as(actor):
        living = Resident.objects.filter(
            household__dwelling_id=dwelling_id, until__isnull=True, merged_into__isnull=True
        )
        same = [one for one in living if str(one.name) == wanted]
    if len(same) > 1:
        raise Conflict(_("这里住着同名的人，请在工作台的住户登记里选定本人后申请。"))
    return same[0] if same else None


def _registered(actor: Actor, dwelling_id: int, name: str, phone: str) -> Resident:
    """The person as a new resident of the household there, or of a first one."""
    with acting_as(actor):
        households = list(Household.objects.filter(dwelling_id=dwelling_id, until__isnull=True)[:2])
    if len(households) > 1:
        raise Conflict(_("这里住着几户，登记里没有这个名字。请在工作台把本人登记到所在的户，再申请。"))
    household = households[0] if households else add_household(actor, dwelling_id, stay=Stay.UNKNOWN)
    return add_resident(actor, household.pk, name=name, phone=phone)
