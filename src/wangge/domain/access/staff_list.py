"""A list of staff becomes accounts and posts: read, looked over without writing, then all or nothing."""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.models import ROLE_NAMES, Post, Unit, User
from wangge.domain.access.policy import may_administer
from wangge.domain.access.services import create_user, end_post, give_post
from wangge.domain.places.models import Area
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed, WanggeError
from wangge.platform.sheets.cells import moment_of
from wangge.platform.sheets.reading import as_table, read

MOST_ROWS = 500
MOST_NEW = 200

_FILE = tomllib.loads(
    resources.files("wangge.domain.access").joinpath("staff_list.toml").read_text(encoding="utf-8")
)
COLUMNS = {name: tuple(map(str.casefold, column["names"])) for name, column in _FILE.items()}
TEMPLATE = tuple(column["names"][0] for column in _FILE.values())
_ACCOUNT = re.compile(r"^[\w.@-]{1,60}$")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list as texts."""

    number: int
    account: str
    name: str
    role: str
    unit: str
    area: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a line does: new (account and post), post, changed, same; or `wrong`, with why."""

    line: Line
    does: str
    wrong: str = ""


class _NothingWritten(Exception):
    """Ends the transaction of a look."""


def lines_of(data: bytes) -> list[Line]:
    """The rows of an uploaded list; raises Invalid on `file`."""
    table = as_table(read(data), lambda cell: _column(cell) is not None)
    at = {found: n for n, cell in reversed([*enumerate(table.header)]) if (found := _column(cell))}
    missing = [
        TEMPLATE[n]
        for n, name in enumerate(COLUMNS)
        if name in ("account", "name", "role") and name not in at
    ]
    if missing:
        raise Invalid(
            {"file": _("表里没有这些列：%(columns)s。可以先下载模板。") % {"columns": " ".join(missing)}}
        )
    if len(table.rows) > MOST_ROWS:
        raise Invalid({"file": _("一次最多 %(most)d 行，请分成几份。") % {"most": MOST_ROWS}})
    return [
        Line(row.number, **{name: row.cells[at[name]].strip() if name in at else "" for name in COLUMNS})
        for row in table.rows
    ]


def _column(cell: str) -> str | None:
    return next((name for name, names in COLUMNS.items() if cell.strip().casefold() in names), None)


def look(actor: Actor, lines: Sequence[Line]) -> list[Looked]:
    """What each line would do, by doing it and taking it back; nothing is written."""
    _must_administer(actor)
    looked: list[Looked] = []
    try:
        with transaction.atomic():
            list_ = _List(actor, lambda line: User.objects.create(username=line.account, name=line.name))
            looked = [list_.look(line) for line in lines]
            raise _NothingWritten
    except _NothingWritten:
        pass
    if list_.new > MOST_NEW:
        raise Invalid({"file": _("一次最多新建 %(most)d 个账号，请分成几份。") % {"most": MOST_NEW}})
    return looked


@transaction.atomic
def carry_out(
    actor: Actor, lines: Sequence[Line], first_password: Callable[[], str]
) -> list[tuple[User, str]]:
    """All lines or none; answers the new accounts with their first passwords, which must be changed at sign-in.

    Raises Invalid on `file` naming the first row that does not go.
    """
    _must_administer(actor)
    made: list[tuple[User, str]] = []

    def create(line: Line) -> User:
        password = first_password()
        user = create_user(actor, username=line.account, name=line.name, password=password)
        made.append((user, password))
        return user

    list_ = _List(actor, create)
    for line in lines:
        looked = list_.look(line)
        if looked.wrong:
            raise Invalid({"file": _("第 %(row)d 行：%(why)s") % {"row": line.number, "why": looked.wrong}})
    return made


class _List:
    """Lines put into effect one after another; `create` makes a new account."""

    def __init__(self, actor: Actor, create: Callable[[Line], User]) -> None:
        self._actor = actor
        self._create = create
        self._roles = _roles()
        self.new = 0

    def look(self, line: Line) -> Looked:
        try:
            with transaction.atomic():
                return Looked(line, self._do(line))
        except WanggeError as refusal:
            return Looked(line, "wrong", refusal.text)

    def _do(self, line: Line) -> str:
        if not _ACCOUNT.match(line.account):
            raise Invalid({"account": _("账号只用文字、数字和 . - _ @。")})
        if not line.name or len(line.name) > 60:
            raise Invalid({"name": _("姓名要填，最多 60 字。")})
        role = self._roles.get(line.role.casefold())
        if role is None:
            raise Invalid({"role": _("没有“%(role)s”这个岗位。") % {"role": line.role}})
        unit = _unit(line)
        area = _area(line, unit)
        starts_on, ends_on = _day(line.starts_on), _day(line.ends_on)
        user = User.objects.filter(username__iexact=line.account).first()
        if user is None:
            user = self._create(line)
            self.new += 1
            does = "new"
        elif user.service:
            raise Invalid({"account": _("这个账号是给其他系统用的，请换一个。")})
        elif user.name != line.name:
            raise Invalid(
                {
                    "name": _("这个账号是“%(name)s”的。是同一人请改成一样的姓名，不是请换一个账号。")
                    % {"name": user.name}
                }
            )
        else:
            held = _held(user, role, unit, area, starts_on)
            if held:
                return self._same(held, ends_on)
            does = "post"
        give_post(
            self._actor,
            user_id=user.pk,
            role=role,
            area_id=area.pk,
            unit_id=unit.pk if unit else None,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        return does

    def _same(self, held: Post, ends_on: date | None) -> str:
        if ends_on is None or held.ends_on == ends_on:
            return "same"
        end_post(self._actor, held.pk, ends_on)
        return "changed"


def _roles() -> dict[str, str]:
    """Names of the roles in each language, and their keys."""
    found = {role.value: role.value for role in Role}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {str(name).casefold(): role.value for role, name in ROLE_NAMES.items()}
    return found


def _unit(line: Line) -> Unit | None:
    if not line.unit:
        return None
    units = Unit.objects.filter(Q(name=line.unit) | Q(short_name=line.unit), active=True)
    found = list(units.select_related("area")[:2])
    if len(found) != 1:
        text = _("有几个单位叫“%(unit)s”，请写全称。") if found else _("没有“%(unit)s”这个单位。")
        raise Invalid({"unit": text % {"unit": line.unit}})
    return found[0]


def _area(line: Line, unit: Unit | None) -> Area:
    if not line.area:
        if unit is None:
            raise Invalid({"area": _("请写区划的名称或代码。")})
        return unit.area
    areas = Area.objects.filter(Q(code=line.area) | Q(name=line.area) | Q(short_name=line.area), active=True)
    if unit:
        # A name may stand in several streets; the unit's own comes first.
        near = areas.filter(path__startswith=unit.area.path)
        areas = near if near.exists() else areas
    found = list(areas[:2])
    if len(found) != 1:
        text = _("有几个区划叫“%(area)s”，请写代码。") if found else _("没有“%(area)s”这个区划。")
        raise Invalid({"area": text % {"area": line.area}})
    return found[0]


def _day(text: str) -> date | None:
    if not text:
        return None
    moment = moment_of(text)
    if moment is None:
        raise Invalid({"starts_on": _("看不懂日期“%(day)s”，请写成 2026-11-22。") % {"day": text[:20]}})
    return moment.date()


def _held(user: User, role: str, unit: Unit | None, area: Area, starts_on: date | None) -> Post | None:
    """The same post that the user has already, from that day or running now."""
    posts = Post.objects.filter(user=user, role=role, unit=unit, area=area)
    if starts_on:
        return posts.filter(starts_on=starts_on).first()
    today = clock.today()
    return posts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today).first()


def _must_administer(actor: Actor) -> None:
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以修改组织、岗位和账号。"))
