"""An administrator has a community divided, compares, gives a building away with the keyboard, and publishes."""

from playwright.sync_api import expect

from tests.e2e.person import Enter, Person

COMMUNITY = "福安社区"
# Compiling the planner's kernels for the first time takes a minute.
_SEARCH_MS = 280_000


def _searched(admin: Person) -> None:
    admin.go("/desk/plans/")
    admin.press(COMMUNITY)
    admin.fill("每个网格至少（户）", "90")
    admin.fill("每个网格至多（户）", "200")
    admin.press("开始计算")
    admin.sees("正在计算")
    expect(admin.page.locator(".plan-choices .card").first).to_be_visible(timeout=_SEARCH_MS)


def _give_one_away(admin: Person) -> None:
    """The first building that may go to another grid, by keys alone."""
    links = admin.page.locator(".plan-map a")
    for place in range(links.count()):
        links.nth(place).focus()
        admin.page.keyboard.press("Enter")
        expect(admin.page.locator(f'.plan-map a[href="?unit={place}#edit"][aria-current]')).to_have_count(1)
        if admin.page.locator(".plan-option button:enabled").count():
            admin.page.keyboard.press("1")
            return
    raise AssertionError("no building may go")


def test_a_community_is_divided_edited_and_published(enter: Enter) -> None:
    admin = enter("admin")
    _searched(admin)
    admin.sees("户之间", "的边界沿街", "最远步行")
    admin.page.get_by_role("link", name="打开并修改").first.click()
    before = admin.page.locator(".plan-words").inner_text()

    _give_one_away(admin)
    undo = admin.page.get_by_role("button", name="撤销")
    expect(undo).to_be_enabled()
    after = admin.page.locator(".plan-words").inner_text()
    admin.page.keyboard.press("z")
    expect(undo).to_be_disabled()
    assert admin.page.locator(".plan-words").inner_text() == before
    admin.page.keyboard.press("y")
    expect(undo).to_be_enabled()
    assert admin.page.locator(".plan-words").inner_text() == after

    admin.press("命名编码")
    admin.page.locator("[name=name_0]").fill("福安社区江边网格")
    admin.press("保存")
    admin.sees("网格的名称已保存。", "福安社区江边网格")
    admin.press("公布")
    admin.fill("依据", "街办〔2026〕7号")
    admin.press("公布")
    admin.sees("网格方案已公布。", "福安社区江边网格", "街办〔2026〕7号")
    # The borders that came out of it are ones that one can go on drawing.
    admin.press("画网格边界")
    expect(admin.page.locator("[data-borders][data-ready]")).to_be_visible(timeout=20_000)
