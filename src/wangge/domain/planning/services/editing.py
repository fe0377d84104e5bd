"""Changes by hand: a unit given to a neighbouring grid, taken back, made again."""

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.planning.models import Alternative, Edit, Plan
from wangge.domain.planning.queries import Division, division_of
from wangge.domain.planning.services import PLANNING
from wangge.domain.planning.services.asking import check_planner
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid


@transaction.atomic
def give(actor: Actor, plan: Plan, number: int, revision: int, unit: int, to: int) -> None:
    """Give a unit to a grid that touches it. `revision` is what the actor looked at.

    Raises Invalid when a grid would fall apart or be left empty, Conflict when somebody changed it meanwhile.
    """
    division = _held(actor, plan, number, revision)
    if not 0 <= unit < len(division.grid):
        raise Invalid({"unit": _("请先在图上点一个小区或一栋楼。")})
    option = next((one for one in division.options(unit) if one.grid == to), None)
    if option is None:
        raise Invalid({"to": _("只能划给相邻的网格。")})
    if option.breaks:
        raise Invalid({"to": _("这样划，原来的网格会断开或没有了，请先划别的楼。")})
    row = division.alternative
    with acting_as(PLANNING):
        Edit.objects.filter(alternative=row, undone=True).delete()
        Edit.objects.create(
            alternative=row,
            unit=unit,
            before=division.grid[unit],
            after=to,
            user_id=actor.user_id,
            made_at=clock.now(),
        )
        _turned(row)


@transaction.atomic
def undo(actor: Actor, plan: Plan, number: int, revision: int) -> int | None:
    """Take the last edit back; the unit that it was, None where there is none."""
    return _turn(actor, plan, number, revision, undone=True)


@transaction.atomic
def redo(actor: Actor, plan: Plan, number: int, revision: int) -> int | None:
    """Make the edit that was taken back last again; the unit that it was, None where there is none."""
    return _turn(actor, plan, number, revision, undone=False)


def _turn(actor: Actor, plan: Plan, number: int, revision: int, *, undone: bool) -> int | None:
    row = _held(actor, plan, number, revision).alternative
    with acting_as(PLANNING):
        edits = Edit.objects.filter(alternative=row, undone=not undone)
        edit: Edit | None = edits.order_by("-pk" if undone else "pk").first()
        if edit is None:
            return None
        Edit.objects.filter(pk=edit.pk).update(undone=undone)
        _turned(row)
        return edit.unit


def _held(actor: Actor, plan: Plan, number: int, revision: int) -> Division:
    """The alternative, so that nobody else changes it until the end of the transaction."""
    check_planner(actor, plan.area)
    with acting_as(PLANNING):
        Alternative.objects.select_for_update().filter(plan_id=plan.pk, number=number).first()
        published = Plan.objects.filter(pk=plan.pk, published_at__isnull=False).exists()
    division = division_of(plan, number)
    if published:
        raise Conflict(_("这个方案已经公布，不能再改。"))
    if division.alternative.revision != revision:
        raise Conflict(_("您打开之后，这个方案已经改过。下面是现在的样子，请再看一看。"))
    return division


def _turned(row: Alternative) -> None:
    Alternative.objects.filter(pk=row.pk).update(revision=row.revision + 1)
