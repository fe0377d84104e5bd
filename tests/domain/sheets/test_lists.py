"""Uploaded lists of every kind, in any order of acts: no line is lost, doubled or half something."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uploads import KINDS, ORDERS, Kind, breaks_at

from casework import TESTS
from factories import Town, make_dwelling
from wangge.domain.access.scope import acting_as
from wangge.domain.enrolment.services import merging as enrolment_merging
from wangge.domain.enrolment.services import undoing as enrolment_undoing
from wangge.domain.orders.services import merging as orders_merging
from wangge.domain.orders.services import undoing as orders_undoing
from wangge.domain.sheets.models import Batch
from wangge.domain.sheets.queries import progress
from wangge.platform.errors import Conflict, Invalid

pytestmark = pytest.mark.django_db
every_kind = pytest.mark.parametrize("kind", KINDS, ids=str)
LINES = [True, True, False, True]


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a list of four lines takes several."""
    for module in (orders_merging, orders_undoing):
        monkeypatch.setattr(module, "BATCH", 1)
    for module in (enrolment_merging, enrolment_undoing):
        monkeypatch.setattr(module, "HOUSEHOLDS", 1)


@pytest.fixture
def batch(town: Town, kind: Kind) -> Batch:
    with acting_as(TESTS):
        make_dwelling(town, town.grids[0], "701")
    return kind.upload(town, LINES)


def person(kind: Kind, town: Town, batch: Batch, act: str) -> Callable[[], Any]:
    """An act of who uploaded the list."""
    service: Any = getattr(kind.services, act)
    if act == "set_columns":
        return lambda: service(kind.actor(town), batch.pk, batch.columns)
    return lambda: service(kind.actor(town), batch.pk)


def left_and_made(kind: Kind, batch: Batch) -> tuple[list[str], list[str]]:
    with acting_as(TESTS):
        return kind.staged(batch), kind.stands(batch)


SAID = ("set_columns", "confirm", "cancel", "begin_undo", "pause", "resume")
# What brings a list on; where none of these stands, it is the worker's turn.
NEXT = {"columns": "set_columns", "checked": "confirm", "paused": "resume", "done": "begin_undo"}
# "broken": the worker's line to the database breaks. Most acts bring a list on, so that many come far.
ACTS = ("on",) * 12 + ("broken",) * 6 + SAID


@every_kind
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_each_line_waits_stands_or_was_given_up(
    town: Town, kind: Kind, batch: Batch, data: st.DataObject
) -> None:
    lines, _none = left_and_made(kind, batch)
    with acting_as(TESTS):
        before = kind.all_there()
    with transaction.atomic():
        for act in data.draw(st.lists(st.sampled_from(ACTS), min_size=5, max_size=20)):
            _do(kind, town, batch, act, data)
            _check(kind, batch, lines, before)
        transaction.set_rollback(True)


def _do(kind: Kind, town: Town, batch: Batch, act: str, data: st.DataObject) -> None:
    kept = kind.kept(batch)
    if act == "on":
        act = NEXT.get(kind.now(batch).state, "work")
    if act == "work":
        kind.work(batch)
    elif act == "broken":
        with suppress(OperationalError), breaks_at(data.draw(st.integers(0, 100))):
            kind.work(batch)
    elif hasattr(kind.services, act):
        try:
            person(kind, town, batch, act)()
        except (Conflict, Invalid):
            assert kind.kept(batch) == kept


def _check(kind: Kind, batch: Batch, lines: list[str], before: int) -> None:
    batch = kind.now(batch)
    with acting_as(TESTS):
        waits, stands, there = kind.staged(batch), kind.stands(batch), kind.all_there()
    # Nothing stands that no line brought, and no line does both.
    assert there - before == len(stands)
    assert len({*waits, *stands}) == len(waits) + len(stands)
    assert {*waits, *stands} <= {*lines}
    assert 0 <= progress(batch).percent <= 100
    match batch.state:
        case "columns" | "checking" | "checked":
            assert (waits, stands) == (lines, [])
        case "importing" | "merging" | "paused":
            assert len(waits) + len(stands) == len(lines)
            assert batch.done == len(stands)
        case "cancelled" | "undone":
            assert stands == []
        case "done":
            assert stands


def broken_at_each_statement(act: Callable[[], Any], kept: Callable[[], Any]) -> int:
    """Let the act break at its first statement, at its second and so on until it comes through; how often it broke.
    What it broke off is as it was before."""
    for number in range(1000):
        before = kept()
        try:
            with breaks_at(number):
                act()
        except OperationalError:
            assert kept() == before, f"half of it was kept at statement {number}"
        else:
            return number
    raise AssertionError("it never came through")


@every_kind
def test_what_a_person_says_is_done_whole_or_not_at_all(town: Town, kind: Kind, batch: Batch) -> None:
    def said(act: str) -> None:
        assert broken_at_each_statement(person(kind, town, batch, act), lambda: kind.kept(batch)) > 5

    said("set_columns")
    kind.work(batch)
    said("confirm")
    kind.work(batch)
    said("begin_undo")
    kind.work(batch)
    assert kind.now(batch).state == "undone"


@every_kind
def test_stopping_is_done_whole_or_not_at_all(town: Town, kind: Kind, batch: Batch) -> None:
    stop = person(kind, town, batch, "cancel")
    assert broken_at_each_statement(stop, lambda: kind.kept(batch)) > 5
    assert left_and_made(kind, batch) == ([], [])


@every_kind
def test_an_upload_is_staged_whole_or_not_at_all(town: Town, kind: Kind, batch: Batch) -> None:
    key, data = uuid.uuid4(), kind.file(LINES)

    def lists() -> int:
        with acting_as(TESTS):
            return kind.batch.objects.count() + kind.row.objects.count()

    before = lists()
    start = kind.services.start
    assert broken_at_each_statement(lambda: start(kind.actor(town), key, "a.csv", data), lists) > 5
    assert lists() == before + 1 + len(LINES)


@every_kind
def test_a_fault_far_down_in_a_file_leaves_no_line_of_it(town: Town, kind: Kind, batch: Batch) -> None:
    data = kind.file([True] * 200) + f"\n{'x' * 5001},,,".encode()
    with acting_as(TESTS):
        before = kind.batch.objects.count(), kind.row.objects.count()
    with pytest.raises(Invalid) as refused:
        kind.services.start(kind.actor(town), uuid.uuid4(), "a.csv", data)
    assert "202" in refused.value.fields["file"]
    with acting_as(TESTS):
        assert (kind.batch.objects.count(), kind.row.objects.count()) == before


@every_kind
def test_a_worker_that_breaks_at_each_statement_ends_where_an_unharmed_one_does(
    town: Town, kind: Kind, batch: Batch
) -> None:
    """A step is done in portions, and those that came through stay."""
    lines, _none = left_and_made(kind, batch)
    good, wrong = [lines[0], lines[1], lines[3]], lines[2:3]
    ends = {"checking": (lines, []), "importing": (wrong, good), "merging": (wrong, good)}
    # The wrong lines of orders wait on to be corrected.
    ends["undoing"] = (wrong if kind is ORDERS else [], [])
    for act in ("set_columns", "confirm", "begin_undo"):
        step = person(kind, town, batch, act)().state
        assert harmed(lambda: kind.work(batch), lambda: left_and_made(kind, batch)) > 10
        assert kind.now(batch).state != step
        assert left_and_made(kind, batch) == ends[step]


def harmed(work: Callable[[], None], kept: Callable[[], tuple[list[str], list[str]]]) -> int:
    """Let the work break at each of its statements; begun anew where a portion came through. How often it broke."""
    number = broken = 0
    while True:
        before = kept()
        try:
            with breaks_at(number):
                work()
        except OperationalError:
            waits, stands = kept()
            assert len({*waits, *stands}) == len(waits) + len(stands)
            number, broken = number + 1 if (waits, stands) == before else 0, broken + 1
        else:
            return broken


@every_kind
def test_lines_of_two_lists_that_were_checked_before_either_came_stand_once(
    town: Town, kind: Kind, batch: Batch
) -> None:
    lists = [batch, kind.upload(town, LINES)]
    for one in lists:
        person(kind, town, one, "set_columns")()
        kind.work(one)
        person(kind, town, one, "confirm")()
    lines, _none = left_and_made(kind, batch)
    with acting_as(TESTS):
        before = kind.all_there()
    for one in lists:
        kind.work(one)
        assert kind.now(one).state == "done"
    with acting_as(TESTS):
        assert kind.all_there() - before == 3
        assert [kind.stands(one) for one in lists] == [[lines[0], lines[1], lines[3]], []]
