"""A resident asks why their data was looked at: a case of the level above the unit that looked, with 15 days."""

from datetime import timedelta

from django.db import transaction

from wangge.domain.access.actor import Public, System
from wangge.domain.access.models import Unit, UnitKind
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.change import Change
from wangge.domain.cases.services.intake import Report, Reported, report
from wangge.domain.cases.services.moves import carry_out, lock
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.catalogue.models import Condition
from wangge.engines.flow import Outcome
from wangge.platform import clock

ANSWERED_IN = timedelta(days=15)
_ASKS = System("question about a look")
# Questions about a community's service; the condition that asks others before it answers.
_MATTER, _CONDITION = ("local", "90049"), 2


def ask_above(given: Report, unit: Unit | None) -> Reported:
    """File what a resident asks at the level above a unit: the street for a station, else the district. The same key
    answers the same again."""
    level = "street" if unit and unit.kind == UnitKind.STATION else "district"
    with transaction.atomic():
        reported = report(Public(), given)
        if reported.again:
            return reported
        with acting_as(_ASKS):
            case = lock(reported.case.pk)
            kind, code = _MATTER
            condition = Condition.objects.get(
                matter__kind=kind, matter__code=code, number=_CONDITION, valid__contains=clock.today()
            )
            definition = definition_of(case.process_id)
            move, state = definition.move("file"), definition.state("filed")
            data = {"matter": condition.matter_id, "condition": condition.pk, "note": ""}
            change = Change(case, _ASKS, "file", data, clock.now(), case.state, state.key)

            def above(change: Change) -> None:
                change.case.level = level
                change.case.case_due_at = change.now + ANSWERED_IN

            outcome = Outcome(move, case.state, state.key, tuple(move.effects), state)
            return Reported(carry_out(change, outcome, above), reported.receipt_code)
