"""A lamp in the street: its code is scanned, reported, and case and facility lead to each other."""

from tests.e2e.person import Enter


def test_whoever_scans_a_facility_reports_this_very_one(enter: Enter) -> None:
    station = enter("station")
    station.go("/desk/facilities/")
    station.page.locator("a.row-link").first.click()
    station.sees("二维码", "编码")
    code = station.page.locator(".row-number").first.inner_text()
    opened = station.page.url

    resident = enter()
    resident.go(f"/f/{code}")
    resident.sees(f"编号 {code}")
    resident.fill("发生了什么", "井盖翘起一角，晚上看不清。")
    resident.press("提交")
    resident.sees("收到了，谢谢您")

    station.page.goto(opened)
    station.page.locator(".card li a[href^='/desk/cases/']").first.click()
    station.sees("井盖翘起一角，晚上看不清。", code)
    station.page.locator(f"dd a:has-text('{code}')").click()
    assert station.page.url == opened
