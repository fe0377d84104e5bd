"""Finding a case by two characters, by the keyboard alone, and keeping what one looks at every day as a view."""

from playwright.sync_api import expect

from tests.e2e.person import Enter


def test_a_station_finds_by_two_characters_and_keeps_a_view_that_opens_first(enter: Enter) -> None:
    station = enter("station")
    station.go("/desk/")
    page = station.page
    page.keyboard.press("/")
    page.keyboard.type("路灯")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/search?q=*")
    expect(page.get_by_role("heading", name="搜索“路灯”")).to_be_visible()
    expect(page.locator("mark", has_text="路灯").first).to_be_visible()
    page.keyboard.press("j")
    first = page.locator("[data-rows] a.row-link").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases**")

    station.go("/desk/cases?flag=open&sort=urgency")
    page.get_by_role("link", name="保存为视图").click()
    station.fill("名称", "最急的在办")
    station.press("保存视图")
    tab = page.get_by_role("navigation", name="视图").get_by_role("link", name="最急的在办")
    expect(tab).to_have_attribute("aria-current", "page")

    station.go("/desk/views")
    page.get_by_role("link", name="数一数").click()
    station.press("默认打开")
    station.go("/desk/cases")
    expect(tab).to_have_attribute("aria-current", "page")

    station.go("/desk/views")
    station.press("删除")
    station.sees("视图已删除")
    station.press("恢复")
    station.sees("视图已恢复", "最急的在办")
