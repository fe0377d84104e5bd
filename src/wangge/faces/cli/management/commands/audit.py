"""`wangge audit`: the log of looks and its published heads as files, checked on the spot."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from wangge.domain.access.audit import heads_text, lines
from wangge.engines import verify_audit
from wangge.platform.db.running import running_database


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Write looks.jsonl and heads.txt into a folder and check them against each other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--heads", type=Path, help="compare with this copy of heads.txt, kept elsewhere")

    def handle(self, *args: Any, folder: Path, heads: Path | None, **more: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        looks, told = folder / "looks.jsonl", folder / "heads.txt"
        with running_database(settings.DATA), transaction.atomic():
            with looks.open("wb") as out:
                out.writelines(lines())
            with told.open("w", encoding="utf-8") as text:
                text.writelines(heads_text())
        if verify_audit.main([str(looks), "--heads", str(heads or told)]):
            raise CommandError("the log of looks is not what it was")
