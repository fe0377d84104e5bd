"""A file of a grid's residents: a right of its own, limited, marked with who took it and why, every person's look first."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wangge.domain.access.actor import Actor, AnyActor, Client
from wangge.domain.access.persons import Person
from wangge.domain.access.policy import export_paths
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import log_looks
from wangge.domain.places.models import Area, Level
from wangge.domain.register.models import Resident
from wangge.domain.register.purposes import purposes_of
from wangge.domain.register.queries.homes import address_of
from wangge.domain.register.services.base import community_of
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed, NotFound
from wangge.platform.limits.services import Limit, TooMany
from wangge.platform.sheets.writing import Column, Value

MOST_PEOPLE = 2000
FILES = Limit("files of the register", most=5, minutes=24 * 60)
# What a file can hold beside name and address; its name in the log.
MORE = {
    "phone": (gettext_lazy("电话"), gettext_noop("电话")),
    "birth_year": (gettext_lazy("出生年份"), gettext_noop("出生年份")),
    "relation": (gettext_lazy("与户主关系"), gettext_noop("与户主关系")),
    "residence": (gettext_lazy("户籍类别"), gettext_noop("户籍类别")),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What the file holds; `mark` stands on each of its pages."""

    grid: Area
    columns: list[Column]
    people: Collection[Resident]
    more: tuple[str, ...]
    mark: str

    def rows(self) -> Iterator[list[Value]]:
        for one in self.people:
            yield [
                address_of(one.household.dwelling),
                str(one.name),
                *(_value(one, name) for name in self.more),
            ]


def may_export(actor: AnyActor) -> bool:
    """Whether one of the actor's posts may take a file of the register away."""
    return isinstance(actor, Actor) and not isinstance(actor, Client) and bool(export_paths(actor))


def grids_to_export(actor: Actor) -> list[Area]:
    """The grids of which the actor may take a file away (1 statement)."""
    within = Q(pk__in=[])
    for path in export_paths(actor):
        within |= Q(path__startswith=path)
    return list(Area.objects.filter(within, level=Level.GRID, active=True).order_by("code"))


@transaction.atomic
def export(actor: Actor, *, grid_id: int, purpose: str, more: Collection[str] = ()) -> Exported:
    """Who lives in a grid today, with the columns asked for; a look at each of them is written down first.

    Raises NotAllowed without the right, NotFound for a grid elsewhere, Invalid without a purpose or for too many
    people, TooMany after five files in a day.
    """
    if not may_export(actor):
        raise NotAllowed(_("导出居民登记由社区工作站负责人办理。"))
    grid = next((one for one in grids_to_export(actor) if one.pk == grid_id), None)
    if grid is None:
        raise NotFound(_("没有找到这个网格，或者不在您的服务范围内。"))
    if purpose not in purposes_of(actor):
        raise Invalid({"purpose": _("请选择查看目的。")})
    if FILES.reached(str(actor.user_id)):
        raise TooMany(_("一天最多导出 %(most)d 份，请明天再导。") % {"most": FILES.most})
    people = _people(actor, grid)
    if len(people) > MOST_PEOPLE:
        raise Invalid({"grid": _("这个网格超过 %(most)d 人，不能一次导出。") % {"most": MOST_PEOPLE}})
    FILES.count(str(actor.user_id))
    chosen = tuple(name for name in MORE if name in more)
    log_looks(
        actor,
        [(Person("resident", one.pk), community_of(grid)) for one in people],
        subject="resident",
        data_class="、".join(["姓名、住址", *(MORE[name][1] for name in chosen)]),
        purpose=purpose,
        channel="export",
    )
    columns = [
        Column(_("住址"), 36),
        Column(_("姓名"), 14),
        *(Column(str(MORE[name][0]), 16) for name in chosen),
    ]
    return Exported(grid, columns, people, chosen, _mark(actor, purpose))


def _people(actor: Actor, grid: Area) -> list[Resident]:
    """One more than the most, so that too many are seen."""
    with acting_as(actor):
        found: Any = Resident.objects.filter(area=grid, until__isnull=True, merged_into__isnull=True)
        found = found.select_related(
            "household__dwelling__building__compound", "household__dwelling__stairwell"
        )
        order = (
            "household__dwelling__building",
            "household__dwelling__floor",
            "household__dwelling__room",
            "pk",
        )
        return list(found.order_by(*order)[: MOST_PEOPLE + 1])


def _value(one: Resident, name: str) -> Value:
    if name in ("relation", "residence"):
        return str(getattr(one, f"get_{name}_display")())
    value = getattr(one, name)
    return value if isinstance(value, int) else str(value or "")


def _mark(actor: Actor, purpose: str) -> str:
    post = next((post for post in actor.posts if post.area_path in export_paths(actor)), actor.posts[0])
    return _("%(who)s（%(place)s）%(when)s 导出，用于“%(purpose)s”。只供本次使用，用后销毁，不得转发。") % {
        "who": actor.name,
        "place": post.place,
        "when": timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M"),
        "purpose": _(purpose),
    }
