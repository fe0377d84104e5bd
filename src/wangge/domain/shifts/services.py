"""Every write of rosters. Leave is no row of its own: who is away has a stand-in (access), whose days the roster shows."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.models import Post
from wangge.domain.access.scope import acting_as
from wangge.domain.register.services.base import locked, save, visible
from wangge.domain.shifts import queries
from wangge.domain.shifts.models import HOURS, Shift, ShiftKind
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed

ROSTER = System("roster")
MOST_DAYS = 31


@transaction.atomic
def plan(actor: Actor, key: uuid.UUID, *, post_id: int, kind: str, days: Sequence[date]) -> list[Shift]:
    """A post's shifts on these days; days on which it has one at that hour stay as they are. Invalid names the field;
    NotAllowed for who makes no roster there."""
    post = next((one for one in queries.rostered_posts(actor, clock.today()) if one.pk == post_id), None)
    wrong = {}
    if post is None:
        wrong["post_id"] = _("请选择一项。")
    if kind not in ShiftKind.values:
        wrong["kind"] = _("请选择一项。")
    if not 0 < len(set(days)) <= MOST_DAYS:
        wrong["days"] = _("请选择哪几天。")
    elif min(days) < clock.today() or max(days) > clock.today() + timedelta(days=366):
        wrong["days"] = _("只能排今天以后、一年之内的班。")
    if wrong or post is None:
        raise Invalid(wrong)
    with acting_as(ROSTER):
        return [
            _shift(post, ShiftKind(kind), day, uuid.uuid5(key, day.isoformat()))[0]
            for day in sorted(set(days))
        ]


@transaction.atomic
def copy_week(actor: Actor, monday: date) -> int:
    """The shifts of the week before once more in the week of this Monday, for posts that still count; returns how many
    are new. Days that are over get none."""
    posts = {post.pk: post for post in queries.rostered_posts(actor, clock.today())}
    if not queries.planned_paths(actor):
        raise NotAllowed(_("由社区工作站排班。"))
    made = 0
    with acting_as(ROSTER):
        before = Shift.objects.filter(
            post_id__in=posts, day__gte=monday - timedelta(days=7), day__lt=monday
        ).order_by("day", "pk")
        for shift in before:
            day = shift.day + timedelta(days=7)
            if day >= clock.today():
                key = uuid.uuid5(shift.key, day.isoformat())
                made += _shift(posts[shift.post_id], ShiftKind(shift.kind), day, key)[1]
    return made


@transaction.atomic
def remove(actor: Actor, shift_id: int) -> None:
    """Off the roster, while it has not begun."""
    found = visible(actor, Shift, shift_id)
    if not found.area.path.startswith(queries.planned_paths(actor) or ("-",)):
        raise NotAllowed(_("由社区工作站排班。"))
    with acting_as(ROSTER):
        shift = locked(found, None)
        if shift.begun_at:
            raise Conflict(_("这个班已经开始，不能取消。"))
        shift.delete()


@transaction.atomic
def begin(actor: Actor, shift_id: int) -> Shift:
    """On duty from now on; once, however often it is sent. Only on the day, by the holder or who stands in."""
    found = _own(actor, shift_id)
    with acting_as(ROSTER):
        shift = locked(found, None)
        if shift.begun_at is None:
            if shift.day != clock.today():
                raise Conflict(_("只能在当天上班。"))
            save(shift, begun_at=clock.now(), begun_by_id=actor.user_id)
    return shift


@transaction.atomic
def end(actor: Actor, shift_id: int) -> Shift:
    """Off duty; once, however often it is sent. Conflict for a shift that has not begun."""
    found = _own(actor, shift_id)
    with acting_as(ROSTER):
        shift = locked(found, None)
        if shift.begun_at is None:
            raise Conflict(_("这个班还没有开始。"))
        if shift.ended_at is None:
            save(shift, ended_at=clock.now())
    return shift


def _own(actor: Actor, shift_id: int) -> Shift:
    found = visible(actor, Shift, shift_id, "user", "post")
    if found.user.pk != actor.user_id and found.post.pk not in {post.id for post in actor.posts}:
        raise NotAllowed(_("只能由本人或替班人上班、下班。"))
    return found


def _shift(post: Post, kind: ShiftKind, day: date, key: uuid.UUID) -> tuple[Shift, bool]:
    """The post's shift at that hour, and whether it is new."""
    start, over = HOURS[kind]
    zone = timezone.get_default_timezone()
    found: tuple[Shift, bool] = Shift.objects.get_or_create(
        post=post,
        starts_at=datetime.combine(day, start, zone),
        defaults={
            "key": key,
            "area_id": post.area_id,
            "user_id": post.user_id,
            "kind": kind,
            "day": day,
            "ends_at": datetime.combine(day, over, zone),
        },
    )
    return found
