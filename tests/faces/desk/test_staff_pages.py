"""Joining and leaving through the pages."""

from django.test import Client

from factories import Town
from wangge.domain.access.models import Post, User
from wangge.platform import clock


def test_a_joiner_signs_in_changes_the_first_password_and_only_then_works(town: Town) -> None:
    admin = town.client("administrator")
    address = f"/desk/users/join?area={town.communities[0].pk}"
    opened = admin.get(address)
    form = {
        "name": "陈新",
        "username": "chenxin",
        "role": "station_officer",
        "unit_id": town.units["station"].pk,
        "starts_on": clock.today().isoformat(),
        "key": opened.context["form"]["key"].value(),
    }
    shown = admin.post(address, form)
    password = shown.context["password"]
    assert password in shown.content.decode()
    assert admin.post(address, form).status_code == 302
    assert Post.objects.filter(user__username="chenxin").count() == 1
    browser = Client()
    browser.post("/desk/sign-in", {"username": "chenxin", "password": password})
    for path in ("/desk/", "/desk/cases", "/desk/notices"):
        assert browser.get(path)["Location"] == "/desk/account/password"
    assert "换成只有您自己知道的密码" in browser.get("/desk/account/password").content.decode()
    change = {"old": password, "new": password, "again": password}
    assert browser.post("/desk/account/password", change).status_code == 422
    own = "only-mine-2026"
    assert browser.post("/desk/account/password", change | {"new": own, "again": own}).status_code == 302
    assert browser.get("/desk/").status_code == 200


def test_the_page_of_a_leaver_says_what_nobody_else_does_and_asks_for_a_successor(town: Town) -> None:
    admin = town.client("administrator")
    head = town.users["unit_head"]
    address = f"/desk/users/{head.pk}/leave"
    assert "没有别人担任" in admin.get(address).content.decode()
    form = {"last_day": clock.today().isoformat(), "successor": "", "note": ""}
    refused = admin.post(address, form)
    assert refused.status_code == 422
    assert "请指定接手人" in refused.content.decode()
    assert admin.post(address, form | {"successor": "unit_officer"}).status_code == 302
    assert User.objects.get(pk=head.pk).leaves_on == clock.today()
    assert town.client("station_head").get(address).status_code == 403
