"""The private virtual environment: made once, brought up to date only when its lock changed."""

import hashlib
import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

REPO = Path(__file__).resolve().parents[1]
VENV = REPO / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = REPO / "requirements" / "dev.txt"
# A machine's own pip settings may name folders that are not there; that is not our user's concern.
_PIP_NOISE = re.compile(r"WARNING: Location .* is ignored|Running pip as the 'root' user|^\s*$")


class Failed(Exception):
    """A step that did not work; the text says in plain words what to do."""


def prepare() -> None:
    """Make .venv, install the locked packages if the lock changed, make `import wangge` work."""
    if not os.access(PYTHON, os.X_OK):
        say("making the private environment .venv")
        _make(VENV)
    if changed("packages", [LOCK]):
        say("installing the Python packages (a minute or two the first time)")
        pip_install(PYTHON, LOCK)
        done("packages", [LOCK])
    link = site_packages() / "wangge-source.pth"
    if not link.exists() or link.read_text("utf-8") != f"{REPO / 'src'}\n":
        link.write_text(f"{REPO / 'src'}\n", "utf-8")


def enter(words: list[str]) -> NoReturn:
    """Become the command inside the environment, in the same folder and process."""
    sys.stdout.flush()
    os.execve(PYTHON, [str(PYTHON), "-m", "tools", *words], os.environ | {"PYTHONPATH": str(REPO)})


def beside(name: str, lock: Path) -> Path:
    """The Python of a further environment, in var/, with the packages of another lock; made when first needed."""
    folder = REPO / "var" / "environments" / name
    python = folder / "bin" / "python"
    if changed(name, [lock]) or not os.access(python, os.X_OK):
        say(f"installing the packages of {lock.relative_to(REPO)} (a minute or two the first time)")
        _make(folder)
        pip_install(python, lock)
        done(name, [lock])
    return python


def pip_install(python: Path, lock: Path) -> None:
    """Install a locked list into an environment, hashes checked."""
    words = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        str(lock),
    ]
    done_ = subprocess.run(
        [python, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    shown = [line for line in done_.stdout.splitlines() if not _PIP_NOISE.search(line)]
    if done_.returncode:
        print("\n".join(shown), file=sys.stderr)
        raise Failed(
            f"pip could not install {lock.relative_to(REPO)}: is the package index reachable? Then try again."
        )


def site_packages() -> Path:
    """The folder of the environment's packages."""
    return next((VENV / "lib").glob("python3*/site-packages"))


def run(*words: str | Path, cwd: Path = REPO, env: Mapping[str, str] | None = None) -> int:
    """Run a program with our own output; returns its exit status."""
    sys.stdout.flush()
    return subprocess.run([str(word) for word in words], cwd=cwd, env=env, check=False).returncode


def must(advice: str, *words: str | Path, cwd: Path = REPO, env: Mapping[str, str] | None = None) -> None:
    """Run a program; Failed with the advice when it does not exit with 0."""
    if run(*words, cwd=cwd, env=env):
        raise Failed(advice)


def say(text: str) -> None:
    """One line of progress."""
    print(f"· {text}", flush=True)


def changed(name: str, files: Iterable[Path]) -> bool:
    """Whether the files differ from when `done` was last called for this step."""
    stamp = VENV / "stamps" / name
    return not stamp.exists() or stamp.read_text("ascii") != _digest(files)


def done(name: str, files: Iterable[Path]) -> None:
    """Remember the files' present content for this step."""
    stamp = VENV / "stamps" / name
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(_digest(files), "ascii")


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(f"{file.relative_to(REPO)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _make(folder: Path) -> None:
    try:
        venv.create(folder, with_pip=True, clear=True)
    except subprocess.CalledProcessError:
        raise Failed(
            "This Python cannot make environments with pip: install its venv package (python3-venv)."
        ) from None
