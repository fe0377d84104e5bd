"""A phone without room says so and loses nothing: what it holds can be exported and sent, and sending makes room."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import expect, sync_playwright

from tests.e2e.phone import Phone, shot
from tests.e2e.serving import served_url

WORKER = "grid-440105008102002"
_ARRIVED = (
    "SELECT description, count(*) FROM cases_case WHERE description LIKE 'line F%' GROUP BY 1 ORDER BY 1"
)


@pytest.fixture
def phone(site: str, tmp_path: Path) -> Iterator[Phone]:
    with sync_playwright() as playwright:
        phone = Phone(playwright, tmp_path / "phone", site)
        phone.sign_in(WORKER)
        yield phone
        phone.switch_off()
        assert not phone.problems


def test_a_full_phone_says_so_and_what_it_holds_is_exported_and_sent(phone: Phone) -> None:
    phone.context.set_offline(True)
    phone.report("line F 1", shot(7))
    # The browser asks for its share anew after it was closed.
    phone.switch_off()
    phone.switch_on(offline=True)
    browser, origin = phone.context.new_cdp_session(phone.page), {"origin": phone.site}
    browser.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": 1000})
    phone.unlock()

    phone.go("unsent")
    with phone.page.expect_download() as saved:
        phone.press("导出为文件")
    (record,) = json.loads(saved.value.path().read_text())["records"]
    assert json.loads(record["payload"])["description"] == "line F 1"

    phone.go("report")
    phone.page.locator("input[type=file]").first.set_input_files(shot(8))
    expect(phone.page.get_by_text("手机存储已满").first).to_be_visible()
    phone.page.get_by_label("说几句（选填）").fill("line F 2")
    phone.page.locator(".f-place .f-tile").first.click()
    phone.press("提交")
    expect(phone.page.get_by_text("这一条还没有记下")).to_be_visible()
    expect(phone.page.get_by_label("说几句（选填）")).to_have_value("line F 2")
    expect(phone.unsent()).to_have_text("未发送 1")

    phone.context.set_offline(False)
    expect(phone.unsent()).to_have_text("未发送 0", timeout=60_000)
    browser.send("Storage.overrideQuotaForOrigin", origin)
    phone.press("提交")
    expect(phone.page.get_by_text("已记下")).to_be_visible()
    phone.sync_until_empty()
    with psycopg.connect(served_url(settings.DATABASES["default"])) as connection:
        connection.execute("SELECT set_config('wangge.kind', 'system', false)")
        assert connection.execute(_ARRIVED).fetchall() == [("line F 1", 1), ("line F 2", 1)]
