"""`wangge backup`: the database and the photos, while the product runs."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection, transaction

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.register.services import erasing
from wangge.platform import backup
from wangge.platform.db.running import running_database


class Command(BaseCommand):
    # Loading every page to check it would double the time to start.
    requires_system_checks = ()
    help = "Write a backup of the database and the photos below a folder; keys only to a folder of their own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="folder of all backups; each gets one of its own there")
        parser.add_argument(
            "--keys", type=Path, metavar="FOLDER", help="copy the keys there; never beside the backups"
        )
        parser.add_argument(
            "--programs", type=Path, metavar="FOLDER", help="pg_dump of this folder, for a newer server"
        )

    def handle(self, *args: Any, folder: Path, keys: Path | None, programs: Path | None, **more: Any) -> None:
        folder = folder.resolve()
        if keys:
            self._copy_keys(keys.resolve(), folder)
        try:
            with running_database(settings.DATA), transaction.atomic():
                with connection.cursor() as cursor:
                    # Dump and figures tell of the same moment.
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                with acting_as(System("backup")):
                    written = backup.write(folder, programs)
        except (backup.BackupFailed, OSError) as error:
            raise CommandError(str(error)) from error
        # Beside the backups, not in them: what was erased must not come back with an old one.
        copy = folder / settings.ERASED.name
        erasing.keep(erasing.remembered(copy, settings.ERASED), copy)
        said = backup.contents(written)
        self.stdout.write(f"{written}: {len(said.tables)} tables, {said.rows} rows")

    def _copy_keys(self, keys: Path, backups: Path) -> None:
        if keys.is_relative_to(backups) or backups.is_relative_to(keys):
            raise CommandError("keys do not lie with the backups they open: name another place for --keys")
        found = sorted((settings.DATA / "keys").glob("*.key"))
        if not found:
            raise CommandError("the keys come from the environment; keep a copy of them where that is kept")
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in found:
            shutil.copy2(file, keys)
        self.stdout.write(f"{keys}: {', '.join(file.name for file in found)}")
