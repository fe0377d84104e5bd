"""Posts of an area that goes on as part of another move to it, and what was before stays on record."""

from datetime import date, timedelta

import pytest

from casework import TESTS
from factories import BEGINNING, Town, give, make_town, make_user
from wangge.domain.access.actor import Role
from wangge.domain.access.models import Post, StandIn
from wangge.domain.access.moving import move_posts
from wangge.domain.access.scope import acting_as

DAY = date(2027, 1, 10)
BEFORE = DAY - timedelta(days=1)


@pytest.fixture
def town(db: None) -> Town:
    with acting_as(TESTS):
        return make_town()


@pytest.fixture
def post(town: Town) -> Post:
    """Somebody's post in the first grid, which goes on as the second."""
    return give(make_user("mover", "搬网格"), Role.GRID_WORKER, town.grids[0], town.units["station"])


def moved(town: Town) -> int:
    return move_posts({town.grids[0].pk: town.grids[1].pk}, DAY)


def days_of(post: Post) -> list[tuple[str, date, date | None]]:
    rows = Post.objects.filter(user=post.user_id).order_by("starts_on")
    return [(one.area.name, one.starts_on, one.ends_on) for one in rows.select_related("area")]


def test_a_post_ends_the_day_before_and_goes_on_in_the_heir(town: Town, post: Post) -> None:
    assert moved(town) >= 1
    assert days_of(post) == [("东1网格", BEGINNING, BEFORE), ("东2网格", DAY, None)]
    assert moved(town) == 0


def test_a_post_that_ended_before_stays_where_it_was(town: Town, post: Post) -> None:
    Post.objects.filter(pk=post.pk).update(ends_on=BEFORE)
    moved(town)
    assert days_of(post) == [("东1网格", BEGINNING, BEFORE)]


def test_a_post_that_would_begin_later_begins_in_the_heir(town: Town, post: Post) -> None:
    later = DAY + timedelta(days=5)
    Post.objects.filter(pk=post.pk).update(starts_on=later)
    moved(town)
    assert days_of(post) == [("东2网格", later, None)]


def test_who_has_the_post_in_the_heir_already_has_it_once(town: Town, post: Post) -> None:
    give(post.user, Role.GRID_WORKER, town.grids[1], town.units["station"])
    moved(town)
    assert sorted(days_of(post)) == [("东1网格", BEGINNING, BEFORE), ("东2网格", BEGINNING, None)]


def test_stand_ins_go_along_from_the_day_on(town: Town, post: Post) -> None:
    other = town.users["grid_worker"]
    for first, last in ((DAY - timedelta(days=3), DAY + timedelta(days=3)), (DAY + timedelta(days=9),) * 2):
        StandIn.objects.create(post=post, user=other, starts_on=first, ends_on=last, reason="培训")
    moved(town)
    rows = StandIn.objects.filter(post__user=post.user_id).order_by("starts_on")
    assert [(one.post.area_id, one.starts_on, one.ends_on) for one in rows.select_related("post")] == [
        (town.grids[0].pk, DAY - timedelta(days=3), BEFORE),
        (town.grids[1].pk, DAY, DAY + timedelta(days=3)),
        (town.grids[1].pk, DAY + timedelta(days=9), DAY + timedelta(days=9)),
    ]
