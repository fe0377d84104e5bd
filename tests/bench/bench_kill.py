"""Kill -9 under load, and nothing is lost: `python3 dev.py bench kill [--times 50] [--clients 3] [--seed 1]`.

Serves the product with a database of its own, lets clients report and move, and kills in turn a web process, the web
server's master, the worker, a PostgreSQL backend and the whole PostgreSQL. Prints a JSON line a kill (seconds until
it answers again) and one at the end: what was acknowledged and lost or doubled. 1 when anything was, or when
a restart took longer than 5 s.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from wangge.platform.db.running import running_database

BENCH = Path(__file__).resolve().parent
REPO = BENCH.parents[1]
WANGGE = [sys.executable, "-m", "wangge.faces.cli.main"]
_OURS = ("WANGGE_", "DATABASE_URL")


def main(words: list[str]) -> int:
    """Make the town, then serve it and kill."""
    parser = argparse.ArgumentParser(prog="dev.py bench kill", description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--clients", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(words)
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="wangge-kill-") as data:
        env = os.environ | {
            "WANGGE_DATA": data,
            "WANGGE_BEHIND_TLS": "1",
            "WANGGE_REQUIRE_SECOND_FACTOR": "off",
            "WANGGE_DEMO_PASSWORD": "bench-password",
            "WANGGE_LOG": "ERROR",
            "PYTHONPATH": os.pathsep.join(map(str, (REPO / "src", REPO / "tests", REPO))),
        }
        with running_database(Path(data)):
            subprocess.run([*WANGGE, "setup", "-v", "0"], env=env | {"WANGGE_AS_OWNER": "1"}, check=True)
            subprocess.run([*WANGGE, "demo_data", "--cases", "0"], env=env, check=True, stdout=sys.stderr)
        asked = [str(args.times), str(args.clients), str(args.seed)]
        return subprocess.run([sys.executable, BENCH / "killing.py", *asked], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
