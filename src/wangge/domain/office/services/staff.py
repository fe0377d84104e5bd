"""Joiners and leavers: an account with its first post from a day, and a last day with nothing left behind."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wangge.domain.access import services as access
from wangge.domain.access.actor import AnyActor, Role, System
from wangge.domain.access.models import ROLE_NAMES, Post, StandIn, User
from wangge.domain.access.policy import may_administer
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.office.drafts import work_of
from wangge.domain.office.models import HandOver
from wangge.domain.office.services.handovers import Given, hand_over
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed
from wangge.platform.language import listed

ONE_DAY = timedelta(days=1)
# What any other holder anywhere can do; everything else belongs to a unit or an area.
_ANYWHERE = (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER)


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post of a leaver: how many open cases it leaves, and whether nobody else holds it after the last day."""

    post: Post
    open_cases: int
    alone: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """What somebody leaves behind on a day."""

    posts: list[HeldPost]
    stand_ins: list[StandIn]

    @property
    def needs_successor(self) -> bool:
        return any(held.alone or held.open_cases for held in self.posts)


@transaction.atomic
def join(
    actor: AnyActor,
    *,
    username: str,
    name: str,
    password: str,
    email: str,
    role: str,
    area_id: int,
    unit_id: int | None,
    starts_on: date,
) -> User:
    """An account and its first post; the password must be changed at the first sign-in. Invalid names the field."""
    user = access.create_user(actor, username=username, name=name, password=password, email=email)
    access.give_post(actor, user_id=user.pk, role=role, area_id=area_id, unit_id=unit_id, starts_on=starts_on)
    return user


def leaving(actor: AnyActor, user_id: int, last_day: date) -> Leaving:
    """What is open when somebody leaves on a day (2 statements and 2 a post); for administrators, without any case."""
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以办理离岗。"))
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    posts = Post.objects.filter(running, user_id=user_id, starts_on__lte=last_day)
    with acting_as(System("what a leaver leaves")):
        held = [
            HeldPost(post, Case.objects.filter(work_of(post)).count(), _alone(post, last_day))
            for post in posts.select_related("user", "unit", "area").order_by("pk")
        ]
    stand_ins = StandIn.objects.filter(user_id=user_id, ends_on__gt=last_day)
    return Leaving(held, list(stand_ins.select_related("post__user", "post__unit", "post__area")))


@transaction.atomic
def leave(
    actor: AnyActor, user_id: int, *, last_day: date, successor_id: int | None = None, note: str = ""
) -> User:
    """The last day: posts and stand-ins end with it, the account is closed the day after by the worker.

    The successor receives a hand-over list of each post with open work, and from the next day the posts
    that nobody else holds. Invalid, with the list of what stays undone, when one is needed and none named.
    """
    left = leaving(actor, user_id, last_day)
    if left.needs_successor and successor_id is None:
        raise Invalid({"successor": _undone(left)})
    if successor_id == user_id:
        raise Invalid({"successor": _("接手人不能是离岗的人。")})
    if successor_id is not None:
        for held in left.posts:
            _pass_on(actor, held, successor_id, last_day, note)
    return access.set_last_day(actor, user_id, last_day)


def _pass_on(actor: AnyActor, held: HeldPost, successor_id: int, last_day: date, note: str) -> None:
    post, next_day = held.post, last_day + ONE_DAY
    if held.alone:
        access.give_post(
            actor,
            user_id=successor_id,
            role=post.role,
            area_id=post.area_id,
            unit_id=post.unit_id,
            starts_on=next_day,
        )
    if not held.open_cases:
        return
    reason = HandOver.Reason.LEAVING
    try:
        hand_over(actor, Given(uuid.uuid4(), post.pk, successor_id, reason, next_day, note))
    except Invalid as refused:
        raise Invalid({"successor": refused.text}) from refused


def _alone(post: Post, last_day: date) -> bool:
    """Whether nobody else holds the role in the unit or area on the day after."""
    day = last_day + ONE_DAY
    held = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    stays = Q(user__leaves_on__isnull=True) | Q(user__leaves_on__gt=last_day)
    others = Post.objects.filter(held, stays, role=post.role, user__is_active=True).exclude(
        user_id=post.user_id
    )
    if post.role not in _ANYWHERE:
        others = others.filter(area=post.area, unit=post.unit)
    return not others.exists()


def _undone(left: Leaving) -> str:
    alone = [
        f"{ROLE_NAMES[Role(held.post.role)]}（{held.post.area.name}）" for held in left.posts if held.alone
    ]
    words = []
    if alone:
        words.append(_("没有别人担任：%(posts)s。") % {"posts": listed(alone)})
    if count := sum(held.open_cases for held in left.posts):
        words.append(_("还有 %(n)d 件在办案件。") % {"n": count})
    return "".join([*words, _("请指定接手人。")])
