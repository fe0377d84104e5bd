"""What a phone takes along of a round: visits, who waits at the doors, shifts; each look at a person is written down."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import TESTS
from factories import client_for
from handset import Phone
from scene import Scene
from wangge.domain.access.models import ReadLog
from wangge.domain.access.scope import acting_as
from wangge.domain.register.models import CareNeed
from wangge.domain.register.purposes import CARE_ASKED_FOR
from wangge.domain.shifts.models import Shift
from wangge.domain.visits.models import FollowUp, Meeting, Visit, VisitPlan
from wangge.faces.field import packet
from wangge.platform import clock

pytestmark = pytest.mark.django_db
STATEMENTS = 22


@pytest.fixture
def scene(scene: Scene) -> Scene:
    """Every plan runs on the day of the tests."""
    with acting_as(TESTS):
        Visit.objects.all().delete()
        VisitPlan.objects.update(starts_on=clock.today(), ends_on=clock.today() + timedelta(days=30))
        CareNeed.objects.update(ended_on=None)
    return scene


def given(scene: Scene, who: str) -> Any:
    actor = scene.people[who]
    with acting_as(actor):
        return packet.whole(actor)


def looks() -> list[tuple[int | None, str, str, str]]:
    rows = ReadLog.objects.filter(channel="field").order_by("pk")
    return list(rows.values_list("user_id", "data_class", "purpose", "channel"))


def test_visits_say_where_and_what_to_bring_and_nobodys_name(scene: Scene) -> None:
    (row,) = given(scene, "grid_worker")["visits"].values()
    assert (row["bring"], row["check"], row["left"], row["order"]) == ("热饭热菜", ["燃气和电器安全"], 1, 0)
    assert row["address"]
    assert "陈大文" not in str(row)


def test_who_waits_goes_along_for_who_goes_there_and_for_nobody_else(scene: Scene) -> None:
    (home,) = given(scene, "grid_worker")["households"].values()
    assert [person["name"] for person in home["people"]] == ["陈大文"]
    assert home["purpose"] == CARE_ASKED_FOR
    assert given(scene, "station_officer")["visits"]
    assert given(scene, "station_officer")["households"] == {}
    assert given(scene, "street_dispatcher")["visits"] == {}


def test_without_a_visit_due_no_household_goes_along(scene: Scene) -> None:
    with acting_as(TESTS):
        VisitPlan.objects.update(ended_on=clock.today())
    assert given(scene, "grid_worker")["households"] == {}


def test_each_household_told_is_a_look_with_its_purpose_and_told_again_is_looked_at_again(
    scene: Scene,
) -> None:
    phone, before = Phone(client_for(scene.town.users["grid_worker"])), looks()
    phone.take(phone.sync())
    assert len(phone.held["households"]) == 1
    user = scene.people["grid_worker"].user_id
    first = [*before, (user, "姓名、电话、照料需求", CARE_ASKED_FOR, "field")]
    assert looks() == first
    phone.take(phone.sync())
    assert looks() == first
    phone.cursor = "99"
    phone.take(phone.sync())
    assert looks() == [*first, first[-1]]


def test_a_household_is_gone_from_the_phone_when_the_visit_was_made(scene: Scene) -> None:
    phone = Phone(client_for(scene.town.users["grid_worker"]))
    phone.take(phone.sync())
    with acting_as(TESTS):
        VisitPlan.objects.update(ended_on=clock.today())
    gone = phone.sync()["gone"]
    assert set(gone) == {"visits", "households"}


def test_shifts_are_ones_own_of_the_next_seven_days(scene: Scene) -> None:
    with acting_as(TESTS):
        row = Shift.objects.get(user_id=scene.people["grid_worker"].user_id)
        found = {}
        for days in (-1, 0, 7, 8):
            Shift.objects.filter(pk=row.pk).update(day=clock.today() + timedelta(days=days))
            found[days] = set(given(scene, "grid_worker")["shifts"])
    assert found == {-1: set(), 0: {str(row.pk)}, 7: {str(row.pk)}, 8: set()}


def test_meetings_of_the_week_and_ones_own_open_items_go_along(scene: Scene) -> None:
    with acting_as(TESTS):
        meeting = Meeting.objects.get(area=scene.town.grids[0])
        item = FollowUp.objects.get(meeting=meeting)
        found = {}
        for days in (-8, -6, 6, 8):
            Meeting.objects.filter(pk=meeting.pk).update(starts_at=clock.now() + timedelta(days=days))
            FollowUp.objects.filter(pk=item.pk).update(done_on=clock.today())
            found[days] = set(given(scene, "grid_worker")["meetings"])
        assert found == {-8: set(), -6: {str(meeting.pk)}, 6: {str(meeting.pk)}, 8: set()}
        FollowUp.objects.filter(pk=item.pk).update(done_on=None)
    (row,) = given(scene, "grid_worker")["meetings"].values()
    assert [one["id"] for one in row["items"]] == [str(item.pk)]
    with acting_as(TESTS):
        FollowUp.objects.filter(pk=item.pk).update(owner_id=scene.people["station_officer"].user_id)
    assert given(scene, "grid_worker")["meetings"] == {}
    assert given(scene, "street_dispatcher")["meetings"] == {}


def test_a_packet_with_visits_and_shifts_costs_the_pinned_statements(scene: Scene) -> None:
    actor = scene.people["grid_worker"]
    given(scene, "grid_worker")
    with acting_as(actor), CaptureQueriesContext(connection) as captured:
        whole = packet.whole(actor)
    supported = sum(row["state"] == "dispatched" for row in whole["cases"].values())
    assert len(captured) <= STATEMENTS + supported
