"""The contract of docs/offline.md: raw first, exactly once, acknowledged after commit, told by difference."""

import gzip
import hashlib
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from casework import START, TESTS, condition, new_photo
from factories import Town, make_town
from handset import Phone, made
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Photo
from wangge.domain.cases.services.moves import move
from wangge.domain.field.models import Aside, Device, Record, Upload
from wangge.domain.field.services import looking, mapping, retention
from wangge.domain.field.services.uploads import path_of
from wangge.platform import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    with clock.at(START):
        yield make_town()


@pytest.fixture
def phone(town: Town) -> Phone:
    return Phone(town.client("grid_worker"))


def report(town: Town, words: str = "路口有积水", **more: Any) -> dict[str, Any]:
    place = {"area": str(town.grids[0].pk), "lon": None, "lat": None, "address": "东1网格"}
    return made({"description": words, "place": place, "photos": [], **more.pop("payload", {})}, **more)


def cases() -> int:
    with acting_as(TESTS):
        return Case.objects.count()


def test_a_report_becomes_a_case_and_its_receipt_names_it(town: Town, phone: Phone) -> None:
    record = report(town)
    answer = phone.sync(record, zipped=True)
    assert answer["records"] == [{"id": record["id"], "answer": "kept", "problem": None}]
    (receipt,) = answer["receipts"]
    assert (receipt["state"], receipt["sha256"]) == ("done", record["sha256"])
    with acting_as(TESTS):
        case = Case.objects.get(key=record["id"])
    assert receipt["result"] == {"case": str(case.pk), "number": case.number}
    assert (case.channel, case.reported_by_id) == ("worker", town.users["grid_worker"].pk)
    assert str(case.pk) in {row["id"] for row in answer["changes"]["cases"]}


def test_the_same_bytes_again_are_kept_again_and_made_once(town: Town, phone: Phone) -> None:
    record = report(town)
    for _n in range(3):
        assert phone.sync(record)["records"][0]["answer"] == "kept"
    assert phone.sync(holding=(record["id"],))["receipts"][0]["state"] == "done"
    assert cases() == 1


def test_other_bytes_under_the_same_id_are_laid_aside_and_stop_nobody(town: Town, phone: Phone) -> None:
    record, other = report(town), report(town, "另一处")
    phone.sync(record)
    changed = report(town, "改过的话", id=record["id"])
    answers = {row["id"]: row["answer"] for row in phone.sync(changed, changed, other)["records"]}
    assert answers == {record["id"]: "conflict", other["id"]: "kept"}
    with acting_as(TESTS):
        assert Aside.objects.get().payload == changed["payload"]
        assert Record.objects.get(pk=record["id"]).payload == record["payload"]
    assert cases() == 2


def test_anothers_record_id_is_a_conflict_and_tells_nothing(town: Town, phone: Phone) -> None:
    record = report(town)
    phone.sync(record)
    other = Phone(town.client("grid_lead"))
    assert other.sync(record)["records"][0]["answer"] == "conflict"
    assert other.sync(holding=(record["id"],))["receipts"] == []


@pytest.mark.parametrize(
    "spoiled",
    [
        {"sha256": "0" * 64},
        {"id": "7"},
        {"form": "report-99"},
        {"kind": "move"},
        {"payload": 7},
        {"after": "x"},
        {"subject": "../7"},
        {"files": [{"sha256": "short"}]},
    ],
)
def test_a_malformed_record_is_named_and_the_others_go_on(
    town: Town, phone: Phone, spoiled: dict[str, Any]
) -> None:
    good = report(town)
    answers = phone.sync(report(town) | spoiled, "no record", good)["records"]
    assert [row["answer"] for row in answers] == ["malformed", "malformed", "kept"]
    assert cases() == 1


def test_what_cannot_be_made_is_refused_in_words_and_the_bytes_stay(town: Town, phone: Phone) -> None:
    record = made({"description": "没有地点", "place": None})
    (receipt,) = phone.sync(record)["receipts"]
    assert (receipt["state"], list(receipt["problem"])) == ("refused", ["place"])
    with acting_as(TESTS):
        assert Record.objects.get().payload == record["payload"]


def test_a_report_waits_for_its_photo_which_comes_in_pieces_of_any_order(town: Town, phone: Phone) -> None:
    data = new_photo()
    sha, middle = hashlib.sha256(data).hexdigest(), len(data) // 2
    record = report(town, payload={"photos": [sha]}, files=[{"sha256": sha}])
    (receipt,) = phone.sync(record)["receipts"]
    assert (receipt["state"], receipt["files"]) == ("waiting", {sha: "missing"})
    assert phone.send(data, (middle, len(data))).json()["have"] == [[middle, len(data)]]
    assert phone.client.get(f"/field/files/{sha}").json()["whole"] is False
    assert phone.send(data, (0, middle), (0, middle)).json()["whole"] is True
    (receipt,) = phone.sync(holding=(record["id"],))["receipts"]
    assert (receipt["state"], receipt["files"]) == ("done", {sha: "whole"})
    with acting_as(TESTS):
        assert Photo.objects.filter(case__key=record["id"]).count() == 1


def test_a_file_with_another_hash_is_asked_for_again(phone: Phone) -> None:
    data = new_photo()
    wrong = hashlib.sha256(b"another").hexdigest()
    path = f"/field/files/{wrong}?from=0&size={len(data)}&type=image/jpeg"
    answer = phone.client.put(path, data, content_type="application/octet-stream").json()
    assert (answer["whole"], answer["have"]) == (False, [])


@pytest.mark.parametrize("words", ["from=0&size=0", "from=9&size=4", "from=0&size=99999999", "size=4"])
def test_a_piece_that_is_not_in_the_file_is_refused(phone: Phone, words: str) -> None:
    path = f"/field/files/{'a' * 64}?{words}&type=image/jpeg"
    assert phone.client.put(path, b"abcd", content_type="application/octet-stream").status_code == 422


def test_what_was_settled_on_the_spot_brings_its_proof(town: Town, phone: Phone) -> None:
    chosen, data = condition(on_the_spot=True), new_photo()
    sha = hashlib.sha256(data).hexdigest()
    phone.send(data)
    given = {"settled": True, "matter": str(chosen.matter_id), "condition": str(chosen.pk), "proof": [sha]}
    record = report(town, payload=given, files=[{"sha256": sha}])
    (receipt,) = phone.sync(record)["receipts"]
    assert receipt["state"] == "done", receipt
    with acting_as(TESTS):
        assert Case.objects.get(key=record["id"]).state == "checking"


def test_a_move_is_made_once_and_one_that_others_made_impossible_is_refused(town: Town, phone: Phone) -> None:
    first = phone.sync(report(town))["receipts"][0]["result"]["case"]
    station = town.actor("station_officer")
    move(station, int(first), "ask_check", {"note": "请看一下"})
    data = {"move": "report_check", "revision": 1, "data": {"finding": "true", "note": "属实"}}
    record = made(data, form="move-1", subject=first)
    again = made(data, form="move-1", subject=first, after=record["id"])
    for _n in range(2):
        told = {one["id"]: one["state"] for one in phone.sync(record, again)["receipts"]}
        assert told == {record["id"]: "done", again["id"]: "refused"}


def test_a_record_waits_for_the_one_before_it(town: Town, phone: Phone) -> None:
    data = new_photo()
    sha = hashlib.sha256(data).hexdigest()
    first = report(town, payload={"photos": [sha]}, files=[{"sha256": sha}])
    second = report(town, "后来的", after=first["id"])
    states = [one["state"] for one in phone.sync(second, first)["receipts"]]
    assert states == ["waiting", "waiting"]
    phone.send(data)
    # The later one came first, so it is looked at first and has its turn in the next minute.
    assert [mapping.map_waiting() for _minute in range(3)] == [1, 1, 0]


def test_a_fault_of_ours_is_counted_and_given_back_to_the_person(
    town: Town, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    data = new_photo()
    sha = hashlib.sha256(data).hexdigest()
    broken, good = report(town, payload={"photos": [sha]}, files=[{"sha256": sha}]), report(town, "好的")
    phone.send(data)
    path_of(town.users["grid_worker"].pk, sha).unlink()
    told = {one["id"]: one["state"] for one in phone.sync(broken, good)["receipts"]}
    assert told == {broken["id"]: "waiting", good["id"]: "done"}
    for _n in range(mapping.MOST_FAILURES - 1):
        mapping.map_waiting()
    (receipt,) = phone.sync(holding=(broken["id"],))["receipts"]
    assert receipt["state"] == "refused"
    assert "导出" in receipt["problem"][""]
    assert "could not be mapped" in caplog.text


def test_a_phone_is_told_differences_and_a_lost_answer_costs_nothing(town: Town, phone: Phone) -> None:
    phone.take(phone.sync())
    assert len(phone.held["me"]) == 1
    assert phone.sync()["changes"] == {}
    phone.sync(report(town))  # the answer is lost: the phone still stands where it was
    second = phone.sync()
    assert len(second["changes"]["cases"]) == 1
    phone.take(second)
    (case,) = phone.held["cases"].values()
    move(town.actor("street_dispatcher"), int(case["id"]), "void", {"reason": "test_entry", "note": "误报"})
    third = phone.sync()
    assert third["gone"] == {"cases": [case["id"]]}
    phone.take(third)
    phone.cursor = "99"  # type: ignore[assignment]
    assert phone.sync()["fresh"] is True


def test_a_revoked_phone_is_told_so(town: Town, phone: Phone) -> None:
    phone.sync()
    with acting_as(TESTS):
        Device.objects.update(revoked_at=START)
    body = json.dumps({"device": phone.device, "cursor": None, "records": [], "holding": []})
    answer = phone.client.post("/field/sync", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "revoked")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"device": "x"}', b"[" * 5000])
def test_a_request_that_cannot_be_read_is_told_so(phone: Phone, body: bytes) -> None:
    answer = phone.client.post("/field/sync", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.headers["Wangge-Field"] == "1"


def test_a_zipped_bomb_is_refused(phone: Phone) -> None:
    bomb = gzip.compress(b" " * (64 * 1024 * 1024))
    answer = phone.client.post(
        "/field/sync", bomb, content_type="application/json", headers={"Content-Encoding": "gzip"}
    )
    assert answer.status_code == 422


def test_sending_needs_the_token_of_the_session(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.users["grid_worker"])
    assert client.post("/field/sync", b"{}", content_type="application/json").status_code == 403
    token = client.get("/field/session").json()["csrf"]
    answer = client.post(
        "/field/sync", b"{}", content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 422


def test_no_position_of_a_photo_and_no_field_for_that_of_a_person(town: Town, phone: Phone) -> None:
    columns = {field.name for model in (Device, Record, Upload) for field in model._meta.fields}
    assert not columns & {"lon", "lat", "position", "location", "track", "accuracy"}


def test_files_and_words_end_when_nobody_needs_them(town: Town, phone: Phone) -> None:
    data = new_photo()
    phone.send(data)
    record = report(town)
    phone.sync(record)
    assert retention.forget() == 0
    with clock.at(START + retention.WORDS_KEPT * 2):
        assert retention.forget() == 1
    with acting_as(TESTS):
        assert (Record.objects.get().payload, Record.objects.get().sha256) == ("", record["sha256"])
    assert phone.sync(record)["records"][0]["answer"] == "kept"
    assert cases() == 1


def test_what_was_refused_stays_until_somebody_looked_and_a_month_longer(town: Town, phone: Phone) -> None:
    refused, known = made({"description": "没有地点"}), report(town)
    phone.sync(refused, known)
    phone.sync(report(town, "改过的话", id=known["id"]))
    with clock.at(START + retention.WORDS_KEPT * 2):
        retention.forget()
    with acting_as(TESTS):
        assert Record.objects.get(pk=refused["id"]).payload == refused["payload"]
        aside = Aside.objects.get()
        assert aside.payload
    station = town.actor("station_officer")
    looking.look_at_record(station, uuid.UUID(refused["id"]))
    looking.look_at_aside(station, aside.pk)
    with clock.at(START + retention.WORDS_KEPT / 2):
        retention.forget()
        with acting_as(TESTS):
            assert Record.objects.get(pk=refused["id"]).payload
    with clock.at(START + retention.WORDS_KEPT * 2):
        retention.forget()
    with acting_as(TESTS):
        assert (Record.objects.get(pk=refused["id"]).payload, Aside.objects.get().payload) == ("", "")


def test_in_a_crowd_records_are_kept_and_the_rest_is_told_later(town: Town, phone: Phone) -> None:
    record = report(town)
    body = json.dumps({"device": phone.device, "cursor": None, "records": [record], "holding": []})
    crowd = {"wangge.waiting": 40}
    answer = phone.client.post("/field/sync", body, content_type="application/json", **crowd).json()
    assert answer["records"][0]["answer"] == "kept"
    assert (answer["changes"], answer["cursor"], answer["later_s"]) == ({}, None, 10)
    assert (answer["receipts"], cases()) == ([], 0)
    again = phone.client.post(
        "/field/sync",
        json.dumps({"device": phone.device, "cursor": None, "records": [], "holding": [record["id"]]}),
        content_type="application/json",
        **crowd,
    ).json()
    assert again["receipts"][0]["state"] == "waiting"
    calm = phone.sync(holding=(record["id"],))
    assert (calm["receipts"][0]["state"], calm["later_s"], cases()) == ("done", None, 1)
    assert calm["changes"]["cases"]


def test_a_phone_is_seen_by_its_owner_and_revoked_until_it_is_found(town: Town, phone: Phone) -> None:
    phone.take(phone.sync())
    page = phone.client.get("/desk/account/security").content.decode()
    assert "第 1 部" in page
    with acting_as(TESTS):
        device = Device.objects.get(uid=phone.device)
    stranger = town.client("grid_lead")
    assert stranger.post(f"/desk/account/phones/{device.pk}/revoke").status_code == 404
    assert phone.client.post(f"/desk/account/phones/{device.pk}/revoke").status_code == 302
    body = json.dumps({"device": phone.device, "cursor": phone.cursor, "records": [report(town)]})
    refused = phone.client.post("/field/sync", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"], cases()) == (401, "revoked", 0)
    phone.client.post(f"/desk/account/phones/{device.pk}/allow")
    assert phone.sync(report(town))["changes"]["cases"]
