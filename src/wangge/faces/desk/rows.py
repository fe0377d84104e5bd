"""A case as a line of a list: its clock in words, its marks, and what the reader is asked to do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wangge.domain.access.actor import Actor
from wangge.domain.cases import rules, timing
from wangge.domain.cases.models import Case, Light
from wangge.domain.cases.services.processes import definition_of
from wangge.engines.flow import State, open_moves
from wangge.faces.desk.words import clock_words
from wangge.platform.language import named


@dataclass(frozen=True, slots=True)
class Mark:
    """A small sign beside a case; `tone` and `icon` as in web/parts/tag.html."""

    text: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Row:
    """`light` is a colour of web/parts/light.html; `asks` names the main moves open to the reader."""

    case: Case
    state: State
    light: str
    clock: str
    marks: tuple[Mark, ...]
    asks: tuple[str, ...] = ()


def rows(cases: Iterable[Case], now: datetime, actor: Actor | None = None) -> list[Row]:
    """Lines for cases loaded by queries.lists; with an actor also what is asked of them (no statement)."""
    return [row(case, now, actor) for case in cases]


def row(case: Case, now: datetime, actor: Actor | None = None) -> Row:
    state = definition_of(case.process_id).state(case.state)
    return Row(
        case=case,
        state=state,
        light=light(case, now),
        clock=clock_words(case, timing.time_left(case, state, now)),
        marks=marks(case),
        asks=_asks(case, now, actor) if actor else (),
    )


def light(case: Case, now: datetime) -> str:
    """The kept colour; what the words beside it call overdue is red before the sweep of the minute has come."""
    if case.due_at and now > case.due_at and case.light in (Light.GREEN, Light.YELLOW):
        return Light.RED.value
    return "ended" if case.light == Light.NONE else case.light


def marks(case: Case) -> tuple[Mark, ...]:
    """Signs of a case, the gravest first."""
    found = ((shown(case), text, tone, icon) for shown, text, tone, icon in _SIGNS)
    return tuple(Mark(_(text) % {"n": value}, tone, icon) for value, text, tone, icon in found if value)


# What says whether a sign is shown (and how often it happened), its words, its tone and icon.
_SIGNS: tuple[tuple[Callable[[Case], object], str, str, str], ...] = (
    (lambda case: case.emergency, gettext_noop("应急"), "red", "urgent"),
    (lambda case: case.danger, gettext_noop("上报人说有危险"), "red", "alert-triangle"),
    (lambda case: case.supervised, gettext_noop("督办"), "danger", "flag"),
    (lambda case: hasattr(case, "repeat_alarm"), gettext_noop("重复发生"), "yellow", "repeat"),
    (
        lambda case: case.overdue and case.light != "red",
        gettext_noop("曾超期"),
        "danger",
        "clock-exclamation",
    ),
    (lambda case: case.arbitrated, gettext_noop("已裁定"), "active", "gavel"),
    (lambda case: case.returns, gettext_noop("退单 %(n)s 次"), "yellow", "arrow-back-up"),
    (lambda case: case.reworks, gettext_noop("返工 %(n)s 次"), "yellow", "refresh"),
    (lambda case: case.urges, gettext_noop("催办 %(n)s 次"), "yellow", "speakerphone"),
    (
        lambda case: not case.ended and case.extension_stage > 0,
        gettext_noop("延期待批"),
        "yellow",
        "clock-plus",
    ),
    (lambda case: case.appeal_stage in (1, 2), gettext_noop("申诉待审"), "yellow", "scale"),
)


def _asks(case: Case, now: datetime, actor: Actor) -> tuple[str, ...]:
    """Names of the main moves open to the actor; whether supporting units are done is left to the case's page."""
    found = open_moves(
        definition_of(case.process_id), case.state, rules.standing(actor, case), rules.facts(actor, case, now)
    )
    return tuple(named(move.move) for move in found if move.open and move.move.tone == "primary")
