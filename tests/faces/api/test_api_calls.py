"""Who may call, what comes back, and that a repeat does nothing twice."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from casework import PHOTO, Road, condition, history_of, reported, stored
from factories import Town, point_in
from systems import ALL_SCOPES, Caller, system
from wangge.domain.access.actor import Actor, System
from wangge.domain.access.models import User
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Contact
from wangge.domain.exchange.models import Client, Token, Usage
from wangge.domain.exchange.services.clients import revoke_client, rotate_token
from wangge.faces.api.docs import schema

LIST = "/api/v1/cases"


def count(model: Any) -> int:
    with acting_as(System("test")):
        return int(model.objects.count())


# ---- who may call


def test_without_a_token_nothing_is_told(town: Town) -> None:
    for path in schema()["paths"]:
        answer = Browser().get(path.replace("{", "").replace("}", ""))
        assert answer.status_code in (401, 405)
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_signed_in_session_is_no_token(town: Town) -> None:
    assert town.client("station_officer").get(LIST).status_code == 401


def test_a_wrong_token_of_a_right_prefix_is_refused_like_any_other(station: Caller) -> None:
    wrong = station.token[:-1] + ("a" if station.token[-1] != "a" else "b")
    answers = [
        Browser().get(LIST, headers={"Authorization": f"Bearer {token}"}).json()
        for token in (wrong, "wangge_zzzz_zzzz", "x", "wangge__")
    ]
    assert {answer["code"] for answer in answers} == {"bad_token"}
    assert len({answer["detail"] for answer in answers}) == 1


def test_the_database_keeps_no_token(station: Caller) -> None:
    kept = Token.objects.get(client=station.client)
    assert station.token.split("_", 2)[2] not in f"{kept.prefix} {kept.hash}"
    assert len(kept.hash) == 64


def test_a_rotated_token_goes_on_for_the_overlap_and_not_longer(town: Town, station: Caller) -> None:
    made = rotate_token(town.actor("administrator"), station.client.pk, 24)
    assert station.get("/cases").status_code == 200
    assert Caller(station.client, made.token).get("/cases").status_code == 200
    last = rotate_token(town.actor("administrator"), station.client.pk, 0)
    assert station.get("/cases").status_code == 401
    assert Caller(station.client, made.token).get("/cases").status_code == 401
    assert Caller(station.client, last.token).get("/cases").status_code == 200


def test_a_revoked_or_expired_client_is_out_at_once(town: Town, station: Caller) -> None:
    Client.objects.filter(pk=station.client.pk).update(expires_on="2020-01-01")
    assert station.get("/cases").status_code == 401
    Client.objects.filter(pk=station.client.pk).update(expires_on=None)
    assert station.get("/cases").status_code == 200
    revoke_client(town.actor("administrator"), station.client.pk)
    assert station.get("/cases").status_code == 401


def test_a_client_calls_only_from_its_addresses(town: Town) -> None:
    assert system(town, "station_officer", networks=["10.0.0.0/8"]).get("/cases").status_code == 401
    assert system(town, "station_officer", networks=["127.0.0.1"]).get("/cases").status_code == 200


def test_each_operation_asks_for_its_scope(town: Town) -> None:
    few = system(town, "station_officer", scopes=["areas:read"])
    assert few.get("/areas").status_code == 200
    answer = few.get("/cases")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope")


def test_more_calls_than_agreed_wait_for_the_next_minute(town: Town) -> None:
    slow = system(town, "station_officer", per_minute=2)
    answers = [slow.get("/areas") for _n in range(3)]
    # The minute may turn between two calls.
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    if Client.objects.get(pk=slow.client.pk).minute_calls == 3:
        assert answers[2].status_code == 429
        assert 1 <= int(answers[2].headers["Retry-After"]) <= 60


def test_calls_and_refusals_are_counted_by_operation(station: Caller) -> None:
    station.get("/cases")
    station.get("/cases/999999999")
    station.get("/cases/999999999")
    used = {row.operation: (row.calls, row.refused) for row in Usage.objects.filter(client=station.client)}
    assert used == {"listCases": (1, 0), "getCase": (2, 2)}


def test_a_service_user_never_signs_in(station: Caller) -> None:
    user = User.objects.get(pk=station.client.pk)
    assert (user.service, user.is_active, user.has_usable_password()) == (True, False, False)


# ---- what is taken


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"CONTENT_TYPE": "text/plain"}, 415),
        ({"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "99999999"}, 413),
    ],
)
def test_a_body_that_is_no_json_or_too_large_is_refused(
    station: Caller, headers: dict[str, str], status: int
) -> None:
    answer = Browser().generic("POST", LIST, b"{}", headers=station.headers(), **headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")


def test_a_body_in_chunks_is_not_taken_for_an_empty_one(station: Caller) -> None:
    headers = station.headers() | {"Transfer-Encoding": "chunked", "Content-Type": "application/json"}
    answer = Browser().generic("POST", LIST, b"", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (411, "no_length")


@pytest.mark.parametrize("body", [b"{", b'{"lon": NaN}', b'{"lon": 1e999}', b"\xff", b"[" * 200_000])
def test_broken_json_is_named(station: Caller, body: bytes) -> None:
    headers = station.headers() | {"Idempotency-Key": str(uuid.uuid4())}
    answer = Browser().post(LIST, body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


def test_each_wrong_field_is_named_in_the_language_asked_for(station: Caller) -> None:
    wrong = {"description": "", "lon": 500, "extra": 1}
    chinese, english = (
        station.post("/cases", wrong),
        station.post("/cases", wrong, **{"Accept-Language": "en"}),
    )
    assert chinese.status_code == english.status_code == 422
    fields = {found["field"] for found in chinese.json()["errors"]}
    assert fields == {"body.description", "body.lon", "body.extra"}
    assert chinese.json()["title"] == "填写有误"
    assert english.json()["title"].isascii()


def test_an_unknown_method_or_address_answers_with_a_problem(station: Caller) -> None:
    answer = Browser().put(LIST, headers=station.headers())
    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"GET", "POST"})
    assert Browser().get("/api/v1/nothing").json()["code"] == "no_such_address"


def test_a_strangers_case_is_not_found(town: Town, people: dict[str, Actor], station: Caller) -> None:
    west = reported(town, grid=2).case
    for path in (f"/cases/{west.pk}", f"/cases/{west.pk}/moves", f"/cases/{west.pk}/photos/1"):
        assert station.get(path).status_code == 404
    answer = station.post(f"/cases/{west.pk}/moves", {"move": "file", "version": 1})
    assert answer.status_code == 404


# ---- areas and catalogue


def test_areas_are_read_by_parent_level_code_and_point(town: Town, station: Caller) -> None:
    below = station.get("/areas", parent=town.street.pk).json()
    assert [row["name"] for row in below["items"]] == ["东社区", "西社区"]
    assert station.get("/areas", code=town.grids[0].code).json()["items"][0]["id"] == town.grids[0].pk
    lon, lat = point_in(town, town.grids[2])
    assert station.get("/areas/at", lon=lon, lat=lat).json()["id"] == town.grids[2].pk
    assert station.get("/areas/at", lon=0, lat=0).status_code == 404
    assert station.get(f"/areas/{town.grids[0].pk}", on="2020-01-01").status_code == 404
    one = station.get(f"/areas/{town.grids[0].pk}").json()
    assert [area["level"] for area in one["above"]] == ["province", "city", "district", "street", "community"]


def test_a_matter_has_the_conditions_of_the_day(station: Caller) -> None:
    chosen = condition(level="street", procedure="ordinary")
    today = station.get(f"/catalogue/matters/{chosen.matter_id}").json()
    assert chosen.pk in [row["id"] for row in today["conditions"]]
    assert station.get(f"/catalogue/matters/{chosen.matter_id}", on="1990-01-01").json()["conditions"] == []


# ---- pages


def test_the_pages_hold_every_case_once_though_new_ones_come(town: Town, station: Caller) -> None:
    expected = [reported(town).case.pk for _n in range(7)]
    found, cursor = [], ""
    for _page in range(10):
        page = station.get("/cases", limit=2, cursor=cursor).json()
        found += [row["id"] for row in page["items"]]
        reported(town)
        cursor = page["next"]
        if not cursor:
            break
    assert found == expected[::-1]


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMl0", "bnVsbA", "WyIyMDI2LTAxLTAxIiwxXQ"])
def test_a_cursor_of_ones_own_making_is_refused(station: Caller, cursor: str) -> None:
    answer = station.get("/cases", cursor=cursor)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.cursor")


def test_the_filters_are_those_of_the_desk(town: Town, handled: Road, station: Caller) -> None:
    other = reported(town).case
    assert [row["id"] for row in station.get("/cases", state="reported").json()["items"]] == [other.pk]
    assert [row["id"] for row in station.get("/cases", step=2).json()["items"]] == [handled.case.pk]
    today = timezone.localdate().isoformat()
    assert [row["id"] for row in station.get("/cases", since=today).json()["items"]] == [other.pk]


# ---- costs


@pytest.mark.parametrize(("path", "most"), [("/cases", 8), ("/areas", 8), ("/catalogue/matters", 8)])
def test_a_list_costs_the_same_however_long(
    town: Town, station: Caller, django_assert_num_queries: Any, path: str, most: int
) -> None:
    station.get(path)
    with django_assert_num_queries(most) as few:
        assert station.get(path, limit=1).status_code == 200
    for _n in range(5):
        reported(town)
    with django_assert_num_queries(len(few.captured_queries)):
        assert station.get(path, limit=200).status_code == 200


def test_a_case_and_its_moves_cost_a_constant_number(
    handled: Road, station: Caller, django_assert_max_num_queries: Any
) -> None:
    station.get(f"/cases/{handled.case.pk}")
    with django_assert_max_num_queries(17):
        assert station.get(f"/cases/{handled.case.pk}").status_code == 200
    with django_assert_max_num_queries(19):
        assert station.get(f"/cases/{handled.case.pk}/moves").status_code == 200


# ---- a case in full


def test_no_answer_holds_the_reporters_contact(town: Town, station: Caller) -> None:
    report = {
        "description": "路口有一堆垃圾",
        "area_id": town.grids[0].pk,
        "reporter": {"name": "标记名", "phone": "13877776666", "email": "marker@example.org"},
    }
    made = station.post("/cases", report)
    assert made.status_code == 201
    case_id = made.json()["id"]
    pages = [
        made,
        station.get("/cases"),
        station.get(f"/cases/{case_id}"),
        station.get(f"/cases/{case_id}/moves"),
    ]
    for page in pages:
        for marker in ("标记名", "13877776666", "marker@"):
            assert marker not in page.content.decode()
    with acting_as(System("test")):
        assert Contact.objects.get(case_id=case_id).phone == "13877776666"


def test_photos_are_told_of_and_given_to_who_sees_the_case(town: Town, station: Caller) -> None:
    case = reported(town, images=[PHOTO]).case
    photo = station.get(f"/cases/{case.pk}").json()["photos"][0]
    answer = station.get(f"/cases/{case.pk}/photos/{photo['id']}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    west = system(town, "station_officer", area=town.communities[1], unit=town.units["station_west"])
    assert west.get(f"/cases/{case.pk}/photos/{photo['id']}").status_code == 404


# ---- reporting and moving, once


def report_of(town: Town) -> dict[str, Any]:
    lon, lat = point_in(town, town.grids[0])
    return {"description": "井盖破损", "lon": lon, "lat": lat}


def test_a_report_sent_twice_is_one_case(town: Town, station: Caller) -> None:
    key = uuid.uuid4()
    first, again = station.post("/cases", report_of(town), key), station.post("/cases", report_of(town), key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = station.post("/cases", report_of(town) | {"description": "别的"}, key)
    assert (other.status_code, other.json()["code"]) == (409, "other_content")
    assert count(Case) == 1
    assert stored(first.json()["id"]).channel == "api"


def test_the_same_key_of_two_systems_is_two_reports(town: Town, station: Caller) -> None:
    key = uuid.uuid4()
    other = system(town, "street_dispatcher")
    first, second = station.post("/cases", report_of(town), key), other.post("/cases", report_of(town), key)
    assert first.json()["id"] != second.json()["id"]
    assert first.json()["receipt_code"] != second.json()["receipt_code"]


def test_a_move_is_made_once_and_carries_the_systems_name(town: Town, handled: Road) -> None:
    unit = system(town, "unit_officer")
    moves = unit.get(f"/cases/{handled.case.pk}/moves").json()
    assert "accept" in [move["key"] for move in moves["moves"] if move["open"]]
    key, data = uuid.uuid4(), {"move": "accept", "version": moves["version"]}
    first, again = (unit.post(f"/cases/{handled.case.pk}/moves", data, key) for _n in range(2))
    assert first.status_code == 200, first.content
    assert first.json() == again.json()
    assert first.json()["state"] == "handling"
    event = history_of(handled.case.pk)[-1]
    assert (event.move, event.actor_kind, event.user_id, event.role) == (
        "accept",
        "client",
        unit.client.pk,
        "unit_officer",
    )
    other = unit.post(f"/cases/{handled.case.pk}/moves", data | {"values": {"note": "x"}}, key)
    assert (other.status_code, other.json()["code"]) == (409, "other_content")


def test_a_move_on_an_old_version_is_a_conflict_and_its_key_stays_free(town: Town, handled: Road) -> None:
    unit = system(town, "unit_officer")
    key, path = uuid.uuid4(), f"/cases/{handled.case.pk}/moves"
    late = unit.post(path, {"move": "accept", "version": handled.case.version - 1}, key)
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert unit.post(path, {"move": "accept", "version": handled.case.version}, key).status_code == 200


def test_a_refused_move_changes_nothing_and_says_what_to_do(town: Town, handled: Road) -> None:
    unit = system(town, "unit_officer")
    answer = unit.post(f"/cases/{handled.case.pk}/moves", {"move": "return", "version": handled.case.version})
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert stored(handled.case.pk).version == handled.case.version


def test_who_handled_by_api_does_not_check_by_api(
    town: Town, handled: Road, people: dict[str, Actor]
) -> None:
    unit = system(town, "unit_officer")
    path = f"/cases/{handled.case.pk}/moves"
    unit.post(path, {"move": "accept", "version": handled.case.version})
    assert unit.client.pk in stored(handled.case.pk).handlers


@pytest.mark.parametrize(
    "values", [{"unit": 10**15}, {"supports": [2**53]}, {"unit": "9" * 90}, {"reason": [1]}]
)
def test_nonsense_in_a_move_is_refused_not_an_error(
    town: Town, people: dict[str, Actor], values: dict[str, Any]
) -> None:
    chosen = condition(level="street", procedure="ordinary")
    case = Road(town, people).filed(chosen).case
    street = system(town, "street_dispatcher")
    data = {"move": "dispatch", "version": case.version, "values": values}
    assert street.post(f"/cases/{case.pk}/moves", data).status_code == 422


# ---- the document


def test_every_operation_declares_its_refusals_and_its_scope() -> None:
    for path, operations in schema()["paths"].items():
        for method, operation in operations.items():
            answers = set(operation["responses"])
            assert {"401", "403", "405", "429"} <= answers, operation["operationId"]
            assert ("404" in answers) >= ("{" in path)
            assert operation["x-scope"] in ALL_SCOPES
            if method == "post":
                assert {"400", "411", "413", "415"} <= answers
            if "Idempotency-Key" in [parameter["name"] for parameter in operation["parameters"]]:
                assert "409" in answers


def test_the_document_and_its_page_are_open_to_anybody(db: None) -> None:
    document = json.loads(Browser().get("/api/v1/openapi.json").content)
    assert document["openapi"].startswith("3.")
    page = Browser().get("/api/v1/docs")
    assert page.status_code == 200
    for operations in document["paths"].values():
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in page.content.decode()
