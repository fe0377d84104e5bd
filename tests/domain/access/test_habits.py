"""Who reads far above their own habit is told to whoever answers for them."""

from datetime import timedelta

import pytest

from casework import START, TESTS
from wangge.domain.access import habits
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import ReadLog
from wangge.domain.access.scope import acting_as
from wangge.domain.office.models import Notice
from wangge.domain.office.services.notices import HANDLERS
from wangge.platform import clock
from wangge.platform.outbox.services import deliver

pytestmark = pytest.mark.django_db


def looked(actor: Actor, count: int, days_ago: int = 0, person: str = "x") -> None:
    at = START - timedelta(days=days_ago)
    ReadLog.objects.bulk_create(
        ReadLog(at=at, user_id=actor.user_id, subject="resident", person=person, channel="desk")
        for _n in range(count)
    )


def found() -> dict[int, tuple[int, int]]:
    return {one.user_id: (one.count, one.usual) for one in habits.unusual(START.date())}


def test_a_day_far_above_the_own_median_is_found_and_a_usual_one_is_not(people: dict[str, Actor]) -> None:
    busy, calm, new = people["station_officer"], people["grid_worker"], people["grid_worker_west"]
    for days, count in ((1, 60), (2, 50), (9, 40), (40, 1)):
        looked(busy, count, days)
        looked(calm, 5, days)
    looked(busy, 4 * 50 - 1)
    looked(calm, habits.LEAST)
    looked(new, habits.LEAST - 1)
    assert found() == {calm.user_id: (habits.LEAST, 5)}
    looked(busy, 1)
    looked(new, 1)
    assert found()[busy.user_id] == (200, 50)
    assert found()[new.user_id] == (habits.LEAST, 0)


def test_looks_at_nobody_do_not_count(people: dict[str, Actor]) -> None:
    looked(people["station_officer"], 500, person="")
    assert found() == {}


@pytest.mark.parametrize(("who", "told"), [
    ("grid_worker", {"station_head", "privacy_officer"}),
    ("station_head", {"street_leader", "privacy_officer"}),
    ("street_dispatcher", {"street_leader", "privacy_officer"}),
    ("street_leader", {"district_leader", "privacy_officer"}),
    ("district_leader", {"privacy_officer"}),
])  # fmt: skip
def test_the_supervisor_is_told_once_a_day_by_name_and_numbers(
    people: dict[str, Actor], who: str, told: set[str]
) -> None:
    looked(people[who], habits.LEAST)
    with clock.at(START):
        for _hour in range(2):
            assert habits.tell_unusual() == 1
        deliver(HANDLERS, limit=100)
    with acting_as(TESTS):
        notices = list(Notice.objects.filter(kind="bulk_reading"))
    assert {one.user_id for one in notices} == {people[name].user_id for name in told}
    assert len(notices) == len(told)
    assert notices[0].params == {"name": people[who].name, "count": habits.LEAST, "usual": 0}
