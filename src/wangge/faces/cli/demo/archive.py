"""The finished part of the demo's life as a compressed file, so that a first start need not live it again.

`pack` takes the cases that ended, in plain text: receipt codes and contacts are sealed with each
installation's own key when `unpack` restores them. `unpack` moves every day by whole weeks, so that
weekdays stay and the archive ends two to three weeks ago; the time since then is lived anew.
"""

import csv
import hashlib
import io
import json
import re
import uuid
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from wangge.domain.cases.models import Contact, tail_mark
from wangge.domain.cases.services.receipts import receipt_code, receipt_hash
from wangge.platform.personal import seal

ARCHIVE = Path(__file__).with_name("life.zip")
GAP = timedelta(days=14)

_ENDED = "SELECT id FROM cases_case WHERE ended AND reported_at < '{until}'"
# In the order in which rows may be inserted, each with the rows that belong to ended cases.
_TABLES = {
    "cases_case": f"id IN ({_ENDED}) AND (merged_into_id IS NULL OR merged_into_id IN ({_ENDED}))",
    "cases_caseevent": f"case_id IN ({_ENDED})",
    "cases_support": f"case_id IN ({_ENDED})",
    "cases_contact": f"case_id IN ({_ENDED})",
    "cases_photo": f"case_id IN ({_ENDED})",
    "cases_repeatalarm": f"case_id IN ({_ENDED}) AND earlier_id IN ({_ENDED})",
}
# What the rows point to by id; where it differs, the archive is not for this installation.
_WORLD = {
    "places_area": "code",
    "access_unit": "name",
    "access_user": "username",
    "catalogue_matter": "kind || code",
    "catalogue_condition": "number",
    "cases_process": "version",
}
_DAY = re.compile(r"\b(20\d\d-\d\d-\d\d)\b")
_NUMBER = re.compile(r"\b(\d{6})-(20\d{6})-(\d{7})\b")


class StaleArchive(RuntimeError):
    """The archive was made by another version or for another world."""


def pack(path: Path, until: datetime) -> int:
    """Write the ended cases reported before `until`; returns how many. Run as the tables' owner."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as file, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('wangge.kind', 'system', false)")
        rows = {}
        for table, wanted in _TABLES.items():
            text = _copy_out(cursor, table, wanted.format(until=until.isoformat()))
            rows[table] = text.count("\n") - 1
            file.writestr(f"{table}.csv", _opened(table, text))
        for name in _photo_names(cursor, until):
            file.write(Path(settings.MEDIA_ROOT) / name, f"photos/{name}")
        about = {"until": until.date().isoformat(), "rows": rows, "version": _fingerprint(cursor)}
        file.writestr("about.json", json.dumps(about))
        return rows["cases_case"]


def unpack(path: Path, now: datetime) -> tuple[int, datetime]:
    """Restore an archive into a fresh world inside the present transaction, as the system.

    Returns the number of cases and the moment up to which life is restored. Raises StaleArchive.
    """
    with zipfile.ZipFile(path) as file, connection.cursor() as cursor:
        about = json.loads(file.read("about.json"))
        if about["version"] != _fingerprint(cursor):
            raise StaleArchive("the archive was made by another version")
        until = datetime.combine(date.fromisoformat(about["until"]), datetime.min.time(), UTC)
        shift = timedelta(weeks=(now - GAP - until).days // 7)
        for table in _TABLES:
            _copy_in(cursor, table, _sealed(table, _shifted(file.read(f"{table}.csv").decode(), shift)))
        for name in file.namelist():
            if name.startswith("photos/"):
                _keep(name.removeprefix("photos/"), file.read(name))
        cursor.execute(_SERIALS)
        return about["rows"]["cases_case"], until + shift


def _copy_out(cursor: Any, table: str, wanted: str) -> str:
    columns = ", ".join(_columns(cursor, table))
    with cursor.copy(
        f"COPY (SELECT {columns} FROM {table} WHERE {wanted} ORDER BY 1) TO STDOUT (FORMAT csv, HEADER, NULL '\\N')"
    ) as copy:
        return b"".join(copy).decode()


def _copy_in(cursor: Any, table: str, text: str) -> None:
    # COPY does not go straight into a table with row security.
    cursor.execute(f"CREATE TEMP TABLE incoming (LIKE {table} INCLUDING DEFAULTS) ON COMMIT DROP")
    columns = text.partition("\n")[0].strip()
    if set(columns.split(",")) - set(_columns(cursor, table)):
        raise StaleArchive(f"{table} has lost a column that the archive fills")
    with cursor.copy(f"COPY incoming ({columns}) FROM STDIN (FORMAT csv, HEADER, NULL '\\N')") as copy:
        copy.write(text)
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM incoming")
    cursor.execute("DROP TABLE incoming")
    if table != "cases_contact":
        # This role may step a sequence, not set it.
        step = f"nextval(pg_get_serial_sequence('{table}', 'id'))"
        cursor.execute(f"SELECT count({step}) FROM generate_series(1, (SELECT max(id) FROM {table}))")


def _columns(cursor: Any, table: str) -> list[str]:
    """Columns that are written, in their order; the database computes the others."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _rows(text: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(text))


def _written(rows: Iterator[dict[str, str]]) -> str:
    out = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, row, lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    return out.getvalue()


def _opened(table: str, text: str) -> str:
    """Contacts in plain words and no receipt hashes: both are made again with the key of whoever restores."""
    if table == "cases_case":
        return _written({**row, "receipt_hash": "", "fingerprint": ""} for row in _rows(text))
    if table == "cases_contact":
        plain = {contact.pk: contact for contact in Contact.objects.all()}
        return _written(
            {
                "case_id": row["case_id"],
                "name": plain[int(row["case_id"])].name,
                "phone": plain[int(row["case_id"])].phone,
            }
            for row in _rows(text)
        )
    return text


def _sealed(table: str, text: str) -> str:
    if table == "cases_case":
        return _written(
            {**row, "receipt_hash": receipt_hash(receipt_code(uuid.UUID(row["key"])))} for row in _rows(text)
        )
    if table == "cases_contact":
        return _written(
            {
                "case_id": row["case_id"],
                "name": _bytea(row["name"], "name"),
                "phone": _bytea(row["phone"], "phone"),
                "email": r"\x",
                "phone_tail": tail_mark(row["phone"]),
            }
            for row in _rows(text)
        )
    return text


def _bytea(text: str, field: str) -> str:
    return r"\x" + (seal(text, f"{Contact._meta.label}.{field}").hex() if text else "")


def _shifted(text: str, shift: timedelta) -> str:
    """Every day in the text, case numbers included, moved by `shift`."""
    known: dict[str, str] = {}

    def day(match: re.Match[str]) -> str:
        found = match[1]
        if found not in known:
            known[found] = (date.fromisoformat(found) + shift).isoformat()
        return known[found]

    def number(match: re.Match[str]) -> str:
        moved = datetime.strptime(match[2], "%Y%m%d").date() + shift
        return f"{match[1]}-{moved:%Y%m%d}-{match[3]}"

    return _NUMBER.sub(number, _DAY.sub(day, text))


def _photo_names(cursor: Any, until: datetime) -> list[str]:
    wanted = _TABLES["cases_photo"].format(until=until.isoformat())
    cursor.execute(f"SELECT DISTINCT file FROM cases_photo WHERE {wanted} ORDER BY 1")
    return [name for (name,) in cursor.fetchall()]


def _keep(name: str, data: bytes) -> None:
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _fingerprint(cursor: Any) -> str:
    """Hash of the rows that the archive points to."""
    digest = hashlib.sha256()
    for table, column in _WORLD.items():
        cursor.execute(f"SELECT id, {column} FROM {table} ORDER BY id")
        digest.update(repr(cursor.fetchall()).encode())
    return digest.hexdigest()


# The next number of a day follows the last one restored.
_SERIALS = """
INSERT INTO cases_serial (district, day, last)
SELECT split_part(number, '-', 1), to_date(split_part(number, '-', 2), 'YYYYMMDD'), max(split_part(number, '-', 3)::int)
FROM cases_case GROUP BY 1, 2
ON CONFLICT (district, day) DO UPDATE SET last = greatest(cases_serial.last, excluded.last)
"""
