"""Writes of users, units, posts and stand-ins: they end, and only what never began is deleted. The log of looks."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor, Role, System
from wangge.domain.access.models import Post, ReadLog, StandIn, Unit, UnitKind, User
from wangge.domain.access.persons import Person, pseudonym, pseudonyms_of
from wangge.domain.access.policy import may_administer
from wangge.domain.access.sessions import end_sessions_of
from wangge.domain.places.models import Area, Level
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed

# Level of the area that a role belongs to, and whether it needs a unit. None: any level.
ROLE_PLACES: dict[Role, tuple[str | None, bool]] = {
    Role.GRID_WORKER: (Level.GRID, True),
    Role.GRID_LEAD: (Level.GRID, True),
    Role.STATION_OFFICER: (Level.COMMUNITY, True),
    Role.STATION_HEAD: (Level.COMMUNITY, True),
    Role.STREET_DISPATCHER: (Level.STREET, True),
    Role.STREET_LEADER: (Level.STREET, True),
    Role.DISTRICT_DISPATCHER: (Level.DISTRICT, True),
    Role.DISTRICT_LEADER: (Level.DISTRICT, True),
    Role.UNIT_OFFICER: (None, True),
    Role.UNIT_HEAD: (None, True),
    Role.OPERATOR: (Level.DISTRICT, False),
    Role.ADMINISTRATOR: (None, False),
    Role.PRIVACY_OFFICER: (None, False),
}
LONGEST_STAND_IN_DAYS = 180


def _must_administer(actor: AnyActor) -> None:
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以修改组织、岗位和账号。"))


@transaction.atomic
def create_user(actor: AnyActor, *, username: str, name: str, password: str, email: str = "") -> User:
    """A new account; Invalid for a name that is taken or left out, or a weak password. One that an administrator made
    must change its password."""
    _must_administer(actor)
    wrong = {}
    if not username.strip() or not name.strip():
        wrong["username"] = _("账号和姓名都要填写。")
    if User.objects.filter(username__iexact=username.strip()).exists():
        wrong["username"] = _("这个账号已被使用。")
    user = User(username=username.strip(), name=name.strip(), email=email.strip())
    user.must_change_password = isinstance(actor, Actor)
    if problem := _password_problem(password, user):
        wrong["password"] = problem
    if wrong:
        raise Invalid(wrong)
    user.set_password(password)
    user.save()
    return user


@transaction.atomic
def set_password(actor: AnyActor, user_id: int, password: str) -> None:
    """A new password for a user, by themselves or by an administrator; one that another knows must be changed.

    Every session of the user ends.
    """
    own = isinstance(actor, Actor) and actor.user_id == user_id
    if not own:
        _must_administer(actor)
    user = User.objects.get(pk=user_id, service=False)
    if problem := _password_problem(password, user):
        raise Invalid({"password": problem})
    if own and user.must_change_password and user.check_password(password):
        raise Invalid({"password": _("请换一个新密码，不要沿用发给您的那一个。")})
    user.set_password(password)
    user.must_change_password = not own and isinstance(actor, Actor)
    user.save(update_fields=["password", "must_change_password"])
    end_sessions_of(user_id)


@transaction.atomic
def set_active(actor: AnyActor, user_id: int, active: bool) -> None:
    """Close an account (its sessions end at once, posts and stand-ins today) or open it again, without them."""
    _must_administer(actor)
    if isinstance(actor, Actor) and actor.user_id == user_id and not active:
        raise Invalid({"user": _("不能停用自己的账号，请由另一位管理员办理。")})
    User.objects.filter(pk=user_id, service=False).update(is_active=active, leaves_on=None)
    if not active:
        end_sessions_of(user_id)
        _end_everything(user_id, clock.today())


@transaction.atomic
def set_last_day(actor: AnyActor, user_id: int, day: date) -> User:
    """A leaver: posts and stand-ins end with the day, and the account is closed the day after."""
    _must_administer(actor)
    if isinstance(actor, Actor) and actor.user_id == user_id:
        raise Invalid({"user": _("不能给自己办理离岗，请由另一位管理员办理。")})
    if day < clock.today():
        raise Invalid({"last_day": _("最后一天不能早于今天。要马上停用，请用“停用账号”。")})
    user = User.objects.select_for_update().get(pk=user_id, service=False)
    user.leaves_on = day
    user.save(update_fields=["leaves_on"])
    _end_everything(user_id, day)
    return user


@transaction.atomic
def close_leavers(day: date) -> int:
    """Close the accounts whose last day is over, which ends their sessions; returns how many."""
    gone = list(User.objects.filter(is_active=True, leaves_on__lt=day).values_list("pk", flat=True))
    for user_id in gone:
        end_sessions_of(user_id)
    return User.objects.filter(pk__in=gone).update(is_active=False)


def _end_everything(user_id: int, day: date) -> None:
    """Posts, stand-ins for others and stand-ins in the own posts end with the day; what would begin later never does."""
    StandIn.objects.filter(Q(user_id=user_id) | Q(post__user_id=user_id), starts_on__gt=day).delete()
    Post.objects.filter(user_id=user_id, starts_on__gt=day).delete()
    running = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    Post.objects.filter(running, user_id=user_id).update(ends_on=day)
    StandIn.objects.filter(Q(user_id=user_id) | Q(post__user_id=user_id), ends_on__gt=day).update(ends_on=day)


@transaction.atomic
def save_unit(actor: AnyActor, unit_id: int | None = None, **values: Any) -> Unit:
    """Found a unit, or change what is said of it. Closing one is refused: that asks for its open cases first."""
    _must_administer(actor)
    unit = Unit.objects.get(pk=unit_id) if unit_id else Unit()
    if unit_id and unit.active and values.get("active") is False:
        # Its open cases are asked about first, by the service of cases that closes units.
        raise Invalid({"active": _("停用单位请用“停用单位”，在办的案件要先有着落。")})
    for name, value in values.items():
        setattr(unit, name, value)
    wrong = {}
    if not unit.name.strip():
        wrong["name"] = _("请填写单位名称。")
    centres = {
        UnitKind.STATION: Level.COMMUNITY,
        UnitKind.STREET_CENTRE: Level.STREET,
        UnitKind.DISTRICT_CENTRE: Level.DISTRICT,
    }
    level = centres.get(UnitKind(unit.kind))
    if level and unit.area.level != level:
        wrong["area"] = _("%(kind)s必须设在%(level)s。") % {
            "kind": UnitKind(unit.kind).label,
            "level": Level(level).label,
        }
    if (
        level
        and unit.active
        and Unit.objects.filter(area=unit.area, kind=unit.kind, active=True).exclude(pk=unit.pk).exists()
    ):
        wrong["kind"] = _("这个区域已有同类单位。")
    if unit.active and _same_name(unit).exists():
        wrong["name"] = _("这个区域已有同名单位。")
    if wrong:
        raise Invalid(wrong)
    unit.short_name = unit.short_name or unit.name[:40]
    unit.save()
    return unit


@transaction.atomic
def set_unit_active(actor: AnyActor, unit_id: int, active: bool) -> Unit:
    """Close a unit or open it again; who closes one has seen to its open cases."""
    _must_administer(actor)
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    centre = unit.kind in (UnitKind.STATION, UnitKind.STREET_CENTRE, UnitKind.DISTRICT_CENTRE)
    beside = Unit.objects.filter(area=unit.area, kind=unit.kind, active=True).exclude(pk=unit.pk)
    if active and centre and beside.exists():
        raise Invalid({"kind": _("这个区域已有同类单位。")})
    unit.active = active
    unit.save(update_fields=["active"])
    return unit


@transaction.atomic
def give_post(
    actor: AnyActor,
    *,
    user_id: int,
    role: str,
    area_id: int,
    unit_id: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Post:
    """A user begins a post; Invalid when the role does not belong to such an area or unit."""
    _must_administer(actor)
    area = Area.objects.get(pk=area_id)
    level, needs_unit = ROLE_PLACES[Role(role)]
    begins = starts_on or clock.today()
    wrong = {}
    if level and area.level != level:
        wrong["area"] = _("这个岗位须设在%(level)s。") % {"level": Level(level).label}
    if not area.active:
        wrong["area"] = _("这个区划已撤销。")
    if needs_unit and unit_id is None:
        wrong["unit"] = _("这个岗位须属于一个单位。")
    if unit_id and not Unit.objects.filter(pk=unit_id, active=True).exists():
        wrong["unit"] = _("这个单位不存在或已停用。")
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        wrong["user"] = _("这个账号不存在或已停用。")
    if ends_on and ends_on < begins:
        wrong["ends_on"] = _("结束日期不能早于开始日期。")
    if _overlapping(user_id, role, area_id, unit_id, begins, ends_on).exists():
        wrong["role"] = _("这个人在这段时间已有同一岗位。")
    if wrong:
        raise Invalid(wrong)
    return Post.objects.create(
        user_id=user_id, role=role, area=area, unit_id=unit_id, starts_on=begins, ends_on=ends_on
    )


@transaction.atomic
def end_post(actor: AnyActor, post_id: int, on: date | None = None) -> Post:
    """The post ends with a day (inclusive), today unless told."""
    _must_administer(actor)
    post = Post.objects.select_for_update().get(pk=post_id)
    day = on or clock.today()
    if day < post.starts_on:
        raise Invalid({"ends_on": _("结束日期不能早于开始日期。")})
    post.ends_on = day
    post.save(update_fields=["ends_on"])
    return post


@transaction.atomic
def stand_in(
    actor: AnyActor, *, post_id: int, user_id: int, starts_on: date, ends_on: date, reason: str = ""
) -> StandIn:
    """Someone takes over a post for some days. The holder may arrange it, or an administrator."""
    post = Post.objects.get(pk=post_id)
    if not (isinstance(actor, Actor) and actor.user_id == post.user_id):
        _must_administer(actor)
    wrong = {}
    if user_id == post.user_id:
        wrong["user"] = _("不能由本人替班。")
    if not starts_on <= ends_on or (ends_on - starts_on).days > LONGEST_STAND_IN_DAYS:
        wrong["ends_on"] = _("替班日期须有先后，最长 %(most)d 天。") % {"most": LONGEST_STAND_IN_DAYS}
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        wrong["user"] = _("替班人账号不存在或已停用。")
    if StandIn.objects.filter(post=post, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        wrong["starts_on"] = _("这段时间已安排了替班。")
    if wrong:
        raise Invalid(wrong)
    return StandIn.objects.create(
        post=post, user_id=user_id, starts_on=starts_on, ends_on=ends_on, reason=reason[:200]
    )


@transaction.atomic
def end_stand_in(actor: AnyActor, stand_in_id: int, on: date | None = None) -> StandIn:
    """The holder is back: the stand-in ends with a day (inclusive), today unless told."""
    taken = StandIn.objects.select_for_update().select_related("post").get(pk=stand_in_id)
    if not (isinstance(actor, Actor) and actor.user_id == taken.post.user_id):
        _must_administer(actor)
    day = on or clock.today()
    if not taken.starts_on <= day <= taken.ends_on:
        raise Invalid({"ends_on": _("结束日期须在替班的起止日期之内。")})
    taken.ends_on = day
    taken.save(update_fields=["ends_on"])
    return taken


def open_first(user_id: int, view_id: int, address: str) -> None:
    """The list of cases opens with this saved view from now on."""
    User.objects.filter(pk=user_id).update(first_view={"id": view_id, "address": address})


def open_plain(view_id: int, user_id: int | None = None) -> None:
    """The list opens without this view, for one person or, when the view went away, for everybody."""
    whose = User.objects.filter(first_view__id=view_id)
    (whose.filter(pk=user_id) if user_id else whose).update(first_view=None)


def log_look(
    actor: AnyActor,
    *,
    subject: str,
    data_class: str,
    purpose: str,
    channel: str = "desk",
    role: Role | None = None,
    community: int | None = None,
    person: Person | None = None,
) -> ReadLog:
    """Write the look at personal data; called before the data leaves, in the same transaction.

    `community` is the area of whoever was looked at and names the chain; `person` is who it was, kept as a pseudonym.
    """
    look = _look(actor, subject, data_class, purpose, channel, role)
    look.chain, look.person = community or 0, pseudonym(person) if person else ""
    look.save()
    return look


def log_looks(
    actor: AnyActor,
    people: Collection[tuple[Person, int]],
    *,
    subject: str,
    data_class: str,
    purpose: str,
    channel: str = "desk",
) -> None:
    """The same for several people at once, each with their community (at most 4 statements)."""
    names = pseudonyms_of([person for person, _community in people])
    looks = []
    for person, community in people:
        look = _look(actor, subject, data_class, purpose, channel, None)
        look.chain, look.person = community, names[person]
        looks.append(look)
    ReadLog.objects.bulk_create(looks)


def _look(
    actor: AnyActor, subject: str, data_class: str, purpose: str, channel: str, role: Role | None
) -> ReadLog:
    post = None
    if isinstance(actor, Actor):
        post = (actor.post_in(role) if role else None) or (actor.posts[0] if actor.posts else None)
    return ReadLog(
        at=clock.now(),
        user_id=actor.user_id if isinstance(actor, Actor) else None,
        unit_id=post.unit_id if post else None,
        role=post.role if post else (actor.reason[:30] if isinstance(actor, System) else ""),
        subject=subject,
        data_class=data_class,
        purpose=purpose[:200],
        channel=channel,
        on_behalf_of=post.on_behalf_of if post else None,
    )


def _same_name(unit: Unit) -> Any:
    return Unit.objects.filter(area=unit.area, name=unit.name.strip(), active=True).exclude(pk=unit.pk)


def _overlapping(
    user_id: int, role: str, area_id: int, unit_id: int | None, begins: date, ends: date | None
) -> Any:
    same = Post.objects.filter(user_id=user_id, role=role, area_id=area_id, unit_id=unit_id)  # type: ignore[misc]
    same = same.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=begins))
    return same.filter(starts_on__lte=ends) if ends else same


def _password_problem(password: str, user: User) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
