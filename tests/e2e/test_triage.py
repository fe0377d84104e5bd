"""A dispatcher clears a list by keyboard, beside it the case; and many cases at once."""

from playwright.sync_api import expect

from tests.e2e.person import Enter, Person

COMMUNITY = "鳌洲社区"


def _reports(resident: Person, *words: str) -> None:
    for text in words:
        resident.go("/report")
        resident.fill("发生了什么", text)
        resident.fill("地址或旁边的标志", "鳌洲正街 8 号")
        resident.page.get_by_label("在哪个社区").select_option(label=COMMUNITY)
        resident.press("提交")
        resident.sees("收到了，谢谢您")


def test_cases_are_urged_and_checked_by_keyboard_without_leaving_the_list(enter: Enter) -> None:
    first, second = "分栏甲：下水道盖板翘起来。", "分栏乙：下水道盖板又翘起来。"
    _reports(enter(), second, first)
    person = enter("station")
    page, keys = person.page, person.page.keyboard
    person.go("/desk/cases?words=分栏")
    loaded = page.evaluate("performance.timeOrigin")
    keys.press("v")
    keys.press("j")
    rows = page.locator("tr[data-case]")
    expect(rows.nth(0).locator("a.row-link")).to_be_focused()
    keys.press("Enter")
    pane = page.locator("#pane")
    expect(pane).to_contain_text(first)
    assert "case=" in page.url

    keys.press("u")
    dialog = page.locator("dialog#move-dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("催办内容").fill("请今天去看")
    keys.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("#triage-live")).to_contain_text("下一件")
    expect(rows.nth(0)).to_contain_text("已办：催办")
    expect(rows.nth(1).locator("a.row-link")).to_be_focused()
    expect(pane).to_contain_text(second)
    assert page.evaluate("performance.timeOrigin") == loaded

    keys.press("d")
    person.sees("现在没有这一步可办")
    keys.press("?")
    person.sees("派遣（勾选的，或这一行）")


def test_ticked_cases_are_looked_over_and_done_together(enter: Enter) -> None:
    _reports(enter(), "一起办甲：路灯杆歪了。", "一起办乙：路灯杆又歪了。", "一起办丙：路灯杆倒了。")
    person = enter("station")
    page = person.page
    person.go("/desk/cases?words=一起办")
    ticks = page.locator("input[name=case]")
    ticks.nth(0).check()
    ticks.nth(2).click(modifiers=["Shift"])
    person.sees("选了 3 件")
    page.keyboard.press("u")
    person.sees("可以办 3 件")
    page.locator("input[name=line]").nth(1).uncheck()
    person.fill("催办内容", "一并去看")
    person.press("确定催办")
    person.sees("办好 2 件")
    page.go_back()
    person.press("确定催办")
    page.wait_for_load_state()
    person.go("/desk/cases?words=一起办")
    expect(page.locator("tr[data-case]").filter(has_text="催办 1 次")).to_have_count(2)
    person.sees_no("催办 2 次")
