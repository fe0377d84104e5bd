"""Where dev.py goes on, in the environment's own Python."""

import os
import sys

from tools import arguments, commands
from tools.environment import Failed


def main() -> int:
    """Run the command; returns its exit status."""
    # dev.py set it to get here; the programs we start need it no more.
    os.environ.pop("PYTHONPATH", None)
    try:
        return commands.run(arguments.parse(sys.argv[1:]))
    except Failed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
