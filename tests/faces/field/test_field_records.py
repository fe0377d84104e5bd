"""What the records of a round become: notes, visits, diary entries, shifts, each once and by the rules of the desk."""

import hashlib
from typing import Any

import pytest

from casework import TESTS, new_photo
from factories import client_for
from handset import Phone, made
from recordings import PLACE, webm, webm_tags
from scene import Scene
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent, Photo, Sound
from wangge.domain.field.models import Record
from wangge.domain.shifts.models import Shift
from wangge.domain.visits.models import DiaryEntry, FollowUp, Meeting, Visit, VisitPlan
from wangge.platform import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(scene: Scene) -> Phone:
    return phone_of(scene, "grid_worker")


def phone_of(scene: Scene, who: str) -> Phone:
    return Phone(client_for(scene.town.users[who]))


def receipt(phone: Phone, record: dict[str, Any]) -> dict[str, Any]:
    """What became of a record that was sent twice."""
    phone.sync(record)
    (found,) = phone.sync(record)["receipts"]
    return dict(found)


def here(model: Any, scene: Scene) -> Any:
    """A row of the worker's grid."""
    with acting_as(TESTS):
        return model.objects.filter(area=scene.town.grids[0]).order_by("pk").first()


def test_a_note_with_a_photo_stands_in_the_history_once(scene: Scene, phone: Phone) -> None:
    case, data = scene.cases[0], new_photo()
    sha = hashlib.sha256(data).hexdigest()
    phone.send(data)
    note = made(
        {"text": "井盖又松了", "photos": [sha]}, form="note-1", subject=str(case.pk), files=[{"sha256": sha}]
    )
    assert receipt(phone, note)["result"] == {"case": str(case.pk), "number": case.number}
    with acting_as(TESTS):
        (event,) = CaseEvent.objects.filter(case=case, move="note")
        assert (event.note, event.user_id) == ("井盖又松了", scene.people["grid_worker"].user_id)
        assert Photo.objects.filter(case=case, made_at=event.at).count() == 1
        after = Case.objects.get(pk=case.pk)
    assert (after.state, after.due_at) == (case.state, case.due_at)


@pytest.mark.parametrize("form", ["note-1", "report-1"])
def test_what_was_said_instead_of_written_is_heard_on_the_page_of_the_case(
    scene: Scene, phone: Phone, form: str
) -> None:
    data = webm(webm_tags())
    sha = hashlib.sha256(data).hexdigest()
    phone.send(data, kind="audio/webm;codecs=opus")
    subject = str(scene.cases[0].pk) if form == "note-1" else None
    place = {"area": str(scene.town.grids[0].pk)}
    spoken = made(
        {"text": "", "description": "", "place": place, "voice": [sha]},
        form=form,
        subject=subject,
        files=[{"sha256": sha}],
    )
    case_id = receipt(phone, spoken)["result"]["case"]
    with acting_as(TESTS):
        (sound,) = Sound.objects.filter(case_id=case_id, user_id=scene.people["grid_worker"].user_id)
    page = phone.client.get(f"/desk/cases/{case_id}").content.decode()
    assert f'<audio controls preload="none" src="/sounds/{sound.pk}"' in page
    heard = phone.client.get(f"/sounds/{sound.pk}")
    assert (heard.headers["Content-Type"], len(heard.content)) == ("audio/webm", len(data))
    assert PLACE.encode() not in heard.content
    part = phone.client.get(f"/sounds/{sound.pk}", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, heard.content[4:8])
    assert part.headers["Content-Range"] == f"bytes 4-7/{len(data)}"
    beyond = phone.client.get(f"/sounds/{sound.pk}", headers={"Range": "bytes=9999999-"})
    assert beyond.status_code == 416


def test_a_video_under_the_name_of_a_recording_is_refused_in_words(scene: Scene, phone: Phone) -> None:
    data = webm(track=b"\x01")
    sha = hashlib.sha256(data).hexdigest()
    phone.send(data, kind="audio/webm")
    spoken = made({"voice": [sha]}, form="note-1", subject=str(scene.cases[0].pk), files=[{"sha256": sha}])
    told = receipt(phone, spoken)
    assert (told["state"], list(told["problem"])) == ("refused", ["voice"])


@pytest.mark.parametrize(
    ("who", "number", "words"),
    [("grid_worker", 0, ""), ("grid_worker_west", 0, "别处"), ("grid_worker_2", 4, "迟了")],
)
def test_a_note_without_words_of_a_stranger_or_on_an_ended_case_is_refused(
    scene: Scene, who: str, number: int, words: str
) -> None:
    note = made({"text": words}, form="note-1", subject=str(scene.cases[number].pk))
    assert receipt(phone_of(scene, who), note)["state"] == "refused"
    with acting_as(TESTS):
        assert not CaseEvent.objects.filter(case=scene.cases[number], note=words, move="note").exists()


def test_a_refused_move_tells_how_the_case_stands_now(scene: Scene, phone: Phone) -> None:
    case = scene.cases[1]
    move = made({"move": "report_check", "data": {"note": "属实"}}, form="move-1", subject=str(case.pk))
    told = receipt(phone, move)
    assert told["state"] == "refused"
    assert (told["result"]["state"], told["result"]["revision"]) == (case.state, case.version)


def test_what_a_stranger_asks_about_a_case_is_not_told(scene: Scene) -> None:
    move = made({"move": "settle", "data": {}}, form="move-1", subject=str(scene.cases[0].pk))
    told = receipt(phone_of(scene, "grid_worker_west"), move)
    assert (told["state"], told["result"]) == ("refused", None)


def test_a_visit_is_noted_once_with_the_record_as_its_key(scene: Scene, phone: Phone) -> None:
    plan = here(VisitPlan, scene)
    visit = made({"outcome": "absent", "text": "晚上再去"}, form="visit-1", subject=str(plan.pk))
    told = receipt(phone, visit)
    with acting_as(TESTS):
        (row,) = Visit.objects.filter(key=visit["id"])
    assert (told["result"], row.outcome, row.plan_id) == ({"visit": str(row.pk)}, "absent", plan.pk)


@pytest.mark.parametrize("payload", [{"outcome": "away"}, {"outcome": "done", "text": "电话13800001234"}])
def test_a_visit_without_an_outcome_or_with_a_phone_number_is_refused(
    scene: Scene, phone: Phone, payload: dict[str, Any]
) -> None:
    visit = made(payload, form="visit-1", subject=str(here(VisitPlan, scene).pk))
    assert receipt(phone, visit)["state"] == "refused"


def test_a_diary_entry_is_kept_once_and_becomes_a_case_when_its_author_says_so(
    scene: Scene, phone: Phone
) -> None:
    place = {"area": str(scene.town.grids[0].pk)}
    entry = made({"kind": "repair", "text": "楼道灯不亮", "place": place, "as_case": True}, form="diary-1")
    told = receipt(phone, entry)["result"]
    with acting_as(TESTS):
        (row,) = DiaryEntry.objects.filter(key=entry["id"])
        assert told == {"entry": str(row.pk), "case": str(row.case_id), "number": row.case.number}
    plain = made({"kind": "wish", "text": "想要一张长椅", "place": place}, form="diary-1")
    assert set(receipt(phone, plain)["result"]) == {"entry"}


def test_a_shift_begins_and_ends_with_a_tap(scene: Scene, phone: Phone) -> None:
    with acting_as(TESTS):
        row = Shift.objects.get(user_id=scene.people["grid_worker"].user_id)
        Shift.objects.filter(pk=row.pk).update(day=clock.today())
    begin = made({"act": "begin"}, form="shift-1", subject=str(row.pk))
    end = made({"act": "end"}, form="shift-1", subject=str(row.pk), after=begin["id"])
    assert receipt(phone, begin)["result"] == {"shift": str(row.pk), "state": "begun"}
    assert receipt(phone, end)["result"] == {"shift": str(row.pk), "state": "ended"}
    other = made({"act": "end"}, form="shift-1", subject=str(row.pk))
    assert receipt(phone_of(scene, "station_officer"), other)["state"] == "refused"


def patch(case: Case, **more: Any) -> dict[str, Any]:
    """A correction: fields as (base, mine)."""
    replaces = more.pop("replaces", None)
    fields = {name: {"base": base, "mine": mine} for name, (base, mine) in more.items()}
    return made({"fields": fields, "replaces": replaces}, form="patch-1", subject=str(case.pk))


def words_of(case: Case) -> tuple[str, str]:
    with acting_as(TESTS):
        return Case.objects.values_list("address", "description").get(pk=case.pk)


def test_two_phones_that_correct_different_words_of_a_case_both_have_their_way(
    scene: Scene, phone: Phone
) -> None:
    case = scene.cases[0]
    other = phone_of(scene, "grid_lead")
    assert receipt(phone, patch(case, address=(case.address, "正街12号")))["result"]["merged"] == ["address"]
    assert receipt(other, patch(case, description=(case.description, "井盖松动")))["state"] == "done"
    assert words_of(case) == ("正街12号", "井盖松动")
    with acting_as(TESTS):
        events = CaseEvent.objects.filter(case=case, move="correct").order_by("seq")
        assert [event.data["changed"] for event in events] == [
            {"address": [case.address, "正街12号"]},
            {"description": [case.description, "井盖松动"]},
        ]
    page = phone.client.get(f"/desk/cases/{case.pk}").content.decode()
    assert f"{case.address} → 正街12号" in page


def test_the_same_word_corrected_twice_is_shown_to_the_second_who_decides(scene: Scene, phone: Phone) -> None:
    case = scene.cases[0]
    receipt(phone, patch(case, address=(case.address, "正街12号")))
    other = phone_of(scene, "grid_lead")
    mine = patch(case, address=(case.address, "正街21号"), description=(case.description, "井盖松动"))
    told = receipt(other, mine)
    assert (told["state"], told["result"]["merged"]) == ("differs", ["description"])
    assert told["differs"] == {"address": {"base": case.address, "mine": "正街21号", "theirs": "正街12号"}}
    assert words_of(case) == ("正街12号", "井盖松动")
    decided = patch(case, address=("正街12号", "正街21号"), replaces=mine["id"])
    assert receipt(other, decided)["state"] == "done"
    assert words_of(case)[0] == "正街21号"
    with acting_as(TESTS):
        assert Record.objects.get(pk=mine["id"]).looked_by_id == scene.people["grid_lead"].user_id


def test_keeping_what_stands_decides_without_a_change(scene: Scene, phone: Phone) -> None:
    case = scene.cases[0]
    mine = patch(case, address=("别的旧地址", "正街21号"))
    assert receipt(phone, mine)["state"] == "differs"
    assert receipt(phone, patch(case, replaces=mine["id"]))["state"] == "done"
    assert receipt(phone, patch(case))["state"] == "refused"
    assert words_of(case)[0] == case.address


@pytest.mark.parametrize(
    ("who", "number", "field", "mine"),
    [
        ("grid_worker", 0, "address", " "),
        ("grid_worker", 0, "address", "长" * 201),
        ("grid_worker", 0, "state", "closed"),
        ("grid_worker_west", 0, "address", "别处"),
        ("unit_officer", 1, "address", "别处"),
        ("grid_worker_2", 4, "address", "迟了"),
    ],
)
def test_an_empty_or_unknown_word_a_stranger_and_an_ended_case_are_refused(
    scene: Scene, who: str, number: int, field: str, mine: str
) -> None:
    case = scene.cases[number]
    wrong = patch(case, **{field: (str(getattr(case, field)), mine)})
    assert receipt(phone_of(scene, who), wrong)["state"] == "refused"
    assert words_of(case)[0] == case.address


@pytest.mark.parametrize("form", ["move-1", "note-1", "visit-1", "shift-1", "patch-1"])
@pytest.mark.parametrize("subject", [None, "x", "99999999"])
def test_a_record_about_nothing_is_refused_and_no_fault_of_ours(
    phone: Phone, form: str, subject: str | None
) -> None:
    record = made({"text": "x", "data": {}, "act": "end", "outcome": "done"}, form=form, subject=subject)
    assert receipt(phone, record)["state"] == "refused"
    with acting_as(TESTS):
        assert Record.objects.get(pk=record["id"]).failures == 0


def test_minutes_from_a_phone_overwrite_nobody_elses(scene: Scene, phone: Phone) -> None:
    meeting = here(Meeting, scene)
    said = {"came": 12, "minutes": "同意换灯", "version": meeting.version}
    assert receipt(phone, made(said, form="minutes-1", subject=str(meeting.pk)))["state"] == "done"
    late = receipt(phone, made({**said, "minutes": "不同意"}, form="minutes-1", subject=str(meeting.pk)))
    assert "别人刚改过" in late["problem"][""]
    without = made({**said, "came": ""}, form="minutes-1", subject=str(meeting.pk))
    assert list(receipt(phone, without)["problem"]) == ["came"]
    assert here(Meeting, scene).minutes == "同意换灯"


def test_what_a_meeting_left_to_do_is_done_on_the_phone(scene: Scene, phone: Phone) -> None:
    item = here(FollowUp, scene)
    for _time in range(2):
        assert receipt(phone, made({}, form="agreed-1", subject=str(item.pk)))["state"] == "done"
    assert here(FollowUp, scene).done_on == clock.today()
    assert receipt(phone, made({}, form="agreed-1", subject="999999"))["state"] == "refused"
