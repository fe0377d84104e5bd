"""What surrounds every staff page: side bar, who I am, the bell. A template asks for it only when it is drawn."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.policy import errand_paths, may_administer, may_settle_records, near_paths
from wangge.domain.cases.queries.tallies import tally
from wangge.domain.cases.services.intake import STAFF_CHANNELS
from wangge.domain.office.queries import unread
from wangge.domain.orders.services.staging import may_import
from wangge.domain.places.models import Level
from wangge.domain.register.services.exporting import may_export
from wangge.faces.desk.admin_nav import admin_sections
from wangge.faces.desk.words import role_name
from wangge.faces.web.frame import Frame, NavItem, NavSection, mark_current

# Posts that hold no case data: their side bar begins with the administration.
WITHOUT_CASES = frozenset({Role.ADMINISTRATOR, Role.PRIVACY_OFFICER})


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` for desk.html, and `urgent_notices` for its banner (2 statements when drawn)."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        return {}
    inbox = SimpleLazyObject(lambda: unread(actor))
    return {"frame": SimpleLazyObject(lambda: _frame(request, actor, inbox)), "inbox": inbox}


def holds_cases(actor: Actor) -> bool:
    return bool(actor.roles - WITHOUT_CASES)


def takes_reports(actor: Actor) -> bool:
    """Whether one of the actor's posts takes in reports; a unit that handles does not."""
    return any(actor.has(*roles) for roles in STAFF_CHANNELS.values())


def _frame(request: HttpRequest, actor: Actor, inbox: Any) -> Frame:
    frame = _drawn_for(actor, _work(request, actor), request.path, get_language())
    return replace(frame, unread=inbox.total)


@lru_cache(maxsize=1000)
def _drawn_for(actor: Actor, work: int, path: str, _language: str) -> Frame:
    sections = (*_work_sections(actor, work), *admin_sections(actor))
    return Frame(
        sections=mark_current(sections, path),
        user=actor.name,
        post=_post(actor) if actor.posts else _("今天没有岗位"),
        home=reverse("desk:work"),
        sign_out=reverse("desk:sign-out"),
        search=reverse("desk:search") if holds_cases(actor) or may_administer(actor) else "",
        bell=reverse("desk:notices"),
        menu=(
            NavItem(_("我的岗位与账号"), reverse("desk:account"), "id-badge-2"),
            NavItem(_("登录与安全"), reverse("mfa_index"), "shield-lock"),
        ),
    )


def _work(request: Any, actor: Actor) -> int:
    """How many cases wait for the actor; a page with counts of its own has counted already."""
    if not holds_cases(actor):
        return 0
    counts = getattr(request, "work_counts", None)
    return sum((tally(actor).work if counts is None else counts).values())


def _post(actor: Actor) -> str:
    first = actor.posts[0]
    return f"{role_name(first.role)} · {first.place}"


def _work_sections(actor: Actor, work: int) -> tuple[NavSection, ...]:
    if not holds_cases(actor):
        return ()
    items = (
        NavItem(_("我的工作"), reverse("desk:work"), "inbox", work),
        NavItem(_("案件"), reverse("desk:cases"), "list-details"),
        *((NavItem(_("上报"), reverse("desk:report"), "map-pin-plus"),) if takes_reports(actor) else ()),
        NavItem(_("地图"), reverse("desk:case-map"), "map-2"),
        *(
            (
                NavItem(_("楼栋房屋"), reverse("desk:buildings"), "building-community", also=_housing()),
                NavItem(_("部件"), reverse("desk:facilities"), "bulb"),
                NavItem(_("网格公示牌"), reverse("desk:boards"), "speakerphone"),
            )
            if actor.area_paths
            else ()
        ),
        *((NavItem(_("导入工单"), reverse("desk:order-imports"), "upload"),) if may_import(actor) else ()),
        NavItem(_("交接单"), reverse("desk:handovers"), "clipboard-list"),
    )
    return (NavSection("", items), *_register_sections(actor))


def _housing() -> tuple[str, ...]:
    """Where the pages of compounds, dwellings and panoramas lie."""
    desk = reverse("desk:work")
    return tuple(f"{desk}{name}/" for name in ("compounds", "dwellings", "panoramas"))


def _register_sections(actor: Actor) -> tuple[NavSection, ...]:
    """Who keeps the register of an area, or sees it on an errand; the district has figures, others what was granted."""
    if not (near_paths(actor) or errand_paths(actor)):
        figures = (NavItem(_("人房概况"), reverse("desk:register-figures"), "chart-bar"),)
        granted = NavItem(_("授权查看"), reverse("desk:grants"), "eye")
        return (NavSection(_("居民登记"), (*(figures if actor.area_paths else ()), granted)),)
    exports = (NavItem(_("导出登记"), reverse("desk:register-export"), "download"),)
    items: tuple[NavItem, ...] = (
        NavItem(_("房屋和居民"), reverse("desk:register"), "home"),
        *((NavItem(_("导入住户"), reverse("desk:enrolments"), "upload"),) if near_paths(actor) else ()),
        *(exports if may_export(actor) else ()),
        NavItem(_("单位商铺"), reverse("desk:organisations"), "building"),
        NavItem(_("照料服务"), reverse("desk:care"), "heart"),
        NavItem(_("租房整改"), reverse("desk:checks"), "list-check"),
        NavItem(_("更正申请"), reverse("desk:corrections"), "edit"),
        NavItem(_("授权查看"), reverse("desk:grants"), "eye"),
    )
    if any(post.area_level != Level.GRID for post in actor.posts):
        items = (*items, NavItem(_("人房概况"), reverse("desk:register-figures"), "chart-bar"))
    return (*_visit_sections(actor), NavSection(_("居民登记"), items))


def _visit_sections(actor: Actor) -> tuple[NavSection, ...]:
    """Who goes from door to door, and who leads them."""
    if not near_paths(actor):
        return ()
    items = (
        NavItem(_("今天的探访"), reverse("desk:visits"), "map-pin"),
        NavItem(_("民情日记"), reverse("desk:diary"), "book"),
        NavItem(_("会议活动"), reverse("desk:meetings"), "users-group"),
        NavItem(_("值班排班"), reverse("desk:shifts"), "clock"),
        *(
            (NavItem(_("手机记录"), reverse("desk:field-records"), "device-mobile"),)
            if may_settle_records(actor)
            else ()
        ),
    )
    return (NavSection(_("走访"), items),)
