"""Where somebody is signed in: listed, ended, over when idle; and what a request costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import Town, client_for
from wangge.domain.access import services, sessions
from wangge.domain.access.actor import System
from wangge.domain.access.models import Session, User
from wangge.platform import clock
from wangge.platform.errors import NotFound

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-word-7319"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture
def officer(town: Town) -> User:
    user = town.users["station_officer"]
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(user: User, agent: str = CHROME) -> Client:
    client = Client(REMOTE_ADDR="203.0.113.77", headers={"User-Agent": agent})
    client.post("/desk/sign-in", {"username": user.username, "password": PASSWORD})
    return client


def opens(client: Client) -> bool:
    return client.get("/desk/notices").status_code == 200


def test_my_sessions_name_device_and_shortened_address(officer: User) -> None:
    page = signed_in(officer).get("/desk/account/security").content.decode()
    assert "Chrome · Windows" in page
    assert "203.0.113.x" in page
    assert "203.0.113.77" not in page
    assert not any("203.0.113.77" in str(row.__dict__) for row in Session.objects.all())


def test_one_session_is_ended_and_the_other_goes_on(officer: User, town: Town) -> None:
    mine, other = signed_in(officer), signed_in(officer)
    held = sessions.sessions_of(town.actor("station_officer"), officer.pk, mine.session.session_key)
    assert [row.this for row in held].count(True) == 1
    handle = next(row.handle for row in held if not row.this)
    assert mine.post(f"/desk/account/sessions/{handle}/end").status_code == 302
    assert opens(mine)
    assert not opens(other)


def test_all_other_sessions_end_at_once(officer: User) -> None:
    mine, other, third = (signed_in(officer) for _ in range(3))
    mine.post("/desk/account/sessions/others/end")
    assert [opens(client) for client in (mine, other, third)] == [True, False, False]


def test_nobody_ends_or_lists_the_session_of_another(officer: User, town: Town) -> None:
    theirs = signed_in(officer)
    (held,) = sessions.sessions_of(town.actor("station_officer"), officer.pk)
    stranger = town.client("grid_worker")
    assert stranger.post(f"/desk/account/sessions/{held.handle}/end").status_code == 404
    assert stranger.post(f"/desk/users/{officer.pk}/sessions/end").status_code == 403
    with pytest.raises(NotFound):
        sessions.sessions_of(town.actor("grid_worker"), officer.pk)
    assert opens(theirs)


def test_an_administrator_ends_the_sessions_of_a_user(officer: User, town: Town) -> None:
    client = signed_in(officer)
    town.client("administrator").post(f"/desk/users/{officer.pk}/sessions/end")
    assert not opens(client)


def test_a_closed_account_has_no_session_left(officer: User) -> None:
    client = signed_in(officer)
    services.set_active(System("test"), officer.pk, False)
    assert not Session.objects.filter(user_id=officer.pk).exists()
    services.set_active(System("test"), officer.pk, True)
    assert not opens(client)


def test_a_new_password_ends_every_other_session(officer: User) -> None:
    mine, other = signed_in(officer), signed_in(officer)
    new = {"old": PASSWORD, "new": "another-word-8842", "again": "another-word-8842"}
    mine.post("/desk/account/password", new)
    assert opens(mine)
    assert not opens(other)


def test_a_session_that_rests_too_long_is_over(officer: User, settings: object) -> None:
    client = signed_in(officer)
    with clock.at(clock.now() + timedelta(minutes=119)):
        assert opens(client)
    with clock.at(clock.now() + timedelta(minutes=119 + 121)):
        assert not opens(client)


def test_the_session_gets_a_new_key_at_sign_in(officer: User) -> None:
    client = Client()
    client.get("/desk/sign-in/passkey", headers={"Accept": "application/json"})
    before = client.cookies["sessionid"].value
    client.post("/desk/sign-in", {"username": officer.username, "password": PASSWORD})
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(pk=before).exists()


def test_the_last_use_is_written_at_most_every_five_minutes(officer: User) -> None:
    client = signed_in(officer)
    began = Session.objects.get(user_id=officer.pk).seen_at
    opens(client)
    assert Session.objects.get(user_id=officer.pk).seen_at == began
    with clock.at(began + timedelta(minutes=6)):
        opens(client)
    assert Session.objects.get(user_id=officer.pk).seen_at == began + timedelta(minutes=6)


def test_session_and_user_cost_two_statements_a_request(officer: User) -> None:
    client = client_for(officer)
    opens(client)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        opens(client)
    about = [q["sql"] for q in asked if "access_session" in q["sql"] or 'FROM "access_user"' in q["sql"]]
    assert len(about) == 2
    assert not [sql for sql in about if not sql.startswith("SELECT")]
    assert not [q["sql"] for q in asked if "mfa_" in q["sql"] or "account_" in q["sql"]]


@pytest.mark.parametrize(
    ("address", "shown"),
    [("203.0.113.77", "203.0.113.x"), ("2001:db8:12:34::9", "2001:db8:12::"), ("", "")],
)
def test_an_address_is_kept_without_its_last_part(address: str, shown: str) -> None:
    assert sessions.short_address(address) == shown
