"""The commands of dev.py, run in the environment's own Python."""

import argparse
import os
import shutil
import signal
from collections.abc import Callable

from tools import checks, demo, environment, frontend, pictures, product
from tools.environment import PYTHON, REPO, must, say

_BENCHES = REPO / "tests" / "bench"
# Engines know no database, so what measures them needs none.
_WITHOUT_DATABASE = {"engines", "partition"}
_PROCESSES = min(os.cpu_count() or 1, 4)
_ALL_TESTS = ["-n", str(_PROCESSES), "--dist", "loadfile", "--no-loadscope-reorder"]
_LOCK = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]


def run(args: argparse.Namespace) -> int:
    """Run the command that `args` name; returns the exit status."""
    signal.signal(signal.SIGTERM, _end)
    commands: dict[str, Callable[[], int]] = {
        "demo": lambda: demo.start(args.port, args.data, args.cases),
        "test": lambda: test(args.rest),
        "check": lambda: deep() if args.deep else checks.run_all(),
        "bench": lambda: bench(args.name, args.rest),
        "build": build,
        "pictures": lambda: pictures.take(args.data.resolve(), args.names),
        "lock": lock,
        "messages": lambda: product.messages(*args.rest),
        "wangge": lambda: product.command(args.rest),
    }
    return commands[args.command]()


def _end(_number: int, _frame: object) -> None:
    raise SystemExit(143)


def test(rest: list[str]) -> int:
    """The browser code's tests, then pytest with the words given; pytest's closing line comes last.

    Without words all tests run, in several processes with a database each.
    """
    frontend.build()
    product.prepare_messages()
    browser_code = frontend.script("test") if not rest else 0
    with product.database(REPO / "var" / "test") as env:
        status = environment.run(PYTHON, "-m", "pytest", *(rest or _ALL_TESTS), env=env)
    return status or browser_code


def deep() -> int:
    """Make every line of the policy and every row rule wrong, one at a time: the sweep must notice each."""
    with product.database(REPO / "var" / "test") as env:
        return environment.run(PYTHON, "-m", "pytest", "-s", "--timeout=0", "tests/sweep/deep.py", env=env)


def bench(name: str | None, rest: list[str]) -> int:
    """Run tests/bench/bench_NAME.py, most on a database of their own, or list the names; `rest` goes to the measure."""
    names = sorted(file.stem.removeprefix("bench_") for file in _BENCHES.glob("bench_*.py"))
    if name not in names:
        print(f"benches: {', '.join(names)}")
        return 0 if name is None else 1
    if name in _WITHOUT_DATABASE:
        env = os.environ | {"PYTHONPATH": f"{REPO / 'src'}{os.pathsep}{REPO}"}
        return environment.run(PYTHON, _BENCHES / f"bench_{name}.py", *rest, env=env)
    frontend.build()
    with product.database(REPO / "var" / "bench") as env:
        product.setup(env)
        # Benches use what the tests have, as `tests.…`.
        return environment.run(
            PYTHON, _BENCHES / f"bench_{name}.py", *rest, env=env | {"PYTHONPATH": str(REPO)}
        )


def build() -> int:
    """The wheel in dist/, with the built front end and the compiled translations inside."""
    frontend.build()
    product.prepare_messages()
    # What an earlier build left there would be packed again.
    shutil.rmtree(REPO / "build", ignore_errors=True)
    words = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", "dist", "."]
    must("The wheel could not be built; the lines above say why.", PYTHON, *words)
    for wheel in sorted((REPO / "dist").glob("*.whl")):
        say(f"{wheel.relative_to(REPO)}  {wheel.stat().st_size / 1e6:.1f} MB")
    return 0


def lock() -> int:
    """requirements/*.txt from *.in: for every platform, with hashes, naming no host; base first, so that dev agrees."""
    for name, *more in (("base",), ("dev", "--constraint", "base.txt"), ("node",), ("bench",)):
        words = ["-m", "uv", "pip", "compile", f"{name}.in", "--output-file", f"{name}.txt", *_LOCK, *more]
        must(f"requirements/{name}.in could not be locked.", PYTHON, *words, cwd=REPO / "requirements")
    return 0
