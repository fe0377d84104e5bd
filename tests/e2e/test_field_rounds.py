"""A round without signal: a shift begins, a visit is noted, a note becomes a case and a request for care, a report is
spoken; all arrives once, and no screen on the way has a serious fault for who cannot see it well."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Playwright, expect, sync_playwright

from tests.e2e.looking import Looks, bring
from tests.e2e.phone import Phone
from tests.e2e.serving import served_url

_WORKER = """
    SELECT u.username, p.id, p.user_id, p.area_id FROM visits_visitplan v
    JOIN access_post p ON p.area_id = v.area_id AND p.role = 'grid_worker' JOIN access_user u ON u.id = p.user_id
    WHERE u.username LIKE 'grid-%' ORDER BY v.id DESC LIMIT 1
"""
_SHIFT = """
    INSERT INTO shifts_shift (key, version, area_id, post_id, user_id, kind, day, starts_at, ends_at)
    SELECT gen_random_uuid(), 0, %s, %s, %s, 'day', day, day + time '08:30', day + time '17:30'
    FROM (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS day) AS today RETURNING id
"""
_ARRIVED = """
    SELECT (SELECT count(*) FROM visits_visit WHERE text = 'line V 1' AND outcome = 'done'),
           (SELECT count(*) FROM visits_diaryentry d JOIN cases_case c ON c.id = d.case_id
            WHERE d.text = 'line D 1' AND c.description = d.text),
           (SELECT count(*) FROM cases_sound s JOIN cases_case c ON c.id = s.case_id
            WHERE c.description = '见录音' AND s.type = 'audio/webm'),
           (SELECT begun_at IS NOT NULL AND ended_at IS NULL FROM shifts_shift WHERE id = %s),
           (SELECT count(*) FROM register_careneed n JOIN field_record r ON r.result->>'care' = n.id::text
            WHERE n.consent_text = 'care-1' AND n.consent_way = 'guardian' AND r.payload = '')
"""


@pytest.fixture
def database(site: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(served_url(settings.DATABASES["default"]), autocommit=True) as connection:
        connection.execute("SELECT set_config('wangge.kind', 'system', false)")
        yield connection


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


def test_a_round_without_signal_arrives_once(
    playwright: Playwright, site: str, database: psycopg.Connection, tmp_path: Path
) -> None:
    found = database.execute(_WORKER).fetchone()
    assert found, "the demo plans no visits"
    worker, post, user, area = found
    (shift,) = database.execute(_SHIFT, [area, post, user]).fetchone() or (0,)
    phone = Phone(playwright, tmp_path / "phone", site)
    bring(phone.context)
    looks = Looks()
    phone.sign_in(worker)
    expect(phone.heading("今天的探访")).to_be_visible()
    phone.context.set_offline(True)

    looks.at_desk(phone.page, "today")
    phone.press("上班")
    expect(phone.page.get_by_text("已记下上班")).to_be_visible()
    phone.page.locator("a[href^='#/visit/']").first.click()
    phone.press("保存")
    expect(phone.page.get_by_text("请选一个")).to_be_visible()
    looks.at_desk(phone.page, "a visit that lacks its outcome")
    phone.page.get_by_text("已探访", exact=True).click()
    phone.page.get_by_label("下次要做什么（选填）").fill("line V 1")
    here = phone.page.evaluate("location.hash").removeprefix("#/")
    phone.go("me")
    phone.go(here)
    expect(phone.page.get_by_text("接着上次没写完的")).to_be_visible()
    expect(phone.page.get_by_label("下次要做什么（选填）")).to_have_value("line V 1")
    phone.press("保存")
    expect(phone.heading("今天的探访")).to_be_visible()

    phone.page.get_by_role("link", name="记日记").click()
    phone.page.get_by_text("设施环境").click()
    phone.page.get_by_label("说几句").fill("打 13800138000")
    phone.page.locator(".f-place .f-tile").first.click()
    phone.press("保存")
    expect(phone.page.get_by_text("请不要写电话号码")).to_be_visible()
    looks.at_desk(phone.page, "a note with a phone number")
    phone.page.get_by_label("说几句").fill("line D 1")
    phone.page.get_by_text("同时转为案件").click()
    phone.page.get_by_text("有人申请照料，接着登记").click()
    phone.press("保存")
    expect(phone.unsent()).to_have_text("未发送 3")

    phone.page.get_by_label("搜索地点").fill("1")
    phone.page.locator(".f-place .f-tile").first.click()
    phone.page.get_by_label("姓名").fill("李秀兰")
    phone.page.get_by_text("居家休养期间照料").click()
    phone.page.get_by_text("家属").click()
    phone.page.get_by_text("监护人签字").click()
    phone.press("登记申请")
    expect(phone.page.get_by_text("本人同意后才能登记")).to_be_visible()
    looks.at_desk(phone.page, "care without consent")
    phone.page.get_by_text("已读给本人听，本人同意").click()
    phone.press("登记申请")
    expect(phone.unsent()).to_have_text("未发送 4")

    phone.go("report")
    phone.press("录音")
    expect(phone.page.get_by_text("正在录音")).to_be_visible()
    phone.page.wait_for_timeout(1000)
    phone.press("说完了")
    expect(phone.page.locator("audio")).to_have_count(1)
    phone.page.locator(".f-place .f-tile").first.click()
    looks.at_desk(phone.page, "a spoken report")
    phone.press("提交")
    expect(phone.unsent()).to_have_text("未发送 5")

    phone.go("unsent")
    looks.at_desk(phone.page, "what is unsent")
    phone.context.set_offline(False)
    phone.sync_until_empty()
    assert database.execute(_ARRIVED, [shift]).fetchone() == (1, 1, 1, True, 1)
    phone.switch_off()
    assert not phone.problems
    assert not looks.all(), "\n".join(looks.all())
