"""The product's own command: `wangge setup`, `wangge serve`, `wangge import divisions FILE...`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; `wangge help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.platform.settings")
    execute_from_command_line(["wangge", *sys.argv[1:]])


if __name__ == "__main__":
    main()
