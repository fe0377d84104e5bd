"""Reporting without an account."""

import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from journeys import PHONE, WORDS, Journey, jpeg, rubbish

from factories import Town, point_in
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Contact, Photo
from wangge.platform.outbox.models import Message


def form(town: Town, **changed: Any) -> dict[str, Any]:
    lon, lat = point_in(town, town.grids[0])
    return {
        "key": str(uuid.uuid4()),
        "channel": "web",
        "description": WORDS,
        "lon": lon,
        "lat": lat,
        "address": "三巷口",
        **changed,
    }


def photo(name: str = "a.jpg", colour: str = "olive") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(colour), "image/jpeg")


def cases() -> list[Case]:
    with acting_as(System("test")):
        return list(Case.objects.select_related("area").order_by("pk"))


def test_the_form_opens_with_a_new_key_each_time(town: Town, resident: Client) -> None:
    keys = {
        re.search(r'name="key" value="([^"]+)"', resident.get("/report").content.decode())[1]  # type: ignore[index]
        for _ in range(2)
    }
    assert len(keys) == 2


def test_a_report_leads_to_its_receipt(town: Town, resident: Client) -> None:
    answer = resident.post("/report", form(town, photos=[photo(), photo("b.jpg", "red")]), follow=True)
    page = answer.content.decode()
    case = cases()[0]
    assert answer.status_code == 200
    assert "收到了，谢谢您" in page
    assert answer.redirect_chain[0][0].split("?")[0].removeprefix("/s/") in page
    assert "<svg" in page
    assert "东社区工作站" in page
    assert "020-84400001" in page
    assert case.area == town.grids[0]
    assert case.channel == "web"
    with acting_as(System("test")):
        assert Photo.objects.filter(case=case).count() == 2


def test_sending_the_same_form_twice_makes_one_report(town: Town, resident: Client) -> None:
    data = form(town)
    first, second = resident.post("/report", data), resident.post("/report", data)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(cases()) == 1


def test_a_used_key_with_other_words_keeps_the_words_and_takes_a_new_key(
    town: Town, resident: Client
) -> None:
    data = form(town)
    resident.post("/report", data)
    answer = resident.post("/report", data | {"description": "另一件事：路灯不亮。"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "另一件事：路灯不亮。" in page
    assert data["key"] not in page
    assert len(cases()) == 1


def test_nothing_typed_is_lost_when_the_place_is_missing(town: Town, resident: Client) -> None:
    data = form(town, lon="", lat="", matter=rubbish().matter_id, name="林女士", phone=PHONE)
    answer = resident.post("/report", data | {"photos": [photo()]})
    page = answer.content.decode()
    assert answer.status_code == 422
    for kept in (WORDS, "三巷口", "林女士", PHONE, "照片需要重新选一次"):
        assert kept in page
    assert "请在地图上点选位置，或选择社区" in page
    assert re.search(rf'value="{rubbish().matter_id}" checked', page)
    assert cases() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"description": " "}, "请写几句发生了什么"),
        ({"description": "多" * 2001}, "最多 2000 字"),
        ({"lon": 10, "lat": 10}, "不在服务范围内"),
        ({"phone": "abc"}, "电话号码应为"),
        ({"email": "nobody"}, "id_email_error"),
        ({"matter": 999_999_999}, "这个类别已停用"),
        ({"lon": "nan"}, "还没有提交"),
        ({"lon": "1e400"}, "还没有提交"),
        ({"key": "x"}, "还没有提交"),
    ],
)
def test_wrong_input_is_answered_at_its_field(
    town: Town, resident: Client, changed: dict[str, Any], said: str
) -> None:
    answer = resident.post("/report", form(town, **changed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert cases() == []


def test_a_seventh_photo_is_refused_in_words(town: Town, resident: Client) -> None:
    answer = resident.post("/report", form(town, photos=[photo(f"{n}.jpg") for n in range(7)]))
    assert answer.status_code == 422
    assert "最多上传 6 张" in answer.content.decode()


def test_a_file_that_is_no_photo_is_refused_in_words(town: Town, resident: Client) -> None:
    text = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    answer = resident.post("/report", form(town, photos=[text]))
    assert answer.status_code == 422
    assert "不是能打开的照片" in answer.content.decode()
    assert cases() == []


def test_more_than_64_mb_is_refused_before_it_is_read(town: Town, resident: Client) -> None:
    answer = resident.generic("POST", "/report", b"x", CONTENT_LENGTH=str(65 * 1024 * 1024))
    assert answer.status_code == 413


def test_a_community_and_an_address_are_enough_without_a_map(town: Town, resident: Client) -> None:
    data = form(town, lon="", lat="", area=town.communities[1].pk)
    assert resident.post("/report", data).status_code == 302
    assert cases()[0].area == town.communities[1]


def test_the_code_of_a_poster_fills_in_its_grid(town: Town, resident: Client) -> None:
    grid = town.grids[1]
    page = resident.get(f"/q/{grid.code}", follow=True).content.decode()
    assert grid.name in page
    assert f'name="area" value="{grid.pk}"' in page
    assert 'name="channel" value="qr"' in page
    resident.post("/report", form(town, lon="", lat="", area=grid.pk, channel="qr"))
    assert (cases()[0].area, cases()[0].channel) == (grid, "qr")


def test_a_code_of_nowhere_is_not_found(town: Town, resident: Client) -> None:
    assert resident.get("/q/999").status_code == 404


def test_danger_alerts_every_level(town: Town, resident: Client) -> None:
    resident.post("/report", form(town, danger="on"))
    assert [message.payload["alert"] for message in Message.objects.all()] == ["all"]


def test_contact_is_kept_apart_from_the_case(town: Town, resident: Client) -> None:
    resident.post("/report", form(town, name="林女士", phone=PHONE, email="lin@example.org"))
    with acting_as(System("test")):
        contact = Contact.objects.get()
    assert (contact.name, contact.phone, contact.email) == ("林女士", PHONE, "lin@example.org")


def test_a_program_that_fills_every_field_must_send_again(town: Town, resident: Client) -> None:
    answer = resident.post("/report", form(town, website="http://x"))
    assert answer.status_code == 422
    assert "请再按一次" in answer.content.decode()
    assert cases() == []


def test_after_twenty_reports_in_an_hour_an_address_must_wait(town: Town, resident: Client) -> None:
    for _ in range(20):
        assert resident.post("/report", form(town)).status_code == 302
    answer = resident.post("/report", form(town, description="第二十一件"))
    assert answer.status_code == 429
    assert "第二十一件" in answer.content.decode()
    assert len(cases()) == 20
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.post("/report", form(town)).status_code == 302


def test_the_hint_names_what_is_already_reported_nearby_without_anybodys_words(
    town: Town, resident: Client, journey: Any
) -> None:
    one: Journey = journey()
    lon, lat = point_in(town, town.grids[0])
    page = resident.get("/report/nearby", {"lon": lon, "lat": lat}).content.decode()
    assert f"/board/{one.number}" in page
    assert WORDS not in page
    assert "三巷口" not in page
    far = resident.get("/report/nearby", {"lon": lon + 0.002, "lat": lat}).content.decode()
    assert one.number not in far
    assert resident.get("/report/nearby", {"lon": "", "lat": ""}).content.decode().strip() == ""
    assert resident.get("/report/nearby", {"lon": "nan", "lat": "inf"}).status_code == 200


def test_plain_words_find_a_matter(town: Town, resident: Client) -> None:
    page = resident.get("/report/matters", {"matter_words": "路灯不亮"}).content.decode()
    assert "路灯异常" in page
    assert 'name="matter"' in page
    assert "没有找到" in resident.get("/report/matters", {"matter_words": "zzzz"}).content.decode()


def test_the_form_costs_a_constant_number_of_statements(
    town: Town, resident: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        assert resident.get("/report").status_code == 200
