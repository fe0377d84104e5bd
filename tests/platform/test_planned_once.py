"""A connection plans a statement once, knows when the server is gone, and is told in no statement."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from alone import as_owner
from wangge.platform.db.plans import OPERATOR_COST, weigh_plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def second() -> Iterator[Any]:
    """A connection of its own to the test's database."""
    made = connections.create_connection("default")
    try:
        yield made
    finally:
        made.close()


def prepared(on: Any) -> set[str]:
    with on.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {statement for (statement,) in cursor.fetchall()}


def test_a_statement_that_comes_again_is_prepared(second: Any) -> None:
    with second.cursor() as cursor:
        for number in range(8):
            cursor.execute("SELECT %s::int + 1", [number])
            assert cursor.fetchone() == (number + 1,)
    assert "SELECT $1::int + 1" in prepared(second)


def test_a_living_connection_is_used_again_without_a_statement(second: Any) -> None:
    asked: list[str] = []
    second.ensure_connection()
    with second.execute_wrapper(lambda execute, sql, *words: asked.append(sql) or execute(sql, *words)):
        assert second.is_usable()
    assert asked == []


def test_a_connection_that_the_server_ended_is_not_used_again(second: Any) -> None:
    with second.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    as_owner(f"SELECT pg_terminate_backend({process}, 5000)")
    assert not second.is_usable()
    assert connection.is_usable()


def test_planning_counts_for_more_than_postgresql_thinks(second: Any) -> None:
    with second.cursor() as cursor:
        cursor.execute("SHOW cpu_operator_cost")
        assert float(cursor.fetchone()[0]) == OPERATOR_COST
        weigh_plans(cursor)
