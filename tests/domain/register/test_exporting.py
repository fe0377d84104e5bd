"""A file of the register is taken away by who has the right, within limits, and everybody in it can see that."""

import io
import zipfile
from collections.abc import Iterator

import pytest

from casework import TESTS
from factories import Town
from scene import Scene
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import ReadLog
from wangge.domain.access.scope import acting_as
from wangge.domain.register.models import Resident
from wangge.domain.register.purposes import NEAR
from wangge.domain.register.services import exporting
from wangge.platform.errors import Invalid, NotAllowed, NotFound
from wangge.platform.limits.services import TooMany
from wangge.platform.sheets.reading import read
from wangge.platform.sheets.writing import write_xlsx

pytestmark = pytest.mark.django_db


def exported(actor: Actor, town: Town, grid: int = 0, *more: str) -> exporting.Exported:
    return exporting.export(actor, grid_id=town.grids[grid].pk, purpose=NEAR[0], more=more)


@pytest.fixture
def living(scene: Scene) -> Iterator[list[Resident]]:
    with acting_as(TESTS):
        grid = scene.town.grids[0]
        yield list(Resident.objects.filter(area=grid, until__isnull=True, merged_into__isnull=True))


def test_only_the_head_of_the_station_exports_and_only_grids_of_the_community(
    people: dict[str, Actor], town: Town
) -> None:
    assert exported(people["station_head"], town).people
    for name in (
        "station_officer",
        "grid_worker",
        "street_dispatcher",
        "street_leader",
        "district_leader",
        "unit_head",
    ):
        with pytest.raises(NotAllowed):
            exported(people[name], town)
    with pytest.raises(NotFound):
        exported(people["station_head"], town, 2)


def test_a_look_at_everybody_in_the_file_is_written_with_what_it_holds(
    people: dict[str, Actor], town: Town, living: list[Resident]
) -> None:
    before = ReadLog.objects.count()
    taken = exported(people["station_head"], town, 0, "phone", "everything")
    assert len(taken.people) == len(living) > 0
    looks = list(ReadLog.objects.order_by("-pk")[: len(living)])
    assert ReadLog.objects.count() == before + len(living)
    assert {(one.channel, one.purpose, one.data_class) for one in looks} == {
        ("export", NEAR[0], "姓名、住址、电话")
    }
    assert len({one.person for one in looks}) == len(living)


def test_the_file_is_marked_on_each_page_and_holds_no_formula(
    people: dict[str, Actor], town: Town, living: list[Resident]
) -> None:
    with acting_as(TESTS):
        Resident.objects.filter(pk=living[0].pk).update(name="=HYPERLINK(1)")
    taken = exported(people["station_head"], town, 0, "relation")
    out = io.BytesIO()
    write_xlsx(out, "x", taken.columns, taken.rows(), taken.mark)
    mark, header, *rows = [row.cells for row in read(out.getvalue())]
    assert people["station_head"].name in mark[0]
    assert NEAR[0] in mark[0]
    assert header == ("住址", "姓名", "与户主关系")
    assert "=HYPERLINK(1)" in {row[1] for row in rows}
    with zipfile.ZipFile(out) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    # Above the header, in the head and in the foot of the printed page.
    assert sheet.count(people["station_head"].name) == 3


def test_a_purpose_is_asked_for_and_files_are_limited(
    people: dict[str, Actor], town: Town, living: list[Resident], monkeypatch: pytest.MonkeyPatch
) -> None:
    head = people["station_head"]
    with pytest.raises(Invalid):
        exporting.export(head, grid_id=town.grids[0].pk, purpose="好奇")
    with monkeypatch.context() as less:
        less.setattr(exporting, "MOST_PEOPLE", len(living) - 1)
        with pytest.raises(Invalid):
            exported(head, town)
    for _time in range(exporting.FILES.most):
        exported(head, town)
    before = ReadLog.objects.count()
    with pytest.raises(TooMany):
        exported(head, town)
    assert ReadLog.objects.count() == before
