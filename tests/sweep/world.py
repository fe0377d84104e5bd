"""A scene with a marker in every text, and who goes through it: everybody with a browser, systems with a token."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.test import Client, override_settings
from markers import Planted, plant

from casework import TESTS
from factories import client_for
from scene import PEOPLE, Scene, made
from systems import system
from wangge.domain.access.actor import Actor, AnyActor, Public, Role
from wangge.domain.access.models import StandIn
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Responsibility
from wangge.domain.cases.services.drafts import begin
from wangge.domain.cases.services.processes import newest
from wangge.domain.catalogue.models import Matter
from wangge.domain.catalogue.services import set_enabled
from wangge.domain.exchange.models import Client as ExchangeClient
from wangge.domain.exchange.services.clients import rotate_token
from wangge.domain.places.models import Area
from wangge.domain.rulebook.models import Draft, DraftChange, Simulation, Upload
from wangge.platform import clock


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


# Whoever signed in before the sweep began is never asked to prove it again, however long the sweep takes.
_ALL_DAY_S = 86_400


@contextmanager
def entered() -> Iterator[World]:
    """The world inside a transaction that is rolled back at the end."""
    with made() as scene, override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=_ALL_DAY_S):
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
        _a_draft(matter, town.street)
        _a_process_draft(administrator)
        StandIn.objects.create(
            post=town.users["station_officer"].posts.get(),
            user=town.users["station_head"],
            starts_on=clock.today() + timedelta(days=5),
            ends_on=clock.today() + timedelta(days=9),
        )


def _a_process_draft(actor: Actor) -> None:
    begin(actor, name="流程草稿", note="试一试", base=newest())


def _a_draft(matter: Matter, area: Area) -> None:
    now = clock.now()
    draft = Draft.objects.create(name="方案", note="说明", made_at=now, edited_at=now)
    DraftChange.objects.create(
        draft=draft,
        kind="day",
        subject="day",
        area=area,
        values={"day": "2099-12-01", "working": True, "note": ""},
        edited_at=now,
    )
    Simulation.objects.create(draft=draft, draft_version=1, asked_at=now)
    Upload.objects.create(draft=draft, name="规则.xlsx", made_at=now, rows=[])
