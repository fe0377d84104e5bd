"""The embedded server is up as long as somebody uses it."""

from pathlib import Path

import psutil
import psycopg
import pytest

from wangge.platform.db.embedded import EmbeddedServer
from wangge.platform.db.running import revive, running_database


def test_the_last_user_stops_the_server_and_the_first_to_leave_does_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("WANGGE_DATABASE", raising=False)
    server = EmbeddedServer(folder)
    with running_database(folder):
        with running_database(folder):
            assert server.running()
        assert server.running()
    assert not server.running()


def test_a_killed_server_comes_back_with_what_was_committed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("WANGGE_DATABASE", raising=False)
    server = EmbeddedServer(folder)
    with running_database(folder):
        assert server.alive()
        with psycopg.connect(host=str(server.sockets), user="wangge", dbname="wangge") as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        killed = psutil.Process(int((folder / "pg" / "postmaster.pid").read_text().split()[0]))
        own = killed.children()
        killed.kill()
        psutil.wait_procs([killed, *own], timeout=20)
        assert not server.alive()
        revive(folder, within_s=60)
        with psycopg.connect(host=str(server.sockets), user="wangge", dbname="wangge") as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (42,)
    assert not server.alive()


def test_with_an_address_of_another_database_none_is_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://wangge@elsewhere/wangge")
    with running_database(folder / "data"):
        assert not (folder / "data").exists()
