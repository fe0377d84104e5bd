"""A household is found three ways with a purpose, and the resident sees who looked and asks why."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.person import Enter, Person

NAME, PHONE = "苏桂兰", "13912340001"
PURPOSE = "上门走访服务"
GRID = "440105008101001"
LOOKED = "鳌洲社区工作站 社区经办"


def _report(resident: Person) -> str:
    """A report with name and phone; its receipt code."""
    resident.go(f"/areas/{GRID}")
    resident.press("报这里的事")
    resident.fill("发生了什么", "楼道里的灯坏了。")
    resident.tap_map()
    resident.page.get_by_text("联系方式（可以不留）").tap()
    resident.fill("怎么称呼您", NAME)
    resident.fill("电话", PHONE)
    resident.press("提交")
    return resident.receipt()


def _of_the_cut_away(station: Person) -> str:
    """From the buildings by the cut-away to the people of a flat that is lived in; the flat's address."""
    page = station.page
    station.go("/desk/buildings/")
    page.locator("a.row-link").first.click()
    page.locator("td.use-own a, td.use-let a").first.click()
    station.press("住户登记")
    expect(page.get_by_role("heading", name="住的人")).to_be_visible()
    return page.locator("h1").inner_text().strip()


def _shown(station: Person) -> None:
    """The first household of the page in full, with a purpose."""
    station.page.get_by_label("查看目的").first.select_option(PURPOSE)
    station.press("显示")
    station.sees(f"已为“{PURPOSE}”记录这次查看")
    station.sees(NAME)


def _move_in(station: Person) -> None:
    station.page.get_by_role("link", name="登记一人").first.click()
    station.fill("姓名", NAME)
    station.fill("电话", PHONE)
    station.fill("出生年份", "1951")
    station.page.get_by_label("与户主关系").select_option("other")
    station.press("保存")
    station.sees("已登记一人。")
    station.sees_no(NAME, PHONE)


def test_a_look_at_a_household_found_three_ways_is_seen_by_the_resident_who_asks_why(
    enter: Enter, data: Path
) -> None:
    resident, station = enter(), enter("station")
    code = _report(resident)
    address = _of_the_cut_away(station)
    _move_in(station)
    _shown(station)

    station.go("/desk/register/")
    station.fill("按地址找房屋", address)
    station.page.get_by_role("search").get_by_role("button", name="查找").click()
    station.press(address)
    _shown(station)

    station.go("/desk/register/")
    station.fill("姓名或电话", PHONE)
    station.page.get_by_label("查看目的").select_option(PURPOSE)
    station.page.locator("form[action$='/people']").get_by_role("button", name="查找").click()
    station.page.get_by_role("link", name=NAME, exact=True).click()
    _shown(station)

    resident.go(f"/s/{code}")
    resident.press("看存了我的哪些信息，更正、删除或带走")
    resident.sees_no(NAME, PHONE)
    resident.press("发送验证码")
    resident.fill("短信里的 6 位数字", _code(data))
    resident.press("确认")
    resident.sees(NAME, "1951", LOOKED, PURPOSE)
    expect(resident.page.locator(".look").filter(has_text=LOOKED)).to_have_count(4)

    look = resident.page.locator(".look").first
    look.get_by_text("问为什么").click()
    look.get_by_role("button", name="提交询问").click()
    resident.sees("收到了，谢谢您", "南华西街道综合指挥中心")
    asked = resident.receipt()
    assert asked != code
    resident.go(f"/s/{asked}")
    number = resident.number()

    dispatcher = enter("street")
    dispatcher.open_work(number)
    dispatcher.sees("居民询问", PURPOSE)


def _code(data: Path) -> str:
    """From the newest message; the demo writes them into files."""
    phone, text = max((data / "sms").iterdir()).read_text("utf-8").splitlines()
    assert phone == PHONE
    found = re.search(r"\b(\d{6})\b", text)
    assert found
    return found[1]
