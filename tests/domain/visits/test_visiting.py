"""Visits that somebody asked for: due by their rhythm, in walking order, made once; the stand-in sees them too."""

import uuid
from datetime import date, timedelta

import pytest

from casework import TESTS
from factories import Town, make_user
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import StandIn
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.register.models import CareNeed
from wangge.domain.register.services import care as caring
from wangge.domain.visits import queries, rules
from wangge.domain.visits.models import Visit, VisitPlan
from wangge.domain.visits.services.visiting import end_plan, plan_visits, record_visit
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("rhythm", "last", "made", "since", "left"),
    [
        ("three_a_day", MONDAY, 1, MONDAY, 2),
        ("three_a_day", MONDAY - timedelta(days=1), 1, MONDAY, 3),
        ("weekly", MONDAY - timedelta(days=9), 1, MONDAY - timedelta(days=2), 1),
        ("weekly", None, 0, MONDAY - timedelta(days=20), 1),
    ],
)
def test_a_visit_waits_from_its_day_on_and_missed_days_do_not_pile_up(
    rhythm: str, last: date | None, made: int, since: date, left: int
) -> None:
    start = MONDAY - timedelta(days=20)
    assert rules.due(rhythm, start, last, made, MONDAY) == rules.Due(since, left)


@pytest.mark.parametrize(
    ("rhythm", "last", "made"),
    [("daily", MONDAY, 1), ("two_a_day", MONDAY, 2), ("weekly", MONDAY - timedelta(days=6), 1)],
)
def test_nothing_waits_when_the_rhythm_is_kept(rhythm: str, last: date, made: int) -> None:
    assert rules.due(rhythm, MONDAY - timedelta(days=20), last, made, MONDAY) is None


def test_the_way_leads_from_each_door_to_the_nearest_that_is_left() -> None:
    doors = {"first": (113.0, 23.0), "far": (113.1, 23.0), "near": (113.01, 23.0), "next": (113.02, 23.0)}
    assert rules.route(list(doors), doors.__getitem__) == ["first", "near", "next", "far"]


@pytest.mark.parametrize("words", ["电话13800001234", "138 0000 1234", "身份证11010519491231002X。"])
def test_numbers_of_people_are_noticed_in_words(words: str) -> None:
    assert rules.holds_number_of_a_person(words)
    assert not rules.holds_number_of_a_person(
        "12号楼3单元401，水表读数20261123，路灯编号440105008101001001（18位）"
    )


@pytest.fixture
def worker(people: dict[str, Actor]) -> Actor:
    return people["grid_worker"]


@pytest.fixture
def need(town: Town) -> CareNeed:
    """The care need of the worker's grid, without a plan, a year to run."""
    with acting_as(TESTS):
        VisitPlan.objects.all().delete()
        found: CareNeed = CareNeed.objects.filter(area=town.grids[0]).get()
        found.ends_on = clock.today() + timedelta(days=365)
        found.save(update_fields=["ends_on"])
        return found


def planned(actor: Actor, need: CareNeed, key: uuid.UUID | None = None, **other: object) -> VisitPlan:
    today = clock.today()
    given = {"rhythm": "daily", "checks": ["gas"], "starts_on": today, "ends_on": today + timedelta(days=9)}
    return plan_visits(actor, key or uuid.uuid4(), need.pk, **{**given, **other})  # type: ignore[arg-type]


def test_visits_are_planned_only_for_care_that_runs_and_once(worker: Actor, need: CareNeed) -> None:
    key = uuid.uuid4()
    plan = planned(worker, need, key)
    assert planned(worker, need, key) == plan
    with pytest.raises(Conflict):
        planned(worker, need, key, rhythm="weekly")
    with pytest.raises(Conflict):
        planned(worker, need)
    end_plan(worker, plan.pk)
    with pytest.raises(Invalid) as refusal:
        planned(worker, need, rhythm="hourly", checks=["faith"], ends_on=need.ends_on + timedelta(days=1))
    assert set(refusal.value.fields) == {"rhythm", "checks", "ends_on"}
    caring.withdraw(worker, need.pk)
    with pytest.raises(Conflict):
        planned(worker, need)


def test_a_visit_is_recorded_once_and_then_nothing_waits(worker: Actor, need: CareNeed) -> None:
    plan, key, today = planned(worker, need), uuid.uuid4(), clock.today()
    record_visit(worker, uuid.uuid4(), plan.pk, outcome="absent")
    (stop,) = queries.due(worker, today)
    assert stop.absent_today
    for _time in range(2):
        record_visit(worker, key, plan.pk, outcome="done", text="下次带灯泡")
    with pytest.raises(Conflict):
        record_visit(worker, key, plan.pk, outcome="declined")
    with pytest.raises(Invalid):
        record_visit(worker, uuid.uuid4(), plan.pk, outcome="done", text="电话 13800001234")
    assert queries.due(worker, today) == []
    assert len(queries.due(worker, today + timedelta(days=1))) == 1
    with acting_as(TESTS):
        assert Visit.objects.filter(plan=plan).count() == 2


def test_a_withdrawn_consent_ends_the_visits_at_once(worker: Actor, need: CareNeed) -> None:
    plan = planned(worker, need)
    caring.withdraw(worker, need.pk)
    assert queries.due(worker, clock.today()) == []
    with pytest.raises(NotFound):
        queries.plan_of(worker, plan.pk)


def test_who_stands_in_for_the_worker_sees_what_is_due_on_those_days(
    town: Town, worker: Actor, need: CareNeed
) -> None:
    planned(worker, need)
    helper = make_user("helper", "替班员")
    today = clock.today()
    assert queries.due(actor_of(helper, today), today) == []
    post = town.users["grid_worker"].posts.get()
    StandIn.objects.create(post=post, user=helper, starts_on=today, ends_on=today)
    assert len(queries.due(actor_of(helper, today), today)) == 1
    assert queries.due(actor_of(helper, today + timedelta(days=1)), today) == []


def test_the_neighbours_and_the_street_plan_no_visits(
    people: dict[str, Actor], worker: Actor, need: CareNeed
) -> None:
    plan = planned(worker, need)
    for name in ("grid_worker_beside", "station_officer_west", "unit_officer"):
        with pytest.raises(NotFound):
            record_visit(people[name], uuid.uuid4(), plan.pk, outcome="done")
    with pytest.raises(NotAllowed):
        end_plan(people["street_dispatcher"], plan.pk)


def test_what_is_due_costs_the_same_for_one_and_for_many(
    people: dict[str, Actor], django_assert_num_queries: object
) -> None:
    with acting_as(people["station_officer"]), django_assert_num_queries(1):  # type: ignore[operator]
        queries.due(people["station_officer"], clock.today())
