"""My work: what I must do now, by urgency."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.domain.access.actor import Actor, Role
from wangge.domain.bulk.rules import offered
from wangge.domain.cases.queries import lists
from wangge.domain.cases.queries.tallies import tally
from wangge.domain.cases.services.processes import definitions_in_use
from wangge.domain.office.queries import handovers_waiting
from wangge.engines.flow import Definition
from wangge.faces.desk.frame import holds_cases, takes_reports
from wangge.faces.desk.rows import rows
from wangge.faces.desk.words import ASKED_NAMES
from wangge.faces.web.tones import LIGHTS
from wangge.platform import clock
from wangge.platform.language import named

MOST_ROWS = 100
LEADERS = (
    Role.STATION_HEAD,
    Role.STREET_DISPATCHER,
    Role.STREET_LEADER,
    Role.DISTRICT_DISPATCHER,
    Role.DISTRICT_LEADER,
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One kind of work with its count."""

    key: str
    name: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """A count that leads to its list; `tone` and `icon` as in web/parts/tag.html."""

    name: str
    count: int
    url: str
    icon: str
    tone: str


@require_safe
def work(request: Any) -> HttpResponse:
    """The first page after signing in."""
    actor: Actor = request.actor
    if not holds_cases(actor) and actor.roles:
        return redirect("desk:units" if actor.has(Role.ADMINISTRATOR) else "desk:privacy")
    panels = _watched(actor)
    found = tally(actor, flags=[flag for flag, *_rest in panels])
    counts = request.work_counts = found.work
    asked = request.GET.get("asked", "")
    now = clock.now()
    definitions = [definition for _pk, definition in definitions_in_use()]
    context = {
        "chips": _chips(counts, asked, definitions),
        "bulk": offered(actor, definitions[0]),
        "total": sum(counts.values()),
        "asked": asked,
        "rows": rows(lists.work_lines(actor, asked, MOST_ROWS), now, actor),
        "lights": _lights(found.lights),
        "panels": _panels(panels, found.flags),
        "reports": takes_reports(actor),
        "settles": actor.has(Role.GRID_WORKER, Role.GRID_LEAD),
        "has_posts": bool(actor.posts),
        "most": MOST_ROWS,
        "handovers": handovers_waiting(actor),
    }
    return render(request, "desk/work.html", context)


def _chips(counts: dict[str, int], asked: str, definitions: list[Definition]) -> list[Chip]:
    """In the order of the process."""
    names: dict[str, str] = {}
    for definition in definitions:
        names = {state.key: named(state) for state in definition.states} | names
    names |= {key: str(name) for key, name in ASKED_NAMES.items()}
    return [Chip(key, names[key], counts[key], key == asked) for key in names if key in counts]


def _lights(counts: dict[str, int]) -> list[Panel]:
    names = {"red": _("已超期"), "yellow": _("即将到期"), "green": _("时限内"), "paused": _("暂停计时")}
    return [
        Panel(name, counts.get(key, 0), _list(flag="open", light=key, sort="urgency"), LIGHTS[key][0], key)
        for key, name in names.items()
    ]


def _watched(actor: Actor) -> list[tuple[str, str, str, str]]:
    """What a leader watches, as flag, name, icon and tone; other posts watch what is supervised."""
    supervised = ("supervised", _("督办中"), "flag", "danger")
    if not actor.has(*LEADERS):
        return [supervised]
    return [
        ("late", _("超期未结"), "clock-exclamation", "red"),
        supervised,
        ("waiting", _("等待审批"), "checks", "yellow"),
        ("arbitration", _("等待裁定"), "gavel", "yellow"),
        ("bounced", _("退单在办"), "arrow-back-up", "yellow"),
        ("repeating", _("重复发生"), "repeat", "yellow"),
    ]


def _panels(watched: list[tuple[str, str, str, str]], counts: dict[str, int]) -> list[Panel]:
    return [Panel(name, counts[flag], _list(flag=flag), icon, tone) for flag, name, icon, tone in watched]


def _list(**filters: str) -> str:
    return f"{reverse('desk:cases')}?{urlencode(filters)}"
