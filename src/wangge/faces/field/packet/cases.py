"""Open cases that a phone needs: the worker's own work, and the rest of the grid; each with the moves open to them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import within
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case, CaseEvent
from wangge.domain.cases.queries.lists import by_urgency, my_work, with_names
from wangge.domain.cases.queries.page import default_for, field_choices
from wangge.domain.cases.services.moves import branches_of
from wangge.domain.cases.services.processes import definition_of
from wangge.engines.flow import Field, Move, open_moves
from wangge.platform import clock
from wangge.platform.language import english, named

MOST_MINE = 150
MOST_OTHERS = 150
# What can be answered without a network; a unit, an area or another case is chosen at the desk.
_ANSWERABLE = frozenset(
    {"text", "long_text", "choice", "boolean", "date", "number", "matter", "condition", "photos"}
)
_NEAR = ("grid", "community")


def rows(actor: Actor) -> Iterator[dict[str, Any]]:
    """The most urgent first (3 statements, and one for each case with supporting units)."""
    mine = list(my_work(actor)[:MOST_MINE])
    known = {case.pk for case in mine}
    found = [*mine, *(case for case in _others(actor) if case.pk not in known)]
    notes = _last_notes(found)
    now = clock.now()
    for case in found:
        yield _row(actor, case, now, mine=case.pk in known, last=notes.get(case.pk, ""))


def _others(actor: Actor) -> list[Case]:
    """Open cases of the worker's grid or community."""
    near = Q(pk__in=[])
    for post in actor.posts:
        if post.area_level in _NEAR and post.area_path in actor.area_paths:
            near |= within(post.area_path)
    return list(by_urgency(with_names(Case.objects.filter(near, ended=False)))[:MOST_OTHERS])


def _last_notes(found: list[Case]) -> dict[int, str]:
    events = CaseEvent.objects.filter(case_id__in=[case.pk for case in found]).exclude(note="")
    latest = events.order_by("case_id", "-seq").distinct("case_id")
    return dict(latest.values_list("case_id", "note"))


def _row(actor: Actor, case: Case, now: datetime, *, mine: bool, last: str) -> dict[str, Any]:
    definition = definition_of(case.process_id)
    known, standing = rules.facts(actor, case, now), rules.standing(actor, case)
    offered = open_moves(definition, case.state, standing, known, branches_of(case))
    return {
        "id": str(case.pk),
        "number": case.number,
        "matter": named(case.matter) if case.matter else "",
        "condition": named(case.condition, "text") if case.condition else "",
        "description": case.description,
        "address": case.address,
        "state": case.state,
        "state_name": named(definition.state(case.state)),
        "owner": str(case.responsible or ""),
        "due": case.due_at.isoformat() if case.due_at else None,
        "light": case.light,
        "mine": mine,
        "revision": case.version,
        "reported_at": case.reported_at.isoformat(),
        "last": last,
        "moves": [_move(one.move, case) for one in offered if one.open and _answerable(one.move)],
    }


def _answerable(move: Move) -> bool:
    return all(asked.type in _ANSWERABLE for asked in move.ask)


def _move(move: Move, case: Case) -> dict[str, Any]:
    return {
        "key": move.key,
        "name": named(move),
        "tone": move.tone,
        "ask": [_question(asked, case) for asked in move.ask],
    }


def _question(asked: Field, case: Case) -> dict[str, Any]:
    return {
        "key": asked.key,
        "type": asked.type,
        "name": named(asked),
        "required": asked.required,
        "choices": _choices(asked, case) if asked.type == "choice" else None,
        "default": default_for(asked, case),
    }


def _choices(asked: Field, case: Case) -> list[list[str]]:
    return [
        [value, name_en if english() and name_en else name]
        for value, name, name_en in field_choices(asked, case)
    ]
