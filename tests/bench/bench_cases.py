"""The main job, measured: `python3 dev.py bench cases [--cases 20000,1000000] [--clients 1,8] [--seconds 6] [--only NAME]`.

Prints one JSON line a measure. Each number of cases has a database of its own in var/bench, filled once and used again
(`--refill` makes it anew). CPU is what the web processes and PostgreSQL burnt for a request, the clients' own not
counted; it stays the same on a busy machine, times do not. Needs the embedded PostgreSQL.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent


def main(words: list[str]) -> int:
    """Each number of cases is measured by a process of its own, since Django knows one database."""
    parser = argparse.ArgumentParser(prog="dev.py bench cases", description=__doc__)
    parser.add_argument("--cases", default="20000,1000000")
    parser.add_argument("--clients", default="1,8")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument(
        "--only", default="", help="names of measures, with commas between; * at the end matches more"
    )
    parser.add_argument("--refill", action="store_true")
    args = parser.parse_args(words)
    if os.environ.get("DATABASE_URL"):
        parser.error("this bench fills databases of its own and restarts their server; unset DATABASE_URL")
    for cases in args.cases.split(","):
        env = os.environ | {"WANGGE_DATABASE": f"bench_{int(cases)}", "WANGGE_BEHIND_TLS": "1"}
        asked = [cases, args.clients, str(args.seconds), args.only, "refill" if args.refill else ""]
        status = subprocess.run(
            [sys.executable, BENCH / "measuring.py", *asked], env=env, check=False
        ).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
