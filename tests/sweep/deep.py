"""`dev.py check --deep`: each line of POLICY and each row rule is made wrong; the tellings of rings.py must notice.

Not collected by itself: python -m pytest tests/sweep/deep.py
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import policy_mutants
import pytest
import row_mutants
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from casework import TESTS
from rings import NET, WALL, by_net, by_wall, plans_in, seen, told
from scene import Scene
from wangge.domain.access.actor import Actor, AnyActor, Client
from wangge.domain.access.policy import POLICY
from wangge.domain.access.rowsecurity import APPEND_ONLY, ROWS
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.platform.db.roles import WEB_ROLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(scene: Scene) -> Scene:
    # Foreign keys wait for the commit, and a table with waiting checks cannot be altered.
    _run("SET CONSTRAINTS ALL IMMEDIATE")
    return scene


@contextmanager
def as_owner() -> Iterator[None]:
    """With the rights of the tables' owner; undone at the end."""
    with transaction.atomic():
        _run("RESET ROLE")
        yield
        transaction.set_rollback(True)


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


# ---- POLICY

# Wrong in no case: what these lines decide only saves the database work.
SAME = {
    "of_visible_case takes the condition for false": "the system's cases are all cases",
    "of_visible_plan takes the condition for false": "the system's plans are all plans",
    "of_visible_handover takes the condition for false": "the system's lists are all lists",
    "case_ways takes the condition for true": "no unit is in an empty list",
    "within takes the condition for true": "the path says the same as the column, without an index",
}


@contextmanager
def without_net() -> Iterator[None]:
    """Only the wall stands: otherwise the net would hide a line that lets too much through."""
    with as_owner():
        for table in ROWS:
            _run(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        yield


@contextmanager
def policy_of(names: dict[str, Any]) -> Iterator[None]:
    right = dict(POLICY)
    POLICY.clear()
    POLICY.update(names["POLICY"])
    try:
        yield
    finally:
        POLICY.clear()
        POLICY.update(right)


# Acts that need a role and no row: who may, by name.
ACTS = {
    "may_administer": {"administrator", "system"},
    "may_inspect": {"privacy_officer"},
    "may_settle_records": {"station_officer", "station_head", "station_officer_west", "beside", "stand-in"},
}


# Who keeps the places of an area, by the role of a post there or above.
KEEPERS = {"grid_worker", "grid_lead", "station_officer", "station_head", "street_dispatcher"}


def acting(names: dict[str, Any], scene: Scene) -> dict[str, Any]:
    everybody = scene.everybody() | {"system": TESTS}
    acts = {f"{name} {act}": names[act](actor) for name, actor in everybody.items() for act in ACTS}
    keeps, plans, exports = names["may_keep_places"], names["may_plan"], names["export_paths"]
    for path in _paths(scene):
        inside = Case._base_manager.filter(names["within"](path))
        acts[f"cases of {path}"] = sorted(inside.values_list("pk", flat=True))
    for name, actor in everybody.items():
        for area in scene.town.communities:
            acts[f"{name} plans {area.pk}"] = plans(actor, area.path)
        if isinstance(actor, Actor):
            acts[f"{name} exports"] = sorted(exports(actor))
    return acts | {
        f"{name} keeps {grid.pk}": keeps(actor, grid.path)
        for name, actor in everybody.items()
        for grid in scene.town.grids
    }


def told_acting(scene: Scene) -> dict[str, Any]:
    everybody = scene.everybody() | {"system": TESTS}
    acts: dict[str, Any] = {
        f"{name} {act}": name in holders for name in everybody for act, holders in ACTS.items()
    }
    for path in _paths(scene):
        acts[f"cases of {path}"] = sorted(case.pk for case in scene.cases if case.area_path.startswith(path))
    for name, actor in everybody.items():
        for area in scene.town.communities:
            acts[f"{name} plans {area.pk}"] = actor == TESTS or plans_in(actor, area)
        if isinstance(actor, Actor):
            acts[f"{name} exports"] = _exported(actor)
    return acts | {
        f"{name} keeps {grid.pk}": _keeps(actor, grid)
        for name, actor in everybody.items()
        for grid in scene.town.grids
    }


# Who may take a file of residents away, of their own area.
EXPORTERS = {"station_head"}


def _exported(actor: Actor) -> list[str]:
    held = {post.area_path for post in actor.posts if post.role in EXPORTERS}
    return [] if isinstance(actor, Client) else sorted(held)


def _paths(scene: Scene) -> list[str]:
    """A path of each level from the city down, and one of a city where nothing is."""
    town = scene.town
    areas = (town.city, town.district, town.street, town.communities[0], town.grids[0])
    return [*(area.path for area in areas), "1.0."]


def _keeps(actor: AnyActor, grid: Any) -> bool:
    above = {int(part) for part in grid.path.split(".") if part}
    posts = getattr(actor, "posts", ())
    return actor == TESTS or any(post.role in KEEPERS and post.area_id in above for post in posts)


def system_sees_all(rows: dict[str, list[Any]]) -> bool:
    return all(
        by_wall(apps.get_model(label), TESTS) == {row.pk for row in found} for label, found in rows.items()
    )


def test_every_wrong_line_of_policy_is_noticed(scene: Scene) -> None:
    everybody, rows = scene.everybody(), scene.rows()
    right = told(WALL, everybody, rows)
    unnoticed, lines, count = [], set(), 0
    with without_net():
        assert seen(by_wall, everybody, WALL) == right
        assert acting(policy_mutants.right(), scene) == told_acting(scene)
        for mutant in policy_mutants.mutants():
            count += 1
            lines.add(mutant.line)
            if not _noticed(mutant, scene, everybody, rows, right) and mutant.where not in SAME:
                unnoticed.append(str(mutant))
    print(f"{count} wrong policies")
    assert not unnoticed, "\n".join(unnoticed)
    assert policy_mutants.rule_lines() <= lines, "a line of the policy was never made wrong"


def _noticed(
    mutant: policy_mutants.Mutant, scene: Scene, everybody: dict[str, AnyActor], rows: Any, right: Any
) -> bool:
    try:
        if acting(mutant.names, scene) != told_acting(scene):
            return True
        with policy_of(mutant.names), transaction.atomic():
            return seen(by_wall, everybody, WALL) != right or not system_sees_all(rows)
    except Exception:
        return True


# ---- row rules

# Wrong in no case: the system sees each list, so these words only save a look at the list for each of its rows.
SAME_RULES = {
    "enrolment_enrolmentrow: who sees, without (SELECT wangge_is_system())",
    "enrolment_enrolled: who sees, without (SELECT wangge_is_system())",
}


def test_every_wrong_row_rule_is_noticed(scene: Scene) -> None:
    everybody, rows = scene.everybody(), scene.rows()
    right = _measured(everybody, rows)
    assert right["seen"] == told(NET, everybody, rows)
    unnoticed, count = [], 0
    for mutant in row_mutants.mutants():
        count += 1
        with as_owner():
            _run(mutant.sql)
            _run(f"SET LOCAL ROLE {WEB_ROLE}")
            if _measured(everybody, rows) == right and str(mutant) not in SAME_RULES:
                unnoticed.append(str(mutant))
    print(f"{count} wrong row rules")
    assert not unnoticed, "\n".join(unnoticed)


def _measured(everybody: dict[str, AnyActor], rows: Any) -> dict[str, Any]:
    """What raw SQL sees, changes, removes and adds, as everybody, as the system, and as the owner with no settings."""
    return {
        "seen": seen(by_net, everybody, NET),
        "system": seen(by_net, {"system": TESTS}, NET),
        "changes": {
            f"{name} {table}": _changes(table, actor) for name, actor in _writers(everybody) for table in ROWS
        },
        "adds": {
            f"{name} {table}": _adds(table, actor) for name, actor in _writers(everybody) for table in ROWS
        },
        "append only": [_changes(table, TESTS) for table in APPEND_ONLY],
        "owner": [_owner_sees(table) for table in ROWS],
    }


def _writers(everybody: dict[str, AnyActor]) -> list[tuple[str, AnyActor]]:
    names = ("district_leader", "station_officer", "grid_worker", "reporter", "public")
    return [("system", TESTS), *((name, everybody[name]) for name in names)]


def _changes(table: str, actor: AnyActor) -> tuple[int | str, int | str]:
    """How many rows a blind UPDATE and a blind DELETE reach: reading no column, they pass no rule of reading."""
    fields = [field for field in _model(table)._meta.fields if not field.primary_key]
    column = min(fields, key=lambda field: field.is_relation).column
    return (
        _tried(f"UPDATE {table} SET {column} = NULL", actor),
        _tried(f"DELETE FROM {table}", actor),
    )


def _adds(table: str, actor: AnyActor) -> int | str:
    """Whether a copy of a row can be added; the rule is asked before the unique keys."""
    columns = _own_columns(table)
    copied = f"SELECT {columns} FROM json_populate_record(NULL::{table}, %s)"
    return _tried(f"INSERT INTO {table} ({columns}) {copied}", actor, table)


@cache
def _own_columns(table: str) -> str:
    """All columns but those that the database computes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ',') FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped",
            [table],
        )
        return str(cursor.fetchone()[0])


@cache
def _a_row(table: str) -> str:
    with acting_as(TESTS), connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t LIMIT 1")
        return str(cursor.fetchone()[0])


def _tried(sql: str, actor: AnyActor, copied: str = "") -> int | str:
    values = [_a_row(copied)] if copied else None
    try:
        with transaction.atomic(), acting_as(actor), connection.cursor() as cursor:
            cursor.execute(sql, values)
            count = cursor.rowcount
            transaction.set_rollback(True)
            return count
    except DatabaseError as error:
        return type(error.__cause__).__name__


def _owner_sees(table: str) -> int:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _model(table: str) -> Any:
    return next(
        (model for model in apps.get_models() if model._meta.db_table == table),
        Case,
    )
