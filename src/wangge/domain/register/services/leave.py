"""Leave to look beyond one's own ring: errands of a street, grants for one person. Both end by themselves."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.models import User
from wangge.domain.access.policy import ERRAND_ROLES
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.register.models import Errand, Grant, Resident
from wangge.domain.register.purposes import GRANTED, STREET
from wangge.domain.register.services.base import kept, locked, save
from wangge.domain.register.services.people import KEEPER
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed, NotFound

ERRAND_HOURS = 4
LONGEST_GRANT_DAYS = 30


@transaction.atomic
def begin_errand(actor: Actor, *, purpose: str, case_number: str = "") -> Errand:
    """From now on, for ERRAND_HOURS, the actor sees the register of their street. A purpose that concerns a case
    names it."""
    post = actor.post_in(*ERRAND_ROLES)
    if post is None:
        raise NotAllowed(_("只有街道的岗位按事由查看居民登记。"))
    wrong = {}
    if purpose not in STREET:
        wrong["purpose"] = _("请选择查看目的。")
    case = _case(actor, case_number) if case_number.strip() else None
    if case_number.strip() and case is None:
        wrong["case_number"] = _("没有找到这件案件，或者您看不到它。")
    if purpose == STREET[1] and not case_number.strip():
        wrong["case_number"] = _("请写案件编号。")
    if wrong:
        raise Invalid(wrong)
    now = clock.now()
    with acting_as(KEEPER):
        return Errand.objects.create(
            user_id=actor.user_id,
            area_id=post.area_id,
            purpose=purpose,
            case=case,
            made_at=now,
            until=now + timedelta(hours=ERRAND_HOURS),
        )


@transaction.atomic
def end_errands(actor: Actor) -> int:
    """The actor is done looking; returns how many errands ended."""
    with acting_as(KEEPER):
        open_ones = Errand.objects.filter(user_id=actor.user_id, until__gt=clock.now())
        return int(open_ones.update(until=clock.now()))


def errand_of(actor: Actor) -> Errand | None:
    """The actor's errand that ends last, if one is open (1 statement)."""
    with acting_as(actor):
        found: Errand | None = Errand.objects.filter(until__gt=clock.now()).order_by("-until").first()
        return found


@transaction.atomic
def grant(
    actor: AnyActor, resident_id: int, *, username: str, purpose: str, case_number: str, days: int
) -> Grant:
    """Whoever keeps the register lets one user see one resident for a case, at most LONGEST_GRANT_DAYS."""
    resident = kept(actor, Resident, resident_id)
    user = User.objects.filter(username__iexact=username.strip(), is_active=True, service=False).first()
    case = _case(actor, case_number)
    wrong = {}
    if user is None:
        wrong["username"] = _("没有这个账号。")
    if purpose not in GRANTED:
        wrong["purpose"] = _("请选择查看目的。")
    if case is None:
        wrong["case_number"] = _("没有找到这件案件，或者您看不到它。")
    if not 1 <= days <= LONGEST_GRANT_DAYS:
        wrong["days"] = _("最长 %(most)d 天。") % {"most": LONGEST_GRANT_DAYS}
    if wrong or user is None:
        raise Invalid(wrong)
    now = clock.now()
    with acting_as(KEEPER):
        return Grant.objects.create(
            area_id=resident.area_id,
            resident=resident,
            user_id=user.pk,
            purpose=purpose,
            case=case,
            made_by_id=actor.user_id if isinstance(actor, Actor) else None,
            made_at=now,
            until=now + timedelta(days=days),
        )


@transaction.atomic
def end_grant(actor: AnyActor, grant_id: int) -> Grant:
    """Taken back before its time, by who keeps the register there."""
    found = kept(actor, Grant, grant_id)
    with acting_as(KEEPER):
        grant = locked(found, None)
        if grant.ended_at is None:
            save(grant, ended_at=clock.now())
    return grant


def running_grant(actor: Actor, grant_id: int) -> Grant:
    """A grant of the actor that still runs; NotFound otherwise."""
    with acting_as(actor):
        mine = Grant.objects.select_related("resident__area", "area")
        found: Grant | None = mine.filter(
            pk=grant_id, user_id=actor.user_id, ended_at__isnull=True, until__gt=clock.now()
        ).first()
    if found is None:
        raise NotFound(_("没有这项授权，或者已经到期。"))
    return found


def _case(actor: AnyActor, number: str) -> Case | None:
    with acting_as(actor):
        found: Case | None = Case.objects.filter(number=number.strip()).first()
        return found
