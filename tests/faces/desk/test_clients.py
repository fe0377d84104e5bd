"""Other systems on the desk: made once, shown once, revoked, and for administrators alone."""

import re
import uuid
from typing import Any

import pytest

from factories import Town
from systems import Caller, system
from wangge.domain.exchange.models import Client

FORM = {
    "role": "station_officer",
    "scopes": ["cases:read", "areas:read"],
    "per_minute": 60,
    "name": "12345 平台",
}


def filled(town: Town, **more: Any) -> dict[str, Any]:
    return FORM | {"key": str(uuid.uuid4()), "unit_id": town.units["station"].pk} | more


def address(town: Town) -> str:
    return f"/desk/clients/new?area={town.communities[0].pk}"


@pytest.mark.parametrize("path", ["", "new", "1/", "1/token"])
def test_only_administrators_open_the_pages(town: Town, path: str) -> None:
    assert town.client("district_leader").get(f"/desk/clients/{path}").status_code == 403


def test_a_client_is_made_and_its_token_works_and_is_shown_once(town: Town) -> None:
    admin = town.client("administrator")
    data = filled(town)
    page = admin.post(address(town), data)
    token = re.search(r"wangge_[0-9a-f]{10}_[\w-]{43}", page.content.decode())
    assert token
    client = Client.objects.get()
    assert Caller(client, token[0]).get("/cases").status_code == 200
    assert Caller(client, token[0]).get("/webhooks").status_code == 403
    again = admin.post(address(town), data, follow=True)
    assert Client.objects.count() == 1
    assert token[0] not in again.content.decode()
    assert "令牌只显示一次" in again.content.decode()
    for path in ("", f"{client.pk}/"):
        shown = admin.get(f"/desk/clients/{path}").content.decode()
        assert "12345 平台" in shown
        assert token[0] not in shown


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"networks": "10.0.0.0/8\nabc"}, "“abc”不是 IP 地址或网段"),
        ({"expires_on": "2020-01-01"}, "到期日不能早于今天"),
        ({"scopes": []}, "这个字段是必填项"),
        ({"unit_id": ""}, "这个岗位须属于一个单位"),
    ],
)
def test_a_wrong_field_says_what_to_do_and_nothing_is_made(town: Town, wrong: Any, words: str) -> None:
    page = town.client("administrator").post(address(town), filled(town, **wrong))
    assert (page.status_code, Client.objects.count()) == (422, 0)
    assert words in page.content.decode()
    assert "12345 平台" in page.content.decode()


def test_a_new_token_is_shown_and_the_client_revoked(town: Town) -> None:
    caller, admin = system(town, "station_officer"), town.client("administrator")
    path = f"/desk/clients/{caller.client.pk}/"
    page = admin.post(f"{path}token", {"key": str(uuid.uuid4()), "overlap_hours": 0})
    token = re.search(r"wangge_[0-9a-f]{10}_[\w-]{43}", page.content.decode())
    assert token
    assert caller.get("/areas").status_code == 401
    renewed = Caller(caller.client, token[0])
    assert renewed.get("/areas").status_code == 200
    assert "listAreas" in admin.get(path).content.decode()
    admin.post(f"{path}revoke")
    assert renewed.get("/areas").status_code == 401
    assert "已停用" in admin.get(path).content.decode()


def test_a_service_user_is_no_account_of_the_lists(town: Town) -> None:
    caller, admin = system(town, "station_officer"), town.client("administrator")
    assert caller.client.user.username not in admin.get("/desk/users/").content.decode()
    assert admin.get(f"/desk/users/{caller.client.pk}/").status_code == 404
