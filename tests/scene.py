"""A town in which every ring of visibility holds a case, and everybody who might look at it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from casework import START, STREET, TESTS, Road, condition, crowd
from factories import Town, make_town, make_user
from planned import make_plan
from recordings import webm
from settling import settle
from systems import system
from wangge.domain.access.actor import ActivePost, Actor, AnyActor, Client, Public, Reporter, Role
from wangge.domain.access.models import StandIn
from wangge.domain.access.policy import POLICY
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.boards.models import PrintRun
from wangge.domain.bulk.models import Run
from wangge.domain.cases.models import Case, RepeatAlarm
from wangge.domain.cases.services import sounds
from wangge.domain.enrolment.models import Enrolled, Enrolment, EnrolmentRow
from wangge.domain.exchange.models import Answer, Delivery, Webhook
from wangge.domain.exports.models import ListFile
from wangge.domain.field.models import Aside, Device, Record, Upload
from wangge.domain.office.models import HandOver, HandOverLine, Mail, SavedView
from wangge.domain.office.services.notices import HANDLERS
from wangge.domain.orders.models import Order, OrderImport, OrderRow
from wangge.domain.places.queries import forget_shapes
from wangge.domain.register.models import Resident
from wangge.platform import clock
from wangge.platform.outbox.services import deliver

PEOPLE = (
    "grid_worker", "grid_lead", "grid_worker_2", "grid_worker_beside", "grid_worker_west", "station_officer", "station_head",
    "station_officer_west", "street_dispatcher", "street_leader", "district_dispatcher", "district_leader", "unit_officer",
    "unit_head", "urban_officer", "operator", "administrator", "privacy_officer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """`people` by name; `cases` in the order of `_cases`."""

    town: Town
    people: dict[str, Actor]
    cases: list[Case]
    systems: dict[str, Client]

    def rows(self) -> dict[str, list[Any]]:
        """Every row of every scoped model, by label."""
        labels = [label for label, action in POLICY if action == "view"]
        with acting_as(TESTS):
            return {label: _all(apps.get_model(label)) for label in labels}

    def everybody(self) -> dict[str, AnyActor]:
        """Staff, reporters, the public, and some who should see nothing."""
        path = self.cases[0].area_path
        neighbour = ActivePost(10**9, Role.STATION_OFFICER, None, 0, f"{path[:-1]}0.", "community")
        west = self.town.communities[1]
        calls_west = ActivePost(10**9, Role.OPERATOR, None, west.pk, west.path, "community")
        others: dict[str, AnyActor] = {
            "reporter": Reporter(self.cases[3].receipt_hash),
            "reporter before the call": Reporter(self.cases[1].receipt_hash),
            "reporter of a supported case": Reporter(self.cases[2].receipt_hash),
            "stranger": Reporter("0" * 64),
            "nobody": Reporter(""),
            "public": Public(),
            "without a post": Actor(10**9, "x"),
            # Its path begins like the first case's grid without the dot.
            "beside": Actor(10**9, "x", (neighbour,)),
            "operator of the west": Actor(10**9, "x", (calls_west,)),
            "stand-in": self.people["stand_in"],
        }
        # The row rules know a system by its user alone; the wall asks that it is one.
        posing = Actor(self.systems["system of the station"].user_id, "x")
        others |= self.systems | {"a person with a system's number": posing}
        return others | {name: self.people[name] for name in PEOPLE}


def _all(model: Any) -> list[Any]:
    with_case = [
        field.name for field in model._meta.fields if field.name in ("area", "case", "handover", "batch")
    ]
    return list(model.objects.select_related(*with_case))


def _import_by(actor: Actor, case: Case) -> None:
    """A hotline's list: a row that waits, and one that became the case."""
    batch = OrderImport.objects.create(
        user_id=actor.user_id,
        made_at=START,
        file_name="a.xlsx",
        source="12345",
        header=[],
        layout="",
        total=1,
    )
    OrderRow.objects.create(batch=batch, number=2, words="[]")
    Order.objects.create(case=case, batch=batch, source="12345", number="1", digest="")


def _enrolment_by(keeper: Actor) -> None:
    """A list of households: a row that waits, and a resident of the own community who came with it."""
    batch = Enrolment.objects.create(
        user_id=keeper.user_id, made_at=START, file_name="b.xlsx", header=["姓名"], rows_read=2, total=2
    )
    EnrolmentRow.objects.create(batch=batch, number=2, words='[["王小明"], []]')
    home = Resident.objects.filter(area__path__startswith=keeper.area_paths[0]).order_by("-pk").first()
    Enrolled.objects.create(batch=batch, resident=home, household=home.household)


@contextmanager
def made() -> Iterator[Scene]:
    """The scene inside a transaction that is rolled back at the end."""
    with transaction.atomic():
        with clock.at(START):
            town = make_town()
        people = crowd(town)
        people["stand_in"] = _stand_in(town)
        yield Scene(town, people, _cases(town, people), _systems(town))
        transaction.set_rollback(True)
    forget_shapes()


def _systems(town: Town) -> dict[str, Client]:
    """Two systems, each with a webhook, a delivery and a kept answer."""
    callers = {"system of the station": "station_officer", "system of a unit": "unit_officer"}
    systems = {name: system(town, role).actor for name, role in callers.items()}
    with acting_as(TESTS), clock.at(START):
        for actor in systems.values():
            own = {"client_id": actor.user_id, "made_at": START}
            hook = Webhook.objects.create(url="https://example.org", topics=["case.moved"], **own)
            Delivery.objects.create(
                webhook=hook,
                message_id=1,
                topic="case.moved",
                body="{}",
                next_at=START,
                give_up_at=START,
                **own,
            )
            Answer.objects.create(key=uuid.uuid4(), fingerprint="", **own)
    return systems


def _cases(town: Town, people: dict[str, Actor]) -> list[Case]:
    """East: new, dispatched, supported, waiting for a call (with a contact), closed; west: new, waiting; the
    neighbour's; one in the west that only a department's responsibility shows to it."""
    chosen = condition(**STREET)
    supported = Road(town, people).filed(chosen)
    urban = town.units["urban_management"].pk
    supported.move("street_dispatcher", "dispatch", unit=town.units["sanitation"].pk, supports=[urban])
    supported.move("street_leader", "comment")
    west = Road(town, people, grid=2, phone="13800001111")
    west.move("station_officer_west", "file", matter=chosen.matter_id, condition=chosen.pk)
    west.move("street_dispatcher", "dispatch", unit=urban, supports=[]).move("urban_officer", "accept")
    west.move("urban_officer", "finish").move("street_dispatcher", "pass_check")
    roads = [
        Road(town, people, images=[]),
        Road(town, people, phone="13800002222").dispatched(chosen),
        supported,
        Road(town, people, phone="13800003333", name="王小明")
        .checking(chosen)
        .move("station_officer", "pass_check"),
        Road(town, people, grid=1).closed(chosen),
        Road(town, people, grid=2),
        west,
        Road(town, people, grid=3, actor=people["grid_worker"], channel="worker"),
        Road(town, people, grid=3),
    ]
    assert [road.case.state for road in roads] == [
        "reported", "dispatched", "dispatched", "callback", "closed", "reported", "callback", "reported", "reported",
    ]  # fmt: skip
    with acting_as(TESTS), clock.at(START):
        for road in roads[:4] + roads[5:]:
            sounds.store(road.case, sounds.read([webm()]), user_id=None, at=START)
        RepeatAlarm.objects.create(case=roads[0].case, earlier=roads[4].case, made_at=START)
        Mail.objects.create(case=roads[1].case, event_id=1, made_at=START, changed_at=START)
        _import_by(people["street_dispatcher"], roads[0].case)
        Run.objects.create(
            key=uuid.uuid4(), user_id=people["street_leader"].user_id, move="urge", lines=[], made_at=START
        )
        for who in ("station_officer", "unit_officer"):
            _printing(people[who], town)
            _long_list(people[who])
            _phone(people[who])
        for grid in (0, 2):
            for state in ("refused", "differs", "done"):
                _phone(people["grid_worker_2"], area=town.grids[grid], state=state)
        make_plan(people["station_head"].user_id, town, town.communities[0], edited=True)
        make_plan(people["street_leader"].user_id, town, town.communities[1], edited=True)
        roads[8].case.responsible = town.units["sanitation"]
        roads[8].case.save(update_fields=["responsible"])
        settle(town, people, roads[0].case)
        for keeper in ("station_officer", "station_officer_west"):
            _enrolment_by(people[keeper])
        for owner in ("station_officer", "grid_worker", "unit_officer"):
            _views(people[owner])
        for giver in ("station_officer", "street_dispatcher", "unit_officer"):
            _hand_over(people[giver], people[f"{giver}_2"], roads[1].case)
        # From somebody without an area to somebody of another unit: each sees it by name alone.
        _hand_over(people["operator"], people["urban_officer"], roads[1].case)
        _hand_over(people["district_dispatcher"], people["district_dispatcher_2"], roads[1].case)
    with clock.at(START + timedelta(days=1)):
        assert deliver(HANDLERS, limit=10_000)
    return [road.case for road in roads]


def _stand_in(town: Town) -> Actor:
    """Somebody without a post, for the station's officer from the first day on."""
    helper = make_user("stand_in", "替班")
    post = town.users["station_officer"].posts.get()
    StandIn.objects.create(
        post=post, user=helper, starts_on=START.date(), ends_on=clock.today() + timedelta(days=30)
    )
    return actor_of(helper, clock.today())


def _printing(owner: Actor, town: Town) -> None:
    """A set of boards that somebody asked for."""
    PrintRun.objects.create(
        key=uuid.uuid4(),
        user_id=owner.user_id,
        area=town.communities[0],
        links="https://example.org/q/{code}",
        language="zh-hans",
        total=2,
        made_at=START,
    )


def _long_list(owner: Actor) -> None:
    """A list of cases that somebody asked for."""
    ListFile.objects.create(
        key=uuid.uuid4(),
        user_id=owner.user_id,
        asked={},
        words="全部",
        language="zh-hans",
        made_at=START,
    )


def _phone(owner: Actor, **more: Any) -> None:
    """A phone that brought a record with a photo, and the same record with other bytes; `more` are where and its state."""
    user, text = {"user_id": owner.user_id}, {"payload": "{}", "sha256": "0" * 64}
    device = Device.objects.create(uid=uuid.uuid4(), first_at=START, seen_at=START, **user)
    kept = {"kind": "report", "form": "report-1", "language": "zh-hans", "received_at": START, **text, **user}
    kept["state"] = more.pop("state", "refused")
    record = Record.objects.create(id=uuid.uuid4(), device=device, **kept, **more)
    Aside.objects.create(record=record.pk, received_at=START, **text, **user, **more)
    Upload.objects.create(sha256=uuid.uuid4().hex * 2, size=10, type="image/jpeg", begun_at=START, **user)


def _views(owner: Actor) -> None:
    """A view of their own, one shared with the unit, and a shared one that was removed."""
    unit = owner.posts[0].unit_id
    for name, unit_id, removed in (("own", None, None), ("shared", unit, None), ("removed", unit, START)):
        SavedView.objects.create(
            user_id=owner.user_id,
            unit_id=unit_id,
            name=name,
            filters={"flag": "open"},
            made_at=START,
            removed_at=removed,
        )


def _hand_over(giver: Actor, receiver: Actor, case: Case) -> None:
    """A list with one line; the line's case is not asked about, whoever sees the list reads what stood in it."""
    post = giver.posts[0]
    made_over = HandOver.objects.create(
        key=uuid.uuid4(),
        reason=HandOver.Reason.LEAVE,
        giver_id=giver.user_id,
        receiver_id=receiver.user_id,
        post_id=post.id,
        unit_id=post.unit_id,
        area_path=post.area_path,
        from_day=START.date(),
        made_at=START,
    )
    HandOverLine.objects.create(handover=made_over, position=1, kind="case", case=case, facts={})


@pytest.fixture
def town(scene: Scene) -> Town:
    return scene.town


@pytest.fixture
def people(scene: Scene) -> dict[str, Actor]:
    return scene.people


@pytest.fixture
def cases(scene: Scene) -> list[Case]:
    return scene.cases
