# ruff: noqa: N999 - the command is called import
"""`wangge import divisions|buildings|ways FILE...`: reference data from files, all or nothing."""

import gzip
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from wangge.domain.access.actor import System
from wangge.domain.places.services import BadList, Loaded, load_divisions
from wangge.domain.places.services.map_import import DATUMS, import_buildings, import_ways, in_wgs
from wangge.platform import clock
from wangge.platform.errors import WanggeError
from wangge.platform.geodata.reading import read

_MOST_SHOWN = 20
_SHAPES = {"buildings": import_buildings, "ways": import_ways}


class Command(BaseCommand):
    help = "Import reference data from files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        divisions = kinds.add_parser("divisions", help="the national list of divisions (.csv or .csv.gz)")
        divisions.add_argument("files", nargs="+", type=Path, metavar="FILE")
        divisions.add_argument("--date", type=date.fromisoformat, help="the day the list shows (today)")
        divisions.add_argument("--only", nargs="+", default=[], metavar="CODE", help="only these subtrees")
        divisions.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        for kind, what in (("buildings", "footprints of buildings"), ("ways", "centre lines of roads")):
            shapes = kinds.add_parser(kind, help=f"{what} (GeoJSON, zipped Shapefile or GeoPackage; .gz too)")
            shapes.add_argument("file", type=Path, metavar="FILE")
            shapes.add_argument("--datum", choices=sorted(DATUMS), default="wgs84")
            shapes.add_argument("--source", help="name of the data set (the file's name)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["kind"] in _SHAPES:
            self._shapes(options)
            return
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

    def _shapes(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        try:
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            features = in_wgs(read(data), options["datum"])
            source = options["source"] or path.name.split(".")[0]
            done = _SHAPES[options["kind"]](System("import of a map"), features, source)
        except WanggeError as error:
            raise CommandError(error.text) from error
        text = _("完成：写入 %(kept)d，不在任何网格里 %(outside)d，图形不合用 %(unfit)d")
        self.stdout.write(text % {"kept": done.kept, "outside": done.outside, "unfit": done.unfit})

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
