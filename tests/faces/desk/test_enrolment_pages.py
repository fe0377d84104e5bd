"""The pages of a list of households, as the person who brings it walks them."""

import io
import uuid

import pytest
from django.test import Client

from casework import TESTS
from factories import Town, make_dwelling
from wangge.domain.access.models import ReadLog
from wangge.domain.access.scope import acting_as
from wangge.domain.enrolment import services
from wangge.domain.enrolment.models import Enrolment
from wangge.domain.register.models import Resident
from wangge.platform.sheets.parse import rows_of

LIST = (
    "住址,姓名,联系电话,与户主关系,政治面貌\n"
    "东1网格正街1号701,王小明,13800001234,户主,某某\n"
    "火星路1号701,李红,13800001235,户主,某某\n"
)
COLUMNS = {"address": "0", "name": "1", "phone": "2", "relation": "3"}


@pytest.fixture(autouse=True)
def flat(town: Town) -> None:
    with acting_as(TESTS):
        make_dwelling(town, town.grids[0], "701")


def upload(client: Client, text: str = LIST, name: str = "住户.csv") -> str:
    file = io.BytesIO(text.encode("gbk"))
    file.name = name
    answer = client.post("/desk/register/enrolments/", {"key": uuid.uuid4(), "file": file})
    return answer.headers.get("Location", "") or answer.content.decode()


def the_list() -> int:
    with acting_as(TESTS):
        return int(Enrolment.objects.get().pk)


def test_a_list_is_walked_from_upload_to_the_register_and_back(town: Town) -> None:
    client = town.client("station_officer")
    page = upload(client)
    shown = client.get(page).content.decode()
    assert "火星路1号701" in shown
    assert "没有读取" in shown
    for hidden in ("王小明", "13800001234", "某某"):
        assert hidden not in shown
    assert client.post(f"{page}columns", {"name": "1"}).status_code == 422
    assert client.post(f"{page}columns", COLUMNS).headers["Location"] == page
    assert "hx-get" in client.get(page).content.decode()
    services.check(the_list())
    shown = client.get(page).content.decode()
    assert "导入 1 人" in shown
    assert "您的服务范围里没有找到这个住址" in shown
    assert client.get(page, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    client.post(f"{page}confirm")
    client.post(f"{page}pause")
    assert "继续导入" in client.get(page).content.decode()
    client.post(f"{page}resume")
    services.merge(the_list())
    assert "已登记 <strong>1</strong> 人" in client.get(page).content.decode()
    client.post(f"{page}undo")
    services.undo(the_list())
    assert "已全部撤回" in client.get(page).content.decode()
    with acting_as(TESTS):
        assert not Resident.objects.exists()


def test_rows_with_errors_are_returned_and_the_look_is_logged(town: Town) -> None:
    client = town.client("station_officer")
    page = upload(client)
    client.post(f"{page}columns", COLUMNS)
    services.check(the_list())
    book = client.get(f"{page}returned.xlsx")
    header, *rows = [cells for _n, cells, _f in rows_of(b"".join(book.streaming_content))]  # type: ignore[attr-defined]
    assert header[:4] == ["行号", "错误", "住址", "姓名"]
    assert [row[:4] for row in rows] == [["3", "您的服务范围里没有找到这个住址", "火星路1号701", "李红"]]
    assert ReadLog.objects.get().channel == "export"


def test_what_cannot_be_read_is_said_at_the_field(town: Town) -> None:
    shown = upload(town.client("station_officer"), "姓名,住址\n")
    assert "只有表头，没有内容。" in shown


def test_who_keeps_no_register_has_no_such_page(town: Town) -> None:
    for role in ("street_dispatcher", "unit_officer", "administrator"):
        assert town.client(role).get("/desk/register/enrolments/").status_code == 403
    page = upload(town.client("station_officer"))
    for role in ("station_head", "grid_worker"):
        for path in (page, f"{page}returned.xlsx"):
            assert town.client(role).get(path).status_code == 404
        assert town.client(role).post(f"{page}cancel").status_code == 404
    assert town.client("station_officer").post(f"{page}nothing").status_code == 404


def test_a_page_of_a_list_costs_the_same_whatever_its_length(
    town: Town, django_assert_max_num_queries: object
) -> None:
    client = town.client("station_officer")
    page = upload(client, LIST + "".join(f"火星路{n}号701,李红{n},,,\n" for n in range(2, 60)))
    client.post(f"{page}columns", COLUMNS)
    services.check(the_list())
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert client.get(page).content.decode().count("没有找到这个住址") == 59
