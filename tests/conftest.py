"""Fixtures for every test: a real PostgreSQL, used with the rights of the web process."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases
from xdist.scheduler import LoadScopeScheduling

from alone import own_database as own_database
from casework import crowd
from factories import Town, make_town
from scene import Scene, made
from wangge.domain.access.actor import Actor
from wangge.engines.partition import fingerprint
from wangge.platform.config import data_dir
from wangge.platform.db.roles import WEB_ROLE, make_web_role
from wangge.platform.fresh import forget_everything

# The planner's kernels take a minute to compile: once for all processes of this run, and for the next run.
os.environ.setdefault("NUMBA_CACHE_DIR", str(data_dir() / "kernels" / fingerprint()))


# What takes longest begins first, so that the processes of a run end together.
_FIRST = ("tests/e2e/", "tests/sweep/", "tests/domain/planning/", "tests/engines/")


class ByFile(LoadScopeScheduling):
    """Tests of one file stay in one process, and those that drive a browser share one served product."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "browser" if file.startswith("tests/e2e/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    places = (place for place, start in enumerate(_FIRST) if item.nodeid.startswith(start))
    return next(places, len(_FIRST))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    """The test database is made with the owner's rights; each process of a run has one."""
    connection.settings_dict["OPTIONS"].pop("assume_role", None)
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            # The role belongs to the whole cluster: one process makes it, the others wait for it here.
            cursor.execute("SELECT pg_advisory_lock(hashtext('web role'))")
            make_web_role(cursor)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_blocker: Any,
) -> Iterator[None]:
    """The test database: migrations, row rules and seed, then the rights of the web process for all tests.

    In place of pytest-django's, which makes none unless some test of the run is marked `django_db`.
    """
    kept = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, keepdb=kept)
        call_command("setup", verbosity=0)
        connection.settings_dict["OPTIONS"]["assume_role"] = WEB_ROLE
        connection.close()
    yield
    with django_db_blocker.unblock():
        connection.settings_dict["OPTIONS"].pop("assume_role", None)
        connection.close()
        if not django_db_keepdb:
            teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def second_step_optional(settings: Any) -> None:
    """Signed in by a test means free to work; the tests of the second step ask for it themselves."""
    settings.REQUIRE_SECOND_FACTOR = "off"


@pytest.fixture(autouse=True)
def files_of_the_test(settings: Any, tmp_path: Path) -> None:
    """Text messages and erasures of a test are written where nobody else reads."""
    settings.SMS_FOLDER = tmp_path / "sms"
    settings.ERASED = tmp_path / "erased.jsonl"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What a test wrote is rolled back; no later one may remember it."""
    forget_everything()


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> None:
    """Photos and files of the test lie in its `tmp_path`."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.fixture
def people(town: Town) -> dict[str, Actor]:
    return crowd(town)


@pytest.fixture(scope="module")
def kept_scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Made once for the tests of a file, which undo what they do."""
    with django_db_blocker.unblock(), made() as scene:
        yield scene


@pytest.fixture
def scene(kept_scene: Scene) -> Iterator[Scene]:
    """A town with rows of every kind in every ring; put back after each test."""
    with transaction.atomic():
        yield kept_scene
        transaction.set_rollback(True)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder for a cluster: the database's own account may not enter pytest's tmp_path."""
    with TemporaryDirectory(prefix="wangge-") as name:
        yield Path(name)
