"""How a story of the demo is told: its report, its clock, and the moves of its people."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from wangge.domain.access.actor import Actor, AnyActor, Public, Reporter, Role
from wangge.domain.cases import timing
from wangge.domain.cases.models import Case
from wangge.domain.cases.services.intake import Report, report
from wangge.domain.cases.services.moves import move
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.cases.services.sweep import bring_up_to
from wangge.domain.catalogue.models import Condition
from wangge.domain.catalogue.reasons import REASON_LISTS
from wangge.faces.cli.demo import pictures
from wangge.faces.cli.demo.directory import Directory
from wangge.faces.cli.demo.people import People
from wangge.faces.cli.demo.situation import Situation, pick
from wangge.faces.cli.demo.town import Town
from wangge.platform import clock

NEIGHBOUR_SHARE = 0.18  # of the cases happen in the neighbouring district
LONGEST_STORY_MOVES = 60
# Moves that nobody makes in a case they handled.
_INDEPENDENT = frozenset(
    {
        "pass_check", "fail_check", "call_back", "close", "arbitrate", "approve_extension", "grant_extension",
        "refuse_extension", "approve_suspension", "review_appeal", "accept_appeal", "reject_appeal",
    }
)  # fmt: skip


@dataclass(slots=True)
class Step:
    """What happens next: after how much time (on the clock or in working time), and what."""

    hours: float
    do: Callable[[], None]
    working: bool = True


@dataclass(slots=True)
class Telling:
    """One case lived from its report up to `until`."""

    rng: Random
    town: Town
    people: Directory
    until: datetime
    case: Case = field(init=False)
    what: Situation = field(init=False)
    reporter: Reporter | None = None
    _done: set[str] = field(default_factory=set)
    _grid: str = ""

    def live(self, moment: datetime) -> None:
        """Report at `moment`, then go on until the case rests or the present is reached."""
        local = timezone.localtime(moment)
        self.what = pick(self.rng, local.month, local.hour)
        with clock.at(moment):
            self._report()
        for _ in range(LONGEST_STORY_MOVES):
            step = self._next()
            if step is None:
                break
            state = self.case.state
            moment = self._later(moment, step)
            self.case = bring_up_to(self.case, min(moment, self.until))
            # A timer may have moved the case meanwhile; then people see that and think again.
            if self.case.state != state:
                moment = self.case.entered_at
                continue
            if moment >= self.until:
                return
            with clock.at(moment):
                step.do()

    # ---- small helpers

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _once(self, key: str, share: float) -> bool:
        """True at most once in a story, with this chance the first time it is asked."""
        if key in self._done:
            return False
        self._done.add(key)
        return self._chance(share)

    def _later(self, moment: datetime, step: Step) -> datetime:
        if not step.working:
            return moment + timedelta(hours=step.hours)
        return timing.calendar_for(self.case).add(moment, timedelta(hours=step.hours), "work")

    def _move(
        self, key: str, data: dict[str, Any] | None = None, *, who: AnyActor | None = None, photo: str = ""
    ) -> None:
        found = definition_of(self.case.process_id).move(key)
        actor = who or self.people.for_move(self.rng, self.case, found)
        if actor is None or (
            isinstance(actor, Actor) and key in _INDEPENDENT and actor.user_id in self.case.handlers
        ):
            return
        # What is done again is photographed again.
        turn = self.case.reworks + self.case.arbitrated
        images = [pictures.draw(self.what.key, photo, self.rng, turn)] if photo else []
        self.case = move(actor, self.case.pk, key, data or {}, images=images)

    def _reason(self, name: str) -> str:
        return self.rng.choice(REASON_LISTS[name]).value

    def _say(self, texts: tuple[str, ...]) -> str:
        return self.rng.choice(texts) if texts else ""

    # ---- the report

    def _report(self) -> None:
        by = self.rng.choice(self.what.reporters)
        place = self._place()
        words = self.what.report(self.rng, place["address"])
        channel, actor = self._channel(by, place)
        contact: dict[str, Any] = self._contact() if by != "grid_worker" and self._chance(0.72) else {}
        images = (
            [pictures.draw(self.what.key, "before", self.rng)]
            if self._chance(0.45 if by == "resident" else 0.8)
            else []
        )
        given = Report(
            key=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            description=words,
            channel=channel,
            matter_id=self._condition().matter_id if self._chance(0.8) else None,
            danger=self._condition().emergency,
            images=tuple(images),
            **place,
            **contact,
        )
        self.case = report(actor, given).case
        self.reporter = Reporter(self.case.receipt_hash) if contact else None

    def _place(self) -> dict[str, Any]:
        if self._chance(NEIGHBOUR_SHARE):
            area = self.rng.choice(
                [grid for code, grid in sorted(self.people.grids.items()) if code.startswith("341102")]
            )
            return {
                "area_id": area.pk,
                "address": f"{area.name}{self.rng.choice(('门前', '路口', '楼下', '北侧', '公交站旁'))}",
            }
        place = self.town.random_place(self.rng, None, self.rng.choice(self.what.places))
        self._grid = place.grid_key
        return {"lon": place.lon, "lat": place.lat, "address": place.address}

    def _channel(self, by: str, place: dict[str, Any]) -> tuple[str, AnyActor]:
        if by == "grid_worker":
            worker = self._worker_near(place)
            return ("worker", worker) if worker else ("web", Public())
        if by == "operator":
            operators = [
                actor
                for (role, _), actors in self.people.by_post.items()
                if role == Role.OPERATOR
                for actor in actors
            ]
            return "operator", self.rng.choice(operators)
        return ("qr" if self._chance(0.25) else "web"), Public()

    def _worker_near(self, place: dict[str, Any]) -> Actor | None:
        area_id = place.get("area_id") or self.people.grids[self._grid].pk
        workers = self.people.by_post.get((Role.GRID_WORKER, area_id), [])
        return self.rng.choice(workers) if workers else None

    def _contact(self) -> dict[str, str]:
        person = People(self.rng.getrandbits(32)).resident()
        return {"name": person.name, "phone": person.phone}

    def _condition(self) -> Condition:
        return self.people.conditions[self.what.kind, self.what.code, self.what.condition_no]

    def _next(self) -> Step | None:
        """What happens next, asked of the method named after the state."""
        step: Step | None = getattr(self, f"_in_{self.case.state}")()
        return step
