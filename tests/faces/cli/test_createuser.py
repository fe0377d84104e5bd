"""`wangge createuser`: the way to the first administrator."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from wangge.domain.access.actor import Role
from wangge.domain.access.models import Post, User
from wangge.domain.access.queries import actor_of
from wangge.domain.places.models import Area
from wangge.platform import clock

pytestmark = pytest.mark.django_db
WORDS = {"name": "陈管理", "role": "administrator", "area": "440105"}


@pytest.fixture
def district() -> Area:
    area = Area.objects.create(level="district", code="440105", name="海珠区", short_name="海珠", path="")
    area.path = f"{area.pk}."
    area.save()
    return area


def create(monkeypatch: pytest.MonkeyPatch, password: str, **more: Any) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("createuser", "chen", password_stdin=True, stdout=io.StringIO(), **WORDS | more)


def test_the_new_user_can_sign_in_and_holds_the_post_from_today(
    monkeypatch: pytest.MonkeyPatch, district: Area
) -> None:
    create(monkeypatch, "kapok-river-31")
    user = User.objects.get(username="chen")
    assert user.check_password("kapok-river-31")
    assert actor_of(user, clock.today()).roles == {Role.ADMINISTRATOR}
    assert Post.objects.get().starts_on == clock.today()
    assert actor_of(user, date(2000, 1, 1)).posts == ()


@pytest.mark.parametrize("password", ["", "short", "password12", "1234567890"])
def test_a_weak_or_missing_password_is_refused_and_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch, district: Area, password: str
) -> None:
    with pytest.raises(CommandError):
        create(monkeypatch, password)
    assert not User.objects.exists()


def test_a_post_that_cannot_be_leaves_no_account_behind(
    monkeypatch: pytest.MonkeyPatch, district: Area
) -> None:
    with pytest.raises(CommandError):
        create(monkeypatch, "kapok-river-31", role="grid_worker")
    with pytest.raises(CommandError, match="no unit 99"):
        create(monkeypatch, "kapok-river-31", unit=99)
    with pytest.raises(CommandError, match="no area"):
        create(monkeypatch, "kapok-river-31", area="999999")
    assert not User.objects.exists()


def test_two_different_typed_passwords_are_refused(monkeypatch: pytest.MonkeyPatch, district: Area) -> None:
    typed = iter(["kapok-river-31", "kapok-river-32"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="differ"):
        call_command("createuser", "chen", **WORDS)
    assert not User.objects.exists()
