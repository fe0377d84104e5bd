"""The page that installs on a phone, its manifest and its service worker."""

import json
import re

import pytest
from django.test import Client

from factories import Town

pytestmark = pytest.mark.django_db


def known(client: Client) -> dict:
    found = re.match(r"self\.wangge = (\{.*\});\n", client.get("/field/sw.js").content.decode())
    assert found
    return dict(json.loads(found[1]))


def test_the_page_is_the_same_for_everybody_so_that_a_phone_may_keep_it(town: Town, client: Client) -> None:
    before = client.get("/field/").content
    client.force_login(town.users["grid_worker"])
    assert client.get("/field/").content == before


def test_the_page_may_ask_for_the_camera_and_never_for_a_position(client: Client, db: None) -> None:
    answer = client.get("/field/")
    assert answer.headers["Permissions-Policy"] == "geolocation=(), camera=(self), microphone=(self)"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_worker_keeps_every_file_that_the_page_names(client: Client, db: None) -> None:
    page = client.get("/field/").content.decode()
    named = set(re.findall(r'(?:href|src|data-icons)="(/static/build/assets/[^"]+)"', page))
    assert len(named) >= 4
    assert named <= set(known(client)["files"])


def test_the_worker_of_another_build_is_another_file(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = known(client)["version"]
    monkeypatch.setattr("wangge.faces.web.build.content_of", lambda entry: "// another build")
    assert known(client)["version"] != before
    monkeypatch.undo()
    assert known(client)["version"] == before


def test_the_page_installs_with_icons_that_are_there(client: Client, db: None) -> None:
    manifest = client.get("/field/manifest.webmanifest").json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (
        "/field/",
        "/field/",
        "standalone",
    )
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).status_code == 200, icon
