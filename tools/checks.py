"""`dev.py check`: every gate that needs no running product, one after the other."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tools import frontend, product, scan
from tools.environment import PYTHON, REPO, run

BIN = PYTHON.parent
_TEMPLATES = [REPO / "src/wangge/faces"]


def run_all() -> int:
    """Run every gate, even after one failed; says at the end which failed. 1 if any did."""
    failed = []
    for name, gate in _gates().items():
        print(f"-- {name}", flush=True)
        began = time.monotonic()
        if gate():
            failed.append(name)
            print(f"-- {name}: FAILED ({time.monotonic() - began:.1f} s)\n", flush=True)
    if failed:
        print(f"check: {len(failed)} of {len(_gates())} failed: {', '.join(failed)}")
        return 1
    print(f"check: all {len(_gates())} passed")
    return 0


def _gates() -> dict[str, Callable[[], int]]:
    return {
        "format": lambda: run(BIN / "ruff", "format", "--check", "--quiet", "."),
        "lint": lambda: run(BIN / "ruff", "check", "--quiet", "."),
        "types": lambda: run(BIN / "mypy", "--no-error-summary"),
        "types of the tools": lambda: run(BIN / "mypy", "--no-error-summary", "dev.py", "tools"),
        "floors": _floors,
        "templates": lambda: run(BIN / "djlint", "--lint", "--quiet", *_TEMPLATES),
        "front end": lambda: frontend.script("check"),
        "secrets": _secrets,
        "machine paths and hosts": scan.run,
        "migrations": _migrations,
        "translations": lambda: product.messages("--check"),
    }


def _floors() -> int:
    """Import rules of pyproject.toml; quiet unless broken."""
    words = [str(BIN / "lint-imports"), "--no-cache"]
    found = subprocess.run(words, cwd=REPO, env=_env(), capture_output=True, text=True, check=False)
    if found.returncode:
        print(found.stdout + found.stderr)
    return found.returncode


def _secrets() -> int:
    """Known forms of keys and tokens in tracked files; long random words alone are not one."""
    blind = ["HexHighEntropyString", "Base64HighEntropyString", "KeywordDetector"]
    words = [word for name in blind for word in ("--disable-plugin", name)]
    return run(BIN / "detect-secrets-hook", "--no-verify", *words, *scan.tracked())


_NO_DATABASE = {
    "DATABASE_URL": "postgresql:///none?host=/nonexistent",
    "PYTHONWARNINGS": "ignore::RuntimeWarning",
}


def _migrations() -> int:
    """Models without a migration: files are compared with files, no database is asked."""
    words = ["makemigrations", "--check", "--dry-run"]
    return run(*product.COMMAND, *words, env=_env() | _NO_DATABASE)


def _env() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(REPO / "src"), "WANGGE_DATA": str(Path(REPO, "var", "check"))}
