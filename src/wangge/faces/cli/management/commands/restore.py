"""`wangge restore`: an empty database becomes what a backup holds, and is held against it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent, Photo, Sound
from wangge.domain.register.services import erasing
from wangge.platform import backup
from wangge.platform.db.running import running_database


class Command(BaseCommand):
    # Loading every page to check it would double the time to start.
    requires_system_checks = ()
    help = "Fill an empty database from a backup, compare every table with it, and set rights and tables."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, help="folder of one backup, such as backups/20261122T190501Z"
        )
        parser.add_argument(
            "--programs", type=Path, metavar="FOLDER", help="pg_restore of this folder, for a newer server"
        )

    def handle(self, *args: Any, folder: Path, programs: Path | None, **more: Any) -> None:
        if connection.settings_dict["OPTIONS"].get("assume_role"):
            raise CommandError("restore needs the owner's rights: set WANGGE_AS_OWNER=1 for this command")
        try:
            with running_database(settings.DATA):
                self._restore(folder.resolve(), programs)
        except (backup.BackupFailed, OSError) as error:
            raise CommandError(str(error)) from error

    def _restore(self, folder: Path, programs: Path | None) -> None:
        said = backup.contents(folder)
        with acting_as(System("restore")):
            backup.bring_back(folder, programs)
        with acting_as(System("restore")):
            wrong = backup.differences(said)
        if wrong:
            raise backup.BackupFailed("restored, but not the same:\n" + "\n".join(wrong))
        self.stdout.write(f"{len(said.tables)} tables, {said.rows} rows: the same as in the backup")
        call_command("setup", stdout=self.stdout)
        self._erase_again(folder)
        with acting_as(System("restore")):
            self._tell()

    def _erase_again(self, folder: Path) -> None:
        """Whoever was erased since the backup is erased again, by this installation's list and the backups' copy."""
        copy = folder.parent / settings.ERASED.name
        entries = erasing.remembered(settings.ERASED, copy)
        if not entries and not settings.ERASED.exists():
            self.stdout.write("no list of erasures here: whoever was erased since this backup is back")
            return
        count = erasing.replay(entries)
        erasing.keep(entries, settings.ERASED)
        self.stdout.write(f"{len(entries)} erasures on the list, {count} rows erased again")

    def _tell(self) -> None:
        last = Case.objects.order_by("-id").first()
        newest = CaseEvent.objects.order_by("-id").first()
        missing = [
            file
            for kept in (Photo, Sound)
            for file in kept.objects.values_list("file", flat=True).distinct().iterator()
            if not (Path(settings.MEDIA_ROOT) / file).is_file()
        ]
        if last and newest:
            self.stdout.write(
                f"last case {last.number}, last entry of the history at {newest.at:%Y-%m-%d %H:%M} UTC"
            )
        if missing:
            raise CommandError(
                f"{len(missing)} photos and recordings are missing, such as {missing[0]}; copy them to {settings.MEDIA_ROOT}"
            )
        self.stdout.write("all photos and recordings are there")
