"""What was downloaded ends; what was not sent never does: wrong PINs, a revoked phone, signing out."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Playwright, expect, sync_playwright

from tests.e2e.phone import Phone, shot
from tests.e2e.serving import served_url

WORKER = "grid-440105008102003"
_PACKET = "indexedDB.databases().then((all) => all.some((one) => one.name === 'wangge-field-packet'))"
_REVOKE = """
    UPDATE field_device SET revoked_at = now()
    WHERE user_id = (SELECT id FROM access_user WHERE username = %s)
"""


@pytest.fixture
def phone(site: str, tmp_path: Path) -> Iterator[Phone]:
    with sync_playwright() as playwright:
        phone = signed_in(playwright, tmp_path, site)
        yield phone
        phone.switch_off()
        assert not phone.problems


def signed_in(playwright: Playwright, disk: Path, site: str) -> Phone:
    phone = Phone(playwright, disk / "phone", site)
    phone.sign_in(WORKER)
    return phone


def holds_a_packet(phone: Phone) -> bool:
    return bool(phone.page.evaluate(_PACKET))


def test_the_packet_ends_and_what_is_unsent_stays(phone: Phone) -> None:
    phone.context.set_offline(True)
    phone.report("line E 1", shot(5))
    assert holds_a_packet(phone)

    phone.go("me")
    phone.press("锁定")
    for left in range(4, -1, -1):
        phone.page.get_by_label("数字密码").fill("111119")
        words = f"还可以试 {left} 次" if left else "数字密码输错 5 次"
        expect(phone.page.get_by_text(words)).to_be_visible(timeout=20_000)
    expect(phone.page.get_by_text("还有 1 条没有发送")).to_be_visible()
    expect(phone.page.get_by_label("数字密码")).to_have_count(0)
    assert not holds_a_packet(phone)

    phone.context.set_offline(False)
    phone.press("再试一次")
    phone.choose_pin(screen="显示")
    phone.sync_until_empty()

    phone.context.set_offline(True)
    phone.report("line E 2", shot(6))
    phone.go("me")
    phone.press("退出登录")
    expect(phone.page.get_by_text("还有 1 条没有办完")).to_be_visible()
    with phone.page.expect_download():
        phone.press("先导出，再退出")
    expect(phone.page.get_by_text("还有 1 条没有发送")).to_be_visible()
    assert not holds_a_packet(phone)


def test_a_revoked_phone_forgets_what_it_downloaded(phone: Phone) -> None:
    with psycopg.connect(served_url(settings.DATABASES["default"]), autocommit=True) as connection:
        connection.execute("SELECT set_config('wangge.kind', 'system', false)")
        assert connection.execute(_REVOKE, [WORKER]).rowcount
    phone.go("unsent")
    phone.press("现在同步")
    expect(phone.page.get_by_text("这部手机已被停用")).to_be_visible()
    assert not holds_a_packet(phone)


def test_inside_a_citys_app_no_second_title_is_shown(phone: Phone) -> None:
    phone.page.goto(f"{phone.site}/field/?embed=1")
    phone.unlock()
    assert phone.page.locator(".f-top h1").evaluate("node => getComputedStyle(node).position") == "absolute"
    expect(phone.unsent()).to_be_visible()
