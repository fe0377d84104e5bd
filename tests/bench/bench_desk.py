"""Five hundred people at their desks: `python3 dev.py bench desk [--people 500] [--seconds 60] [--cases 20000]`.

Signed-in people walk from their work to a list, a case, the notices and back, with pauses in which they read. Prints
one JSON line: requests, p50, p95, and how many answers were faults of the server (there must be none).
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent


def main(words: list[str]) -> int:
    """The database is that of `dev.py bench cases`, filled when it is not there."""
    parser = argparse.ArgumentParser(prog="dev.py bench desk", description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--cases", type=int, default=20000)
    args = parser.parse_args(words)
    env = os.environ | {"WANGGE_DATABASE": f"bench_{args.cases}", "WANGGE_BEHIND_TLS": "1"}
    asked = [str(args.cases), str(args.people), str(args.seconds)]
    return subprocess.run([sys.executable, BENCH / "desk_walk.py", *asked], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
