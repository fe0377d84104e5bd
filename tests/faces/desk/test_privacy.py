"""The privacy officer's page: purposes, and who looked."""

import pytest

from casework import STREET, Road, condition
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import ReadLog
from wangge.domain.cases.services.contacts import PURPOSES, unmask


def test_the_officer_reads_purposes_and_looks_and_leaves_a_line_too(
    town: Town, people: dict[str, Actor]
) -> None:
    road = Road(town, people, name="周月好", phone="16400097531").checking(condition(**STREET))
    road.move("station_officer_2", "pass_check")
    unmask(people["station_officer"], road.case.pk, PURPOSES[0])
    client = town.client("privacy_officer")
    assert client.get("/desk/")["Location"] == "/desk/privacy/"
    page = client.get("/desk/privacy/").content.decode()
    for words in ("回访上报人", "本人提供并同意", "黄慧珍", "东社区工作站", f"内部编号 {road.case.pk}"):
        assert words in page
    assert "16400097531" not in page
    assert ReadLog.objects.filter(subject="read log", user_id=people["privacy_officer"].user_id).count() == 1
    found = client.get("/desk/privacy/", {"who": "黄慧珍", "purpose": PURPOSES[0]})
    assert [line.user for line in found.context["seen"]] == ["黄慧珍"]
    for narrowed in ({"who": "张健辉"}, {"until": "2020-01-01"}):
        assert client.get("/desk/privacy/", narrowed).context["seen"] == []
    sheet = client.get("/desk/privacy/print", {"who": "黄慧珍"})
    assert [line.user for line in sheet.context["seen"]] == ["黄慧珍"]
    assert ReadLog.objects.filter(subject="read log", channel="print").count() == 1


@pytest.mark.parametrize("who", ["administrator", "station_officer", "district_leader"])
def test_nobody_else_reads_the_log(town: Town, who: str) -> None:
    for path in ("/desk/privacy/", "/desk/privacy/print"):
        assert town.client(who).get(path).status_code == 403
    assert not ReadLog.objects.exists()
