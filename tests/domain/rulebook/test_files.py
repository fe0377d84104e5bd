"""The rules as files: what is written is read back, and each row says what it would change."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from casework import TESTS
from factories import Town
from wangge.domain.cases.services.dispatching import set_responsibility
from wangge.domain.catalogue.services import override_day
from wangge.domain.rulebook.files import as_json, as_workbook, read, tables
from wangge.domain.rulebook.models import Draft, Upload
from wangge.domain.rulebook.services import uploads
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid


@pytest.fixture
def ruled(town: Town) -> Town:
    set_responsibility(
        TESTS,
        area_id=town.district.pk,
        unit_id=town.units["sanitation"].pk,
        duty="sanitation",
        when="case.hour >= 22",
        when_name="=夜间",
        note="=HYPERLINK(1)",
    )
    override_day(TESTS, town.district.pk, clock.today() + timedelta(days=40), working=False, note="停工")
    return town


def uploaded(draft: Draft, found: Any) -> Upload:
    return uploads.upload(TESTS, draft.pk, "rules.json", as_json(found))


def states(found: Upload) -> set[str]:
    return {row["state"] for row in found.rows}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("name", "write"), [("rules.xlsx", as_workbook), ("rules.json", as_json)])
def test_what_is_exported_changes_nothing_when_it_comes_back(
    ruled: Town, draft: Draft, name: str, write: Any, language: str
) -> None:
    with translation.override(language):
        found = uploads.upload(TESTS, draft.pk, name, write(tables()))
    assert [row for row in found.rows if row["state"] != "unchanged"] == []
    assert len(found.rows) > 1000


def test_a_workbook_holds_no_formula(ruled: Town) -> None:
    book = as_workbook(tables())
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        assert not any(b"<f>" in packed.read(name) for name in packed.namelist())
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name("责任清单").to_python()
    assert rows[1][8] == "=HYPERLINK(1)"


def test_each_row_says_what_it_would_change_and_only_good_ones_enter_the_draft(
    ruled: Town, draft: Draft
) -> None:
    found = tables()
    conditions, duties, days = found["conditions"], found["duties"], found["days"]
    conditions[0]["amount"] = 77
    conditions[1]["amount"] = "many"
    conditions.append(conditions[2] | {"number": "", "text": "全新的条件"})
    duties.append(duties[0] | {"when": "case.nothing"})
    duties.append(duties[0] | {"unit": "没有的单位"})
    duties.append(duties[0] | {"when": "", "when_name": ""})
    days.append(days[0] | {"day": "2001-01-01"})
    days.append(days[0])
    made = uploaded(draft, found)
    odd = [(row["sheet"], row["state"]) for row in made.rows if row["state"] != "unchanged"]
    assert odd == [
        ("立案条件", "changed"),
        ("立案条件", "error"),
        ("立案条件", "new"),
        ("责任清单", "error"),
        ("责任清单", "error"),
        ("责任清单", "new"),
        ("工作日历", "error"),
    ]
    assert not draft.changes.exists()
    assert uploads.take(TESTS, made.pk) == 3
    assert sorted(draft.changes.values_list("kind", flat=True)) == ["condition", "condition", "duty"]
    with pytest.raises(Conflict):
        uploads.take(TESTS, made.pk)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b"{"),
        ("a.json", b"[1]"),
        ("a.json", json.dumps({"days": [1]}).encode()),
        ("a.json", b"\xff\xfe\x00"),
        ("a.xlsx", b"PK not a workbook"),
        ("a.xlsx", b""),
        ("a.json", b"{}"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_in_words(name: str, data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read(name, data)
    assert "file" in refused.value.fields


def test_a_workbook_that_unpacks_without_end_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    with pytest.raises(Invalid):
        read("bomb.xlsx", bomb.getvalue())
