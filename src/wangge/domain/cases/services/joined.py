"""Reporters whose case was merged into another rate and object there too, each once."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from wangge.domain.access.actor import Reporter, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases import rules
from wangge.domain.cases.inputs import clean
from wangge.domain.cases.models import Case
from wangge.domain.cases.services import history
from wangge.domain.cases.services.change import Change
from wangge.domain.cases.services.moves import STALE, as_error, branches_of, carry_out, lock, move, see
from wangge.domain.cases.services.processes import definition_of
from wangge.engines.flow import OpenMove, Outcome, Refused, decide, open_moves
from wangge.platform import clock
from wangge.platform.errors import Conflict

# A merged case may have been merged on.
LONGEST_CHAIN = 5
RATINGS = ("rate", "rate_later")
ANSWERS = (*RATINGS, "object")
_REPORTER = frozenset({"reporter"})


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a reporter of a merged case says about the case that theirs went into."""

    reporter: Reporter
    own: Case
    main: Case
    key: str
    data: dict[str, Any]


def answer(
    reporter: Reporter, case_id: int, key: str, data: dict[str, Any], *, version: int | None = None
) -> Case:
    """A reporter's move in their own case, or their word on the case it was merged into; errors as of `move`."""
    see(reporter, case_id)
    with acting_as(System("which case a reporter answers about")):
        merged = Case.objects.filter(pk=case_id, merged_into__isnull=False).exists()
    if not merged:
        return move(reporter, case_id, key, data, version=version)
    with transaction.atomic(), acting_as(System(f"answer {key} of a merged case")):
        own = lock(case_id, version)
        main = lock(into(own).pk)
        if key not in ANSWERS or _said(own, key):
            raise Conflict(STALE, "stale")
        definition = definition_of(main.process_id)
        wanted = definition.move(key)
        given = _Answer(reporter, own, main, key, clean(wanted, data, ()))
        try:
            outcome = decide(
                definition,
                main.state,
                key,
                _REPORTER,
                _facts(main, given.data),
                given.data,
                branches_of(main),
            )
        except Refused as refusal:
            raise as_error(refusal, wanted) from refusal
        _record(given)
        _tell_main(given, outcome)
        return own


def answers_open(own: Case) -> list[OpenMove]:
    """What the reporter of a merged case may still say about the case it went into (2 statements)."""
    with acting_as(System("answers of a merged case's reporter")):
        main = into(own)
        moves = open_moves(
            definition_of(main.process_id), main.state, _REPORTER, _facts(main), branches_of(main)
        )
        return [
            found
            for found in moves
            if found.open and found.move.key in ANSWERS and not _said(own, found.move.key)
        ]


def into(own: Case) -> Case:
    """The case that a merged one ended in, through merges."""
    case = own
    for _merge in range(LONGEST_CHAIN):
        if case.merged_into_id is None:
            break
        case = Case.objects.get(pk=case.merged_into_id)
    return case


def _said(own: Case, key: str) -> bool:
    return own.satisfied is not None if key in RATINGS else own.objections > 0


def _facts(main: Case, data: dict[str, Any] | None = None) -> dict[str, Any]:
    """The main case as this reporter meets it: what others said does not use up their own word."""
    facts = rules.facts(System("answer of a merged case"), main, clock.now(), data)
    facts["case"] |= {"rated": False, "objections": min(main.objections, 1)}
    return facts


def _record(given: _Answer) -> None:
    """In the reporter's own case: what they said, and that they have."""
    own, before = given.own, history.snapshot(given.own)
    if given.key in RATINGS:
        own.solved, own.satisfied = given.data.get("solved"), given.data.get("satisfied")
    else:
        own.objections += 1
    key = "rate_later" if given.key in RATINGS else given.key
    history.append(own, given.reporter, key, at=clock.now(), before=before, data=given.data, public=True)
    own.save(update_fields=["solved", "satisfied", "objections", "version"])


def _tell_main(given: _Answer, outcome: Outcome) -> None:
    """An objection, or a bad word while the case waits for its call-back, sends it back; the rest is noted in it."""
    main, now = given.main, clock.now()
    if given.key == "object" or outcome.target in ("handling", "arbitration"):
        change = Change(main, given.reporter, given.key, given.data, now, main.state, outcome.target)
        change.notes["from"] = given.own.pk
        carry_out(change, outcome)
        return
    before = history.snapshot(main)
    data = given.data | {"from": given.own.number}
    history.append(main, given.reporter, "joined_rating", at=now, before=before, data=data)
    main.save(update_fields=["version"])
