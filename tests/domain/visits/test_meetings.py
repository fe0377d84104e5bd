"""Meetings: called in one's own area, counted and written down afterwards, followed up."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.visits import queries
from wangge.domain.visits.models import Meeting
from wangge.domain.visits.services import meetings
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def called(actor: Actor, area: int, key: uuid.UUID | None = None, **other: Any) -> Meeting:
    given = {"kind": "council", "title": "加装电梯", "place": "活动室", "starts_at": clock.now()}
    return meetings.call(actor, key or uuid.uuid4(), area_id=area, **{**given, **other})


def test_a_meeting_is_called_once_in_ones_own_area(people: dict[str, Actor], town: Town) -> None:
    key, now = uuid.uuid4(), clock.now()
    officer, community = people["station_officer"], town.communities[0].pk
    first = called(officer, community, key, starts_at=now)
    assert called(officer, community, key, starts_at=now) == first
    with pytest.raises(Conflict):
        called(officer, community, key, starts_at=now, title="别的")
    with pytest.raises(NotAllowed):
        called(people["grid_worker"], community)
    with pytest.raises(Invalid) as refusal:
        called(officer, community, kind="party", title=" ", invitation="请打 13800001234")
    assert set(refusal.value.fields) == {"kind", "title", "invitation"}
    with pytest.raises(NotFound):
        queries.meeting(people["station_officer_west"], first.pk)


def test_minutes_count_who_came_and_are_written_afterwards(people: dict[str, Actor], town: Town) -> None:
    officer, community = people["station_officer"], town.communities[0].pk
    later = called(officer, community, starts_at=clock.now() + timedelta(hours=1))
    with pytest.raises(Conflict):
        meetings.keep_minutes(officer, later.pk, came=12, minutes="")
    held = called(officer, community)
    with pytest.raises(Invalid):
        meetings.keep_minutes(officer, held.pk, came=-1, minutes="")
    assert meetings.keep_minutes(officer, held.pk, came=12, minutes="同意").came == 12


def test_what_was_agreed_on_is_open_until_done(people: dict[str, Actor], town: Town) -> None:
    officer, today = people["station_officer"], clock.today()
    held = called(officer, town.communities[0].pk)
    given = {"text": "量楼道尺寸", "owner_id": officer.user_id, "due_on": today}
    item = meetings.agree(officer, uuid.uuid4(), held.pk, **given)
    for wrong in (
        {"owner_id": people["unit_officer"].user_id},
        {"due_on": today - timedelta(days=1)},
        {"text": ""},
    ):
        with pytest.raises(Invalid):
            meetings.agree(officer, uuid.uuid4(), held.pk, **{**given, **wrong})
    for open_items in (1, 0):
        with acting_as(officer):
            assert queries.meetings().get(pk=held.pk).open_items == open_items
        meetings.finish(officer, item.pk)


def test_a_meeting_costs_two_statements(
    people: dict[str, Actor], town: Town, django_assert_num_queries: Any
) -> None:
    held = called(people["station_officer"], town.communities[0].pk)
    with acting_as(people["station_officer"]), django_assert_num_queries(2):
        queries.meeting(people["station_officer"], held.pk)
