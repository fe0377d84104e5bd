"""Signing in and out, one's own password and stand-ins."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from factories import Town, client_for
from wangge.domain.access.models import StandIn, User
from wangge.platform import clock

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-word-7319"


@pytest.fixture
def officer(town: Town) -> User:
    user = town.users["station_officer"]
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, password: str = PASSWORD, username: str = "station_officer", **more: Any) -> Any:
    return client.post("/desk/sign-in", {"username": username, "password": password, **more})


def test_a_page_of_the_desk_leads_to_sign_in_and_back(client: Client, officer: User) -> None:
    answer = client.get("/desk/cases?flag=open")
    assert answer.status_code == 302
    assert answer["Location"] == "/desk/sign-in?next=/desk/cases%3Fflag%3Dopen"
    assert sign_in(client, next="/desk/cases?flag=open")["Location"] == "/desk/cases?flag=open"


def test_a_fragment_leads_the_whole_page_to_sign_in(client: Client, town: Town) -> None:
    answer = client.get("/desk/cases/1/moves/file", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/desk/sign-in")


def test_signing_in_never_leads_to_a_foreign_address(client: Client, officer: User) -> None:
    assert sign_in(client, next="https://evil.example/")["Location"] == "/desk/"


def test_a_wrong_password_is_said_in_plain_words_and_keeps_the_account_name(
    client: Client, officer: User
) -> None:
    answer = sign_in(client, "wrong")
    assert answer.status_code == 422
    assert "账号或密码不对" in answer.content.decode()
    assert 'value="station_officer"' in answer.content.decode()


def test_ten_wrong_tries_lock_the_account_for_that_address_even_with_the_right_password(
    client: Client, officer: User
) -> None:
    for _ in range(10):
        assert sign_in(client, "wrong").status_code == 422
    locked = sign_in(client)
    assert locked.status_code == 429
    until = timezone.localtime(clock.now() + timedelta(minutes=15)).strftime("%H:%M")
    earlier = timezone.localtime(clock.now() + timedelta(minutes=14)).strftime("%H:%M")
    assert until in locked.content.decode() or earlier in locked.content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere).status_code == 302


def test_the_lock_opens_after_a_quarter_of_an_hour(client: Client, officer: User) -> None:
    for _ in range(10):
        sign_in(client, "wrong")
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert sign_in(client).status_code == 302


def test_a_success_forgets_the_wrong_tries(client: Client, officer: User) -> None:
    for _ in range(9):
        sign_in(client, "wrong")
    sign_in(client)
    assert sign_in(Client(), "wrong").status_code == 422


def test_a_closed_account_cannot_sign_in(client: Client, officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert sign_in(client).status_code == 422


def test_signing_out_needs_a_post_and_ends_the_session(client: Client, officer: User) -> None:
    sign_in(client)
    assert client.get("/desk/sign-out").status_code == 405
    client.post("/desk/sign-out")
    assert client.get("/desk/").status_code == 302


def test_a_new_password_needs_the_old_one_and_keeps_this_session(client: Client, officer: User) -> None:
    sign_in(client)
    new = "another-word-8842"
    refused = client.post("/desk/account/password", {"old": "wrong", "new": new, "again": new})
    assert refused.status_code == 422
    client.post("/desk/account/password", {"old": PASSWORD, "new": new, "again": new})
    assert client.get("/desk/account").status_code == 200
    assert sign_in(Client(), new).status_code == 302


def test_a_weak_password_is_refused_at_its_field(client: Client, officer: User) -> None:
    sign_in(client)
    answer = client.post("/desk/account/password", {"old": PASSWORD, "new": "short", "again": "short"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["new"]


def test_my_page_names_the_posts_of_today_and_whom_i_stand_in_for(town: Town) -> None:
    post = town.users["station_head"].posts.get()
    StandIn.objects.create(
        post=post, user=town.users["station_officer"], starts_on=clock.today(), ends_on=clock.today()
    )
    page = town.client("station_officer").get("/desk/account").content.decode()
    assert "社区经办 · 东社区工作站" in page
    assert "代张健辉" in page


def test_a_stand_in_for_my_own_post_is_arranged_by_myself(town: Town) -> None:
    post = town.users["station_officer"].posts.get()
    day = clock.today().isoformat()
    given = {"post": post.pk, "user": town.users["station_head"].pk, "starts_on": day, "ends_on": day}
    answer = town.client("station_officer").post("/desk/account/stand-in", given)
    assert answer.status_code == 302
    assert StandIn.objects.get().user == town.users["station_head"]


def test_nobody_gives_away_the_post_of_another(town: Town) -> None:
    post = town.users["station_head"].posts.get()
    day = clock.today().isoformat()
    given = {"post": post.pk, "user": town.users["grid_worker"].pk, "starts_on": day, "ends_on": day}
    answer = client_for(town.users["station_officer"]).post("/desk/account/stand-in", given)
    assert answer.status_code == 422
    assert not StandIn.objects.exists()


def test_a_stand_in_sent_twice_is_arranged_once_and_said_twice(town: Town) -> None:
    browser = town.client("station_officer")
    form = browser.get("/desk/account").context["stand_in"]
    sent = {
        "key": str(form["key"].value()),
        "post": form.fields["post"].choices[0][0],
        "user": form.fields["user"].choices[1][0],
        "starts_on": "2030-01-07",
        "ends_on": "2030-01-09",
    }
    for _time in range(2):
        assert browser.post("/desk/account/stand-in", sent).status_code == 302
    assert StandIn.objects.count() == 1
