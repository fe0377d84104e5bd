"""A day of many phones: `python3 dev.py bench sync [--phones 500] [--records 20] [--photos 5] [--cases 20000] [--seed 1]`.

First each phone brings a day's records through a line that cuts, doubles, delays and truncates; afterwards each record
must be there exactly once, its photos whole. Then all phones come at the same moment, each with some records and nothing
in hand. Prints one JSON line each; fails for anything lost or doubled, for an answer of 5xx, or when 95 of 100 phones
have no first answer within 3 s.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent


def main(words: list[str]) -> int:
    """The database is that of `dev.py bench cases`, filled when it is not there."""
    parser = argparse.ArgumentParser(prog="dev.py bench sync", description=__doc__)
    parser.add_argument("--phones", type=int, default=500)
    parser.add_argument("--records", type=int, default=20)
    parser.add_argument("--photos", type=int, default=5)
    parser.add_argument("--cases", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(words)
    env = os.environ | {"WANGGE_DATABASE": f"bench_{args.cases}", "WANGGE_BEHIND_TLS": "1"}
    asked = [str(one) for one in (args.cases, args.phones, args.records, args.photos, args.seed)]
    return subprocess.run([sys.executable, BENCH / "phones.py", *asked], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
