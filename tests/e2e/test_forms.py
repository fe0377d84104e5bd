"""Forms of the desk under bad luck: two people at once, no script, no mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.person import Enter, Person
from tests.e2e.serving import PASSWORD

COMMUNITY = "鳌洲社区"
RUBBISH = ("06010", "成堆生活垃圾无容器")


def _report(resident: Person, words: str) -> None:
    resident.go("/report")
    resident.fill("发生了什么", words)
    resident.fill("地址或旁边的标志", "鳌洲正街 8 号")
    resident.page.get_by_label("在哪个社区").select_option(label=COMMUNITY)
    resident.press("提交")
    resident.sees("收到了，谢谢您")


def test_who_comes_second_is_told_what_happened_and_keeps_their_words(enter: Enter) -> None:
    words = "修车铺门口的机油流到人行道上。"
    _report(enter(), words)
    first, second = enter("station"), enter("station2-440105008101")
    for person in (first, second):
        person.open_work(words[:10])
    mine = second.begin("建议不予立案")
    second.choose("理由", "属咨询，已当场答复", mine)
    second.fill("给上报人的说明", "这家店已经自己清理。", mine)

    dialog = first.begin("立案")
    first.classify(dialog, *RUBBISH)
    dialog.get_by_role("button", name="立案", exact=True).dblclick()
    first.sees("已办：立案")
    expect(first.page.locator(".timeline-head strong").filter(has_text="立案")).to_have_count(1)

    mine.get_by_role("button", name="建议不予立案", exact=True).click()
    second.sees("您填写时，案件有了新进展", "这一步现在不能办了")
    expect(mine.get_by_label("给上报人的说明")).to_have_value("这家店已经自己清理。")

    first.page.go_back()
    first.page.go_forward()
    expect(first.page.locator(".timeline-head strong").filter(has_text="立案")).to_have_count(1)


def test_report_triage_and_filing_work_without_scripts(enter: Enter) -> None:
    words = "配电箱的门掉在地上，孩子会碰到。"
    resident = enter(java_script_enabled=False)
    _report(resident, words)
    station = enter("station", java_script_enabled=False)
    station.open_work(words[:10])
    station.page.locator("#actions").get_by_role("link", name="立案", exact=True).click()
    search = station.page.get_by_role("searchbox", name="搜索事项")
    search.fill("06010")
    station.press("搜索事项、列出情形")
    station.page.locator(".picker-row").filter(has_text="06010").locator("[name=matter]").first.check()
    station.press("搜索事项、列出情形")
    station.page.locator(".picker-row").filter(has_text=RUBBISH[1]).locator("[name=condition]").check()
    station.page.get_by_role("main").get_by_role("button", name="立案", exact=True).click()
    station.sees("已办：立案", "待派遣")


def test_signing_in_opening_a_case_and_making_a_move_need_no_mouse(enter: Enter) -> None:
    words = "路口的凸面镜歪了，看不见来车。"
    _report(enter(), words)
    person = enter(phone=False)
    page = person.page
    person.go("/desk/")
    _reach(page, "账号")
    page.keyboard.type("station")
    _reach(page, "密码")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="我的工作")).to_be_visible()
    _reach(page, words[:10])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="办理过程")).to_be_visible()
    _reach(page, "安排核实", exact=True)
    page.keyboard.press("Enter")
    expect(page.locator("dialog#move-dialog")).to_be_visible()
    _reach(page, "请核实什么")
    page.keyboard.type("请看看镜子是否还能用。")
    _reach(page, "安排核实", exact=True)
    page.keyboard.press("Enter")
    person.sees("已办：安排核实", "核实中")


_FOCUSED = """() => {
  const at = document.activeElement;
  if (!at.matches("a, button, input, select, textarea, summary")) return "";
  const label = at.labels && at.labels[0] ? at.labels[0].innerText : "";
  return (label || at.getAttribute("aria-label") || at.innerText || "").trim();
}"""


def _reach(page: Page, words: str, *, exact: bool = False) -> None:
    """Tab until the element of these words has the focus."""
    for _press in range(150):
        focused = page.evaluate(_FOCUSED)
        if focused == words if exact else words in focused:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{words!r} cannot be reached with Tab on {page.url}")
