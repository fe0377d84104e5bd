"""Units, posts, stand-ins and accounts through the pages of an administrator."""

from datetime import timedelta

import pytest
from django.urls import reverse

from factories import Town
from wangge.domain.access.actor import Role
from wangge.domain.access.models import Post, StandIn, Unit, User
from wangge.platform import clock


def test_a_unit_is_founded_changed_and_closed(town: Town) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    form = {"name": "海珠区水务局", "kind": "department", "duty": "water", "active": "on"}
    answer = browser.post(f"{reverse('desk:new-unit')}?area={town.district.pk}", form)
    unit = Unit.objects.get(name="海珠区水务局")
    assert answer["Location"] == reverse("desk:unit", args=[unit.pk])
    browser.post(reverse("desk:unit", args=[unit.pk]), form | {"phone": "020-1234"})
    browser.post(reverse("desk:close-unit", args=[unit.pk]), {})
    unit.refresh_from_db()
    assert (unit.phone, unit.active, unit.short_name) == ("020-1234", False, "海珠区水务局")


def test_the_same_unit_sent_twice_is_made_once(town: Town) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    form = {"name": "海珠区水务局", "kind": "department", "duty": "water", "active": "on"}
    address = f"{reverse('desk:new-unit')}?area={town.district.pk}"
    assert browser.post(address, form).status_code == 302
    assert browser.post(address, form).status_code == 422
    assert Unit.objects.filter(name="海珠区水务局").count() == 1


def test_a_station_outside_a_community_is_refused_at_its_field(town: Town) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    form = {"name": "错设的工作站", "kind": "station", "active": "on"}
    answer = browser.post(f"{reverse('desk:new-unit')}?area={town.district.pk}", form)
    assert answer.status_code == 422
    assert "必须设在社区" in answer.content.decode()
    assert not Unit.objects.filter(name="错设的工作站").exists()


def test_a_grid_without_a_worker_is_shown_as_a_gap_until_it_has_one(town: Town) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    teams = f"{reverse('desk:teams')}?area={town.communities[0].pk}"
    assert browser.get(teams).context["gaps"] == 1
    form = {
        "user_id": town.users[Role.GRID_WORKER].username,
        "role": Role.GRID_WORKER.value,
        "unit_id": town.units["station"].pk,
        "starts_on": clock.today().isoformat(),
    }
    answer = browser.post(f"{reverse('desk:new-post')}?area={town.grids[1].pk}&back=teams", form, follow=True)
    assert answer.status_code == 200
    assert browser.get(teams).context["gaps"] == 0
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert browser.get(f"{teams}&day={yesterday}").context["gaps"] == 1


def test_a_second_worker_of_a_grid_is_a_helper(town: Town) -> None:
    grid, helper = town.grids[0], town.users[Role.GRID_LEAD]
    Post.objects.create(
        user=helper,
        role=Role.GRID_WORKER,
        area=grid,
        unit=town.units["station"],
        starts_on=clock.today(),
    )
    team = town.client(Role.STATION_HEAD).get(f"{reverse('desk:teams')}?area={grid.pk}").context["teams"][0]
    assert team.worker.user == town.users[Role.GRID_WORKER]
    assert [post.user for post in team.helpers] == [helper]


def test_a_stand_in_is_arranged_and_ended(town: Town) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    post = Post.objects.get(role=Role.STREET_DISPATCHER)
    today = clock.today()
    form = {
        "user_id": town.users[Role.STREET_LEADER].name,
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=3)).isoformat(),
        "reason": "年休假",
    }
    browser.post(reverse("desk:post-stand-in", args=[post.pk]), form)
    taken = StandIn.objects.get(post=post)
    assert "林永坤" in browser.get(f"{reverse('desk:posts')}?area={town.street.pk}").content.decode()
    browser.post(reverse("desk:end-stand-in", args=[taken.pk]), {"on": today.isoformat()})
    taken.refresh_from_db()
    assert taken.ends_on == today


def test_a_post_ends_on_a_day_and_stays_in_the_history(town: Town) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    post = Post.objects.get(role=Role.STREET_DISPATCHER)
    yesterday = clock.today() - timedelta(days=1)
    browser.post(reverse("desk:end-post", args=[post.pk]), {"on": yesterday.isoformat()})
    post.refresh_from_db()
    assert post.ends_on == yesterday
    assert "街道派遣员" in browser.get(reverse("desk:user", args=[post.user_id])).content.decode()


@pytest.mark.parametrize("name", ["没有的人", "同名"])
def test_a_name_that_is_unknown_or_not_unique_is_refused(town: Town, name: str) -> None:
    for number in (1, 2):
        User.objects.create(username=f"same{number}", name="同名", password="!")
    form = {"user_id": name, "role": Role.OPERATOR.value, "starts_on": clock.today().isoformat()}
    answer = town.client(Role.ADMINISTRATOR).post(f"{reverse('desk:new-post')}?area={town.district.pk}", form)
    assert answer.status_code == 422
    assert answer.context["form"].errors["user_id"]


def test_a_made_password_is_shown_once_and_works(town: Town) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    answer = browser.post(reverse("desk:new-user"), {"name": "新同事", "username": "colleague"})
    password = answer.context["password"]
    user = User.objects.get(username="colleague")
    assert len(password) >= 15
    assert user.check_password(password)
    assert password not in browser.get(reverse("desk:user", args=[user.pk])).content.decode()


def test_a_typed_password_must_be_typed_the_same_twice(town: Town) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    form = {"name": "新同事", "username": "colleague", "password": "Long-enough-1", "again": "Long-enough-2"}
    answer = browser.post(reverse("desk:new-user"), form)
    assert answer.context["form"].errors["again"]
    assert not User.objects.filter(username="colleague").exists()
    browser.post(reverse("desk:new-user"), form | {"again": "Long-enough-1"})
    assert User.objects.get(username="colleague").check_password("Long-enough-1")


def test_a_weak_password_is_refused_at_its_field(town: Town) -> None:
    form = {"name": "新同事", "username": "colleague", "password": "12345", "again": "12345"}
    answer = town.client(Role.ADMINISTRATOR).post(reverse("desk:new-user"), form)
    assert answer.context["form"].errors["password"]


def test_a_new_password_ends_the_sessions_of_the_old_one(town: Town) -> None:
    worker = town.client(Role.GRID_WORKER)
    user = town.users[Role.GRID_WORKER]
    assert worker.get(reverse("desk:units")).status_code == 200
    town.client(Role.ADMINISTRATOR).post(reverse("desk:user-password", args=[user.pk]), {})
    assert worker.get(reverse("desk:units")).status_code == 302


def test_a_closed_account_loses_its_posts_today_and_opens_again_without_them(town: Town) -> None:
    browser, user = town.client(Role.ADMINISTRATOR), town.users[Role.GRID_WORKER]
    address = reverse("desk:user-active", args=[user.pk])
    browser.post(address, {"active": "0"})
    user.refresh_from_db()
    assert not user.is_active
    assert Post.objects.get(user=user).ends_on == clock.today()
    browser.post(address, {"active": "1"})
    user.refresh_from_db()
    assert user.is_active


def test_nobody_closes_their_own_account(town: Town) -> None:
    user = town.users[Role.ADMINISTRATOR]
    address = reverse("desk:user-active", args=[user.pk])
    town.client(Role.ADMINISTRATOR).post(address, {"active": "0"})
    user.refresh_from_db()
    assert user.is_active


def test_accounts_are_found_by_name_and_by_having_no_post(town: Town) -> None:
    User.objects.create(username="idle", name="无岗", password="!")
    browser = town.client(Role.ADMINISTRATOR)
    found = browser.get(f"{reverse('desk:users')}?state=idle").context["rows"]
    assert [user.username for user in found] == ["idle"]
    found = browser.get(f"{reverse('desk:users')}?q=秋芬").context["rows"]
    assert [user.name for user in found] == ["陈秋芬"]


def test_a_grid_worker_changes_nothing(town: Town) -> None:
    worker, user = town.client(Role.GRID_WORKER), town.users[Role.STATION_HEAD]
    form = {"name": "网格员设的单位", "kind": "department", "active": "on"}
    assert worker.post(f"{reverse('desk:new-unit')}?area={town.district.pk}", form).status_code == 403
    assert worker.post(reverse("desk:unit", args=[town.units["street"].pk]), form).status_code == 403
    assert worker.post(reverse("desk:user-active", args=[user.pk]), {"active": "0"}).status_code == 403
    assert worker.post(reverse("desk:user-password", args=[user.pk]), {}).status_code == 403
    user.refresh_from_db()
    assert user.is_active
    assert not Unit.objects.filter(name="网格员设的单位").exists()
