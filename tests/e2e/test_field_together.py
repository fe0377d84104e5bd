"""Two phones correct the same case without signal: other fields merge, the same field shows both to a person."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Playwright, expect, sync_playwright

from tests.e2e.phone import Phone, shot
from tests.e2e.serving import served_url

WORKER = "grid-440105008102002"
_CASE = "SELECT id, address, description FROM cases_case WHERE id = %s OR description = %s"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def phones(playwright: Playwright, site: str, tmp_path: Path) -> Iterator[tuple[Phone, Phone]]:
    pair = Phone(playwright, tmp_path / "one", site), Phone(playwright, tmp_path / "other", site)
    for phone in pair:
        phone.sign_in(WORKER)
    yield pair
    for phone in pair:
        phone.switch_off()
        assert not phone.problems


def case(words: str = "", number: int = 0) -> tuple[int, str, str]:
    """(id, address, description) as the server has them."""
    with psycopg.connect(served_url(settings.DATABASES["default"])) as connection:
        connection.execute("SELECT set_config('wangge.kind', 'system', false)")
        found = connection.execute(_CASE, [number, words]).fetchone()
    assert found
    return found[0], found[1], found[2]


def wait_for(phone: Phone, number: int) -> None:
    """Until the case has come to this phone."""
    button = phone.page.get_by_role("button", name="更正文字", exact=True)
    for _press in range(20):
        phone.go("unsent")
        phone.press("现在同步")
        phone.page.wait_for_timeout(500)
        phone.go(f"case/{number}")
        if button.count():
            break
    expect(button).to_be_visible()


def correct(phone: Phone, number: int, **words: str) -> None:
    phone.go(f"case/{number}")
    phone.press("更正文字")
    for label, text in words.items():
        phone.page.get_by_label({"address": "地点", "description": "情况"}[label], exact=True).fill(text)
    phone.press("保存更正")
    expect(phone.page.get_by_text("本机记下")).to_be_visible()


def test_other_fields_merge_and_the_same_field_shows_both(phones: tuple[Phone, Phone]) -> None:
    one, other = phones
    one.report("line T 1", shot(3))
    one.sync_until_empty()
    number, address, _words = case("line T 1")
    for phone in phones:
        wait_for(phone, number)
        phone.context.set_offline(True)

    correct(one, number, description="三楼的灯不亮")
    correct(other, number, description="四楼的灯不亮", address=f"{address}后门")
    one.context.set_offline(False)
    one.sync_until_empty()
    assert case(number=number)[2] == "三楼的灯不亮"

    other.context.set_offline(False)
    other.sync_until_empty(left=1)
    assert case(number=number) == (number, f"{address}后门", "三楼的灯不亮"), (
        "the field that nobody else changed merges"
    )
    card = other.page.locator("main .f-card")
    for words in ("三楼的灯不亮", "四楼的灯不亮", "原来：line T 1"):
        expect(card.get_by_text(words)).to_be_visible()
    other.press("就这样定")
    expect(card.get_by_text("请选一个")).to_be_visible()
    card.get_by_text("四楼的灯不亮").click()
    other.press("就这样定")
    other.sync_until_empty()
    assert case(number=number)[2] == "四楼的灯不亮"
