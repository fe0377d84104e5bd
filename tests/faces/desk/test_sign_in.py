"""The second step, locks, first passwords, and what the owner of an account is told."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from factories import Town, signed_in
from wangge.domain.access import locks, services
from wangge.domain.access.actor import System
from wangge.domain.access.models import Lock, User
from wangge.domain.access.scope import acting_as
from wangge.domain.office.jobs import deliver_waiting
from wangge.domain.office.models import Notice
from wangge.platform import clock

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-word-7319"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def with_password(town: Town, role: str) -> User:
    user = town.users[role]
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def officer(town: Town) -> User:
    return with_password(town, "station_officer")


@pytest.fixture
def admin(town: Town) -> User:
    return with_password(town, "administrator")


def sign_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post("/desk/sign-in", {"username": user.username, "password": password})


def code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_app(client: Client) -> tuple[str, list[str]]:
    """Add an app to whoever is signed in; gives its secret and the recovery codes."""
    page = client.get("/desk/account/security/app").content.decode()
    secret = re.search(r"<code[^>]*>([A-Z2-7]+)</code>", page)
    assert secret
    answer = client.post("/desk/account/security/app", {"code": code(secret[1])})
    assert answer["Location"] == "/desk/account/security/codes"
    shown = client.get("/desk/account/security/codes").content.decode()
    return secret[1], re.findall(r"<code[^>]*>(\d{8})</code>", shown)


def told(user: User) -> list[str]:
    deliver_waiting()
    with acting_as(System("test")):
        return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_with_an_app_the_password_alone_opens_nothing(client: Client, officer: User) -> None:
    sign_in(client, officer)
    with_app(client)
    fresh = Client()
    assert sign_in(fresh, officer)["Location"] == "/desk/sign-in/second-step"
    assert fresh.get("/desk/cases")["Location"].startswith("/desk/sign-in")


def test_the_code_of_the_app_is_the_second_step_and_works_once(client: Client, officer: User) -> None:
    sign_in(client, officer)
    secret, _codes = with_app(client)
    # The code of the set-up itself was not used for signing in.
    now = code(secret)
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser, officer)
    assert first.post("/desk/sign-in/second-step", {"code": now})["Location"] == "/desk/"
    assert first.get("/desk/cases").status_code == 200
    assert second.post("/desk/sign-in/second-step", {"code": now}).status_code == 422


def test_a_recovery_code_signs_in_once(client: Client, officer: User) -> None:
    sign_in(client, officer)
    _secret, codes = with_app(client)
    assert len(codes) == 10
    for expected in (302, 422):
        browser = Client()
        sign_in(browser, officer)
        assert browser.post("/desk/sign-in/second-step", {"code": codes[0]}).status_code == expected


def test_recovery_codes_are_shown_once(client: Client, officer: User) -> None:
    sign_in(client, officer)
    _secret, codes = with_app(client)
    again = client.get("/desk/account/security/codes").content.decode()
    assert codes[0] not in again


def test_the_secret_of_an_app_is_sealed_in_the_database(client: Client, officer: User) -> None:
    sign_in(client, officer)
    secret, _codes = with_app(client)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code(secret))


def test_eight_wrong_codes_lock_the_second_step_until_a_time(client: Client, officer: User) -> None:
    sign_in(client, officer)
    secret, _codes = with_app(client)
    browser = Client()
    sign_in(browser, officer)
    for _ in range(8):
        assert browser.post("/desk/sign-in/second-step", {"code": "000000"}).status_code == 422
    assert browser.post("/desk/sign-in/second-step", {"code": code(secret)}).status_code == 429
    assert Lock.objects.get().what == "code"


def test_the_second_step_cannot_be_entered_without_the_password(client: Client) -> None:
    assert client.get("/desk/sign-in/second-step")["Location"] == "/desk/sign-in"
    assert client.post("/desk/sign-in/second-step", {"code": "123456"})["Location"] == "/desk/sign-in"


def test_a_passkey_that_nobody_has_signs_nobody_in(client: Client, officer: User) -> None:
    assert client.get("/desk/sign-in/passkey", headers={"Accept": "application/json"}).json()[
        "request_options"
    ]
    for credential in ("", "{}", "[1]", '{"id": "x", "response": {"userHandle": "MQ"}}', "not json"):
        answer = client.post("/desk/sign-in/passkey", {"credential": credential})
        assert answer["Location"] == "/desk/sign-in"
    assert client.get("/desk/").status_code == 302


def test_changing_the_second_step_asks_again_who_is_there(town: Town, officer: User) -> None:
    client = town.client("station_officer")
    signed_in(client, officer, ago_s=6 * 60)
    asked = client.get("/desk/account/security/app")
    assert asked["Location"] == "/desk/account/confirm?next=%2Fdesk%2Faccount%2Fsecurity%2Fapp"
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 422
    answer = client.post(asked["Location"], {"password": PASSWORD, "next": "/desk/account/security/app"})
    assert answer["Location"] == "/desk/account/security/app"
    assert client.get("/desk/account/security/app").status_code == 200


def test_the_app_can_be_removed_and_the_owner_is_told(client: Client, officer: User) -> None:
    sign_in(client, officer)
    with_app(client)
    assert client.post("/desk/account/security/app/remove")["Location"] == "/desk/account/security"
    assert not Authenticator.objects.exists()
    assert told(officer) == ["factor_added", "factor_removed"]


@pytest.mark.parametrize(
    ("setting", "role", "led"),
    [
        ("off", "administrator", False),
        ("administrators", "administrator", True),
        ("administrators", "privacy_officer", True),
        ("administrators", "station_officer", False),
        ("staff", "station_officer", True),
    ],
)
def test_who_must_have_a_second_step_sets_it_up_before_anything_else(
    town: Town, settings: Any, setting: str, role: str, led: bool
) -> None:
    settings.REQUIRE_SECOND_FACTOR = setting
    answer = town.client(role).get("/desk/notices")
    assert (answer.status_code, answer.headers.get("Location")) == (
        (302, "/desk/account/security") if led else (200, None)
    )


def test_a_second_step_that_is_set_up_opens_the_desk(client: Client, settings: Any, admin: User) -> None:
    settings.REQUIRE_SECOND_FACTOR = "administrators"
    sign_in(client, admin)
    assert client.get("/desk/units/")["Location"] == "/desk/account/security"
    assert client.post("/desk/notices/read")["Location"] == "/desk/account/security"
    with_app(client)
    assert client.get("/desk/units/").status_code == 200


def test_after_the_last_second_step_is_removed_the_desk_is_closed_again(
    client: Client, settings: Any, admin: User
) -> None:
    settings.REQUIRE_SECOND_FACTOR = "administrators"
    sign_in(client, admin)
    with_app(client)
    client.post("/desk/account/security/app/remove")
    assert client.get("/desk/units/")["Location"] == "/desk/account/security"


def test_the_last_wrong_try_locks_and_an_administrator_lifts_it(
    client: Client, officer: User, town: Town
) -> None:
    for _ in range(10):
        sign_in(client, officer, "wrong")
    lock = Lock.objects.get(user=officer)
    assert lock.address == "127.0.0.x"
    page = town.client("administrator").get(f"/desk/users/{officer.pk}/").content.decode()
    assert "锁定到" in page
    assert town.client("station_officer").post(f"/desk/users/{officer.pk}/unlock").status_code == 403
    town.client("administrator").post(f"/desk/users/{officer.pk}/unlock")
    assert sign_in(client, officer).status_code == 302
    assert "account_locked" in told(officer)


def test_ended_locks_are_cleared_away(client: Client, officer: User) -> None:
    for _ in range(10):
        sign_in(client, officer, "wrong")
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert locks.locks_of(officer.pk) == []
        assert locks.forget_ended() == 1


def test_a_new_device_is_told_and_a_known_one_is_not(officer: User) -> None:
    usual, new = Client(), Client()
    sign_in(usual, officer)
    usual.post("/desk/sign-out")
    sign_in(usual, officer)
    assert told(officer) == []
    new.post(
        "/desk/sign-in",
        {"username": officer.username, "password": PASSWORD},
        headers={"User-Agent": FIREFOX},
    )
    assert told(officer) == ["new_device"]
    assert "Firefox · Linux 127.0.0.x" in usual.get("/desk/notices").content.decode()


def test_a_password_set_by_somebody_else_opens_only_its_own_change(
    client: Client, officer: User, town: Town
) -> None:
    services.set_password(town.actor("administrator"), officer.pk, "first-word-55213")
    sign_in(client, officer, "first-word-55213")
    for path in ("/desk/", "/desk/cases", "/desk/account", "/desk/account/security"):
        assert client.get(path)["Location"] == "/desk/account/password"
    same = {"old": "first-word-55213", "new": "first-word-55213", "again": "first-word-55213"}
    assert client.post("/desk/account/password", same).status_code == 422
    client.post("/desk/account/password", {"old": "first-word-55213", "new": PASSWORD, "again": PASSWORD})
    assert client.get("/desk/cases").status_code == 200


def test_who_must_change_the_password_sees_no_photo_or_map_of_the_desk(officer: User, town: Town) -> None:
    services.set_password(town.actor("administrator"), officer.pk, "first-word-55213")
    browser = Client()
    sign_in(browser, officer, "first-word-55213")
    seen = [browser.get("/photos/1.jpg").status_code, Client().get("/photos/1.jpg").status_code]
    assert seen[0] == seen[1]


def test_an_administrator_takes_away_a_lost_second_step_but_not_the_own(
    client: Client, officer: User, town: Town
) -> None:
    sign_in(client, officer)
    with_app(client)
    office = town.client("administrator")
    office.post(f"/desk/users/{officer.pk}/second-step/remove")
    assert not Authenticator.objects.exists()
    assert client.get("/desk/cases").status_code == 302
    own = town.users["administrator"]
    TOTP.activate(own, generate_totp_secret())
    office.post(f"/desk/users/{own.pk}/second-step/remove")
    assert Authenticator.objects.filter(user=own).exists()


def test_the_code_is_not_asked_of_a_stranger_who_knows_the_address(officer: User) -> None:
    """Closed accounts end at the password, whatever second step they have."""
    TOTP.activate(officer, generate_totp_secret())
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert sign_in(Client(), officer).status_code == 422
