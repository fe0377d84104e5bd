"""A resident with a phone and a poster on the wall."""

import re

from playwright.sync_api import expect

from tests.e2e.person import Enter

GRID = "440105008101004"


def test_the_poster_opens_the_form_and_a_second_report_is_shown_the_first(enter: Enter) -> None:
    first = enter()
    first.go(f"/q/{GRID}")
    first.sees("您扫的码：鳌洲社区第4网格")
    first.fill("发生了什么", "垃圾堆在墙脚，已经发臭。")
    first.tap_map()
    first.page.get_by_role("radio", name="暴露垃圾", exact=True).check()
    first.press("提交")
    first.sees("收到了，谢谢您", "鳌洲社区工作站")
    code = first.receipt()
    first.go(f"/s/{code}")
    number = first.number()

    second = enter()
    second.go(f"/q/{GRID}")
    second.tap_map(0.47, 0.47)
    second.page.get_by_role("radio", name="暴露垃圾", exact=True).check()
    second.sees("这里已有人上报")
    hint = second.page.locator("#nearby a")
    expect(hint).to_have_attribute("href", re.compile(number))
    second.go(str(hint.get_attribute("href")))
    second.sees("暴露垃圾", number)
    second.sees_no("已经发臭")


def test_a_wrong_receipt_code_is_answered_kindly_and_opens_nothing(enter: Enter) -> None:
    resident = enter()
    resident.go("/")
    resident.page.locator("form.find input").fill("AAAA-AAAA-AA")
    resident.press("查询")
    expect(resident.page.locator("#stands")).to_have_count(0)
    expect(resident.page.get_by_role("heading", level=1)).to_contain_text("没有")
    expect(resident.page.get_by_label("回执码")).to_be_visible()


def test_a_receipt_code_typed_small_and_without_dashes_opens_the_report(enter: Enter) -> None:
    resident = enter()
    resident.go(f"/q/{GRID}")
    resident.fill("发生了什么", "公告栏的玻璃碎了。")
    resident.press("提交")
    code = resident.receipt()
    resident.go("/s")
    resident.page.locator("form.find input").fill(code.replace("-", "").lower())
    resident.press("查询")
    resident.finds("已收到，等社区受理")
    resident.sees("公告栏的玻璃碎了。")


def test_a_report_that_lacks_words_or_place_comes_back_with_what_was_typed(enter: Enter) -> None:
    resident = enter()
    resident.go("/report")
    resident.fill("地址或旁边的标志", "鳌洲正街口")
    resident.press("提交")
    resident.sees("还没有提交：请看下面标红的地方。")
    expect(resident.page.get_by_label("地址或旁边的标志")).to_have_value("鳌洲正街口")


def test_two_taps_on_send_make_one_report_and_going_back_makes_no_other(enter: Enter) -> None:
    words = "健身器材的把手松了，一晃就掉。"
    resident = enter()
    resident.go(f"/q/{GRID}")
    resident.fill("发生了什么", words)
    resident.page.get_by_role("button", name="提交").dblclick()
    resident.sees("收到了，谢谢您")
    code = resident.receipt()
    resident.page.go_back()
    expect(resident.page.get_by_label("发生了什么").first).to_have_value(words)
    resident.press("提交")
    resident.sees("收到了，谢谢您")
    assert resident.receipt() == code

    station = enter("station")
    station.go(f"/desk/cases?words={words[:8]}")
    expect(station.page.locator("tbody tr")).to_have_count(1)


def test_the_board_is_narrowed_on_a_phone(enter: Enter) -> None:
    resident = enter()
    resident.go("/board")
    resident.page.get_by_label("进展").select_option(label="办结")
    expect(resident.page).to_have_url(re.compile("state=closed"))
    resident.page.get_by_label("地方").select_option(label="鳌洲社区")
    expect(resident.page).to_have_url(re.compile("area=440105008101"))
