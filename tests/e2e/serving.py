"""The real product, served for the browser tests: a database of its own, web server and worker."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from alone import dropping
from tools.serving import COMMAND, serving
from wangge.platform.translations import compile_messages

REPO = Path(__file__).resolve().parents[2]
PASSWORD = "kapok-river-in-bloom"


@contextmanager
def served(database: Mapping[str, Any], data: Path) -> Iterator[str]:
    """Set up, filled with the demo's people and places but no case, and served; gives the address."""
    compile_messages()
    with _fresh_database(database, _name(database)) as url:
        # DATABASE_URL makes the served product leave the cluster to whoever started it.
        env = os.environ | {
            "DATABASE_URL": url,
            "WANGGE_DATA": str(data),
            "WANGGE_DEMO_PASSWORD": PASSWORD,
            "WANGGE_REQUIRE_SECOND_FACTOR": "off",
            "PYTHONPATH": str(REPO / "src"),
        }
        _must(env | {"WANGGE_AS_OWNER": "1"}, "setup", "-v", "0")
        _must(env, "demo_data", "--cases", "0")
        with serving(env, data / "served.log") as address:
            yield address


def forget_tallies(database: Mapping[str, Any]) -> None:
    """As when an hour has passed: all tests come from one network, of which few reports an hour are taken."""
    with psycopg.connect(served_url(database)) as connection:
        connection.execute("DELETE FROM limits_tally")


def served_url(database: Mapping[str, Any]) -> str:
    """DATABASE_URL of the served product."""
    return url_of(database, _name(database))


def _name(database: Mapping[str, Any]) -> str:
    return f"{database['NAME'].removeprefix('test_')}_e2e"


@contextmanager
def _fresh_database(database: Mapping[str, Any], name: str) -> Iterator[str]:
    login = {"user": database["USER"], "password": database.get("PASSWORD") or None}
    place = {"host": database["HOST"] or None, "port": database.get("PORT") or None}
    with psycopg.connect(dbname="postgres", autocommit=True, **login, **place) as connection:
        for statement in (*dropping(name), f'CREATE DATABASE "{name}"'):
            connection.execute(statement)
        try:
            yield url_of(database, name)
        finally:
            for statement in dropping(name):
                connection.execute(statement)


def url_of(database: Mapping[str, Any], name: str) -> str:
    """DATABASE_URL of a database beside the given one."""
    user, password = quote(database["USER"]), quote(database.get("PASSWORD") or "", safe="")
    port = f":{database['PORT']}" if database.get("PORT") else ""
    host = quote(database["HOST"] or "localhost", safe="")
    return f"postgresql://{user}{f':{password}' if password else ''}@{port}/{name}?host={host}"


def _must(env: Mapping[str, str], *words: str) -> None:
    done = subprocess.run([*COMMAND, *words], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"wangge {words[0]} failed:\n{done.stderr}"
