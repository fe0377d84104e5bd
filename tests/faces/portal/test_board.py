"""What everybody may see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from journeys import PHONE, WORDS, Journey

from casework import statements
from factories import Town
from wangge.domain.access.actor import System
from wangge.domain.access.models import Unit
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.places.models import Area
from wangge.faces.portal.never import NEVER

MakeJourney = Callable[..., Journey]


def text(resident: Client, url: str) -> str:
    answer = resident.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_board_shows_filed_cases_without_anybodys_words(resident: Client, journey: MakeJourney) -> None:
    filed, waiting = journey().dispatched(), journey()
    page = text(resident, "/board")
    assert filed.number in page
    assert waiting.number not in page
    for hidden in (WORDS, "三巷口", PHONE, filed.code):
        assert hidden not in page


def test_the_board_is_filtered_by_community_and_by_state(
    town: Town, resident: Client, journey: MakeJourney
) -> None:
    opened, closed = journey().dispatched(), journey().closed()
    east, west = (area.code for area in town.communities)
    assert opened.number in text(resident, f"/board?area={east}&state=open")
    assert closed.number not in text(resident, f"/board?area={east}&state=open")
    assert closed.number in text(resident, f"/board?area={east}&state=closed")
    assert opened.number not in text(resident, f"/board?area={west}")


def test_the_figures_say_how_soon_half_of_the_cases_were_handled(
    town: Town, resident: Client, journey: MakeJourney
) -> None:
    for _ in range(3):
        journey().handled()
    with acting_as(System("test")):
        for hours, pk in zip((1, 3, 30), Case.objects.values_list("pk", flat=True), strict=True):
            Case.objects.filter(pk=pk).update(handled_at=F("filed_at") + timedelta(hours=hours))
    assert "一半的事在立案后 3 小时内处理完" in text(resident, "/board")


def test_the_board_has_pages_of_twenty(town: Town, resident: Client, journey: MakeJourney) -> None:
    for _ in range(21):
        journey().filed()
    assert text(resident, "/board").count("/board/4401") == 20
    assert text(resident, "/board?page=2").count("/board/4401") == 1


def test_the_board_costs_the_same_however_long_it_is(
    resident: Client, journey: MakeJourney, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        journey().filed()
    with django_assert_max_num_queries(14):
        resident.get("/board")


def test_anybody_may_follow_a_case_by_its_number_without_words(
    resident: Client, journey: MakeJourney
) -> None:
    one = journey().dispatched()
    page = text(resident, f"/board/{one.number}")
    assert "海珠区环卫作业中心" in page
    for hidden in (WORDS, "三巷口", PHONE, one.code):
        assert hidden not in page


def test_refused_cases_are_not_shown_to_anybody_else(resident: Client, journey: MakeJourney) -> None:
    one = journey().make("station_officer", "propose_refusal", reason="owner_duty", note="说明")
    one.make("street_dispatcher", "confirm_refusal")
    assert resident.get(f"/board/{one.number}").status_code == 404
    assert resident.get("/board/440105-20200101-0000001").status_code == 404


def test_a_merged_number_leads_to_the_case_it_was_merged_into(resident: Client, journey: MakeJourney) -> None:
    other, one = journey().dispatched(), journey()
    one.make("station_officer", "merge", into=other.number)
    assert other.number in text(resident, f"/board/{one.number}")


@pytest.mark.parametrize("level", ["street", "community", "grid"])
def test_an_area_has_a_page_with_its_office(town: Town, resident: Client, level: str) -> None:
    area = {"street": town.street, "community": town.communities[0], "grid": town.grids[0]}[level]
    page = text(resident, f"/areas/{area.code}")
    assert area.name in page
    office = "南华西街道综合治理中心" if level == "street" else "东社区工作站"
    assert office in page
    if level == "community":
        assert town.grids[0].name in page
        assert town.grids[2].name not in page


def test_an_area_that_is_none_is_not_found(town: Town, resident: Client) -> None:
    for code in ("999", "44", "440105"):
        assert resident.get(f"/areas/{code}").status_code == 404
    assert resident.get(f"/areas/{town.street.code}/poster").status_code == 404


def test_a_poster_carries_a_code_for_its_place(town: Town, resident: Client) -> None:
    page = text(resident, f"/areas/{town.grids[0].code}/poster")
    assert town.grids[0].name in page
    assert "<svg" in page


def test_the_first_page_puts_reporting_first_and_names_the_phones(town: Town, resident: Client) -> None:
    page = text(resident, "/")
    assert page.index("我要上报") < page.index("查进度</label>") < page.index("020-84400001")
    for short, _ in NEVER:
        assert str(short) in page


@pytest.mark.parametrize("url", ["/", "/s", "/what-we-never-do", "/privacy", "/accessibility", "/report"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(town: Town, resident: Client, url: str, language: str) -> None:
    assert resident.get(url, headers={"accept-language": language}).status_code == 200


def test_the_privacy_page_states_every_personal_field_with_purpose_and_time(
    town: Town, resident: Client
) -> None:
    page = text(resident, "/privacy")
    for said in ("姓名", "电话", "电子邮箱", "回访上报人", "保存 365 天"):
        assert said in page


def test_the_first_page_costs_the_same_however_many_communities_there_are(
    town: Town, resident: Client
) -> None:
    text(resident, "/")
    before = statements(lambda: text(resident, "/"))
    for number in range(5):
        name, path = f"新{number}社区", f"{town.street.path}{10**9 + number}."
        area = Area.objects.create(
            code=f"44010500810{number}",
            name=name,
            short_name=name,
            level="community",
            parent=town.street,
            path=path,
        )
        Unit.objects.create(name=f"{name}工作站", short_name=f"{name}工作站", kind="station", area=area)
    assert statements(lambda: text(resident, "/")) == before <= 8
    assert text(resident, "/").count("社区工作站") >= 5
