# ruff: noqa: N999 - the command is called import
"""`wangge import divisions FILE...`: load the national list of divisions, all or nothing."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from wangge.domain.access.actor import System
from wangge.domain.places.services import BadList, Loaded, load_divisions
from wangge.platform import clock
from wangge.platform.errors import WanggeError

_MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Import reference data from files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        divisions = kinds.add_parser("divisions", help="the national list of divisions (.csv or .csv.gz)")
        divisions.add_argument("files", nargs="+", type=Path, metavar="FILE")
        divisions.add_argument("--date", type=date.fromisoformat, help="the day the list shows (today)")
        divisions.add_argument("--only", nargs="+", default=[], metavar="CODE", help="only these subtrees")
        divisions.add_argument("--dry-run", action="store_true", help="check and count, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_divisions(
                System("import divisions"),
                options["files"],
                options["date"] or clock.today(),
                only=options["only"],
                dry_run=options["dry_run"],
                progress=self.stderr.write,
            )
        except BadList as error:
            for line in error.lines:
                self.stderr.write(line)
            raise CommandError(error.text) from error
        except WanggeError as error:
            raise CommandError(error.text) from error
        self._report(loaded, options["dry_run"])

    def _report(self, loaded: Loaded, dry_run: bool) -> None:
        for title, areas in ((_("名单中已无"), loaded.vanished), (_("此处另有变更，未动"), loaded.elsewhere)):
            if areas:
                self.stdout.write(_("%(title)s：%(count)d 个") % {"title": title, "count": len(areas)})
            for code, name in areas[:_MOST_SHOWN]:
                self.stdout.write(f"  {code} {name}")
        done = _("试运行，未写入") if dry_run else _("完成")
        text = _("%(done)s：%(rows)d 行，设立 %(founded)d，更名 %(renamed)d，用时 %(seconds).1f 秒")
        self.stdout.write(
            text
            % {
                "done": done,
                "rows": loaded.rows,
                "founded": loaded.founded,
                "renamed": loaded.renamed,
                "seconds": loaded.seconds,
            }
        )
