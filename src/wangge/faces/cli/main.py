"""The product's own command: `wangge setup`, `wangge serve`, `wangge import divisions FILE...`."""

import importlib
import sys

from wangge.faces.cli import planner

# Read only when it is needed: the planner starts without Django.
_COMMANDS = "wangge.faces.cli.commands"


def main() -> None:
    """Run one command; `wangge help` lists them."""
    if sys.argv[1:2] == ["partition"]:
        planner.start(sys.argv[2:])
    importlib.import_module(_COMMANDS).run(sys.argv[1:])


if __name__ == "__main__":
    main()
