"""`wangge partition`: divide a community, or a folder of communities, into grids."""

from typing import Any

from django.core.management import BaseCommand

from wangge.faces.cli import planner


class Command(BaseCommand):
    """Only named here, for `wangge help`: the planner needs nothing of Django."""

    help = "divide a community, or a folder of communities, into grids (no database needed)"

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand the words to the planner."""
        planner.start(argv[2:])

    def handle(self, *args: Any, **options: Any) -> None:
        """Never called: the planner reads its own command line."""
