"""What every uploaded list shares: held for its uploader, a step begun, how far it is, its wrong rows, forgotten."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from uploads import HOUSEHOLDS, KINDS, ORDERS, Kind

from casework import START, TESTS
from factories import Town
from wangge.domain.access.scope import acting_as
from wangge.domain.orders.models import OrderImport, OrderRow, Outcome
from wangge.domain.sheets import queries, steps
from wangge.domain.sheets.models import Batch
from wangge.platform import clock
from wangge.platform.errors import Conflict, NotFound
from wangge.platform.sheets.writing import Marked

every_kind = pytest.mark.parametrize("kind", KINDS, ids=str)
SECOND = timedelta(seconds=1)


def staged(kind: Kind, town: Town, **values: Any) -> Batch:
    """A list of the kind's uploader, with no rows."""
    given = {"key": uuid.uuid4(), "made_at": clock.now(), "file_name": "a.csv", "header": [], "total": 0}
    own = {"source": "12345", "layout": ""} if kind is ORDERS else {"rows_read": 0}
    with acting_as(TESTS):
        return kind.batch.objects.create(user=town.users[kind.uploader], **given | own | values)  # type: ignore[no-any-return]


def rows(kind: Kind, batch: Batch, count: int, **values: Any) -> None:
    """So many rows, the last first."""
    with acting_as(TESTS):
        kind.row.objects.bulk_create(
            kind.row(batch=batch, number=number, words="[]", **values) for number in range(count, 0, -1)
        )


@every_kind
def test_a_list_is_given_to_its_uploader_in_the_states_asked_for_only(town: Town, kind: Kind) -> None:
    states = list(kind.batch._meta.get_field("state").choices or ())
    for state, _name in states:
        batch = staged(kind, town, state=state)
        for asked, _name in states:
            if asked == state:
                assert steps.lock(kind.batch, TESTS, kind.actor(town), batch.pk, (asked,)) == batch
                continue
            with pytest.raises(Conflict) as refused:
                steps.lock(kind.batch, TESTS, kind.actor(town), batch.pk, (asked,))
            assert refused.value.code == "stale"
            # Nobody else learns even that there is such a list.
            with pytest.raises(NotFound):
                steps.lock(kind.batch, TESTS, town.actor("station_head"), batch.pk, (asked,))
    with pytest.raises(NotFound):
        steps.lock(kind.batch, TESTS, kind.actor(town), batch.pk + 1, (state,))


@every_kind
def test_a_locked_list_is_held_to_the_end_of_the_transaction(own_database: Town, kind: Kind) -> None:
    batch = staged(kind, own_database)

    def held() -> bool:
        """Whether another connection finds it locked."""
        try:
            with transaction.atomic(), acting_as(TESTS):
                kind.batch.objects.select_for_update(nowait=True).get(pk=batch.pk)
        except OperationalError:
            return True
        finally:
            connection.close()
        return False

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            steps.lock(kind.batch, TESTS, kind.actor(own_database), batch.pk, (batch.state,))
            assert pool.submit(held).result()
        assert not pool.submit(held).result()


@every_kind
def test_a_step_begins_at_nothing_whatever_the_step_before_left(town: Town, kind: Kind) -> None:
    batch = staged(kind, town, done=7, total=9, began_at=START, header=["甲"])
    with clock.at(START + timedelta(hours=1)), acting_as(TESTS):
        steps.begin(batch, "checking", 4)
        kept = kind.batch.objects.get(pk=batch.pk)
    assert (kept.state, kept.done, kept.total) == ("checking", 0, 4)
    assert (kept.began_at, kept.header, kept.ended_at) == (START + timedelta(hours=1), ["甲"], None)


@given(st.integers(0, 200_000), st.integers(0, 200_000), st.integers(0, 86_400))
def test_how_far_a_step_is(done: int, left: int, passed_s: int) -> None:
    batch = OrderImport(done=done, total=done + left, began_at=START)
    with clock.at(START + passed_s * SECOND):
        found = queries.progress(batch)
    assert (found.done, found.total) == (done, done + left)
    assert 0 <= found.percent <= 100
    assert (found.percent == 100) == (left == 0 < done)
    if not done:
        assert found.seconds_left is None
    else:
        # At the pace so far.
        assert found.seconds_left is not None
        assert abs(found.seconds_left * done - passed_s * left) <= done


@every_kind
def test_rows_are_counted_by_outcome_in_one_statement(
    town: Town, kind: Kind, django_assert_num_queries: Any
) -> None:
    batch, other = staged(kind, town), staged(kind, town)
    rows(kind, batch, 3, outcome="good")
    rows(kind, other, 2, outcome="good")
    with acting_as(TESTS):
        kind.row.objects.filter(batch=batch, number=2).update(outcome="wrong")
        with django_assert_num_queries(1):
            assert queries.outcomes(batch) == {"good": 2, "wrong": 1}


@every_kind
def test_the_first_wrong_rows_are_told_by_number_without_their_words(
    town: Town, kind: Kind, django_assert_num_queries: Any
) -> None:
    batch = staged(kind, town)
    rows(kind, batch, queries.SHOWN_WRONG + 1, outcome="wrong", problems=[["name", "long", "60"]])
    with acting_as(TESTS), django_assert_num_queries(1) as asked:
        told = queries.wrong_rows(kind.row.objects.filter(batch=batch), " ".join)
    assert [row.number for row in told] == list(range(1, queries.SHOWN_WRONG + 1))
    assert {(row.outcome, row.problems) for row in told} == {("有错误", (("name", "name long 60"),))}
    assert '"words"' not in asked.captured_queries[0]["sql"]


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 5), max_size=4),
    st.lists(st.sampled_from("abcde"), max_size=4),
)
def test_a_row_that_comes_back_has_its_faults_marked_and_no_other_cell(
    columns: dict[str, int], wrong: list[str]
) -> None:
    batch, cells = OrderImport(columns=columns), [f"cell {n}" for n in range(6)]
    row = OrderRow(outcome=Outcome.WRONG, problems=[[field, "code", ""] for field in wrong])
    said, back = queries.returned_row(batch, row, cells, lambda problem: f"{problem[0]}!")
    assert isinstance(said, Marked)
    assert said.text == ("；".join(f"{field}!" for field in wrong) or "有错误")
    marked = {at for at, cell in enumerate(back) if isinstance(cell, Marked)}
    assert marked == {columns[field] for field in wrong if field in columns}
    assert [getattr(cell, "text", cell) for cell in back] == cells


def test_rows_are_forgotten_after_their_days_and_their_lists_are_not(town: Town) -> None:
    lists = {
        (kind, age_s): staged(kind, town, made_at=START - steps.KEPT_DAYS * 86_400 * SECOND - age_s * SECOND)
        for kind in KINDS
        for age_s in (-1, 1)
    }
    for number, ((kind, _age), batch) in enumerate(lists.items(), start=1):
        rows(kind, batch, number)

    def left() -> list[int]:
        with acting_as(TESTS):
            return [kind.row.objects.filter(batch=batch).count() for (kind, _age), batch in lists.items()]

    with clock.at(START):
        assert steps.forget(ORDERS.row) == 2
        assert left() == [1, 0, 3, 4]
        assert steps.forget(HOUSEHOLDS.row) == 4
        assert left() == [1, 0, 3, 0]
    for (kind, _age), batch in lists.items():
        assert kind.now(batch).pk == batch.pk
