"""A database of its own for a test on several connections."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from casework import START, TESTS
from factories import Town, make_town
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.processes import definition_of
from wangge.platform import clock
from wangge.platform.fresh import forget_everything


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """A copy of the test database with a town in it, for tests on several connections; it is thrown away."""
    settings = connection.settings_dict
    original, copy = settings["NAME"], f"{settings['NAME']}_copy"
    assert original.startswith("test_"), "only a database of tests is copied"
    with django_db_blocker.unblock():
        _copy_database(original, copy)
        settings["NAME"] = copy
        _forget_everything()
        with acting_as(TESTS), clock.at(START):
            town = make_town()
        try:
            yield town
        finally:
            connection.close()
            settings["NAME"] = original
            _forget_everything()
            as_owner(*dropping(copy))


def _copy_database(original: str, copy: str) -> None:
    connections.close_all()
    as_owner(*dropping(copy), f"CREATE DATABASE {copy} TEMPLATE {original}")


def dropping(name: str) -> tuple[str, str]:
    """Statements that drop a database and end its owner's connections to it.

    DROP DATABASE WITH (FORCE) is refused while PostgreSQL's own autovacuum, a superuser, looks at the database; without
    FORCE it sends that one away by itself.
    """
    ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    return (
        f"{ended} WHERE datname = '{name}' AND usename = session_user",
        f'DROP DATABASE IF EXISTS "{name}"',
    )


def as_owner(*statements: str) -> None:
    """Statements on the server, outside the test's database."""
    role = connection.settings_dict["OPTIONS"].pop("assume_role")
    try:
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.settings_dict["OPTIONS"]["assume_role"] = role


def _forget_everything() -> None:
    """What the process remembers of another database; ids there mean something else."""
    forget_everything()
    definition_of.cache_clear()
