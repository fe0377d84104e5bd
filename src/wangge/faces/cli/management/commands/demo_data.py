"""`wangge demo_data`: fill an empty database with the demo's world and a year of its life."""

import getpass
import os
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from wangge.domain.access.actor import System
from wangge.domain.access.models import User
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.words import keep_missing_words
from wangge.faces.cli.demo.archive import ARCHIVE, GAP, StaleArchive, pack, unpack
from wangge.faces.cli.demo.life import live
from wangge.faces.cli.demo.panoramas import look_round
from wangge.faces.cli.demo.rounds import go_round
from wangge.faces.cli.demo.town import Town
from wangge.faces.cli.demo.world import NANHUAXI, build_world


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Fill an empty database with the demo's streets, people and a year of cases."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--cases",
            type=int,
            default=8000,
            help="how many cases in a year (default 8000; 0 makes people and places only)",
        )
        parser.add_argument("--seed", type=int, default=440105008)
        parser.add_argument(
            "--live", action="store_true", help="live the whole year anew, without the archive"
        )
        parser.add_argument(
            "--pack", type=Path, metavar="FILE", help="afterwards write the ended cases to an archive"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("this database already holds users; demo data goes only into an empty one")
        password = os.environ.get("WANGGE_DEMO_PASSWORD") or getpass.getpass(
            "Password for the demo accounts: "
        )
        anew = options["live"] or options["pack"] or not options["cases"]
        with transaction.atomic(), acting_as(System("demo")):
            town, _ = build_world(password, options["seed"])
            self._say("areas, units and people are ready")
            since = None if anew else self._restore()
        self._live(town, options, since)
        if options["pack"]:
            with transaction.atomic(), acting_as(System("demo")):
                self._say(f"{pack(options['pack'], timezone.now() - GAP)} cases packed")
        if options["cases"]:
            with transaction.atomic(), acting_as(System("demo")):
                go_round(NANHUAXI, options["seed"], timezone.now())
                look_round(NANHUAXI, options["seed"], timezone.now())
                self._say("rosters, notes and visits of the last days are there, and panoramas")

    def _restore(self) -> datetime | None:
        if not ARCHIVE.exists():
            return None
        try:
            with transaction.atomic():
                cases, since = unpack(ARCHIVE, timezone.now())
                keep_missing_words()
        except StaleArchive as stale:
            self._say(f"{stale}; living the year anew takes some minutes")
            return None
        self._say(f"{cases} cases restored; now the last weeks")
        return since

    def _live(self, town: Town, options: dict[str, Any], since: datetime | None) -> None:
        live(town, options["cases"], options["seed"], lambda done: self._say(f"{done} cases lived"), since)

    def _say(self, text: str) -> None:
        self.stderr.write(text)
