"""`wangge slow`: the database statements that cost most."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from wangge.platform.slow import ORDERS, slowest


class Command(BaseCommand):
    help = "Show the database statements that cost most since the server started."
    # Loading every page to check it would double the time to start.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=20, metavar="N")
        parser.add_argument("--order", choices=ORDERS, default="total", help="by all time, or by one call's")

    def handle(self, *args: Any, most: int, order: str, **options: Any) -> None:
        found = slowest(most, order)
        if found is None:
            raise CommandError(
                "this database does not use pg_stat_statements; docs/operators says how to enable it"
            )
        self.stdout.write("    calls   mean ms   total s  statement")
        for statement in found:
            text = " ".join(statement.text.split())[:120]
            self.stdout.write(
                f"{statement.calls:9} {statement.mean_ms:9.2f} {statement.total_s:9.1f}  {text}"
            )
