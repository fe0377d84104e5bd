"""A database of any number of cases: the demo's year, lived by the real services, copied over streets and years.

One copy is the demo's street with its areas, outlines, stations, people, cases and histories, moved by whole ids
(copy s adds s * STEP to every id) and by whole weeks into the past. Open cases exist in the present year only, as in
life. What a history row says in `after` keeps the ids of the original: nothing reads it here.
"""

import sys
import time
from typing import Any

import numpy as np
import psycopg
import shapely

STREET = "440105008"
MOST_STREETS = 25
# More than there are areas, units, users or posts; ids of copied rows never meet.
STEP = 1000
CASE_STEP = 100_000
EVENT_STEP = 1_000_000
_YEAR_DAYS = 364
_WIDTH_DEGREES = 0.2

_COPIED = (
    "cases_case", "cases_caseevent", "cases_support", "cases_contact", "cases_photo", "cases_repeatalarm",
    "cases_casewords",
)  # fmt: skip


def fill(owner: psycopg.Connection, wanted: int) -> dict[str, Any]:
    """Copy until there are about `wanted` cases; the connection is a superuser's. Returns what was made."""
    began = time.monotonic()
    with owner.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET work_mem = '512MB'")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        street = _one(cursor, "SELECT id, path FROM places_area WHERE code = %s AND active", [STREET])
        a_copy = _one(cursor, "SELECT count(*) FROM cases_case WHERE area_path LIKE %s", [f"{street[1]}%"])[0]
        here = _one(cursor, "SELECT count(*) FROM cases_case")[0]
        copies = max(0, -(-(wanted - here) // a_copy))
        streets = min(MOST_STREETS, copies + 1)
        years = -(-(copies + 1) // streets)
        _places(cursor, street, streets)
        indexes = _without_indexes(cursor)
        for year in reversed(range(years)):
            _cases(
                cursor,
                street[1],
                year,
                range(streets if year == 0 else min(streets, copies + 1 - year * streets)),
            )
            _say(f"year {year} copied over {streets} streets after {time.monotonic() - began:.0f} s")
        for definition in indexes:
            cursor.execute(definition)
        _sequences(cursor)
        _say(f"indexes made after {time.monotonic() - began:.0f} s")
    owner.commit()
    owner.autocommit = True
    owner.execute("VACUUM (ANALYZE)")
    owner.execute("CHECKPOINT")
    with owner.cursor() as cursor:
        figures = {
            name: _one(cursor, f"SELECT count(*) FROM {name}")[0]
            for name in ("cases_case", "cases_caseevent")
        }
        open_cases = _one(cursor, "SELECT count(*) FROM cases_case WHERE NOT ended")[0]
    return figures | {
        "open": open_cases,
        "streets": streets,
        "years": years,
        "seconds": round(time.monotonic() - began),
    }


def _places(cursor: Any, street: tuple[int, str], streets: int) -> None:
    """Areas, versions, outlines, units, users and posts of the copied streets, and the maps from old ids to new ones."""
    cursor.execute("SELECT id, path FROM places_area WHERE path LIKE %s", [f"{street[1]}%"])
    areas = cursor.fetchall()
    inside = {area for area, _path in areas}
    cursor.execute("CREATE TEMP TABLE area_map (street int, old bigint, new bigint, path text)")
    cursor.execute(
        "CREATE TEMP TABLE unit_map AS SELECT id FROM access_unit WHERE area_id = ANY(%s)", [[*inside]]
    )
    cursor.execute(
        "CREATE TEMP TABLE user_map AS SELECT DISTINCT user_id AS id FROM access_post WHERE area_id = ANY(%s)",
        [[*inside]],
    )
    rows = [
        (s, area, area + s * STEP, _moved(path, inside, s * STEP))
        for s in range(streets)
        for area, path in areas
    ]
    cursor.executemany("INSERT INTO area_map VALUES (%s, %s, %s, %s)", rows)
    cursor.execute("ANALYZE area_map")
    code = "substr(t.code, 1, 6) || (300 + m.street)::text || substr(t.code, 10)"
    parent = "CASE WHEN t.level = 'street' THEN t.parent_id ELSE t.parent_id + m.street * 1000 END"
    from_map = "FROM {} t JOIN area_map m ON m.old = t.{} WHERE m.street > 0"
    _copy(cursor, "places_area", from_map.format("places_area", "id"),
          {"id": "m.new", "path": "m.path", "code": code, "parent_id": parent})  # fmt: skip
    versions = from_map.format("places_areaversion", "area_id").replace(
        "WHERE", "JOIN places_area a ON a.id = m.old WHERE"
    )
    _copy(cursor, "places_areaversion", versions, {
        "id": "t.id + m.street * 1000", "area_id": "m.new", "path": "m.path", "code": code,
        "parent_id": parent.replace("t.level", "a.level"),
    })  # fmt: skip
    _outlines(cursor, [*inside], streets)
    units = from_map.format("access_unit", "area_id")
    _copy(cursor, "access_unit", units, {"id": "t.id + m.street * 1000", "area_id": "m.new"})
    users = f"FROM access_user t JOIN user_map USING (id) CROSS JOIN generate_series(1, {streets - 1}) AS m (street)"
    _copy(cursor, "access_user", users,
          {"id": "t.id + m.street * 1000", "username": "t.username || '-' || m.street"})  # fmt: skip
    _copy(cursor, "access_post", from_map.format("access_post", "area_id"), {
        "id": "t.id + m.street * 1000", "area_id": "m.new", "user_id": "t.user_id + m.street * 1000",
        "unit_id": _unit("unit_id"),
    })  # fmt: skip
    responsible = from_map.format("cases_responsibility", "area_id")
    _copy(cursor, "cases_responsibility", responsible,
          {"id": "t.id + m.street * 1000", "area_id": "m.new", "unit_id": _unit("unit_id")})  # fmt: skip


def _outlines(cursor: Any, areas: list[int], streets: int) -> None:
    cursor.execute(
        "SELECT v.id, s.wkb, s.west, s.south, s.east, s.north FROM places_areashape s "
        "JOIN places_areaversion v ON v.id = s.version_id WHERE v.area_id = ANY(%s)",
        [areas],
    )
    for version, wkb, west, south, east, north in cursor.fetchall():
        outline = shapely.from_wkb(bytes(wkb))
        for street in range(1, streets):
            by = street * _WIDTH_DEGREES
            moved = shapely.to_wkb(
                shapely.transform(outline, lambda points, by=by: points + np.array([by, 0]))
            )
            cursor.execute(
                "INSERT INTO places_areashape (version_id, wkb, west, south, east, north) VALUES (%s,%s,%s,%s,%s,%s)",
                [version + street * STEP, moved, west + by, south, east + by, north],
            )


def _cases(cursor: Any, path: str, year: int, streets: range) -> None:
    """One year of the given streets, all in the order of time, as life would have written it."""
    copies = [street for street in streets if (street, year) != (0, 0)]
    if not copies:
        return
    past = f"interval '{year * _YEAR_DAYS} days'"
    shift = f"(m.street * 10 + {year})"
    base = "(SELECT * FROM cases_case WHERE id < {step} AND area_path LIKE '{path}%'{ended})".format(
        step=CASE_STEP, path=path, ended=" AND ended" if year else ""
    )
    listed = ", ".join(map(str, copies))
    moments = ("reported_at", "filed_at", "clock_from", "case_due_at", "due_at", "yellow_at", "entered_at",
               "timer_at", "paused_at", "paused_until", "handled_at", "closed_at")  # fmt: skip
    users = ("reported_by_id", "handler_id", "checker_id", "appeal_reviewer_id")
    case_id = f"t.id + {shift} * {CASE_STEP}"
    _copy(
        cursor,
        "cases_case",
        f"FROM {base} t JOIN area_map m ON m.old = t.area_id AND m.street IN ({listed}) ORDER BY t.reported_at, m.street",
        {name: f"t.{name} - {past}" for name in moments}
        | {name: _user(name) for name in users}
        | {name: _unit(name) for name in ("responsible_id", "lead_id", "first_unit_id")}
        | {
            "id": case_id,
            "key": "gen_random_uuid()",
            "receipt_hash": f"encode(sha256(({case_id})::text::bytea), 'hex')",
            "number": f"substr(t.number, 1, 7) || to_char(to_date(substr(t.number, 8, 8), 'YYYYMMDD') - {past}, 'YYYYMMDD')"
            f" || '-' || lpad(((m.street + {year} * 100) * 10000 + right(t.number, 7)::int)::text, 7, '0')",
            "area_id": "m.new",
            "area_path": "m.path",
            "lon": f"t.lon + m.street * {_WIDTH_DEGREES}",
            "merged_into_id": f"t.merged_into_id + {shift} * {CASE_STEP}",
            "split_from_id": f"t.split_from_id + {shift} * {CASE_STEP}",
            "handlers": "ARRAY(SELECT CASE WHEN h IN (SELECT id FROM user_map) THEN h + m.street * 1000 ELSE h END"
            " FROM unnest(t.handlers) h)",
        },
    )
    street = f"CROSS JOIN unnest(ARRAY[{listed}]) AS m (street)"
    _copy(
        cursor,
        "cases_caseevent",
        f"FROM {base} c JOIN cases_caseevent t ON t.case_id = c.id {street} ORDER BY t.at, m.street",
        {
            "id": f"t.id + {shift} * {EVENT_STEP}",
            "case_id": f"t.case_id + {shift} * {CASE_STEP}",
            "at": f"t.at - {past}",
        }
        | {name: _unit(name) for name in ("unit_id", "unit_from_id", "unit_to_id")}
        | {name: _user(name) for name in ("user_id", "on_behalf_of_id")},
    )
    for table in ("cases_support", "cases_photo", "cases_contact", "cases_repeatalarm", "cases_casewords"):
        changed = {"case_id": f"t.case_id + {shift} * {CASE_STEP}"}
        if table not in ("cases_contact", "cases_casewords"):
            changed["id"] = f"t.id + {shift} * {CASE_STEP}"
        if table == "cases_repeatalarm":
            changed["earlier_id"] = f"t.earlier_id + {shift} * {CASE_STEP}"
        if table == "cases_support":
            changed["unit_id"] = _unit("unit_id")
        _copy(cursor, table, f"FROM {base} c JOIN {table} t ON t.case_id = c.id {street}", changed)


def _copy(cursor: Any, table: str, source: str, changed: dict[str, str]) -> None:
    """INSERT … SELECT of every column, some as other expressions."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    columns = [row[0] for row in cursor.fetchall()]
    values = ", ".join(changed.get(name, f't."{name}"') for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(f"INSERT INTO {table} ({named}) OVERRIDING SYSTEM VALUE SELECT {values} {source}")


def _unit(column: str) -> str:
    return f"CASE WHEN t.{column} IN (SELECT id FROM unit_map) THEN t.{column} + m.street * 1000 ELSE t.{column} END"


def _user(column: str) -> str:
    return f"CASE WHEN t.{column} IN (SELECT id FROM user_map) THEN t.{column} + m.street * 1000 ELSE t.{column} END"


def _moved(path: str, inside: set[int], by: int) -> str:
    ids = [int(part) for part in path.rstrip(".").split(".")]
    return "".join(f"{area + by if area in inside else area}." for area in ids)


def _without_indexes(cursor: Any) -> list[str]:
    """Drop what only finds rows (constraints stay); returns how to make it again."""
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s) AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
        [list(_COPIED)],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def _sequences(cursor: Any) -> None:
    """New rows and numbers begin above the copies."""
    cursor.execute(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id'"
        " AND is_identity = 'YES'"
    )
    for (table,) in cursor.fetchall():
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) + 1 FROM {table}))"
        )
    cursor.execute("UPDATE cases_serial SET last = 9000000 WHERE day >= current_date - 2")


def _one(cursor: Any, statement: str, given: list[Any] | None = None) -> Any:
    cursor.execute(statement, given)
    return cursor.fetchone()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
