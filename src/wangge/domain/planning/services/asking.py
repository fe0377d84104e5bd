"""Asking for a plan, and stopping the search."""

import uuid

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.policy import may_plan
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Area, Level
from wangge.domain.planning import rules
from wangge.domain.planning.models import Plan
from wangge.domain.planning.services import PLANNING
from wangge.domain.planning.town import ordinary_grids
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed


def ask(
    actor: Actor,
    key: uuid.UUID,
    area: Area,
    *,
    least: int,
    most: int,
    wanted: int | None = None,
    freedom: int | None = None,
    seconds: float = rules.SECONDS,
) -> Plan:
    """Ask the worker for alternatives of a community. The same key again answers the first plan.

    `freedom` None divides from nothing; 0 to 100 goes on from today's grids, whose number stays.
    Raises NotAllowed, Invalid for what cannot be, Conflict for the key of something else.
    """
    check_planner(actor, area)
    if area.level != Level.COMMUNITY or not area.active:
        raise Invalid({"area": _("网格按社区划分，请选一个社区。")})
    rules.check_wish(least, most, wanted)
    if freedom is not None and len(ordinary_grids(area)) < 2:
        raise Invalid({"freedom": _("这里还没有两个以上的网格，没有可以调整的，请选“重新划分”。")})
    values = {
        "user_id": actor.user_id,
        "area": area,
        "language": get_language() or "",
        "least": least,
        "most": most,
        "wanted": None if freedom is not None else wanted,
        "freedom": freedom,
        "seconds": seconds,
        "made_at": clock.now(),
    }
    with transaction.atomic(), acting_as(PLANNING):
        plan, new = Plan.objects.get_or_create(key=key, defaults=values)
        if new:
            app.configure_task("planning.search", lock=f"plan {plan.pk}").defer(plan_id=plan.pk)
        elif (plan.user_id, plan.area_id) != (actor.user_id, area.pk):
            raise Conflict(_("这张表单已经提交过，内容不同。请回到列表重新选择。"))
    return plan


def cancel(actor: AnyActor, plan: Plan) -> None:
    """Stop the search; what was not found by then is not looked for. Nothing happens to one that has ended."""
    check_planner(actor, plan.area)
    with transaction.atomic(), acting_as(PLANNING):
        now = clock.now()
        Plan.objects.filter(pk=plan.pk, ended_at=None).update(cancelled_at=now, ended_at=now)


def check_planner(actor: AnyActor, area: Area) -> None:
    """Raises NotAllowed for whoever does not plan there."""
    if not may_plan(actor, area.path):
        raise NotAllowed(_("网格方案由所在社区、街道的负责人员和平台管理员起草。"))
