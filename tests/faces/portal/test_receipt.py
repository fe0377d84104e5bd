"""The status page: what a receipt code opens, and what its holder may do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from journeys import PHONE, WORDS, Journey, jpeg, rubbish

from factories import Town
from wangge.domain.access.actor import System
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Photo
from wangge.domain.cases.services.contacts import PURPOSES, unmask
from wangge.faces.portal import words
from wangge.platform import clock

MakeJourney = Callable[..., Journey]


def page_of(resident: Client, one: Journey) -> str:
    answer = resident.get(one.url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_state_of_the_process_has_words_for_residents(journey: MakeJourney) -> None:
    definition = journey().case.process.definition
    assert {state["key"] for state in definition["states"]} <= set(words.STATES)


def test_a_new_report_says_who_has_it_and_when_the_answer_comes(
    resident: Client, journey: MakeJourney
) -> None:
    page = page_of(resident, journey())
    for said in ("已收到，等社区受理", "东社区工作站", "020-84400001", "最晚答复是否受理", WORDS):
        assert said in page


def test_a_dispatched_report_names_the_unit_and_the_deadline(resident: Client, journey: MakeJourney) -> None:
    page = page_of(resident, journey().dispatched())
    for said in ("海珠区环卫作业中心", "最晚办好", "派给海珠区环卫作业中心", "已立案"):
        assert said in page


def test_members_of_staff_and_the_contact_are_never_named(
    town: Town, resident: Client, journey: MakeJourney
) -> None:
    page = page_of(resident, journey().closed())
    for user in town.users.values():
        assert user.name not in page
    assert PHONE not in page
    assert "只给内部看的话" not in page


def test_a_look_at_the_contact_is_shown_to_the_reporter_without_a_name(
    town: Town, resident: Client, journey: MakeJourney
) -> None:
    one = journey().to_be_rated()
    assert "还没有人看过" in page_of(resident, one)
    caller = actor_of(town.users["station_officer"], clock.today())
    unmask(caller, one.case.pk, PURPOSES[0])
    page = page_of(resident, one)
    assert "社区经办: 回访核实办理结果" in page
    assert "东社区工作站" in page
    assert caller.name not in page


def test_the_first_unit_stays_the_contact_while_another_step_has_the_case(
    resident: Client, journey: MakeJourney
) -> None:
    page = page_of(resident, journey().handled())
    assert "一直可以问" in page
    assert "已清运并冲洗。" in page


def test_a_code_typed_carelessly_opens_the_same_page(resident: Client, journey: MakeJourney) -> None:
    one = journey()
    careless = one.code.lower().replace("-", " ")
    answer = resident.get("/s", {"code": careless}, follow=True)
    assert answer.status_code == 200
    assert one.code in answer.content.decode()


@pytest.mark.parametrize("code", ["XXXX", "K7M2-9QXF-3T", "回执", "0" * 60, "<script>"])
def test_a_wrong_code_is_not_found_and_says_what_to_check(town: Town, resident: Client, code: str) -> None:
    answer = resident.get(f"/s/{code}")
    assert answer.status_code == 404
    assert "请对照回执检查" in answer.content.decode()
    assert "<script>" not in answer.content.decode().replace("<script type", "")


def test_after_thirty_wrong_codes_in_an_hour_an_address_must_wait(
    resident: Client, journey: MakeJourney
) -> None:
    one = journey()
    for _ in range(30):
        assert resident.get("/s/XXXX").status_code == 404
    assert resident.get("/s/XXXX").status_code == 429
    assert resident.get(one.url).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").get(one.url).status_code == 200


def test_a_good_rating_leads_to_closing(resident: Client, journey: MakeJourney) -> None:
    one = journey().to_be_rated()
    assert "办得怎么样，您说了算" in page_of(resident, one)
    data = {"version": one.case.version, "solved": "1", "satisfied": "5", "note": "谢谢"}
    answer = resident.post(f"{one.url}/rate", data, follow=True)
    assert "您的评价已记下" in answer.content.decode()
    assert (one.case.state, one.case.satisfied) == ("closing", 5)


@pytest.mark.parametrize("data", [{"solved": "0", "satisfied": "3"}, {"solved": "1", "satisfied": "1"}])
def test_a_dissatisfied_reporter_sends_it_back_to_handling(
    resident: Client, journey: MakeJourney, data: dict[str, str]
) -> None:
    one = journey().to_be_rated()
    resident.post(f"{one.url}/rate", data | {"version": str(one.case.version)})
    assert (one.case.state, one.case.reworks) == ("handling", 1)
    assert "正在处理" in page_of(resident, one)


def test_an_objection_after_closing_reopens(resident: Client, journey: MakeJourney) -> None:
    one = journey().closed()
    assert "没有真正解决" in page_of(resident, one)
    data = {"version": one.case.version, "reason": "came_back", "note": "第二天又满了"}
    assert resident.post(f"{one.url}/object", data).status_code == 302
    assert (one.case.state, one.case.objections) == ("handling", 1)
    assert "第二天又满了" in page_of(resident, one)


def test_an_objection_without_a_reason_keeps_the_words(resident: Client, journey: MakeJourney) -> None:
    one = journey().closed()
    answer = resident.post(f"{one.url}/object", {"version": one.case.version, "note": "又满了"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "又满了" in page
    assert "请填写“异议理由”" in page
    assert one.case.state == "closed"


def test_an_urge_reaches_the_case(resident: Client, journey: MakeJourney) -> None:
    one = journey().dispatched()
    resident.post(f"{one.url}/urge", {"version": one.case.version, "note": "麻烦快一点"})
    assert one.case.urges == 1
    assert "您催办了一次" in page_of(resident, one)


def test_a_stale_form_changes_nothing_and_keeps_the_words(resident: Client, journey: MakeJourney) -> None:
    one = journey().to_be_rated()
    seen = one.case.version
    one.make("station_officer", "urge")
    data = {"version": seen, "solved": "0", "satisfied": "1", "note": "还是臭"}
    answer = resident.post(f"{one.url}/rate", data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "还是臭" in page
    assert f'name="version" value="{seen + 1}"' in page
    assert one.case.state == "callback"


@pytest.mark.parametrize("move", ["close", "finish", "void", "merge", "nonsense", "rate"])
def test_the_receipt_allows_no_other_moves(resident: Client, journey: MakeJourney, move: str) -> None:
    one = journey().dispatched()
    before = one.case.version
    answer = resident.post(f"{one.url}/{move}", {"version": before})
    assert answer.status_code == 409
    assert one.case.version == before


def test_a_refusal_gives_its_reason_and_the_explanation(resident: Client, journey: MakeJourney) -> None:
    one = journey().make(
        "station_officer", "propose_refusal", reason="owner_duty", note="属物业管理，已告知物业今天来清。"
    )
    assert "属物业管理" not in page_of(resident, one)
    one.make("street_dispatcher", "confirm_refusal")
    page = page_of(resident, one)
    for said in ("不予受理", "属业主自有部分", "属物业管理，已告知物业今天来清。"):
        assert said in page


def test_a_merged_report_shows_the_progress_of_the_other_without_its_words(
    resident: Client, journey: MakeJourney
) -> None:
    other, one = journey().dispatched(), journey()
    with acting_as(System("test")):
        type(other.case).objects.filter(pk=other.pk).update(description="别人写的话", address="别人的地址")
    one.make("station_officer", "merge", into=other.number)
    page = page_of(resident, one)
    assert other.number in page
    assert "海珠区环卫作业中心" in page
    assert "别人写的话" not in page
    assert "别人的地址" not in page


def test_photos_open_only_with_their_own_receipt(resident: Client, journey: MakeJourney) -> None:
    one, other = journey().handled(), journey()
    with acting_as(System("test")):
        photos = {row.use: row.pk for row in Photo.objects.filter(case=one.pk)}
    for pk in photos.values():
        answer = resident.get(f"{one.url}/photos/{pk}.jpg?small")
        assert answer.status_code == 200
        assert answer.content.startswith(b"\xff\xd8")
        assert "private" in answer.headers["Cache-Control"]
        assert resident.get(f"{other.url}/photos/{pk}.jpg").status_code == 404
        assert resident.get(f"/photos/{pk}.jpg").status_code == 404


def test_photos_of_a_check_are_not_for_the_reporter(resident: Client, journey: MakeJourney) -> None:
    one = journey().handled().make("grid_worker", "pass_check", (jpeg("blue"),))
    with acting_as(System("test")):
        pk = Photo.objects.get(case=one.pk, use="check").pk
    assert resident.get(f"{one.url}/photos/{pk}.jpg").status_code == 404
    assert f"photos/{pk}.jpg" not in page_of(resident, one)


def test_staff_see_photos_of_their_own_cases_only(town: Town, journey: MakeJourney) -> None:
    one = journey()
    with acting_as(System("test")):
        pk = Photo.objects.get(case=one.pk).pk
    assert town.client("station_officer").get(f"/photos/{pk}.jpg").status_code == 200
    assert town.client("unit_officer").get(f"/photos/{pk}.jpg").status_code == 404
    assert town.client("administrator").get(f"/photos/{pk}.jpg").status_code == 404


def test_matters_are_named_in_the_language_of_the_page(resident: Client, journey: MakeJourney) -> None:
    one = journey().dispatched()
    matter = rubbish().matter
    assert matter.name in page_of(resident, one)
    answer = resident.get(one.url, headers={"accept-language": "en"})
    assert matter.name_en in answer.content.decode()


def test_the_page_costs_a_constant_number_of_statements(
    resident: Client, journey: MakeJourney, django_assert_max_num_queries: Any
) -> None:
    one = journey().closed()
    with django_assert_max_num_queries(18):
        assert resident.get(one.url).status_code == 200
