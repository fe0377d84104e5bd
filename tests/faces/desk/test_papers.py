"""A list or a case taken along: only what the reader may see, no contact, no formula, and the taking is logged."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import START, reported
from factories import Town
from wangge.domain.access.actor import System
from wangge.domain.access.models import ReadLog
from wangge.domain.access.scope import acting_as
from wangge.domain.exports import services
from wangge.domain.exports.models import ListFile
from wangge.domain.exports.sheet import without_numbers
from wangge.platform import clock
from wangge.platform.sheets.parse import rows_of


@pytest.fixture
def cases(town: Town) -> list[Any]:
    with clock.at(START):
        words = ('=HYPERLINK("http://example.org")', "请打 13800001234 找王小明")
        made = [reported(town, description=text, phone="13900005678", name="李四").case for text in words]
        return [*made, reported(town, grid=2, description="西边的事").case]


def taken(town: Town, role: str, query: str = "") -> list[list[str]]:
    answer = town.client(role).get(reverse("desk:export-cases") + query)
    assert answer.status_code == 200
    return [cells for _number, cells, _formulas in rows_of(b"".join(answer.streaming_content))]  # type: ignore[attr-defined]


def test_a_list_is_taken_along_inside_the_scope_and_without_personal_data(
    town: Town, cases: list[Any]
) -> None:
    header, *rows = taken(town, "station_officer")
    assert header[:3] == ["编号", "事项", "内容"]
    assert {row[0] for row in rows} == {case.number for case in cases[:2]}
    assert {row[2] for row in rows} == {'=HYPERLINK("http://example.org")', "请打 *********** 找王小明"}
    assert "139" not in str(rows)
    assert "李四" not in str(rows)


def test_the_filters_hold_for_what_is_taken(town: Town, cases: list[Any]) -> None:
    assert [row[2] for row in taken(town, "street_dispatcher", "?words=西边")[1:]] == ["西边的事"]


def test_who_took_how_many_by_which_filters_is_logged(town: Town, cases: list[Any]) -> None:
    taken(town, "street_dispatcher", "?words=西边")
    (look,) = ReadLog.objects.all()
    assert (look.user_id, look.subject, look.channel) == (
        town.users["street_dispatcher"].pk, "list of 1 cases", "export",
    )  # fmt: skip
    assert "西边" in look.purpose


def test_taking_a_long_list_costs_no_more_statements(town: Town, cases: list[Any]) -> None:
    client = town.client("street_dispatcher")
    client.get(reverse("desk:export-cases"))
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            b"".join(client.get(reverse("desk:export-cases")).streaming_content)  # type: ignore[attr-defined]
        counts.append(len(asked))
        with clock.at(START):
            for _n in range(5):
                reported(town)
    assert counts[0] == counts[1]


def test_a_long_list_is_asked_for_watched_and_then_taken(
    town: Town, cases: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(services, "AT_ONCE", 1)
    client = town.client("street_dispatcher")
    asked = client.get(reverse("desk:export-cases"))
    assert asked.status_code == 302
    page = client.get(asked["Location"])
    key = page.context["form"]["key"].value()
    sent = [client.post(asked["Location"], {"key": key})["Location"] for _turn in range(2)]
    with acting_as(System("test")):
        made = ListFile.objects.get()
    assert sent == [reverse("desk:list-file", args=[made.pk])] * 2
    assert "已排队" in client.get(sent[0]).content.decode()
    assert client.get(reverse("desk:take-list", args=[made.pk])).status_code == 404
    services.write(made.pk)
    part = client.get(sent[0], headers={"HX-Request": "true"}).content.decode()
    assert ("清单写好了，共 3 件" in part, "<html" in part, "hx-get" in part) == (True, False, False)
    taken = client.get(reverse("desk:take-list", args=[made.pk]))
    assert len(list(rows_of(b"".join(taken.streaming_content)))) == 4  # type: ignore[attr-defined]
    assert "attachment" in taken["Content-Disposition"]
    assert town.client("street_leader").get(sent[0]).status_code == 404


def test_a_long_list_keeps_its_filters(town: Town, cases: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "AT_ONCE", -1)
    client = town.client("street_dispatcher")
    asked = client.get(reverse("desk:export-cases") + "?words=西边&state=reported&unknown=1")["Location"]
    client.post(asked, {"key": uuid.uuid4()})
    work = client.get(reverse("desk:export-work"))["Location"]
    client.post(work, {"key": uuid.uuid4()})
    with acting_as(System("test")):
        kept = list(ListFile.objects.order_by("pk").values_list("asked", "words"))
    assert kept[0][0] == {"words": "西边", "state": "reported"}
    assert "西边" in kept[0][1]
    assert kept[1] == ({"work": ""}, "我的工作")


def test_work_is_taken_along_too(town: Town, cases: list[Any]) -> None:
    answer = town.client("station_officer").get(reverse("desk:export-work"))
    assert len(list(rows_of(b"".join(answer.streaming_content)))) == 3  # type: ignore[attr-defined]


def test_the_sheet_of_a_case_holds_its_history_and_no_contact(town: Town, cases: list[Any]) -> None:
    page = town.client("station_officer").get(reverse("desk:print-case", args=[cases[1].pk])).content.decode()
    assert cases[1].number in page
    assert "办理过程" in page
    assert "13900005678" not in page
    assert "李四" not in page


def test_a_strangers_case_is_not_printed(town: Town, cases: list[Any]) -> None:
    assert (
        town.client("station_officer").get(reverse("desk:print-case", args=[cases[2].pk])).status_code == 404
    )


def test_the_printed_list_names_its_filters(town: Town, cases: list[Any]) -> None:
    page = town.client("street_dispatcher").get(reverse("desk:print-cases") + "?words=西边").content.decode()
    assert "编号、地址、内容：西边" in page
    assert "西边的事" in page
    assert cases[0].number not in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("13800001234", "***********"),
        ("020-8888 1234", "*" * 13),
        ("3 号楼 502", "3 号楼 502"),
        ("2026-11-22 起", "2026-11-22 起"),
    ],
)
def test_long_numbers_in_words_are_covered(text: str, told: str) -> None:
    assert without_numbers(text) == told
