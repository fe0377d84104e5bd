"""`wangge demo_data`: fill an empty database with the demo's world and a year of its life."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from wangge.domain.access.actor import System
from wangge.domain.access.models import User
from wangge.domain.access.scope import acting_as
from wangge.faces.cli.demo.life import live
from wangge.faces.cli.demo.world import build_world


class Command(BaseCommand):
    help = "Fill an empty database with the demo's streets, people and a year of cases."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=8000, help="how many cases (default 8000)")
        parser.add_argument("--seed", type=int, default=440105008)

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("this database already holds users; demo data goes only into an empty one")
        password = os.environ.get("WANGGE_DEMO_PASSWORD") or getpass.getpass(
            "Password for the demo accounts: "
        )
        with transaction.atomic(), acting_as(System("demo")):
            town, _ = build_world(password, options["seed"])
        self.stderr.write("areas, units and people are ready")
        live(
            town, options["cases"], options["seed"], progress=lambda done: self.stderr.write(f"{done} cases")
        )
