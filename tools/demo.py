"""`dev.py demo`: the whole product with invented life, ready to be tried."""

import json
import os
import secrets
import shlex
import subprocess
from pathlib import Path

from tools import frontend, product
from tools.environment import PYTHON, Failed, must, say
from wangge.faces.cli.supervisor import port_is_free

# The street where the demo's life is played.
STREET = "440105008"
# Letters and digits that nobody mistakes for one another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def start(port: int, data: Path, cases: int | None) -> int:
    """Make everything ready and go on as `wangge serve`, which also stops the database at the end."""
    if not port_is_free("127.0.0.1", port):
        raise Failed(
            f"Port {port} is taken by another program. Choose another: python3 dev.py demo --port {port + 1}"
        )
    frontend.build()
    product.prepare_messages()
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    with product.database(data) as env:
        say("preparing the database")
        product.setup(env)
        _show_accounts(_filled(env, data, cases), data)
        say("starting")
        serve = [*product.COMMAND, "serve", "--port", str(port)]
        # Its accounts share one password on one machine; a second step would keep the guest out.
        env.setdefault("WANGGE_REQUIRE_SECOND_FACTOR", "off")
        # The same process goes on, so that Ctrl-C and SIGTERM reach the server itself.
        os.execve(PYTHON, serve, env)
    return 0


def _filled(env: dict[str, str], data: Path, cases: int | None) -> list[list[str]]:
    """The accounts of the database, filled with demo data first if it is empty."""
    unfinished = data / "demo.unfinished"
    if unfinished.exists():
        raise Failed(
            f"The demo data was broken off half-way. Remove it and start again: rm -r {shlex.quote(str(data))}"
        )
    found = _status(env)
    if found["cases"] or found["accounts"] or cases == 0:
        return found["accounts"]
    say("making the demo data (once; about two minutes)")
    unfinished.touch()
    words = [] if cases is None else ["--cases", str(cases)]
    password = {"WANGGE_DEMO_PASSWORD": _password(data)}
    must("The demo data could not be made.", *product.COMMAND, "demo_data", *words, env=env | password)
    unfinished.unlink()
    return _status(env)["accounts"]


def _status(env: dict[str, str]) -> dict:
    words = [*product.COMMAND, "status", "--json", "--near", STREET]
    said = subprocess.run(words, env=env, stdout=subprocess.PIPE, text=True, check=False)
    if said.returncode:
        raise Failed("The database does not answer; the lines above say why.")
    return json.loads(said.stdout)


def _password(data: Path) -> str:
    """The password of the demo accounts: WANGGE_DEMO_PASSWORD, or one made for this installation."""
    made = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    password = os.environ.get("WANGGE_DEMO_PASSWORD") or made
    with os.fdopen(os.open(_file(data), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(f"{password}\n")
    return password


def _file(data: Path) -> Path:
    return data / "demo-password"


def _show_accounts(accounts: list[list[str]], data: Path) -> None:
    if not _file(data).exists():
        if accounts:
            say("this database was not filled by the demo: its accounts keep their own passwords")
        return
    password = _file(data).read_text("utf-8").strip()
    print(f"\nDemo accounts, all with the password  {password}  (kept in {_file(data)}):")
    for role, username, name, place in accounts:
        print(f"  {_wide(role, 20)} {_wide(username, 34)} {_wide(name, 10)} {place}")
    if os.environ.get("WANGGE_DEMO_PASSWORD", password) != password:
        say("WANGGE_DEMO_PASSWORD counts only when the accounts are made; they have the password above")
    print()


def _wide(text: str, columns: int) -> str:
    """Pad to a width on screen, where a Chinese character takes two columns."""
    return text + " " * (columns - sum(2 if ord(char) > 0x2E80 else 1 for char in text))
