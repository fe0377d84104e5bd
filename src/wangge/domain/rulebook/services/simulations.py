"""Trying a draft on the cases of the last year: asked for by a person, carried out by the worker."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from wangge.domain.access.actor import AnyActor, System
from wangge.domain.access.models import Unit
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.catalogue.models import Matter
from wangge.domain.rulebook.book import Book, drafted_book, present_book
from wangge.domain.rulebook.models import Draft, Simulation, SimulationState
from wangge.domain.rulebook.services.drafts import must_administer, user_id_of
from wangge.domain.rulebook.simulating import YEAR, Tally, last_handled, pauses_of, told, weigh
from wangge.platform import clock
from wangge.platform.errors import Conflict, NotFound

CHUNK = 1000
OPEN = (SimulationState.WAITING, SimulationState.RUNNING)
_WORK = System("simulation of a draft of the rules")


@transaction.atomic
def simulate(actor: AnyActor, draft_id: int) -> Simulation:
    """Ask for a simulation; the one that is under way is given back. Conflict for a draft without changes."""
    must_administer(actor)
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise NotFound(_("没有这个变更方案。"))
    if not draft.changes.exists():
        raise Conflict(_("方案里还没有改动，没有可以试算的。"))
    under_way = draft.simulations.filter(state__in=OPEN, draft_version=draft.version).first()
    if under_way:
        return under_way
    draft.simulations.filter(state__in=OPEN).update(state=SimulationState.CANCELLED, ended_at=clock.now())
    made = Simulation.objects.create(
        draft=draft, draft_version=draft.version, asked_by_id=user_id_of(actor), asked_at=clock.now()
    )
    app.configure_task("rulebook.simulate").defer(simulation_id=made.pk)
    return made


def cancel(actor: AnyActor, simulation_id: int) -> None:
    """Stop a simulation before its next chunk."""
    must_administer(actor)
    Simulation.objects.filter(pk=simulation_id, state__in=OPEN).update(
        state=SimulationState.CANCELLED, ended_at=clock.now()
    )


def run(simulation_id: int) -> None:
    """Carry out a simulation in chunks of CHUNK cases (3 statements and the progress each)."""
    simulation = Simulation.objects.select_related("draft").get(pk=simulation_id)
    if simulation.state not in OPEN:
        return
    try:
        _run(simulation)
    except Exception:
        _end(simulation, SimulationState.FAILED)
        raise


def _run(simulation: Simulation) -> None:
    now = clock.now()
    today = clock.today()
    before = present_book(today)
    after = drafted_book(before, simulation.draft.changes.all(), today)
    with acting_as(_WORK):
        wanted = Case.objects.filter(filed_at__gte=now - YEAR, matter__isnull=False, condition__isnull=False)
        ids = list(wanted.order_by("pk").values_list("pk", flat=True))
    Simulation.objects.filter(pk=simulation.pk).update(state=SimulationState.RUNNING, total=len(ids))
    tally, matters = Tally(), Matter.objects.in_bulk()
    for start in range(0, len(ids), CHUNK):
        _chunk(ids[start : start + CHUNK], tally, matters, before, after, now)
        going = Simulation.objects.filter(pk=simulation.pk, state=SimulationState.RUNNING)
        if not going.update(done=min(start + CHUNK, len(ids))):
            return
    simulation.result = told(tally, dict(Unit.objects.values_list("pk", "name")), _numbers(tally))
    simulation.result |= {"from": (now - YEAR).date().isoformat(), "to": today.isoformat()}
    _end(simulation, SimulationState.DONE)


def _chunk(
    ids: list[int], tally: Tally, matters: dict[int, Matter], before: Book, after: Book, now: datetime
) -> None:
    with acting_as(_WORK):
        cases = list(Case.objects.filter(pk__in=ids).select_related("condition").order_by("pk"))
        rows = CaseEvent.objects.filter(case_id__in=ids).order_by("case_id", "seq")
        steps = defaultdict(list)
        for case_id, at, target in rows.values_list("case_id", "at", "target"):
            steps[case_id].append((at, target))
    for case in cases:
        case.matter = matters[case.matter_id]
        running = running_states(case.process_id)
        end = last_handled(steps[case.pk], running, now)
        pauses = pauses_of(steps[case.pk], running, case.clock_from) if case.clock_from else []
        weigh(tally, case, before, after, [pause for pause in pauses if pause.start < end], end)


def running_states(process_id: int) -> frozenset[str]:
    """The states of a process in which the case's own clock runs."""
    return frozenset(state.key for state in definition_of(process_id).states if state.clock == "case")


def _numbers(tally: Tally) -> dict[int, tuple[str, str]]:
    ids = {pk for found in tally.named.values() for pk in found}
    with acting_as(_WORK):
        rows = Case.objects.filter(pk__in=ids).values_list("pk", "number", "matter__name")
        return {pk: (number, name) for pk, number, name in rows}


def _end(simulation: Simulation, state: SimulationState) -> None:
    values = {"state": state, "ended_at": clock.now(), "result": simulation.result}
    Simulation.objects.filter(pk=simulation.pk, state__in=OPEN).update(**values)
