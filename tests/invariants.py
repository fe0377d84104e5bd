"""What must hold for a case at every moment, read from the database alone."""

from itertools import pairwise
from typing import Any

from casework import PROCESS, history_of, stored
from wangge.domain.access.models import Unit
from wangge.domain.cases.models import Case, CaseEvent
from wangge.domain.cases.services.history import TRACKED, replay, snapshot
from wangge.domain.catalogue.models import Condition

LEVELS = ["province", "city", "district", "street", "community", "grid"]
CENTRES = {"community": "station", "street": "street_centre", "district": "district_centre"}
ABOVE = {"community": "street", "street": "district", "district": "district"}

# Whoever made one of these acts for the handling side.
HANDLES = {
    "settle", "accept", "finish", "ask_extension", "ask_suspension", "appeal", "support_accept", "support_done",
}  # fmt: skip
# Nobody of the handling side makes one of these.
INDEPENDENT = {
    "pass_check", "fail_check", "call_back", "close", "arbitrate", "approve_extension", "grant_extension",
    "refuse_extension", "approve_suspension", "review_appeal", "accept_appeal", "reject_appeal",
}  # fmt: skip
# Pairs that two people make.
FOUR_EYES = {"grant_extension": "approve_extension", "accept_appeal": "review_appeal"}
# Moves after which the promised deadline may be another one.
MOVES_DEADLINE = {
    "file", "settle", "file_emergency", "end_publicity", "reclassify", "grant_extension", "resume", "fail_check",
    "call_back", "rate", "object",
}  # fmt: skip


def check_case(case_id: int) -> None:
    """Every invariant of one case; an AssertionError says which is broken."""
    case, events = stored(case_id), history_of(case_id)
    check_clock(case)
    check_owner(case)
    check_history(case, events)
    check_people(events)
    check_limits(events)


def check_clock(case: Case) -> None:
    """Open: one deadline or a stated pause, never both. Ended: no clock at all."""
    state = PROCESS.state(case.state)
    assert case.ended == state.end
    assert case.step == state.step
    if state.end:
        assert (case.due_at, case.timer_at, case.yellow_at) == (None, None, None)
        assert (case.paused_at, case.paused_until, case.remaining_seconds) == (None, None, None)
        assert case.light == "none"
        return
    paused = case.paused_until is not None
    assert paused == (case.state == "suspended")
    assert (case.due_at is None) == paused
    assert (case.remaining_seconds is not None) == paused
    assert (case.paused_at is not None) == paused
    assert (case.light == "paused") == paused
    if state.clock == "case":
        assert case.due_at == case.case_due_at
        assert case.clock_from is not None


def check_owner(case: Case) -> None:
    """The one responsible unit is the one that the state names."""
    assert case.responsible_id is not None
    owner = PROCESS.state(case.state).owner
    if owner == "keep":
        return
    if owner == "lead":
        assert case.lead_id == case.responsible_id
        return
    level = {"level": case.level, "above": ABOVE[case.level]}.get(owner, owner)
    area_id = int(case.area_path.split(".")[LEVELS.index(level)])
    assert Unit.objects.get(pk=case.responsible_id).area_id == area_id
    assert Unit.objects.get(pk=case.responsible_id).kind == CENTRES[level]


def check_history(case: Case, events: list[CaseEvent]) -> None:
    """Numbers without a hole, states that follow each other, and a fold that gives the present."""
    assert [event.seq for event in events] == list(range(1, case.version + 1))
    assert events[0].move == "report"
    for earlier, later in pairwise(events):
        assert later.source == earlier.target
        assert later.at >= earlier.at
    folded = replay(events)
    assert set(folded) == set(TRACKED)
    present = snapshot(case)
    assert {key: value for key, value in folded.items() if value != present[key]} == {}


def check_people(events: list[CaseEvent]) -> None:
    """Nobody judges what they handled or asked for, and two approvals come from two people."""
    handled: set[int] = set()
    made: dict[str, int | None] = {}
    for event in events:
        if event.move in INDEPENDENT and event.user_id is not None:
            assert event.user_id not in handled, f"{event.move} by somebody of the handling side"
        if first := FOUR_EYES.get(event.move):
            assert event.user_id != made[first]
        if event.move in HANDLES and event.user_id is not None:
            handled.add(event.user_id)
        made[event.move] = event.user_id


def check_limits(events: list[CaseEvent]) -> None:
    """One return a unit, two extensions inside the limit, one suspension, and a promise that only some moves touch."""
    returned: list[int | None] = []
    granted = suspended = 0
    fields: dict[str, Any] = {}
    for event in events:
        before = fields
        fields = fields | event.after
        if event.move == "return":
            assert event.unit_from_id == before["lead_id"]
            assert event.unit_from_id not in returned
            returned.append(event.unit_from_id)
        if event.move == "grant_extension":
            granted += 1
            limit = Condition.objects.get(pk=before["condition_id"]).amount
            assert 1 <= before["extension_asked"]["amount"] <= limit
        suspended += event.move == "approve_suspension"
        if before.get("case_due_at") != fields["case_due_at"]:
            assert event.move in MOVES_DEADLINE, f"{event.move} moved the promised deadline"
        if fields["due_at"] is None:
            assert fields["ended"] or fields["state"] == "suspended"
    assert granted <= 2
    assert suspended <= 1
    assert fields["returned_by"] == returned
