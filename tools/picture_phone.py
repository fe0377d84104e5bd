"""What a grid worker does on the phone before a picture is taken."""

from playwright.sync_api import Page, expect

_PIN = "280417"


def today(page: Page) -> None:
    """The field app with a PIN, chosen now or before, and today's work in it."""
    page.context.set_offline(False)
    pin = page.get_by_label("设一个 6 位数字密码")
    asked = page.get_by_label("数字密码", exact=True)
    pin.or_(asked).first.wait_for()
    if pin.count():
        pin.fill(_PIN)
        page.get_by_label("再输一次").fill(_PIN)
        page.get_by_role("button", name="开始使用").click()
    else:
        asked.fill(_PIN)
    page.get_by_role("heading", name="等我办").wait_for()
    page.get_by_text("刚刚同步").wait_for()


def reporting(page: Page) -> None:
    today(page)
    page.get_by_role("link", name="上报").click()
    page.locator(".f-matter .f-tile").first.click()
    page.locator(".f-place .f-tile").first.wait_for()


def noting(page: Page) -> None:
    _case(page)
    page.get_by_role("button", name="补充说明").click()
    page.get_by_label("说明", exact=True).fill("到现场看过，住户说周末清走，周一再来看。")


def visit(page: Page) -> None:
    today(page)
    page.locator("a[href^='#/visit/']").first.click()
    page.get_by_text("已探访", exact=True).click()


def diary(page: Page) -> None:
    today(page)
    page.get_by_role("link", name="记日记").click()
    page.get_by_text("设施环境").click()
    page.get_by_label("说几句").fill("三巷口的路灯天黑后不亮，下雨时台阶滑。")
    page.locator(".f-place .f-tile").first.click()
    page.get_by_text("同时转为案件").click()


def care(page: Page) -> None:
    today(page)
    page.evaluate("location.hash = '#/care'")
    page.get_by_text("已读给本人听，本人同意").scroll_into_view_if_needed()


def shift(page: Page) -> None:
    """Begun without a network, or ended where it was begun before."""
    today(page)
    page.context.set_offline(True)
    page.locator(".f-shift .f-button").first.click()
    page.get_by_text("等待发送").wait_for()
    page.evaluate("scrollTo(0, 0)")


def differing(page: Page) -> None:
    """Two phones of one person correct the same place; the later one is shown both."""
    _case(page)
    page.context.set_offline(True)
    browser = page.context.browser
    assert browser
    other = browser.new_context(storage_state=page.context.storage_state(), locale="zh-CN").new_page()
    address, _mark, case = page.url.partition("#")
    other.goto(address)
    today(other)
    other.evaluate("screen => { location.hash = screen }", case)
    place = _correct(other, "（北门）")
    expect(other.locator(".f-status")).to_contain_text("未发送 0", timeout=20_000)
    other.context.close()
    assert _correct(page, "（停车棚旁）") == place
    page.context.set_offline(False)
    page.evaluate("location.hash = '#/unsent'")
    page.get_by_role("button", name="现在同步").click()
    page.get_by_role("button", name="就这样定").wait_for()


def _case(page: Page) -> None:
    today(page)
    page.locator("a[href^='#/case/']").nth(1).click()
    page.get_by_role("button", name="更正文字").wait_for()


def _correct(page: Page, more: str) -> str:
    """The place as it stood, with `more` kept behind it."""
    page.get_by_role("button", name="更正文字").click()
    place = page.get_by_label("地点")
    before = place.input_value()
    place.fill(before + more)
    page.get_by_role("button", name="保存更正").click()
    page.get_by_role("button", name="更正文字").wait_for()
    return before
