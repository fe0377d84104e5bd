"""Random lives of cases: whoever does what in whichever order, what was promised holds at every step."""

import os
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from casework import MOVES, PROCESS, START, TESTS, answers, dump, reported, stored
from factories import Town
from invariants import check_case
from wangge.domain.access.actor import Actor, AnyActor, Public, Reporter
from wangge.domain.access.scope import acting_as
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case, Support
from wangge.domain.cases.services.moves import branches_of, move, move_support
from wangge.domain.cases.services.sweep import sweep
from wangge.domain.catalogue.models import Condition
from wangge.engines.flow import Move, open_moves
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound, WanggeError

# WANGGE_LONG_TESTS=1: hundreds of longer lives, some minutes.
LONG = os.environ.get("WANGGE_LONG_TESTS") == "1"
LIVES, STEPS = (200, 60) if LONG else (20, 40)

# Ends that cut a life short.
RARE = {"void", "merge", "settle", "propose_refusal"}
Step = tuple[str, AnyActor, Move, int | None]


class Life:
    """A case and what a random generator lets happen to it; `log` tells it when something broke."""

    def __init__(self, town: Town, people: dict[str, Actor], seed: int) -> None:
        self.town, self.people, self.rng = town, people, Random(seed)
        self.now = START + timedelta(hours=self.rng.randrange(400))
        self.log: list[str] = []
        self.case_id = self._report()

    def live(self, steps: int) -> None:
        happenings = (
            (self.work_goes_on, 14),
            (self.people_do_anything, 8),
            (self.time_passes, 3),
            (self.a_refused_move_changes_nothing, 3),
            (self.wrong_answers_change_nothing, 2),
            (self.a_stale_page_changes_nothing, 1),
            (self.the_case_may_end_early, 0.3),
        )
        for happen in self.rng.choices(
            [one for one, _ in happenings], [often for _, often in happenings], k=steps
        ):
            happen()
            check_case(self.case_id)

    def _report(self) -> int:
        by_worker = self.rng.random() < 0.3
        actor = self.people["grid_worker"] if by_worker else Public()
        given: dict[str, Any] = {"phone": "13800001234"} if self.rng.random() < 0.7 else {}
        with clock.at(self.now):
            reported(self.town)
            channel = "worker" if by_worker else "web"
            return reported(self.town, actor, channel=channel, **given).case.pk

    # ---- what people may do

    def work_goes_on(self) -> None:
        self._make({found.key for found in MOVES.values() if found.tone in ("primary", "danger")} - RARE)

    def people_do_anything(self) -> None:
        self._make(set(MOVES) - RARE - {"comment"})

    def the_case_may_end_early(self) -> None:
        self._make(RARE)

    def time_passes(self) -> None:
        self.now += timedelta(hours=self.rng.choice((1, 5, 24, 80, 400)))
        if self.rng.random() < 0.8:
            self.the_sweep_comes()

    def the_sweep_comes(self) -> None:
        with clock.at(self.now):
            sweep()
            case = stored(self.case_id)
            assert case.light != "green" or (case.yellow_at and case.yellow_at > self.now)
            assert case.light == "red" or not case.due_at or case.due_at >= self.now
            assert case.timer_at is None or case.timer_at > self.now
            before = dump()
            sweep()
            assert dump() == before

    # ---- what nobody may do

    def a_refused_move_changes_nothing(self) -> None:
        case = stored(self.case_id)
        name, actor, wanted = self.rng.choice(self._refused(case))
        data, images = self._answers(wanted, case)
        caught = self._refusal((NotAllowed, NotFound, Conflict), actor, wanted, data, images)
        expected = NotAllowed if case.state in wanted.sources else Conflict
        assert isinstance(caught, expected | NotFound), f"{name} {wanted.key}: {caught!r}"
        assert caught.text

    def wrong_answers_change_nothing(self) -> None:
        case = stored(self.case_id)
        asking = [step for step in self._open() if step[3] is None and step[2].required]
        if not asking:
            return
        _, actor, wanted, _ = self.rng.choice(asking)
        field = self.rng.choice(wanted.required)
        data, images = self._answers(wanted, case)
        if field.type == "photos":
            images = ()
        elif self.rng.random() < 0.5 or field.type in ("text", "long_text"):
            data[field.key] = self.rng.choice((None, "", "  "))
        else:
            data[field.key] = self.rng.choice(("gibberish", "-1", -1, [7], "99999999999999999999"))
        caught = self._refusal((Invalid,), actor, wanted, data, images)
        assert field.key in caught.fields  # type: ignore[attr-defined]

    def a_stale_page_changes_nothing(self) -> None:
        case = stored(self.case_id)
        if open_now := [step for step in self._open() if step[3] is None]:
            _, actor, wanted, _ = self.rng.choice(open_now)
            data, images = self._answers(wanted, case)
            self._refusal((Conflict,), actor, wanted, data, images, version=case.version - 1)

    def _refusal(
        self,
        kinds: tuple[type[WanggeError], ...],
        actor: AnyActor,
        wanted: Move,
        data: Any,
        images: Any,
        **how: Any,
    ) -> WanggeError:
        """The error that a move meets; not a row may differ afterwards."""
        before = dump()
        with clock.at(self.now), pytest.raises(kinds) as caught:
            move(actor, self.case_id, wanted.key, data, images=images, **how)
        assert dump() == before, f"{wanted.key} was refused and left something behind"
        return caught.value

    # ---- inside

    def _answers(self, wanted: Move, case: Case) -> tuple[dict[str, Any], tuple[bytes, ...]]:
        with clock.at(self.now):
            return answers(wanted, case, self.town, self.rng)

    def _everybody(self) -> list[tuple[str, AnyActor]]:
        case = stored(self.case_id)
        return [*self.people.items(), ("reporter", Reporter(case.receipt_hash)), ("stranger", Reporter("x"))]

    def _offers(self, case: Case) -> Iterator[tuple[str, AnyActor, Move, bool]]:
        with acting_as(TESTS):
            branches = branches_of(case)
        for name, actor in self._everybody():
            facts = rules.facts(actor, case, self.now)
            offered = open_moves(PROCESS, case.state, rules.standing(actor, case), facts, branches)
            yield from ((name, actor, found.move, found.open) for found in offered)

    def _open(self) -> list[Step]:
        case = stored(self.case_id)
        steps: list[Step] = [(n, a, m, None) for n, a, m, is_open in self._offers(case) if is_open]
        # The phone operator sees a case only while it waits for a call.
        steps = [step for step in steps if step[0] != "operator" or case.state == "callback"]
        return [*steps, *self._open_shares(case)]

    def _open_shares(self, case: Case) -> list[Step]:
        if case.ended:
            return []
        with acting_as(TESTS):
            shares = list(Support.objects.filter(case=case))
        steps: list[Step] = []
        for share in shares:
            for name, actor in self.people.items():
                own = share.unit_id in actor.unit_ids
                here = {place for place in rules.standing(actor, case) if own or "@support" not in place}
                offered = open_moves(
                    PROCESS, share.state, here, rules.facts(actor, case, self.now), branch="support"
                )
                steps += [(name, actor, found.move, share.pk) for found in offered if found.open]
        return steps

    def _refused(self, case: Case) -> list[tuple[str, AnyActor, Move]]:
        allowed = {(name, found.key) for name, _, found, is_open in self._offers(case) if is_open}
        return [
            (name, actor, found)
            for name, actor in self._everybody()
            for found in MOVES.values()
            if (name, found.key) not in allowed
        ]

    def _make(self, keys: set[str]) -> None:
        """Somebody makes one of these moves or one of a supporting unit, if one is open."""
        self.now += timedelta(minutes=self.rng.randrange(200))
        steps = [step for step in self._open() if step[2].key in keys or step[3]]
        if not steps:
            return
        # By kind of move first, or urging and comments would drown the others.
        key = self.rng.choice(sorted({step[2].key for step in steps}))
        name, actor, wanted, share = self.rng.choice([step for step in steps if step[2].key == key])
        case = stored(self.case_id)
        data, images = self._answers(wanted, case)
        with clock.at(self.now):
            try:
                if share is None:
                    after = move(actor, case.pk, wanted.key, data, images=images, version=case.version)
                else:
                    after = move_support(actor, share, wanted.key, data)
            except Invalid as wrong:
                if _may_be_wrong(case, wanted, data):
                    return
                raise AssertionError(f"{name} {wanted.key}: {wrong.fields}") from wrong
        self.log.append(f"{self.now:%m-%d %H:%M} {name} {wanted.key} > {after.state}")
        assert after.version == case.version + 1


def _may_be_wrong(case: Case, wanted: Move, data: dict[str, Any]) -> bool:
    """What a rule beyond the fields may refuse in answers that look right."""
    if wanted.key == "approve_suspension":
        return case.suspension_until is not None and case.suspension_until <= clock.today()
    if "dispatch" in wanted.effects:
        return int(data["unit"]) in case.support_units
    if wanted.key == "merge":
        return bool(data["into"] == "none")
    if wanted.key == "reclassify":
        procedure = Condition.objects.get(pk=data["condition"]).procedure
        return (procedure == "approval") != (case.procedure == "approval")
    if wanted.key == "settle":
        return not Condition.objects.get(pk=data["condition"]).on_the_spot
    return False


@settings(max_examples=LIVES, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_at_every_step_of_a_random_life_what_was_promised_holds(
    town: Town, people: dict[str, Actor], seed: int
) -> None:
    with transaction.atomic():
        life = Life(town, people, seed)
        try:
            life.live(STEPS)
        except BaseException:
            note("\n".join(life.log))
            raise
        transaction.set_rollback(True)
