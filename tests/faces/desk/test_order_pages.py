"""The pages of an order import, as the person who brings the list walks them."""

import io
import uuid

import pytest
from django.test import Client

from factories import Town
from wangge.domain.access.actor import System
from wangge.domain.access.models import ReadLog
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.orders import services
from wangge.domain.orders.models import OrderImport
from wangge.platform.sheets.parse import rows_of

LIST = "工单编号,诉求内容,所属社区,联系电话\nGD1,路灯不亮,东社区,13800001234\nGD2,井盖坏了,火星,13800001235\n"


def upload(client: Client, text: str = LIST, name: str = "清单.csv") -> str:
    file = io.BytesIO(text.encode("gbk"))
    file.name = name
    answer = client.post("/desk/import/", {"key": uuid.uuid4(), "file": file, "source": "12345"})
    return answer.headers.get("Location", "") or answer.content.decode()


def the_import() -> int:
    with acting_as(System("test")):
        return int(OrderImport.objects.get().pk)


def test_a_list_is_walked_from_upload_to_cases(town: Town) -> None:
    client = town.client("street_dispatcher")
    page = upload(client)
    shown = client.get(page).content.decode()
    assert "路灯不亮" in shown
    assert "13800001234" not in shown
    columns = {"number": "0", "content": "1", "area": "2", "phone": "3"}
    assert client.post(f"{page}columns", {"number": "0"}).status_code == 422
    assert client.post(f"{page}columns", columns).headers["Location"] == page
    assert "hx-get" in client.get(page).content.decode()
    services.check(the_import())
    shown = client.get(page).content.decode()
    assert "导入 1 条" in shown
    assert "您负责的范围里没有“火星”" in shown
    assert client.get(page, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    client.post(f"{page}confirm")
    services.merge(the_import())
    assert "已导入 <strong>1</strong> 条" in client.get(page).content.decode()
    with acting_as(System("test")):
        assert Case.objects.get().description == "路灯不亮"


def test_rows_with_errors_are_returned_to_who_brought_them_and_the_look_is_logged(town: Town) -> None:
    client = town.client("street_dispatcher")
    page = upload(client)
    client.post(f"{page}columns", {"number": "0", "content": "1", "area": "2", "phone": "3"})
    services.check(the_import())
    book = client.get(f"{page}returned.xlsx")
    assert [cells[1] for _n, cells, _f in rows_of(b"".join(book.streaming_content))] == ["工单编号", "GD2"]  # type: ignore[attr-defined]
    assert ReadLog.objects.get().subject == f"order import {the_import()}"


@pytest.mark.parametrize("role", ["operator", "district_dispatcher", "station_officer", "administrator"])
def test_another_persons_import_is_not_there(town: Town, role: str) -> None:
    page = upload(town.client("street_dispatcher"))
    client = town.client(role)
    assert client.get(page).status_code == 404
    assert client.get(f"{page}returned.xlsx").status_code == 404
    for act in ("columns", "confirm", "cancel", "undo"):
        assert client.post(f"{page}{act}").status_code == 404


def test_who_brings_no_orders_has_no_such_page(town: Town) -> None:
    for role in ("station_officer", "grid_worker", "unit_officer"):
        client = town.client(role)
        assert client.get("/desk/import/").status_code == 403
        assert "导入工单" not in client.get("/desk/").content.decode()


def test_what_is_no_list_is_said_at_the_file(town: Town) -> None:
    client = town.client("street_dispatcher")
    assert "这其实是网页" in upload(client, "<html><table></table></html>", "a.xls")
    assert "只有表头" in upload(client, "工单编号,诉求内容\n")


def test_an_unknown_act_is_not_found(town: Town) -> None:
    client = town.client("street_dispatcher")
    assert client.post(f"{upload(client)}explode").status_code == 404
