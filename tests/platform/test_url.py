"""DATABASE_URL leads to any cluster: here, a second one that these tests start."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from wangge.platform.db.embedded import EmbeddedServer
from wangge.platform.db.url import database_settings

WANGGE = [sys.executable, "-m", "wangge.faces.cli.main"]
SOURCES = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a separately started cluster."""
    with TemporaryDirectory(prefix="wangge-") as name:
        server = EmbeddedServer(Path(name))
        server.start()
        server.create_database("elsewhere")
        yield f"postgresql://wangge@/elsewhere?host={server.sockets}"
        server.stop()


def test_setup_and_status_work_on_another_cluster(url: str, folder: Path) -> None:
    env = os.environ | {
        "DATABASE_URL": url,
        "WANGGE_DATA": str(folder / "data"),
        "PYTHONPATH": str(SOURCES),
    }
    owner = env | {"WANGGE_AS_OWNER": "1"}
    subprocess.run([*WANGGE, "setup"], env=owner, check=True, capture_output=True)
    # A second setup changes nothing and does not fail.
    subprocess.run([*WANGGE, "setup"], env=owner, check=True, capture_output=True)
    said = subprocess.run([*WANGGE, "status", "--json"], env=env, check=True, capture_output=True, text=True)
    assert json.loads(said.stdout)["cases"] == 0
    assert not (folder / "data" / "pg").exists()


def test_the_costliest_statements_are_shown(url: str, folder: Path) -> None:
    env = os.environ | {"DATABASE_URL": url, "WANGGE_DATA": str(folder), "PYTHONPATH": str(SOURCES)}
    subprocess.run([*WANGGE, "setup"], env=env | {"WANGGE_AS_OWNER": "1"}, check=True, capture_output=True)
    subprocess.run([*WANGGE, "status"], env=env, check=True, capture_output=True)
    said = subprocess.run([*WANGGE, "slow"], env=env, check=True, capture_output=True, text=True)
    assert "cases_case" in said.stdout


def test_serve_says_what_is_missing_in_an_empty_database(url: str, folder: Path) -> None:
    env = os.environ | {"WANGGE_DATA": str(folder), "PYTHONPATH": str(SOURCES)}
    empty = env | {"DATABASE_URL": url.replace("/elsewhere", "/postgres")}
    said = subprocess.run(
        [*WANGGE, "serve", "--port", "0"], env=empty, capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    assert "wangge setup" in said.stderr
    assert "Traceback" not in said.stderr


def test_parts_of_an_address_are_unquoted(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv(
        "DATABASE_URL",
        "postgresql://u%40x:p%2Fw@db.example:5433/na%20me?sslmode=require",  # pragma: allowlist secret
    )
    found = database_settings(folder)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == (
        "u@x",
        "p/w",
        "db.example",
        "5433",
    )
    assert found["NAME"] == "na me"
    assert found["OPTIONS"]["sslmode"] == "require"


def test_an_address_of_another_product_is_refused(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://db/x")
    with pytest.raises(ValueError, match="postgresql://"):
        database_settings(folder)
