"""The page on which a file of the register is asked for."""

import pytest

from casework import TESTS
from factories import Town, make_dwelling
from settling import make_resident
from wangge.domain.access.models import ReadLog
from wangge.domain.access.scope import acting_as
from wangge.domain.register.models import Household
from wangge.domain.register.purposes import NEAR
from wangge.domain.register.services import exporting
from wangge.platform.sheets.parse import rows_of

PAGE = "/desk/register/export"


@pytest.fixture(autouse=True)
def living(town: Town) -> None:
    with acting_as(TESTS):
        flat = make_dwelling(town, town.grids[0])
        home = Household.objects.create(area=town.grids[0], dwelling=flat)
        make_resident(home, "何桂香", "13800001234", relation="head")


def test_the_head_of_the_station_takes_a_file_away_for_a_purpose(town: Town) -> None:
    client = town.client("station_head")
    assert "何桂香" not in client.get(PAGE).content.decode()
    form = {"grid": town.grids[0].pk, "more": ["phone"], "purpose": NEAR[0]}
    answer = client.post(PAGE, form)
    mark, header, row = [cells for _n, cells, _f in rows_of(b"".join(answer.streaming_content))]  # type: ignore[attr-defined]
    assert NEAR[0] in mark[0]
    assert header == ["住址", "姓名", "电话"]
    assert row[1:] == ["何桂香", "13800001234"]
    assert answer["Cache-Control"] == "no-store"
    assert ReadLog.objects.get().channel == "export"


def test_what_is_missing_is_said_at_the_field_and_nothing_leaves(town: Town) -> None:
    answer = town.client("station_head").post(PAGE, {"grid": town.grids[0].pk})
    assert answer.status_code == 422
    assert not ReadLog.objects.exists()
    for _time in range(exporting.FILES.most):
        exporting.FILES.count(str(town.users["station_head"].pk))
    form = {"grid": town.grids[0].pk, "purpose": NEAR[0]}
    answer = town.client("station_head").post(PAGE, form)
    assert "请明天再导" in answer.content.decode()
    assert not ReadLog.objects.exists()


def test_others_of_the_station_have_no_such_page(town: Town) -> None:
    for role in ("station_officer", "grid_worker", "street_dispatcher", "administrator"):
        assert town.client(role).get(PAGE).status_code == 403
        assert town.client(role).post(PAGE, {"grid": town.grids[0].pk}).status_code == 403
