"""Visits that somebody asked for: planned with their consent, made, over."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.register.models import CareNeed
from wangge.domain.register.services.base import kept, locked, save
from wangge.domain.visits.models import (
    BRINGS,
    CHECKS,
    LONGEST_NOTE,
    Outcome,
    Rhythm,
    Visit,
    VisitPlan,
)
from wangge.domain.visits.rules import holds_number_of_a_person
from wangge.domain.visits.services.again import again
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid

VISITING = System("visits")


@transaction.atomic
def plan_visits(
    actor: AnyActor,
    key: uuid.UUID,
    care_id: int,
    *,
    rhythm: str,
    checks: Sequence[str] = (),
    brings: Sequence[str] = (),
    starts_on: date,
    ends_on: date,
) -> VisitPlan:
    """Visits for a care need that runs: there is no plan without the person's request and consent, which stand there.

    At most to the last day of the care. Conflict when the care is over or has a plan.
    """
    care = kept(actor, CareNeed, care_id)
    wrong = {}
    if rhythm not in Rhythm.values:
        wrong["rhythm"] = _("请选择一项。")
    for name, values, known in (("checks", checks, CHECKS), ("brings", brings, BRINGS)):
        if set(values) - set(known):
            wrong[name] = _("请选择一项。")
    if ends_on < starts_on:
        wrong["ends_on"] = _("结束日期不能早于开始日期。")
    elif not clock.today() <= ends_on <= care.ends_on:
        wrong["ends_on"] = _("结束日期应在今天和照料到期日期（%(day)s）之间。") % {"day": care.ends_on}
    if wrong:
        raise Invalid(wrong)
    given = {
        "area_id": care.area_id,
        "care_id": care.pk,
        "rhythm": rhythm,
        "checks": sorted(checks),
        "brings": sorted(brings),
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    with acting_as(VISITING):
        held = locked(care, None)
        if held.ended_on is not None:
            raise Conflict(_("这项照料已经结束。"))
        running = VisitPlan.objects.filter(care=held, ended_on__isnull=True).exclude(key=key)
        # One that ran out makes way for the next.
        running.filter(ends_on__lt=clock.today()).update(ended_on=clock.today())
        if running.exists():
            raise Conflict(_("这项照料已经有探访安排。"))
        return again(VisitPlan, key, given)


@transaction.atomic
def end_plan(actor: Actor, plan_id: int) -> VisitPlan:
    """No more visits from today on."""
    found = kept(actor, VisitPlan, plan_id)
    with acting_as(VISITING):
        plan = locked(found, None)
        if plan.ended_on is not None:
            raise Conflict(_("这个探访安排已经结束。"))
        save(plan, ended_on=clock.today())
    return plan


@transaction.atomic
def record_visit(actor: Actor, key: uuid.UUID, plan_id: int, *, outcome: str, text: str = "") -> Visit:
    """A visit was made, nobody was at home, or it was not wanted this time. Once for each key, whatever the network did."""
    found = kept(actor, VisitPlan, plan_id)
    wrong = {}
    if outcome not in Outcome.values:
        wrong["outcome"] = _("请选择一项。")
    if len(text) > LONGEST_NOTE:
        wrong["text"] = _("最多 %(most)d 字。") % {"most": LONGEST_NOTE}
    elif holds_number_of_a_person(text):
        wrong["text"] = _("请不要写电话号码和身份证号码，需要联系的人请登记在住户里。")
    if wrong:
        raise Invalid(wrong)
    given = {
        "area_id": found.area_id,
        "plan_id": found.pk,
        "visitor_id": actor.user_id,
        "outcome": outcome,
        "text": text.strip(),
    }
    with acting_as(VISITING):
        plan = locked(found, None)
        if plan.ended_on is not None and not Visit.objects.filter(key=key).exists():
            raise Conflict(_("这个探访安排已经结束。"))
        return again(Visit, key, given, day=clock.today(), made_at=clock.now())
