"""Notices: the bell, the inbox, and urgent ones that stay until they are read."""

import pytest

from casework import PROCESS, Road, condition, crowd, reported
from factories import Town
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.office.models import Notice
from wangge.domain.office.services.notices import tell
from wangge.faces.desk.notice_words import SENTENCES, sentence

pytestmark = pytest.mark.django_db


def put(town: Town, case: Case, kind: str, who: str = "station_officer", urgent: bool = False) -> None:
    with acting_as(System("test")):
        tell(case, kind, [town.users[who].pk], dedupe=f"{kind}:{case.pk}", urgent=urgent)


def test_the_bell_counts_and_the_inbox_says_it_in_words(town: Town) -> None:
    put(town, reported(town).case, "report")
    client = town.client("station_officer")
    assert client.get("/desk/").context["inbox"].total == 1
    assert "有新的上报，请受理" in client.get("/desk/notices").content.decode()


def test_an_urgent_notice_stands_on_every_page_until_it_is_read(town: Town) -> None:
    case = reported(town).case
    put(town, case, "red", urgent=True)
    client = town.client("station_officer")
    for path in ("/desk/", "/desk/cases", f"/desk/cases/{case.pk}"):
        assert "urgent-banner" in client.get(path).content.decode()
    with acting_as(System("test")):
        notice = Notice.objects.get()
    answer = client.post("/desk/notices/read", {"id": notice.pk, "next": "/desk/cases"})
    assert answer["Location"] == "/desk/cases"
    assert "urgent-banner" not in client.get("/desk/").content.decode()


def test_all_mine_are_read_at_once_and_nobody_elses(town: Town) -> None:
    case = reported(town).case
    put(town, case, "report")
    put(town, case, "urge")
    put(town, case, "urge", who="station_head")
    town.client("station_officer").post("/desk/notices/read")
    assert town.client("station_officer").get("/desk/notices").context["inbox"].total == 0
    assert town.client("station_head").get("/desk/notices").context["inbox"].total == 1


def test_nobody_marks_the_notice_of_another_as_read(town: Town) -> None:
    put(town, reported(town).case, "report", who="station_head")
    with acting_as(System("test")):
        notice = Notice.objects.get()
    town.client("station_officer").post("/desk/notices/read", {"id": notice.pk})
    assert town.client("station_head").get("/desk/notices").context["inbox"].total == 1


def test_reading_leads_only_to_our_own_pages(town: Town) -> None:
    answer = town.client("station_officer").post("/desk/notices/read", {"next": "https://evil.example/"})
    assert answer["Location"] == "/desk/notices"


# Moves after which somebody of the staff has something to do or to know.
TOLD = [
    move.key for move in PROCESS.moves if move.key not in ("note", "reclassify", "close", "merge", "void")
]


@pytest.mark.parametrize("kind", [*TOLD, "yellow", "red", "repeat", "timer_remind", "timer_escalate"])
def test_every_kind_of_notice_has_words(kind: str) -> None:
    assert "新进展" not in sentence(Notice(kind=kind))


def test_no_sentence_is_for_a_move_that_does_not_exist() -> None:
    known = {move.key for move in PROCESS.moves}
    alerts = {"account_locked", "new_device", "factor_added", "factor_removed", "webhook_disabled"}
    others = {"handover", "handover_accepted", "handover_sent_back", "process_published"}
    own = alerts | others | {"report", "yellow", "red", "repeat", "timer_remind", "timer_escalate"}
    assert set(SENTENCES) <= known | own


def test_a_dispatch_reaches_the_department_in_its_own_words(town: Town) -> None:
    road = Road(town, crowd(town)).dispatched(
        condition(level="street", proof="photo_after", unit="work_day", procedure="ordinary")
    )
    put(town, road.case, "dispatch", who="unit_officer")
    page = town.client("unit_officer").get("/desk/notices").content.decode()
    assert "有案件派给本单位，请接单" in page
    assert road.case.number in page
