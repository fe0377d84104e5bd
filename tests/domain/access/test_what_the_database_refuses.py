"""What PostgreSQL refuses whoever asks, below every line of Python."""

import pytest
from django.apps import apps
from django.db import DatabaseError, InternalError, ProgrammingError, connection, transaction

from casework import START, TESTS
from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import POLICY
from wangge.domain.access.rowsecurity import APPEND_ONLY, ROWS
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent


def refused(statement: str) -> None:
    with (
        pytest.raises((ProgrammingError, InternalError, DatabaseError)),
        transaction.atomic(),
        acting_as(TESTS),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_history_and_read_log_are_never_changed(cases: list[Case], table: str) -> None:
    for statement in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        refused(statement)


def test_the_web_role_owns_nothing_and_cannot_open_the_net(cases: list[Case]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        tables = list(ROWS)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity",
            [tables],
        )
        assert cursor.fetchone() == (len(tables),)
    for table in ROWS:
        refused(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        refused(f"DROP POLICY seen ON {table}")
        refused(f"TRUNCATE {table} CASCADE")
        refused(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    refused("CREATE OR REPLACE FUNCTION wangge_kind() RETURNS text LANGUAGE sql AS $$ SELECT 'system' $$")


@pytest.mark.django_db
def test_every_table_of_a_scoped_model_has_row_rules() -> None:
    scoped = {apps.get_model(label)._meta.db_table for label, action in POLICY if action == "view"}
    assert set(ROWS) == scoped
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public'")
        assert {row[0] for row in cursor.fetchall()} == scoped


@pytest.mark.parametrize("statement", [
    "UPDATE cases_case SET state = 'closed', ended = true",
    "DELETE FROM cases_contact",
    "UPDATE cases_contact SET phone = ''",
])  # fmt: skip
def test_staff_write_nothing_past_the_services(
    people: dict[str, Actor], cases: list[Case], statement: str
) -> None:
    with acting_as(people["district_leader"]), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0


def test_staff_add_nothing_past_the_services(people: dict[str, Actor], cases: list[Case]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(people["station_officer"]):
        CaseEvent.objects.create(
            case=cases[0], seq=99, at=START, move="close", target="closed", actor_kind="x"
        )
