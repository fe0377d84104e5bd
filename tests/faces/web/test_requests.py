"""Every answer has an id; health, figures and log lines tell no addresses and no persons."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from wangge.faces.web.middleware import content_policy
from wangge.faces.web.templatetags.maps import map_source
from wangge.platform.logs import HideReceiptCodes, Lines, NameRequest, request_id

pytestmark = pytest.mark.django_db


def test_a_given_request_id_is_kept_and_nonsense_is_replaced() -> None:
    client = Client()
    assert client.get("/livez", headers={"X-Request-ID": "abc-12345678"})["X-Request-ID"] == "abc-12345678"
    made = client.get("/livez", headers={"X-Request-ID": "a\nb"})["X-Request-ID"]
    assert len(made) == 32


def test_health_names_what_is_late_with_503() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert {"delivery", "jobs", "sweep"} <= set(answer.json()["late"])


def test_figures_need_the_token(settings: pytest.FixtureRequest) -> None:
    client = Client()
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-long-token"  # type: ignore[attr-defined]
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    client.get("/livez")
    text = client.get("/metrics", headers={"Authorization": "Bearer a-long-token"}).content.decode()
    assert 'wangge_last_seen_seconds{part="sweep"} +Inf' in text
    assert 'wangge_answers_total{method="GET",route="livez",status="200"}' in text


def test_a_slow_or_failed_answer_is_logged_by_route_never_by_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "wangge.requests"):
        Client().get("/s/K7M2-9QXF-3T")
    record = next(record for record in caplog.records if record.name == "wangge.requests")
    assert record.__dict__["route"] == "s/<str:code>"
    assert record.__dict__["statements"] > 0
    assert "K7M2" not in str(record.__dict__)


def test_a_line_is_json_with_the_request_id_and_without_values_of_rows() -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), None)
    phone = str(13_800_138_000)
    try:
        raise ValueError(f"duplicate key\nDETAIL:  Key (phone)=({phone}) already\n\nexists: {phone}.")
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    token = request_id.set("abc")
    HideReceiptCodes().filter(record)
    NameRequest().filter(record)
    request_id.reset(token)
    line = json.loads(Lines("%(levelname)s %(request_id)s %(message)s").format(record))
    assert (line["request_id"], line["message"]) == ("abc", "failed")
    assert "duplicate key" in line["exc_info"]
    assert phone not in line["exc_info"]


@pytest.mark.parametrize("address", ["/", "/report", "/desk/sign-in", "/nothing-here"])
def test_scripts_come_from_here_alone_and_nobody_frames_a_page(address: str) -> None:
    headers = Client().get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["default-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_pictures_of_a_citys_map_come_from_its_hosts_alone() -> None:
    city = ["https://t0.maps.example/vec?z={z}&x={x}&y={y}&tk=k", "https://t1.maps.example/cva/{z}/{x}/{y}"]
    policy = dict(part.split(" ", 1) for part in content_policy([*city, "/proxy/{z}/{x}/{y}"]).split("; "))
    assert policy["img-src"] == "'self' data: blob: https://t0.maps.example https://t1.maps.example"
    assert policy["connect-src"] == "'self' https://t0.maps.example https://t1.maps.example"
    assert policy["script-src"] == "'self'"


def test_a_map_is_told_all_of_a_citys_addresses(settings: Any) -> None:
    settings.MAP_PICTURES, settings.MAP_PICTURES_BY = (
        ["https://a.example/{z}/{x}/{y}", "/b/{z}/{x}/{y}"],
        "天地图",
    )
    assert 'data-pictures="https://a.example/{z}/{x}/{y} /b/{z}/{x}/{y}" data-thanks="天地图"' in map_source()


@pytest.mark.parametrize("address", ["/report", "/desk/sign-in", "/desk/sign-out"])
def test_a_form_from_a_foreign_page_is_refused(address: str) -> None:
    assert Client(enforce_csrf_checks=True).post(address, {"username": "chen"}).status_code == 403
