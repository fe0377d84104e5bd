"""Who is signed in on a phone."""

from typing import Any

import pytest
from django.test import Client

from factories import Town

pytestmark = pytest.mark.django_db


def test_a_device_is_told_who_is_signed_in_and_may_trust_the_answer(town: Town, client: Client) -> None:
    worker = town.users["grid_worker"]
    client.force_login(worker)
    answer = client.get("/field/session")
    assert answer.headers["Wangge-Field"] == "1"
    told = answer.json()
    assert (told["user"], told["name"]) == (str(worker.pk), worker.name)
    assert len(told["csrf"]) >= 32


def test_whoever_is_not_signed_in_is_told_so_without_a_redirect(client: Client, db: None) -> None:
    answer = client.get("/field/session")
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert answer.headers["Wangge-Field"] == "1"


def test_who_must_first_choose_a_password_is_asked_to_sign_in(town: Town, client: Client) -> None:
    worker: Any = town.users["grid_worker"]
    client.force_login(worker)
    worker.must_change_password = True
    worker.save()
    assert client.get("/field/session").status_code == 401
