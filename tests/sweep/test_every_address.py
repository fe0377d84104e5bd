"""Every address x every role x inside and outside its scope x every method, with a marker in every text."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from addresses import ADDRESSES, Address, all_addresses
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from markers import MARKER, found, may_be_shown, texts
from world import Visitor, World, entered

from wangge.domain.access.actor import AnyActor, Public, Reporter, Role
from wangge.domain.access.actor import Client as SystemActor
from wangge.platform.paper import new_paper
from wangge.platform.sheets.writing import Column, write_xlsx

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
_DOMAIN = "|".join(app.label for app in apps.get_app_configs() if app.name.startswith("wangge.domain"))
# Noted once in five minutes for whoever is signed in, and a sweep may take longer.
_LAST_USE = 'UPDATE "access_session" SET "seen_at"'
_WRITES = re.compile(rf'^(INSERT INTO|UPDATE|DELETE FROM) "({_DOMAIN})_')


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), entered() as world:
        yield world


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    names = {name for name, _route in all_addresses()}
    assert names - set(ADDRESSES) == set(), "who may open these?"
    assert set(ADDRESSES) - names == set()


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_is_shown_what_is_theirs_and_nothing_else(
    world: World, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    cells = list(_cells(world, name))
    assert cells, "no row of this kind in the scene: nothing would be proved"
    wrong = [fault for cell in cells for fault in _faults(world, ADDRESSES[name], *cell)]
    wrong += [
        f"log: {record.getMessage()}"
        for record in caplog.records
        if found(record.getMessage(), world.planted)
    ]
    assert not wrong, f"{len(wrong)} faults\n" + "\n".join(wrong[:6])


def test_a_marker_is_found_on_paper_and_in_a_spreadsheet() -> None:
    marker = "qx00017xq"
    paper, book = new_paper("x"), io.BytesIO()
    paper.page(100, 100)
    paper.line(marker, 10, 10, 60, 11)
    write_xlsx(book, "x", [Column("x")], [[marker]])
    for body in (paper.bytes(), book.getvalue()):
        assert marker.encode() not in body, "packed"
        assert MARKER.findall(texts(HttpResponse(body))) == [marker]


def test_the_sweep_is_of_twenty_thousand_cells_at_least(world: World) -> None:
    cells = {name: sum(1 for _cell in _cells(world, name)) for name in ADDRESSES}
    print(f"{sum(cells.values())} cells of {len(cells)} addresses")
    assert sum(cells.values()) >= 20_000


def _cells(world: World, name: str) -> Iterator[tuple[Visitor, Any, str, str]]:
    """Who asks for which row, by which method, at which path."""
    for position, (row, names) in enumerate(ADDRESSES[name].values(world.scene)):
        path = reverse(name, kwargs=names)
        # A second holder of a role can differ from the first only where an address names a row.
        for visitor in _visitors(world, name, row):
            for method in METHODS if position == 0 else METHODS[:2]:
                yield visitor, row, method, path


def _visitors(world: World, name: str, row: Any) -> tuple[Visitor, ...]:
    if name.startswith("api:"):
        return world.systems
    return world.visitors if row else world.visitors[: len(Role) + 1]


def _faults(world: World, address: Address, visitor: Visitor, row: Any, method: str, path: str) -> list[str]:
    wrote: list[str] = []

    def note(execute: Any, sql: str, *words: Any) -> Any:
        if _WRITES.match(sql) and not sql.startswith(_LAST_USE):
            wrote.append(sql[:60])
        return execute(sql, *words)

    cookies = visitor.browser.cookies.output(attrs=[], header="", sep=";")
    with transaction.atomic(), connection.execute_wrapper(note):
        answer = visitor.browser.generic(method, path)
        reader = _reader(visitor, address, row)
        shown = [where for where in found(texts(answer), world.planted) if not may_be_shown(reader, where)]
        transaction.set_rollback(True)
    # Whoever signed out is signed in again, as the session that was rolled back.
    visitor.browser.cookies.load(cookies)
    where = f"{visitor.name} {method} {path}: {answer.status_code}"
    faults = [f"{where} shows {planted}" for planted in shown]
    may = address.may(visitor.actor, row)
    if not may and wrote:
        faults.append(f"{where} wrote: {wrote[0]}")
    if not _expected(answer, may, visitor, address, method, path):
        faults.append(where)
    return faults


def _reader(visitor: Visitor, address: Address, row: Any) -> AnyActor:
    if not address.by_receipt:
        return visitor.actor
    return Reporter((row[0] if isinstance(row, tuple) else row).receipt_hash)


def _expected(
    answer: HttpResponseBase, may: bool, visitor: Visitor, address: Address, method: str, path: str
) -> bool:
    status = answer.status_code
    if status >= 500 and status not in address.opened:
        return False
    if may:
        return method not in ("GET", "HEAD") or status in address.opened or status == 405
    if status == 405:
        return True
    if path.startswith("/api/") and not isinstance(visitor.actor, SystemActor):
        return status == 401
    if path.startswith("/api/") and method == "POST" and status == 422:
        # The form of what was sent is checked before anything is looked up, so it tells nothing.
        return True
    if isinstance(visitor.actor, Public) and path.startswith("/desk/"):
        return status == 302 and answer["Location"].startswith("/desk/sign-in")
    return status in (address.refused if isinstance(address.refused, tuple) else (address.refused,))
