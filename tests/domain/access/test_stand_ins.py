"""A stand-in has the scope of the post on its days, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from casework import START
from factories import Town, give, make_user
from rings import by_wall
from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.models import Post, StandIn
from wangge.domain.access.queries import actor_of, holders
from wangge.domain.cases.models import Case, Contact


def lend(post: Post, town: Town, first: int, last: int) -> Any:
    helper = make_user("helper", "helper")
    day = START.date()
    StandIn.objects.create(
        post=post, user=helper, starts_on=day + timedelta(days=first), ends_on=day + timedelta(days=last)
    )
    return helper


@pytest.mark.parametrize("name", ["grid_worker", "unit_officer", "operator", "street_dispatcher"])
def test_a_stand_in_sees_exactly_the_scope_of_the_post_on_its_days(
    town: Town, people: dict[str, Actor], cases: list[Case], name: str
) -> None:
    helper = lend(town.users[name].posts.get(), town, 1, 2)
    day = START.date()
    own = {case.pk for case in cases if case.reported_by_id == people[name].user_id}
    scope = by_wall(Case, people[name]) - own
    assert scope
    for after, seen in ((0, set()), (1, scope), (2, scope), (3, set())):
        assert by_wall(Case, actor_of(helper, day + timedelta(days=after))) == seen


def test_standing_in_for_a_post_that_has_not_begun_or_has_ended_gives_nothing(town: Town) -> None:
    day = START.date()
    for begins, ends in ((5, None), (-9, -5)):
        post = Post.objects.create(
            user=town.users["unit_officer"],
            role=Role.UNIT_HEAD,
            area=town.district,
            unit=town.units["sanitation"],
            starts_on=day + timedelta(days=begins),
            ends_on=day + timedelta(days=ends) if ends else None,
        )
        helper = make_user(f"helper{begins}", "helper")
        StandIn.objects.create(post=post, user=helper, starts_on=day, ends_on=day + timedelta(days=9))
        assert actor_of(helper, day).posts == ()


def test_an_operator_of_two_places_sees_the_waiting_calls_of_both(
    town: Town, people: dict[str, Actor], cases: list[Case]
) -> None:
    """A street's operator who stands in for another's."""
    user = make_user("two places", "two places")
    for community in town.communities:
        give(user, Role.OPERATOR, community)
    waiting = {case.pk for case in cases if case.state == "callback"}
    actor = actor_of(user, START.date())
    assert by_wall(Contact, actor) == waiting
    assert by_wall(Case, actor) == waiting


def test_a_closed_account_is_told_nothing(town: Town) -> None:
    helper = lend(town.users["unit_officer"].posts.get(), town, 0, 5)
    find: Callable[[], list[int]] = lambda: holders(  # noqa: E731
        START.date(), roles=(Role.UNIT_OFFICER,), unit_id=town.units["sanitation"].pk
    )
    assert helper.pk in find()
    helper.is_active = False
    helper.save()
    assert helper.pk not in find()
