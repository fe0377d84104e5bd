#!/usr/bin/env python3
"""The one entry for whoever works on Wangge or tries it: `python3 dev.py demo`.

Needs Python 3.11 and nothing else: it makes its own environment in .venv and goes on there, in tools/.
DATABASE_URL points it at a PostgreSQL 15 or newer instead of the embedded one.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python is told so in words
    sys.exit("Wangge needs Python 3.11 or newer; start dev.py with a newer python3.")

from tools import arguments, environment


def main() -> None:
    """Prepare the environment and become the command inside it."""
    arguments.parse(sys.argv[1:])
    try:
        environment.prepare()
    except environment.Failed as failure:
        sys.exit(f"\n{failure}")
    except KeyboardInterrupt:
        sys.exit(130)
    environment.enter(sys.argv[1:])


if __name__ == "__main__":
    main()
