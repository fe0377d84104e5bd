"""A resident opens their own data by receipt and phone, sees who looked and why, and asks, corrects, withdraws, erases."""

import io
import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework import TESTS, reported
from factories import Town, make_dwelling
from settling import make_resident
from wangge.domain.access.models import PersonKey, ReadLog
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Contact
from wangge.domain.cases.services.intake import Reported
from wangge.domain.register.models import CareNeed, Correction, Household, Resident
from wangge.domain.register.purposes import NEAR, OWN
from wangge.domain.register.services import correcting, details, looking, own
from wangge.platform import clock

pytestmark = pytest.mark.django_db
PHONE = "13500007777"


@pytest.fixture
def home(town: Town) -> Household:
    with acting_as(TESTS):
        flat = make_dwelling(town, town.grids[0])
        made: Household = Household.objects.create(area=town.grids[0], dwelling=flat)
        return made


@pytest.fixture
def resident(home: Household) -> Resident:
    with acting_as(TESTS):
        return make_resident(home, "何桂香", PHONE, birth_year=1950)


@pytest.fixture
def receipt(town: Town) -> Reported:
    return reported(town, name="何桂香", phone="135-0000-7777")


def code_sent(settings: Any) -> str:
    newest = max(settings.SMS_FOLDER.iterdir())
    phone, text = newest.read_text().splitlines()
    assert phone == PHONE
    found = re.search(r"\b(\d{6})\b", text)
    assert found
    return found[1]


def opened(client: Client, receipt: Reported, settings: Any) -> str:
    """Signed in; the address of the page."""
    page = f"/s/{receipt.receipt_code}/mine"
    assert client.post(f"{page}/code").status_code == 302
    assert client.post(f"{page}/confirm", {"code": code_sent(settings)}).status_code == 302
    return page


def test_a_receipt_alone_shows_nothing_and_a_code_to_the_phone_opens_it(
    client: Client, resident: Resident, receipt: Reported, settings: Any
) -> None:
    page = f"/s/{receipt.receipt_code}/mine"
    assert "何桂香" not in client.get(page).content.decode()
    assert client.post(f"{page}/export.json").status_code == 404
    opened(client, receipt, settings)
    shown = client.get(page)
    assert shown["Cache-Control"] == "no-store"
    assert "1950" in shown.content.decode()
    assert "1950" not in Client().get(page).content.decode()
    client.post(f"{page}/leave")
    assert "1950" not in client.get(page).content.decode()


def test_a_code_works_once_for_some_minutes_and_few_tries(
    client: Client, receipt: Reported, settings: Any
) -> None:
    page = f"/s/{receipt.receipt_code}/mine"
    client.post(f"{page}/code")
    code = code_sent(settings)
    wrong = "000000" if code != "000000" else "111111"
    with clock.at(clock.now() + timedelta(minutes=own.CODE_MINUTES + 1)):
        assert client.post(f"{page}/confirm", {"code": code}).status_code == 422
    assert client.post(f"{page}/confirm", {"code": code}).status_code == 302
    assert client.post(f"{page}/confirm", {"code": code}).status_code == 422
    client.post(f"{page}/code")
    for _number in range(own.MOST_TRIES):
        assert client.post(f"{page}/confirm", {"code": wrong}).status_code == 422
    assert client.post(f"{page}/confirm", {"code": code_sent(settings)}).status_code == 422


def test_codes_are_sent_a_few_times_an_hour(client: Client, receipt: Reported) -> None:
    page = f"/s/{receipt.receipt_code}/mine/code"
    assert [client.post(page).status_code for _n in range(own.CODES.most + 1)] == [302] * own.CODES.most + [
        429
    ]


def entered(client: Client, settings: Any, name: str = "") -> str:
    """Signed in by the phone alone; the page."""
    assert client.post("/mine/code", {"phone": PHONE}).status_code == 200
    given = {"phone": f"+86 {PHONE}", "code": code_sent(settings), "name": name}
    assert client.post("/mine/confirm", given).status_code == 302
    return client.get("/mine").content.decode()


def test_who_never_reported_opens_their_data_by_the_phone_alone(
    client: Client, town: Town, resident: Resident, settings: Any
) -> None:
    looking.show_household(town.actor("grid_worker"), resident.household_id, NEAR[0])
    assert "1950" not in client.get("/mine").content.decode()
    assert client.post("/mine/export.json").status_code == 404
    page = entered(client, settings)
    assert "1950" in page
    assert "东社区工作站 网格员" in page
    look = ReadLog.objects.get(purpose=NEAR[0])
    given = {"of": look.pk, "key": str(uuid.uuid4()), "words": "没有约过"}
    asked = client.post("/mine/ask", given)
    assert asked.status_code == 302
    with acting_as(TESTS):
        case = Case.objects.latest("pk")
        assert str(Contact.objects.get(case=case).phone) == PHONE
    assert "没有约过" in case.description
    assert client.post("/mine/correct", {"of": resident.pk, "birth_year": "1951"}).status_code == 302
    assert client.post("/mine/erase", {"what": "contact"}).status_code == 422
    client.post("/mine/leave")
    assert "1950" not in client.get("/mine").content.decode()


def test_nobody_learns_by_asking_whether_a_phone_is_registered(
    client: Client, resident: Resident, settings: Any
) -> None:
    known = client.post("/mine/code", {"phone": PHONE})
    unknown = client.post("/mine/code", {"phone": "13511112222"})
    assert known.status_code == unknown.status_code == 200
    text = unknown.content.decode().replace("13511112222", PHONE)
    assert bare(text) == bare(known.content.decode())
    assert len(list(settings.SMS_FOLDER.iterdir())) == 2


def bare(page: str) -> str:
    """Without the tokens that differ at each request."""
    return re.sub(r'(name="csrf[^>]*|csrf-token" content=")[^>]*', "", page)


def test_a_phone_of_several_opens_only_the_data_of_the_name_that_is_given(
    client: Client, home: Household, resident: Resident, settings: Any
) -> None:
    with acting_as(TESTS):
        make_resident(home, "何家明", PHONE, birth_year=1980)
    page = entered(client, settings)
    assert "1950" not in page
    assert "1980" not in page
    page = entered(Client(), settings, "何桂香")
    assert "1950" in entered(client, settings, "何桂香")
    assert "1980" not in page


def test_what_is_no_phone_is_told_so(client: Client) -> None:
    answer = client.post("/mine/code", {"phone": "电话"})
    assert answer.status_code == 422
    assert "手机号码" in answer.content.decode()


def test_a_receipt_confirmed_opens_no_other_way(
    client: Client, resident: Resident, receipt: Reported, settings: Any
) -> None:
    opened(client, receipt, settings)
    assert "1950" not in client.get("/mine").content.decode()


def test_without_a_phone_the_page_says_where_to_go(client: Client, town: Town) -> None:
    answer = client.post(f"/s/{reported(town).receipt_code}/mine/code")
    assert answer.status_code == 409
    assert "社区工作站" in answer.content.decode()


def test_looks_are_shown_with_unit_post_and_purpose_and_no_name(
    client: Client, town: Town, resident: Resident, receipt: Reported, settings: Any
) -> None:
    looking.show_household(town.actor("grid_worker"), resident.household_id, NEAR[0])
    page = client.get(opened(client, receipt, settings)).content.decode()
    assert "东社区工作站 网格员" in page
    assert NEAR[0] in page
    assert town.users["grid_worker"].name not in page
    assert ReadLog.objects.filter(purpose=OWN).count() == 2


def test_of_a_family_with_one_phone_each_is_shown_only_themselves(
    client: Client, home: Household, resident: Resident, receipt: Reported, settings: Any
) -> None:
    with acting_as(TESTS):
        make_resident(home, "何志强", PHONE, birth_year=1975)
    page = client.get(opened(client, receipt, settings)).content.decode()
    assert "1950" in page
    assert "1975" not in page
    with acting_as(TESTS):
        Contact.objects.filter(case=receipt.case).update(name="何小姐")
    page = client.get(f"/s/{receipt.receipt_code}/mine").content.decode()
    assert "1950" not in page


def test_asking_why_is_a_case_of_the_level_above_with_fifteen_days(
    client: Client, town: Town, resident: Resident, receipt: Reported, settings: Any
) -> None:
    looking.show_household(town.actor("grid_worker"), resident.household_id, NEAR[0])
    page = opened(client, receipt, settings)
    look = ReadLog.objects.exclude(user_id=None).get()
    asked = {"of": look.pk, "key": str(uuid.uuid4()), "words": "我没有约上门"}
    before = clock.now()
    answers = [client.post(f"{page}/ask", asked) for _twice in range(2)]
    assert answers[0].status_code == 302
    assert answers[0]["Location"] == answers[1]["Location"]
    with acting_as(TESTS):
        case = Case.objects.exclude(pk=receipt.case.pk).get()
    assert (case.state, case.level, case.responsible_id) == ("filed", "street", town.units["street"].pk)
    assert timedelta(days=15) <= case.due_at - before < timedelta(days=15, minutes=5)
    assert "我没有约上门" in case.description
    assert client.post(f"{page}/ask", asked | {"of": look.pk + 999}).status_code == 404


def test_a_correction_goes_to_the_station_and_its_answer_comes_back(
    client: Client, town: Town, resident: Resident, receipt: Reported, settings: Any
) -> None:
    page = opened(client, receipt, settings)
    assert client.post(f"{page}/correct", {"of": resident.pk}).status_code == 422
    wrong = client.post(f"{page}/correct", {"of": resident.pk, "birth_year": "1700", "name": "何桂香香"})
    assert wrong.status_code == 422
    assert "何桂香香" in wrong.content.decode()
    assert client.post(f"{page}/correct", {"of": resident.pk, "birth_year": "1951"}).status_code == 302
    assert client.post(f"{page}/correct", {"of": resident.pk + 999, "birth_year": "1951"}).status_code == 404
    with acting_as(TESTS):
        asked = Correction.objects.get()
    correcting.take(town.actor("station_officer"), asked.pk)
    page = client.get(page).content.decode()
    assert "1951" in page
    assert "已更正" in page


def test_a_withdrawn_consent_ends_the_care_at_once(
    client: Client, resident: Resident, receipt: Reported, settings: Any
) -> None:
    today = clock.today()
    with acting_as(TESTS):
        need = CareNeed.objects.create(
            area=resident.area, resident=resident, kind="alone", asks="每天问候", applied_on=today,
            applicant="self", consent_text="care-1", consent_on=today, consent_way="signed",
            review_on=today, ends_on=today,
        )  # fmt: skip
    page = opened(client, receipt, settings)
    assert "每天问候" in client.get(page).content.decode()
    assert client.post(f"{page}/withdraw", {"of": need.pk}).status_code == 302
    with acting_as(TESTS):
        ended = CareNeed.objects.get()
    assert (ended.kind, ended.asks, ended.ended_on) == ("", "", today)


def test_everything_can_be_taken_along(
    client: Client, resident: Resident, receipt: Reported, settings: Any
) -> None:
    page = opened(client, receipt, settings)
    taken = json.loads(client.post(f"{page}/export.json").content)
    assert {"何桂香", PHONE, "1950"} <= {fact["value"] for fact in taken}
    book = client.post(f"{page}/export.xlsx")
    assert io.BytesIO(b"".join(book.streaming_content)).read(2) == b"PK"  # type: ignore[attr-defined]
    assert ReadLog.objects.filter(channel="export").count() == 4


def test_erasure_leaves_nothing_but_the_chain_and_waits_only_for_what_the_law_keeps(
    client: Client, town: Town, resident: Resident, receipt: Reported, settings: Any
) -> None:
    officer = town.actor("station_officer")
    looking.show_household(officer, resident.household_id, NEAR[0])
    kept = details.add(officer, resident.pk, need="relief", value="360426199101010071")
    page = opened(client, receipt, settings)
    refused = client.post(f"{page}/erase", {"what": "resident"})
    assert refused.status_code == 409
    assert "低保" in refused.content.decode()
    details.remove(officer, kept.pk)
    assert client.post(f"{page}/erase", {"what": "contact"}).status_code == 409
    looks = ReadLog.objects.filter(subject="resident").count()
    assert client.post(f"{page}/erase", {"what": "resident"}).status_code == 302
    with acting_as(TESTS):
        assert not Resident.objects.exists()
    assert not PersonKey.objects.filter(kind="resident").exists()
    assert ReadLog.objects.filter(subject="resident").count() == looks
    assert str(resident.key) in settings.ERASED.read_text()
