"""Rosters: planned by the station, begun and ended once by the holder or who stands in."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from factories import Town, make_user
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import StandIn
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.shifts import queries, services
from wangge.domain.shifts.models import Shift
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(town: Town) -> int:
    pk: int = town.users["grid_worker"].posts.get().pk
    return pk


def planned(people: dict[str, Actor], post: int, *days: date) -> list[Shift]:
    return services.plan(people["station_officer"], uuid.uuid4(), post_id=post, kind="early", days=days)


def test_the_station_plans_its_own_people_and_nobody_else(people: dict[str, Actor], post: int) -> None:
    today = clock.today()
    (shift,) = planned(people, post, today)
    assert planned(people, post, today) == [shift]
    for days in ((), (today - timedelta(days=1),)):
        with pytest.raises(Invalid):
            planned(people, post, *days)
    for name in ("station_officer_west", "grid_worker"):
        with pytest.raises(Invalid):
            services.plan(people[name], uuid.uuid4(), post_id=post, kind="early", days=[today])


def test_a_shift_begins_and_ends_once_on_its_day(people: dict[str, Actor], post: int) -> None:
    today, worker = clock.today(), people["grid_worker"]
    shift, later = planned(people, post, today, today + timedelta(days=1))
    with pytest.raises(Conflict):
        services.end(worker, shift.pk)
    begun = services.begin(worker, shift.pk)
    assert services.begin(worker, shift.pk).begun_at == begun.begun_at
    ended = services.end(worker, shift.pk)
    assert services.end(worker, shift.pk).ended_at == ended.ended_at
    with pytest.raises(Conflict):
        services.begin(worker, later.pk)
    with pytest.raises(Conflict):
        services.remove(people["station_officer"], shift.pk)
    services.remove(people["station_officer"], later.pk)
    with pytest.raises(NotAllowed):
        services.begin(people["station_officer"], shift.pk)
    with pytest.raises(NotFound):
        services.begin(people["grid_worker_west"], shift.pk)


def test_who_stands_in_begins_the_shift_and_the_sheet_says_so(
    people: dict[str, Actor], town: Town, post: int
) -> None:
    today = clock.today()
    (shift,) = planned(people, post, today)
    helper = make_user("helper", "替班员")
    StandIn.objects.create(post_id=post, user=helper, starts_on=today, ends_on=today)
    actor = actor_of(helper, today)
    assert queries.mine(actor, today) == [shift]
    assert services.begin(actor, shift.pk).begun_by == helper
    (row,) = queries.month(people["station_officer"], today.replace(day=1))
    assert (row.name, row.kept, row.taken_over) == (town.users["grid_worker"].name, 1, 1)
    assert [line.instead for line in row.lines] == ["替班员"]


def test_a_week_is_copied_once(people: dict[str, Actor], post: int) -> None:
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    shifts = planned(people, post, today)
    following = monday + timedelta(days=7)
    assert [services.copy_week(people["station_head"], following) for _time in range(2)] == [1, 0]
    week = dict(queries.week(people["grid_worker"], following))
    assert [line.shift.kind for line in week[today + timedelta(days=7)]] == ["early"]
    assert shifts[0].state == "planned"
    with pytest.raises(NotAllowed):
        services.copy_week(people["grid_worker"], following)


def test_the_week_costs_the_same_for_one_and_for_many(
    people: dict[str, Actor], post: int, django_assert_num_queries: Any
) -> None:
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    for days in ([today], [today + timedelta(days=n) for n in range(7)]):
        planned(people, post, *days)
        with acting_as(people["station_officer"]), django_assert_num_queries(2):
            queries.week(people["station_officer"], monday)
