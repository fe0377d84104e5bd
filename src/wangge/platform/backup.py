"""A backup of the database and the files beside it, and the way back, each held against what was there.

    BACKUPS/20261122T190501Z/database.dump   pg_dump's custom format
                             contents.json   what the database held at that moment, table by table
    BACKUPS/media/                           photos of all backups: named by their hash, so each is copied once

Both functions run in a transaction of the system, in which row security lets every row be seen. Keys are
never part of it: a dump with its key is plain contact data.
"""

import hashlib
import hmac
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from wangge.platform import clock
from wangge.platform.db.backend.base import DJANGO_ONLY
from wangge.platform.db.embedded import binaries
from wangge.platform.personal import derived_key

_DUMP = "database.dump"
_CONTENTS = "contents.json"
_MEDIA = "media"
# Comes before the first row; servers before PostgreSQL 17 do not know it.
_NEWER_SETTING = b"SET transaction_timeout"
# The web role may not read every table; what a row looks like as text must not depend on the server's settings.
_AS_TEXT = "SET LOCAL ROLE NONE; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'"
_TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1
"""
# A sum does not depend on the order of rows; md5 here is a checksum, the same on every server.
_FIGURES = """
    SELECT count(*), coalesce(sum(('x' || left(md5(kept::text), 15))::bit(60)::bigint), 0)::text FROM {table} AS kept
"""


class BackupFailed(RuntimeError):
    """Says what is wrong and what to do about it."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: rows and a checksum for each table, the dump's SHA-256, which key opens contact data."""

    made_at: str
    tables: dict[str, tuple[int, str]]
    dump: str
    key: str

    @property
    def rows(self) -> int:
        return sum(rows for rows, _sum in self.tables.values())


def write(backups: Path, programs: Path | None = None) -> Path:
    """Write a backup below `backups` while the product runs; returns its folder, which appears when it is whole.

    Call it first in a transaction. `programs` is the folder of another pg_dump than the embedded one.
    Raises BackupFailed.
    """
    name = f"{clock.now():%Y%m%dT%H%M%SZ}"
    unfinished, folder = backups / f".{name}", backups / name
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        found = _dump(unfinished / _DUMP, programs)
        # After the dump: a photo is written before the case that names it.
        _copy_new(Path(settings.MEDIA_ROOT), backups / _MEDIA)
        said = Contents(name, found, _sha256(unfinished / _DUMP), _key())
        (unfinished / _CONTENTS).write_text(json.dumps(asdict(said), indent=1), encoding="utf-8")
        return unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _dump(file: Path, programs: Path | None) -> dict[str, tuple[int, str]]:
    """Dump the database as this transaction sees it; returns its figures, of the same moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
    words = ["--format=custom", "--enable-row-security", f"--snapshot={snapshot}", "--no-owner", "--no-acl"]
    # Counting of statements is the server's, not ours.
    words += ["--extension=btree_gist", "--exclude-schema=statistics", f"--file={file}"]
    _run(programs, "pg_dump", *words)
    return dict(_tables())


def contents(folder: Path) -> Contents:
    """What the backup says it holds; raises BackupFailed where it is damaged or belongs to another key."""
    try:
        found = json.loads((folder / _CONTENTS).read_text("utf-8"))
        tables = {table: (int(rows), str(figure)) for table, (rows, figure) in found.pop("tables").items()}
        said = Contents(tables=tables, **found)
        whole = _sha256(folder / _DUMP) == said.dump
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupFailed(f"{folder} is not a whole backup: {error}") from error
    if not whole:
        raise BackupFailed(f"{folder / _DUMP} is not what was written: take another copy of this backup")
    if not hmac.compare_digest(said.key, _key()):
        raise BackupFailed(
            "the backup was made with another personal key, without which contact data and receipts stay closed:"
            f" put that key into {settings.DATA / 'keys' / 'personal.key'} (or WANGGE_PERSONAL_KEY) first"
        )
    return said


def bring_back(folder: Path, programs: Path | None = None) -> None:
    """Fill the empty database from the backup, all or nothing, and put the photos back; raises BackupFailed."""
    if tables := [table for table, _figures in _tables()]:
        raise BackupFailed(
            f"this database holds {len(tables)} tables; restore into an empty one (WANGGE_DATABASE or DATABASE_URL)"
        )
    _fill(folder / _DUMP, programs)
    _copy_new(folder.parent / _MEDIA, Path(settings.MEDIA_ROOT))


def _fill(dump: Path, programs: Path | None) -> None:
    """pg_restore writes the statements and psql runs them in one transaction, by a connection of its own.

    pg_restore alone would set what a server older than itself does not know.
    """
    writing = [
        *_program(programs, "pg_restore"),
        "--no-owner",
        "--no-acl",
        "--no-comments",
        "--file=-",
        str(dump),
    ]
    running = [
        *_program(programs, "psql"),
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
    ]
    with TemporaryFile() as said, Popen(writing, stdout=PIPE, stderr=said) as writer:
        options: dict[str, Any] = {"stdin": PIPE, "stdout": DEVNULL, "stderr": said, "env": _environment()}
        # A psql that refused something is gone before its input is closed.
        with suppress(BrokenPipeError), Popen([*running, *_target()], **options) as runner:
            whole = _hand_over(writer.stdout, runner.stdin) and writer.wait() == 0
            if not whole:
                # The end of its input would make it commit what came so far.
                runner.kill()
        if not whole or runner.returncode:
            writer.kill()
            said.seek(0)
            raise BackupFailed(f"the restore failed: {said.read().decode(errors='replace').strip()}")


def _hand_over(statements: Any, runner: Any) -> bool:
    """Copy the script without the setting that older servers refuse; false when the reader ended before."""
    try:
        for line in statements:
            if line.startswith(_NEWER_SETTING):
                break
            runner.write(line)
        shutil.copyfileobj(statements, runner)
        runner.flush()
    except BrokenPipeError:
        return False
    return True


def differences(said: Contents) -> list[str]:
    """Each table that is not as the backup says, in words; empty when all are."""
    there = dict(_tables())
    return [
        f"{table}: {said.tables.get(table, ('no', ''))[0]} rows in the backup, {there.get(table, ('no', ''))[0]} here"
        for table in sorted({*said.tables, *there})
        if said.tables.get(table) != there.get(table)
    ]


def _tables() -> Iterator[tuple[str, tuple[int, str]]]:
    with connection.cursor() as cursor:
        cursor.execute(_AS_TEXT)
        cursor.execute(_TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(_FIGURES.format(table=table))
            yield table, cursor.fetchone()


def _run(programs: Path | None, program: str, *words: str) -> None:
    call = [*_program(programs, program), *_target(), *words]
    done = subprocess.run(
        call, env=_environment(), stdin=DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()}")


def _program(programs: Path | None, program: str) -> list[str]:
    return [str((programs or binaries()) / program)]


def _target() -> list[str]:
    return ["--dbname", _login()[0]]


def _environment() -> dict[str, str]:
    password = _login()[1]
    return os.environ | ({"PGPASSWORD": password} if password else {})


def _login() -> tuple[str, str]:
    """Address of the database for a program that acts as the system; the password apart, other users see addresses."""
    ours: dict[str, Any] = connection.settings_dict
    options = {name: value for name, value in ours["OPTIONS"].items() if name not in DJANGO_ONLY}
    options["options"] = f"{options.get('options', '')} -c wangge.kind=system".strip()
    place = {"host": ours["HOST"], "port": ours["PORT"], "user": ours["USER"], "dbname": ours["NAME"]}
    return make_conninfo("", **{k: v for k, v in (place | options).items() if v}), ours.get("PASSWORD") or ""


def _copy_new(source: Path, target: Path) -> None:
    """Copy the files that `target` does not have; each appears there whole."""
    for file in (found for found in source.rglob("*") if found.is_file()):
        copy = target / file.relative_to(source)
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            unfinished = copy.with_name(f"{copy.name}.part")
            shutil.copy2(file, unfinished)
            unfinished.rename(copy)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _key() -> str:
    """A mark of the personal key, from which nobody finds the key."""
    return derived_key("mark in backups").hex()[:16]
