"""Run the product's own command, with its database up."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.environment import PYTHON, REPO, Failed, must, run
from wangge.platform.db.running import running_database
from wangge.platform.translations import compile_messages

COMMAND = [str(PYTHON), "-m", "wangge.faces.cli.main"]
DATA = REPO / "var" / "demo"
_WITHOUT_DATABASE = {"help", "--help", "-h", "--version", "version", "serve"}
_AS_OWNER = {"setup", "migrate", "restore"}


@contextmanager
def database(data: Path) -> Iterator[dict[str, str]]:
    """Keep the data folder's server up inside the block; gives the environment that leads to it."""
    try:
        with running_database(data):
            yield os.environ | {"WANGGE_DATA": str(data)}
    except RuntimeError as error:
        raise Failed(f"The embedded PostgreSQL did not start. {error}") from error


def command(words: list[str]) -> int:
    """`dev.py wangge ...`: on the demo's data, unless WANGGE_DATA names another folder."""
    data = Path(os.environ.get("WANGGE_DATA", DATA)).resolve()
    owner = {"WANGGE_AS_OWNER": "1"} if words[:1] and words[0] in _AS_OWNER else {}
    if not words or words[0] in _WITHOUT_DATABASE:
        return run(*COMMAND, *words, env=os.environ | {"WANGGE_DATA": str(data)})
    with database(data) as env:
        return run(*COMMAND, *words, env=env | owner)


def setup(env: dict[str, str]) -> None:
    """Bring the database to this version."""
    must(
        "`wangge setup` failed; the lines above say why.",
        *COMMAND,
        "setup",
        "-v",
        "0",
        env=env | {"WANGGE_AS_OWNER": "1"},
    )


def messages(*words: str) -> int:
    """Run tools/messages.py, which collects, checks and compiles the translations."""
    return run(PYTHON, REPO / "tools" / "messages.py", *words)


def prepare_messages() -> None:
    """Compile the translations that changed; they are kept as text."""
    compile_messages()
