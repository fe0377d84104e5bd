"""Simulations: a draft run over the recorded life of past cases, in chunks, with progress and cancelling."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from wangge.domain.access.actor import Actor, AnyActor, System
from wangge.domain.access.policy import may_administer
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent, ProcessDraft, Simulation
from wangge.domain.cases.services.drafts import digest, problems_of
from wangge.domain.cases.services.findings import Findings
from wangge.domain.cases.services.lives import Places, walk
from wangge.domain.cases.services.processes import definition_of
from wangge.engines.flow import Definition, Replay
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

SPAN = timedelta(days=365)
CHUNK = 500
# A run that has not got on for so long was killed with its worker.
LOST_AFTER = timedelta(minutes=2)
SIMULATION = System("simulation of a process on past cases")
_UNDER_WAY = (Simulation.State.WAITING, Simulation.State.RUNNING)


def start(actor: AnyActor, draft_id: int) -> Simulation:
    """Ask for a run of the draft as it stands; the one under way for this very draft is answered again."""
    if not (isinstance(actor, Actor) and may_administer(actor)):
        raise NotAllowed(_("只有平台管理员可以试算。"))
    with transaction.atomic():
        draft = ProcessDraft.objects.select_for_update().filter(pk=draft_id).first()
        if draft is None:
            raise NotFound(_("没有这个草稿。"))
        if not draft.is_open:
            raise Conflict(_("这个草稿已经发布或放弃，不能再改。"), "closed")
        if problems_of(draft.data):
            raise Invalid({"problems": _("请先改正检查发现的问题，再试算。")})
        sign, now = digest(draft.data), clock.now()
        for run in draft.simulations.filter(state__in=_UNDER_WAY):
            if run.digest == sign and not is_lost(run):
                return run
            Simulation.objects.filter(pk=run.pk).update(state=Simulation.State.CANCELLED)
        run = Simulation.objects.create(
            draft=draft, digest=sign, asked_by_id=actor.user_id, asked_at=now, beat_at=now
        )
        app.configure_task("cases.simulate").defer(simulation_id=run.pk)
    return run


def cancel(actor: AnyActor, draft_id: int) -> None:
    """Stop the runs of a draft that are under way; they end after the present chunk."""
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以试算。"))
    Simulation.objects.filter(draft_id=draft_id, state__in=_UNDER_WAY).update(
        state=Simulation.State.CANCELLED
    )


def is_lost(run: Simulation) -> bool:
    """Whether a run under way has not got on for so long that nobody works on it."""
    return run.state in _UNDER_WAY and clock.now() - run.beat_at > LOST_AFTER


def run(simulation_id: int) -> None:
    """Carry a simulation out, unless it was cancelled; its findings are kept with it.

    3 statements before, 4 a chunk of CHUNK cases, 1 after.
    """
    found = Simulation.objects.select_related("draft").get(pk=simulation_id)
    if digest(found.draft.data) != found.digest:
        _move(found, Simulation.State.CANCELLED)
        return
    until = clock.now()
    try:
        with acting_as(SIMULATION):
            result = _over_cases(found, Definition.from_data(found.draft.data), until - SPAN, until)
    except Exception:
        _move(found, Simulation.State.FAILED)
        raise
    if result is not None:
        _move(found, Simulation.State.DONE, result=result)


def _over_cases(
    found: Simulation, draft: Definition, since: datetime, until: datetime
) -> dict[str, Any] | None:
    """The findings; None when it was cancelled on the way."""
    wanted = Case.objects.filter(reported_at__gte=since).order_by("pk")
    ids = list(wanted.values_list("pk", flat=True))
    places, findings = Places.load(), Findings(draft)
    replays: dict[int, Replay] = {}
    if not _move(found, Simulation.State.RUNNING, total=len(ids), done=0):
        return None
    for first in range(0, len(ids), CHUNK):
        chunk = ids[first : first + CHUNK]
        cases = Case.objects.filter(pk__in=chunk).select_related("condition").in_bulk()
        histories: dict[int, list[CaseEvent]] = {}
        for event in CaseEvent.objects.filter(case_id__in=chunk).order_by("case_id", "seq"):
            histories.setdefault(event.case_id, []).append(event)
        for pk in chunk:
            replay = replays.setdefault(
                cases[pk].process_id, Replay(definition_of(cases[pk].process_id), draft)
            )
            findings.add(walk(cases[pk], histories.get(pk, []), replay, places, until))
        if not _move(found, Simulation.State.RUNNING, done=first + len(chunk)):
            return None
    return findings.result(since, until, places)


def _move(found: Simulation, state: Simulation.State, **values: Any) -> bool:
    """Write where it is; False when it was cancelled meanwhile."""
    going = Simulation.objects.filter(pk=found.pk, state__in=_UNDER_WAY)
    return bool(going.update(state=state, beat_at=clock.now(), **values))
