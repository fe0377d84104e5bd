"""Taking in reports on the street, at the counter and on the telephone."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework import PHOTO, condition, crowd, photo
from factories import Town, point_in
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Photo
from wangge.domain.cases.services.receipts import receipt_code
from wangge.platform import clock

pytestmark = pytest.mark.django_db


def filled(town: Town, **more: Any) -> dict[str, Any]:
    lon, lat = point_in(town, town.grids[0])
    return {"key": str(uuid.uuid4()), "description": "垃圾桶满了", "lon": lon, "lat": lat, **more}


def cases() -> list[Case]:
    with acting_as(System("test")):
        return list(Case.objects.select_related("area"))


@pytest.mark.parametrize(
    ("who", "channel"),
    [("grid_worker", "worker"), ("station_officer", "station"), ("operator", "operator")],
)
def test_the_channel_follows_from_the_post(town: Town, who: str, channel: str) -> None:
    assert town.client(who).post("/desk/report", filled(town)).status_code == 302
    assert [(case.channel, case.area) for case in cases()] == [(channel, town.grids[0])]


def test_a_department_takes_in_no_reports(town: Town) -> None:
    answer = town.client("unit_officer").get("/desk/report")
    assert answer.status_code == 403
    assert "您的岗位不登记上报" in answer.content.decode()


def test_the_same_form_sent_twice_is_one_case(town: Town) -> None:
    client, data = town.client("station_officer"), filled(town)
    first, second = (client.post("/desk/report", data)["Location"] for _ in range(2))
    assert first == second
    assert len(cases()) == 1


def test_the_same_key_with_other_words_is_said_and_makes_nothing(town: Town) -> None:
    client, data = town.client("station_officer"), filled(town)
    client.post("/desk/report", data)
    answer = client.post("/desk/report", data | {"description": "另一件事"})
    assert answer.status_code == 422
    assert "已经提交过" in answer.content.decode()
    assert len(cases()) == 1


def test_without_a_place_the_words_stay_and_the_place_is_asked_for(town: Town) -> None:
    data = filled(town, lon="", lat="")
    answer = town.client("station_officer").post("/desk/report", data)
    assert answer.status_code == 422
    assert "垃圾桶满了" in answer.content.decode()
    assert "请在地图上点选位置" in answer.content.decode()
    assert data["key"] in answer.content.decode()


def test_an_area_found_by_name_is_place_enough(town: Town) -> None:
    client = town.client("operator")
    assert "东社区" in client.get("/desk/report/areas", {"area_words": "东社区"}).content.decode()
    data = filled(town, lon="", lat="", area=town.communities[0].pk, address="南田路 12 号")
    client.post("/desk/report", data)
    assert [(case.area, case.address) for case in cases()] == [(town.communities[0], "南田路 12 号")]


def test_the_operator_reads_the_code_to_the_caller_for_half_an_hour(town: Town) -> None:
    client = town.client("operator")
    address = client.post("/desk/report", filled(town, name="周月好", phone="16400088001"))["Location"]
    code = receipt_code(cases()[0].key)
    page = client.get(address).content.decode()
    assert code in page
    assert "8001" not in page
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert code not in client.get(address).content.decode()


def test_nobody_else_sees_the_code(town: Town) -> None:
    crowd(town)
    address = town.client("operator").post("/desk/report", filled(town))["Location"]
    for who in ("station_officer", "street_dispatcher"):
        assert town.client(who).get(address).status_code == 404


def test_a_grid_worker_settles_on_the_spot_and_somebody_else_checks(town: Town) -> None:
    chosen = condition(level="grid", on_the_spot=True, proof="photo_after", procedure="ordinary")
    data = filled(town, settled="on", matter=chosen.matter_id, condition=chosen.pk, note="已清走")
    data |= {
        "photos": SimpleUploadedFile("before.jpg", PHOTO, "image/jpeg"),
        "proof": SimpleUploadedFile("after.jpg", photo("green"), "image/jpeg"),
    }
    assert town.client("grid_worker").post("/desk/report", data).status_code == 302
    assert [case.state for case in cases()] == ["checking"]
    with acting_as(System("test")):
        assert sorted(Photo.objects.values_list("use", flat=True)) == ["after", "report"]


def test_settling_without_proof_is_asked_for_at_its_fields(town: Town) -> None:
    answer = town.client("grid_worker").post("/desk/report", filled(town, settled="on"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"matter", "condition", "proof"}
    assert cases() == []


def test_a_failed_settling_leaves_no_half_report(town: Town) -> None:
    chosen, other = condition(level="grid", on_the_spot=True), condition(level="district")
    data = filled(town, settled="on", matter=chosen.matter_id, condition=other.pk, note="x")
    data["proof"] = SimpleUploadedFile("after.jpg", PHOTO, "image/jpeg")
    assert town.client("grid_worker").post("/desk/report", data).status_code == 422
    assert cases() == []


def test_a_grid_worker_is_offered_the_places_used_last(town: Town) -> None:
    client = town.client("grid_worker")
    client.post("/desk/report", filled(town, address="宝业花园3栋"))
    assert 'data-address="宝业花园3栋"' in client.get("/desk/report").content.decode()


def test_the_hint_names_an_open_case_nearby_without_anybodys_words(town: Town) -> None:
    client, lon_lat = town.client("station_officer"), point_in(town, town.grids[0])
    client.post("/desk/report", filled(town))
    query = dict(zip(("lon", "lat"), lon_lat, strict=True))
    hint = client.get("/desk/report/nearby", query).content.decode()
    assert cases()[0].number in hint
    assert "垃圾桶满了" not in hint
    assert client.get("/desk/report/nearby", {"lon": "x"}).content == b""
