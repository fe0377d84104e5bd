"""An administrator changes the process without a programmer: drafted, checked, simulated, published."""

from playwright.sync_api import expect

from tests.e2e.person import Enter, Person

GRID = "440105008101001"


def _report(resident: Person, words: str) -> None:
    resident.go(f"/q/{GRID}")
    resident.fill("发生了什么", words)
    resident.press("提交")
    resident.sees("收到了，谢谢您")


def test_a_draft_is_checked_simulated_and_published_and_running_cases_stay(enter: Enter) -> None:
    admin, station = enter("admin"), enter("station")
    _report(enter(), "旧流程下的井盖松动。")

    admin.go("/desk/processes/")
    admin.press("新建草稿")
    admin.fill("草稿名称", "受理限时放宽")
    admin.press("建立草稿")
    admin.page.locator("#state-reported a.row-link").click()
    admin.page.get_by_label("本环节时限", exact=True).last.fill("2")
    admin.press("保存")
    admin.sees("“待受理”已保存。", "2个工作时")

    admin.page.get_by_role("link", name="加一个操作").first.click()
    admin.fill("代码", "look_again")
    admin.fill("名称", "再看一眼")
    admin.page.get_by_label("待受理", exact=True).check()
    admin.page.locator("[name=ways-0-to]").select_option("=")
    admin.page.locator("[name=who-0-role]").select_option("station_officer")
    admin.page.locator("[name=who-0-place]").select_option("community")
    condition = admin.page.locator("textarea[name=when]")
    condition.fill("case.retruns == 0")
    expect(admin.page.locator("#own-when")).to_contain_text("没有名为“case.retruns”的数据")
    condition.fill("case.returns == 0")
    admin.page.locator("input[name=why]").fill("退过的不用再看")
    expect(admin.page.locator("#own-when")).to_be_empty()
    admin.press("保存")
    admin.sees("“再看一眼”已保存。")

    admin.press("试算")
    admin.press("开始试算")
    expect(admin.page.get_by_role("heading", name="哪里会不同")).to_be_visible(timeout=60_000)
    admin.go(admin.page.url.removeprefix(admin.site).replace("simulation", "publish"))
    admin.press("发布")
    admin.sees("已发布第 2 版。新的事件按这一版办理。")

    _report(enter(), "新流程下的路灯不亮。")
    for words, offered in (("新流程下的路灯", 1), ("旧流程下的井盖", 0)):
        station.open_work(words)
        expect(station.page.get_by_role("link", name="再看一眼")).to_have_count(offered)
