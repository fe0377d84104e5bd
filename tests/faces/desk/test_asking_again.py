"""An unattended screen gives away no token, no password and no contacts: sensitive acts ask again who is there."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories import Town, client_for, signed_in
from wangge.domain.access.models import User
from wangge.domain.exchange.models import Client as System
from wangge.domain.orders import services as orders

JUST_NOW, LATER, MUCH_LATER = 60, 6 * 60, 31 * 60


def administrator(town: Town, ago_s: float) -> Client:
    client = client_for(town.users["administrator"])
    signed_in(client, town.users["administrator"], ago_s=ago_s)
    return client


def pages(town: Town) -> dict[str, str]:
    of = town.users["unit_officer"].pk
    return {
        "a new system's token": reverse("desk:new-client"),
        "a new account": reverse("desk:new-user"),
        "a joiner": reverse("desk:join"),
        "somebody's password": reverse("desk:user-password", args=[of]),
    }


@pytest.mark.parametrize("what", ["a new system's token", "a new account", "a joiner", "somebody's password"])
def test_a_form_that_gives_away_a_secret_asks_again_after_five_minutes(town: Town, what: str) -> None:
    address = pages(town)[what]
    assert administrator(town, JUST_NOW).get(address).status_code == 200
    asked = administrator(town, LATER).get(address)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/desk/account/confirm?next=")


def a_client(town: Town) -> dict[str, Any]:
    unit = town.users["station_officer"].posts.get().unit_id
    given = {"name": "路灯系统", "role": "station_officer", "unit_id": unit, "scopes": ["cases:read"]}
    return given | {"per_minute": 60, "key": str(uuid.uuid4())}


def test_what_was_typed_into_an_open_form_is_not_lost_to_the_question(town: Town) -> None:
    address = f"{reverse('desk:new-client')}?area={town.communities[0].pk}"
    assert administrator(town, LATER).post(address, a_client(town)).status_code == 200
    assert System.objects.count() == 1


def test_a_form_left_open_for_half_an_hour_makes_no_token(town: Town) -> None:
    address = f"{reverse('desk:new-client')}?area={town.communities[0].pk}"
    answer = administrator(town, MUCH_LATER).post(address, a_client(town))
    assert answer["Location"].startswith("/desk/account/confirm?next=")
    assert System.objects.count() == 0


def test_a_button_has_no_half_hour(town: Town) -> None:
    address = reverse("desk:user-second-step", args=[town.users["unit_officer"].pk])
    assert administrator(town, LATER).post(address)["Location"].startswith("/desk/account/confirm?next=")
    assert not administrator(town, JUST_NOW).post(address)["Location"].startswith("/desk/account/confirm")


def test_the_names_and_phones_of_an_import_are_not_taken_along_from_an_open_screen(town: Town) -> None:
    user = town.users["operator"]
    lines = "工单编号,诉求内容,所属社区,联系电话\nGD1,路灯不亮,不存在的社区,13800138000"
    batch = orders.start(town.actor("operator"), uuid.uuid4(), "a.csv", lines.encode("gbk"))
    address, client = reverse("desk:order-returned", args=[batch.pk]), client_for(user)
    assert client.get(address).status_code == 200
    signed_in(client, user, ago_s=LATER)
    assert client.get(address)["Location"].startswith("/desk/account/confirm?next=")


def test_after_the_password_the_page_opens(town: Town) -> None:
    user: User = town.users["administrator"]
    user.set_password("kapok-river-in-bloom")
    user.save()
    client, wanted = administrator(town, LATER), reverse("desk:new-client")
    asked = client.get(wanted)["Location"]
    answer = client.post(asked, {"password": "kapok-river-in-bloom", "next": wanted})
    assert answer["Location"] == wanted
    assert client.get(wanted).status_code == 200
