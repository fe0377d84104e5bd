"""Process definitions for reading: versions, the diagram, states, moves, and what a check finds."""

import json
from dataclasses import dataclass
from typing import Any

import tomli_w
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.domain.access.actor import Role
from wangge.domain.access.models import ROLE_NAMES
from wangge.domain.cases.models import Process
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.cases.vocabulary import VOCABULARY
from wangge.engines.flow import REPORTER, SYSTEM, Definition, Move, Part, State, Timer, check, draw
from wangge.engines.worktime import Duration
from wangge.faces.desk.admin_pages import page
from wangge.platform.language import english, named

# Where a role is held, and whose unit is responsible, as definitions write it.
PLACE_NAMES = {
    "grid": gettext_lazy("所在网格"),
    "community": gettext_lazy("所在社区"),
    "street": gettext_lazy("所在街道"),
    "district": gettext_lazy("所在区"),
    "level": gettext_lazy("办理层级"),
    "above": gettext_lazy("上一级"),
    "owner": gettext_lazy("责任单位"),
    "lead": gettext_lazy("主办单位"),
    "support": gettext_lazy("协办单位"),
    "keep": gettext_lazy("不变"),
    "none": gettext_lazy("无"),
}
CLOCK_NAMES = {
    "case": gettext_lazy("处置时限"),
    "stage": gettext_lazy("本环节时限"),
    "paused": gettext_lazy("暂停计时"),
    "stopped": gettext_lazy("不再计时"),
}
MOMENT_NAMES = {
    "due": gettext_lazy("到期时"),
    "yellow": gettext_lazy("将到期时"),
    "pause_end": gettext_lazy("挂账期满时"),
}
EFFECT_NAMES = {"remind": gettext_lazy("提醒"), "escalate": gettext_lazy("报告上级")}


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state in words."""

    state: State
    owner: str
    clock: str
    timers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move in words; `when` is the condition as it is written."""

    move: Move
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartRows:
    """The process itself or one of its branches."""

    part: Part
    states: tuple[StateRow, ...]
    moves: tuple[MoveRow, ...]


def versions(request: Any) -> HttpResponse:
    """All published versions, the newest first."""
    rows = Process.objects.select_related("published_by").order_by("key", "-version")
    return page(request, "processes.html", rows=[(row, row.definition) for row in rows])


def process(request: Any, process_id: int) -> HttpResponse:
    """One version: its diagram and tables."""
    found = get_object_or_404(Process.objects.select_related("published_by"), pk=process_id)
    definition = definition_of(process_id)
    return page(
        request,
        "process.html",
        process=found,
        definition=definition,
        diagram=draw(definition, "en" if english() else "zh"),
        problems=check(definition, VOCABULARY),
        parts=[_rows(part) for part in (definition, *definition.branches)],
    )


def download(request: Any, process_id: int, form: str) -> HttpResponse:
    """The definition as TOML, as people write it, or as JSON, as it is stored."""
    found = get_object_or_404(Process, pk=process_id)
    writers: dict[str, tuple[str, Any]] = {
        "toml": ("application/toml", tomli_w.dumps),
        "json": ("application/json", lambda data: json.dumps(data, ensure_ascii=False, indent=2)),
    }
    if form not in writers:
        raise Http404
    kind, write = writers[form]
    name = f"{found.key}-{found.version}.{form}"
    body = write(Definition.from_data(found.definition).to_data())
    return HttpResponse(
        body,
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rows(part: Part) -> PartRows:
    return PartRows(
        part,
        tuple(_state_row(part, state) for state in part.states),
        tuple(_move_row(part, move) for move in part.moves),
    )


def _state_row(part: Part, state: State) -> StateRow:
    clock = str(CLOCK_NAMES.get(state.clock or "", ""))
    if state.limit:
        clock = f"{clock} {_duration(state.limit)}"
    return StateRow(
        state,
        str(PLACE_NAMES.get(state.owner, "")),
        clock,
        tuple(_timer(part, timer) for timer in state.timers),
    )


def _timer(part: Part, timer: Timer) -> str:
    when = _("%s后") % _duration(timer.after) if timer.after else str(MOMENT_NAMES[timer.at or "due"])
    what = (
        named(part.move_by_key[timer.move]) if timer.move else str(EFFECT_NAMES.get(timer.do or "", timer.do))
    )
    return _("%(when)s：%(what)s") % {"when": when, "what": what}


def _move_row(part: Part, move: Move) -> MoveRow:
    targets = dict.fromkeys(way.to for way in move.ways)
    return MoveRow(
        move,
        tuple(named(part.state_by_key[key]) for key in move.sources),
        tuple(_("不变") if key == "=" else named(part.state_by_key[key]) for key in targets),
        tuple(_who(who) for who in move.who),
    )


def _who(who: str) -> str:
    if who in (REPORTER, SYSTEM):
        return _("上报人") if who == REPORTER else _("系统")
    role, _at, place = who.partition("@")
    return _("%(name)s（%(more)s）") % {"name": ROLE_NAMES[Role(role)], "more": PLACE_NAMES.get(place, place)}


def _duration(text: str) -> str:
    return Duration.parse(text).name("en" if english() else "zh-hans")
