"""Every address x every role x inside and outside its scope x every method, with a marker in every text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from addresses import ADDRESSES, Address, all_addresses
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from markers import Planted, found, may_be_shown, plant, texts

from casework import TESTS
from factories import client_for
from scene import PEOPLE, Scene, made
from systems import system
from wangge.domain.access.actor import Actor, AnyActor, Public, Reporter, Role
from wangge.domain.access.actor import Client as SystemActor
from wangge.domain.access.models import StandIn
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Responsibility
from wangge.domain.cases.services.drafts import begin
from wangge.domain.cases.services.processes import newest
from wangge.domain.catalogue.models import Matter
from wangge.domain.catalogue.services import set_enabled
from wangge.domain.exchange.models import Client as ExchangeClient
from wangge.domain.exchange.services.clients import rotate_token
from wangge.domain.rulebook.models import Draft, DraftChange, Simulation, Upload
from wangge.platform import clock

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
_DOMAIN = "|".join(app.label for app in apps.get_app_configs() if app.name.startswith("wangge.domain"))
# Noted once in five minutes for whoever is signed in, and a sweep may take longer.
_LAST_USE = 'UPDATE "access_session" SET "seen_at"'
_WRITES = re.compile(rf'^(INSERT INTO|UPDATE|DELETE FROM) "({_DOMAIN})_')


@dataclass(frozen=True, slots=True)
class Visitor:
    name: str
    actor: AnyActor
    browser: Client


@dataclass(frozen=True, slots=True)
class World:
    scene: Scene
    planted: dict[str, Planted]
    visitors: tuple[Visitor, ...]
    systems: tuple[Visitor, ...]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), made() as scene:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _more_rows(scene)
        planted = plant()
        users = scene.town.users
        one_a_role = sorted(PEOPLE, key=lambda name: name not in set(Role))
        staff = tuple(Visitor(name, scene.people[name], client_for(users[name])) for name in one_a_role)
        anybody = Visitor("anybody", Public(), Client())
        yield World(scene, planted, (anybody, *staff), (anybody, staff[0], *_systems(scene)))


def _systems(scene: Scene) -> list[Visitor]:
    """A system in the post of each role, with its token on every call, and the two of the scene's webhooks."""
    callers = [(f"system of {role}", system(scene.town, role)) for role in Role]
    made = [Visitor(name, caller.actor, Client(headers=caller.headers())) for name, caller in callers]
    for name, actor in scene.systems.items():
        client = ExchangeClient.objects.get(pk=actor.user_id)
        token = rotate_token(scene.people["administrator"], client.pk, 0).token
        made.append(Visitor(name, actor, Client(headers={"Authorization": f"Bearer {token}"})))
    return made


def _more_rows(scene: Scene) -> None:
    """Rows of the administration that no case brings with it."""
    town, administrator = scene.town, scene.people["administrator"]
    with acting_as(TESTS):
        matter = Matter.objects.filter(enabled=True).order_by("pk")[0]
        set_enabled(administrator, matter.pk, False)
        set_enabled(administrator, matter.pk, True)
        Responsibility.objects.create(
            matter=matter, area=town.street, unit=town.units["sanitation"], starts_on=clock.today()
        )
        _a_draft(matter)
        _a_process_draft(administrator)
        StandIn.objects.create(
            post=town.users["station_officer"].posts.get(),
            user=town.users["station_head"],
            starts_on=clock.today() + timedelta(days=5),
            ends_on=clock.today() + timedelta(days=9),
        )


def _a_process_draft(actor: Actor) -> None:
    begin(actor, name="流程草稿", note="试一试", base=newest())


def _a_draft(matter: Matter) -> None:
    now = clock.now()
    draft = Draft.objects.create(name="方案", note="说明", made_at=now, edited_at=now)
    DraftChange.objects.create(
        draft=draft, kind="day", subject="day", values={"day": "2026-12-01", "working": True}, edited_at=now
    )
    Simulation.objects.create(draft=draft, draft_version=1, asked_at=now)
    Upload.objects.create(draft=draft, name="规则.xlsx", made_at=now, rows=[])


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    names = {name for name, _route in all_addresses()}
    assert names - set(ADDRESSES) == set(), "who may open these?"
    assert set(ADDRESSES) - names == set()


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_is_shown_what_is_theirs_and_nothing_else(
    world: World, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    address = ADDRESSES[name]
    values = address.values(world.scene)
    assert values, "no row of this kind in the scene: nothing would be proved"
    wrong = []
    for position, (row, names) in enumerate(values):
        path = reverse(name, kwargs=names)
        # A second holder of a role can differ from the first only where an address names a row.
        for visitor in _visitors(world, name, row):
            for method in METHODS if position == 0 else METHODS[:2]:
                wrong += _faults(world, visitor, address, row, method, path)
    wrong += [
        f"log: {record.getMessage()}"
        for record in caplog.records
        if found(record.getMessage(), world.planted)
    ]
    assert not wrong, f"{len(wrong)} faults\n" + "\n".join(wrong[:6])


def _visitors(world: World, name: str, row: Any) -> tuple[Visitor, ...]:
    if name.startswith("api:"):
        return world.systems
    return world.visitors if row else world.visitors[: len(Role) + 1]


def _faults(world: World, visitor: Visitor, address: Address, row: Any, method: str, path: str) -> list[str]:
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
