"""The embedded server is up as long as somebody uses it."""

from pathlib import Path

import pytest

from wangge.platform.db.embedded import EmbeddedServer
from wangge.platform.db.running import running_database


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


def test_with_an_address_of_another_database_none_is_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://wangge@elsewhere/wangge")
    with running_database(folder / "data"):
        assert not (folder / "data").exists()
