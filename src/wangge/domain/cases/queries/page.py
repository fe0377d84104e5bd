"""One case with everything a page about it shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wangge.domain.access.actor import Actor
from wangge.domain.access.models import Unit, User
from wangge.domain.cases import rules
from wangge.domain.cases.choices import choices_of, closing_conditions
from wangge.domain.cases.models import Case, CaseEvent, Photo, RepeatAlarm, Sound, Support
from wangge.domain.cases.queries.single import with_matter
from wangge.domain.cases.services.dispatching import likely_lead
from wangge.domain.cases.services.moves import MISSING, branches_of
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.catalogue.models import Condition
from wangge.engines.flow import Definition, Field, OpenMove, State, open_moves
from wangge.platform import clock
from wangge.platform.errors import NotFound


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that the page needs; moves are those of the viewer."""

    case: Case
    definition: Definition
    state: State
    events: list[CaseEvent]
    photos: list[Photo]
    sounds: list[Sound]
    supports: list[Support]
    moves: list[OpenMove]
    support_moves: dict[int, list[OpenMove]]
    handler_names: dict[int, str]
    repeat_alarm: RepeatAlarm | None
    merged: list[Case]
    now: datetime


@dataclass(frozen=True, slots=True)
class InHand:
    """A case that somebody is about to move: what the form needs, not what surrounds it."""

    case: Case
    definition: Definition
    state: State


def in_hand(actor: Actor, case_id: int) -> InHand:
    """The case with matter and condition (1 statement); NotFound outside the scope."""
    case = with_matter(actor, case_id)
    if case is None:
        raise NotFound(MISSING)
    definition = definition_of(case.process_id)
    return InHand(case, definition, definition.state(case.state))


def case_page(actor: Actor, case_id: int) -> CasePage:
    """The case with all that hangs on it and the viewer's moves (at most 10 statements); NotFound outside the scope."""
    related = (
        "matter",
        "condition",
        "area",
        "facility",
        "responsible",
        "lead",
        "first_unit",
        "handler",
        "checker",
        "merged_into",
        "split_from",
    )
    case = Case.objects.filter(pk=case_id).select_related(*related).first()
    if case is None:
        raise NotFound(MISSING)
    definition = definition_of(case.process_id)
    now = clock.now()
    standing = rules.standing(actor, case)
    known = rules.facts(actor, case, now)
    supports = list(Support.objects.filter(case=case).select_related("unit"))
    return CasePage(
        case=case,
        definition=definition,
        state=definition.state(case.state),
        events=list(
            CaseEvent.objects.filter(case=case).select_related(
                "user", "on_behalf_of", "unit", "unit_from", "unit_to"
            )
        ),
        photos=list(Photo.objects.filter(case=case).order_by("made_at", "pk")),
        sounds=list(Sound.objects.filter(case=case).order_by("made_at", "pk")),
        supports=supports,
        moves=open_moves(definition, case.state, standing, known, branches_of(case)),
        support_moves=_support_moves(actor, case, definition, supports, known),
        handler_names=dict(User.objects.filter(pk__in=case.handlers).values_list("pk", "name")),
        repeat_alarm=RepeatAlarm.objects.filter(case=case).select_related("earlier").first(),
        merged=list(Case.objects.filter(merged_into=case)),
        now=now,
    )


def _support_moves(
    actor: Actor, case: Case, definition: Definition, supports: list[Support], known: dict[str, Any]
) -> dict[int, list[OpenMove]]:
    standing = rules.standing(actor, case)
    moves = {}
    for share in supports:
        own = share.unit_id in actor.unit_ids
        here = frozenset(place for place in standing if own or not place.endswith("@support"))
        moves[share.pk] = open_moves(definition, share.state, here, known, branch="support")
    return moves


def field_choices(field: Field, case: Case) -> list[tuple[str, str, str]]:
    """(value, name, English name) for a field of a move: a list of reasons, units, or the condition's closing texts."""
    if field.type in ("unit", "units"):
        units = (
            Unit.objects.filter(active=True).filter(area_id__in=_ids(case.area_path)).order_by("kind", "name")
        )
        return [(str(unit.pk), unit.name, unit.name) for unit in units]
    if field.options == "closing_conditions":
        return [(reason.name, reason.name, reason.name_en) for reason in closing_conditions(case)]
    return [(reason.value, reason.name, reason.name_en) for reason in choices_of(field.options)]


def default_for(field: Field, case: Case) -> str:
    """What a field shows before anybody types: the matter reported, the unit of the responsibility list."""
    if field.type == "matter":
        return str(case.matter_id or "")
    if field.type == "condition":
        return str(case.condition_id or "")
    if field.type == "unit":
        lead = likely_lead(case)
        return str(lead.pk) if lead else ""
    return ""


def conditions_of(matter_id: int) -> list[Condition]:
    """Today's conditions of a matter in order (1 statement)."""
    return list(
        Condition.objects.filter(matter_id=matter_id, valid__contains=clock.today()).order_by("number")
    )


def _ids(path: str) -> list[int]:
    return [int(part) for part in path.rstrip(".").split(".")]
