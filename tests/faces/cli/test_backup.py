"""A backup brings back what was there, and says so only when it is true."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from alone import as_owner, dropping
from casework import PHOTO, START, reported
from factories import Town, make_dwelling
from settling import make_resident
from wangge.domain.access.actor import System
from wangge.domain.access.models import PersonKey
from wangge.domain.access.persons import Person, pseudonym
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Contact, Photo
from wangge.domain.register.models import Household, Resident
from wangge.domain.register.services.erasing import erase_resident
from wangge.platform import clock
from wangge.platform.db.roles import WEB_ROLE


@pytest.fixture
def lived(own_database: Town, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town with a report, its photo and its reporter."""
    # The server is the test run's: a command that leaves last would stop it.
    monkeypatch.setenv("DATABASE_URL", "postgresql://of-the-test-run/named-by-its-settings")
    settings.MEDIA_ROOT = tmp_path / "media"
    with clock.at(START):
        reported(own_database, images=(PHOTO,), name="陈先生", phone="020-83001234")
    return own_database


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def backed_up(folder: Path) -> Path:
    run("backup", str(folder))
    return max(one for one in folder.iterdir() if one.is_dir() and one.name != "media")


def restored(folder: Path) -> str:
    """`wangge restore` with the rights it asks for."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    del options["assume_role"]
    try:
        return run("restore", str(folder))
    finally:
        connection.close()
        options["assume_role"] = WEB_ROLE


def destroyed() -> None:
    """The database is gone, and an empty one has its name."""
    name = connection.settings_dict["NAME"]
    connection.close()
    as_owner(*dropping(name), f"CREATE DATABASE {name}")
    connection.close()


def seen_by_superuser(table: str) -> int:
    """Rows as PostgreSQL's own administrator counts them, whom no row rule binds."""
    ours = connection.settings_dict
    with psycopg.connect(host=ours["HOST"], dbname=ours["NAME"], user="postgres") as session:
        return session.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # type: ignore[index]


def contact() -> tuple[str, str]:
    with acting_as(System("tests")):
        found = Contact.objects.get()
        return found.name, found.phone


def test_what_was_destroyed_is_restored_as_it_was(lived: Town, settings: Any, tmp_path: Path) -> None:
    backup = backed_up(tmp_path / "backups")
    with acting_as(System("tests")):
        before = list(Case.objects.values())
        picture = Path(settings.MEDIA_ROOT) / Photo.objects.get().file
    shown = picture.read_bytes()
    destroyed()
    picture.unlink()
    said = restored(backup)
    assert "the same as in the backup" in said
    assert before[0]["number"] in said
    assert contact() == ("陈先生", "020-83001234")
    assert picture.read_bytes() == shown
    with acting_as(System("tests")):
        assert list(Case.objects.values()) == before


def settled(town: Town, *names: str) -> list[Resident]:
    with transaction.atomic(), acting_as(System("tests")):
        flat = make_dwelling(town, town.grids[0])
        home = Household.objects.create(area=town.grids[0], dwelling=flat)
        return [make_resident(home, name) for name in names]


def residents() -> list[str]:
    with acting_as(System("tests")):
        return sorted(str(one.name) for one in Resident.objects.all())


@pytest.mark.parametrize("list_is_lost", [False, True])
def test_who_was_erased_does_not_come_back_with_an_older_backup(
    lived: Town, tmp_path: Path, settings: Any, list_is_lost: bool
) -> None:
    gone, _stays = settled(lived, "梁小玲", "何桂香")
    with transaction.atomic(), acting_as(System("tests")):
        before = pseudonym(Person("resident", gone.pk))
    backup = backed_up(tmp_path / "backups")
    erase_resident(gone.pk)
    assert residents() == ["何桂香"]
    if list_is_lost:
        # A later backup keeps a copy of the list beside itself.
        with clock.at(clock.now() + timedelta(days=1)):
            backed_up(tmp_path / "backups")
        settings.ERASED.unlink()
    destroyed()
    assert "1 erasures on the list, 1 rows erased again" in restored(backup)
    assert residents() == ["何桂香"]
    assert not PersonKey.objects.exists()
    with acting_as(System("tests")):
        assert pseudonym(Person("resident", gone.pk)) != before
    assert "梁小玲" not in settings.ERASED.read_text()


def test_no_row_is_hidden_from_a_backup(lived: Town, tmp_path: Path) -> None:
    tables = json.loads((backed_up(tmp_path / "backups") / "contents.json").read_text())["tables"]
    assert tables["cases_contact"][0] == 1
    assert {table: rows for table, (rows, _sum) in tables.items()} == {
        table: seen_by_superuser(table) for table in tables
    }


def test_rules_hold_in_a_restored_database(lived: Town, tmp_path: Path) -> None:
    backup = backed_up(tmp_path / "backups")
    destroyed()
    restored(backup)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone() == (0,)
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("DELETE FROM cases_caseevent")


def test_a_table_that_differs_from_the_backup_is_named(lived: Town, tmp_path: Path) -> None:
    backup = backed_up(tmp_path / "backups")
    contents = json.loads((backup / "contents.json").read_text())
    contents["tables"]["cases_caseevent"][1] = "1"
    (backup / "contents.json").write_text(json.dumps(contents))
    destroyed()
    with pytest.raises(CommandError, match="not the same:\ncases_caseevent: 1 rows in the backup, 1 here"):
        restored(backup)


def test_a_damaged_dump_is_refused_before_anything_is_written(lived: Town, tmp_path: Path) -> None:
    backup = backed_up(tmp_path / "backups")
    with (backup / "database.dump").open("ab") as dump:
        dump.write(b"x")
    destroyed()
    with pytest.raises(CommandError, match="not what was written"):
        restored(backup)
    assert seen_by_superuser("pg_tables WHERE schemaname = 'public'") == 0


def test_another_key_is_refused(lived: Town, settings: Any, tmp_path: Path) -> None:
    backup = backed_up(tmp_path / "backups")
    settings.PERSONAL_KEY = "the key of another installation"
    with pytest.raises(CommandError, match="another personal key"):
        restored(backup)


def test_a_database_in_use_is_never_written_over(lived: Town, tmp_path: Path) -> None:
    backup = backed_up(tmp_path / "backups")
    with pytest.raises(CommandError, match="restore into an empty one"):
        restored(backup)


def test_a_backup_holds_no_key_and_keys_go_to_a_place_of_their_own(
    lived: Town, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path / "data"
    (settings.DATA / "keys").mkdir(parents=True)
    (settings.DATA / "keys" / "personal.key").write_text("a-long-secret-of-this-test")
    backups = tmp_path / "backups"
    with pytest.raises(CommandError, match="another place"):
        run("backup", str(backups), "--keys", str(backups / "keys"))
    run("backup", str(backups), "--keys", str(tmp_path / "safe"))
    assert (tmp_path / "safe" / "personal.key").read_text() == "a-long-secret-of-this-test"
    assert not list(backups.rglob("*.key"))


@pytest.mark.django_db
def test_only_the_owner_restores(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="WANGGE_AS_OWNER=1"):
        run("restore", str(tmp_path))
