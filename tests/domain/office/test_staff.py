"""Joiners and leavers: nothing stays undone, nobody keeps a way in."""

from datetime import timedelta

import pytest
from django.db.models import Q

from casework import START, STREET, TESTS, Road, condition, stored
from factories import Town, give, make_user
from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.jobs import end_accounts
from wangge.domain.access.models import Post, StandIn, User
from wangge.domain.access.scope import acting_as
from wangge.domain.office.models import HandOver
from wangge.domain.office.services.handovers import answer
from wangge.domain.office.services.staff import join, leave, leaving
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed

People = dict[str, Actor]
LAST = START.date() + timedelta(days=7)


@pytest.fixture
def admin(town: Town) -> Actor:
    return town.actor(Role.ADMINISTRATOR)


def run_out(user_id: int) -> bool:
    return not Post.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=LAST), user_id=user_id).exists()


def test_a_joiner_has_an_account_a_post_from_the_day_and_a_password_to_change(
    town: Town, admin: Actor
) -> None:
    with clock.at(START):
        user = join(
            admin,
            username="chen",
            name="陈新",
            password="first-pass-2026",
            email="",
            role="station_officer",
            area_id=town.communities[0].pk,
            unit_id=town.units["station"].pk,
            starts_on=LAST,
        )
    assert user.must_change_password
    assert [post.starts_on for post in Post.objects.filter(user=user)] == [LAST]


def test_a_leaver_whom_nobody_can_replace_leaves_only_with_a_successor(
    town: Town, people: People, admin: Actor
) -> None:
    road = Road(town, people).handling(condition(**STREET))
    head, officer = people["unit_head"], people["unit_officer"]
    with clock.at(START):
        with pytest.raises(Invalid) as refused:
            leave(admin, head.user_id, last_day=LAST)
        assert "部门负责人" in refused.value.fields["successor"]
        with pytest.raises(Invalid) as refused:
            leave(admin, officer.user_id, last_day=LAST)
        assert "1 件" in refused.value.fields["successor"]
        assert User.objects.get(pk=officer.user_id).leaves_on is None
        leave(admin, head.user_id, last_day=LAST, successor_id=people["unit_officer_2"].user_id)
        leave(
            admin, officer.user_id, last_day=LAST, successor_id=people["unit_officer_2"].user_id, note="钥匙"
        )
    assert run_out(head.user_id)
    new = Post.objects.get(user_id=people["unit_officer_2"].user_id, role="unit_head")
    assert new.starts_on == LAST + timedelta(days=1)
    with acting_as(TESTS):
        made = HandOver.objects.get(giver_id=officer.user_id)
    assert (made.from_day, made.note, made.reason) == (LAST + timedelta(days=1), "钥匙", "leaving")
    with clock.at(START):
        answer(people["unit_officer_2"], made.pk, accept=True)
    assert stored(road.case.pk).handler_id == people["unit_officer_2"].user_id


def test_the_account_is_closed_the_day_after_the_last_and_with_it_every_session(
    town: Town, people: People, admin: Actor
) -> None:
    user_id = people["station_officer_2"].user_id
    lent = Post.objects.get(user_id=user_id)
    helper = people["station_officer"].user_id
    StandIn.objects.create(post=lent, user_id=helper, starts_on=LAST, ends_on=LAST + timedelta(days=9))
    StandIn.objects.create(
        post=lent, user_id=helper, starts_on=LAST + timedelta(days=20), ends_on=LAST + timedelta(days=21)
    )
    with clock.at(START):
        leave(admin, user_id, last_day=LAST)
        assert [row.ends_on for row in StandIn.objects.filter(post=lent)] == [LAST]
    with clock.at(START + timedelta(days=7)):
        assert end_accounts(timestamp=0) == 0
        browser = town.client("station_officer_2")
        assert browser.get("/desk/account").status_code == 200
    with clock.at(START + timedelta(days=8)):
        assert end_accounts(timestamp=0) == 1
    assert browser.get("/desk/account").status_code == 302
    assert not User.objects.get(pk=user_id).is_active


def test_nobody_but_an_administrator_makes_others_leave_and_not_themselves(
    town: Town, people: People, admin: Actor
) -> None:
    with clock.at(START):
        with pytest.raises(NotAllowed):
            leaving(people["station_head"], people["station_officer"].user_id, LAST)
        other = make_user("admin2", "admin2")
        give(other, Role.ADMINISTRATOR, town.district)
        with pytest.raises(Invalid):
            leave(admin, admin.user_id, last_day=LAST)
        leave(admin, other.pk, last_day=LAST)
        with pytest.raises(Invalid):
            leave(admin, people["station_officer_2"].user_id, last_day=START.date() - timedelta(days=1))
