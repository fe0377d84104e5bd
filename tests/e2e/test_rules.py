"""An administrator changes the rules together: a limit and a lead rule in a draft, tried, published, compared, restored."""

from playwright.sync_api import expect

from tests.e2e.person import Enter


def test_a_limit_and_a_lead_rule_are_tried_published_compared_and_restored(enter: Enter) -> None:
    admin = enter("admin")
    page = admin.page
    admin.go("/desk/rules/")
    admin.press("新建方案")
    admin.fill("方案名称", "汛期调整")
    admin.press("保存")
    draft = page.url

    admin.fill("立案条件和时限：找事项", "06014")
    admin.press("查找")
    page.locator("#add").get_by_role("link", name="修改").first.click()
    page.get_by_label("办理程序").select_option(label="应急")
    expect(page.locator("#live-check")).to_contain_text("昼夜计时")
    page.get_by_label("办理程序").select_option(label="一般")
    page.get_by_label("处置时限").fill("9")
    expect(page.locator("#live-check")).to_contain_text("没有发现问题")
    admin.press("保存")
    admin.sees("已写进方案。", "06014")

    page.goto(draft)
    page.locator("#add").get_by_role("link", name="责任清单").click()
    page.get_by_label("职责领域").select_option(label="环境卫生")
    page.get_by_label("主办单位").select_option(index=1)
    admin.fill("什么时候用这一条", "case.hours >= 22")
    expect(page.locator("#when-check")).to_contain_text("没有名为")
    admin.fill("什么时候用这一条", "case.hour >= 22 || case.emergency")
    expect(page.locator("#when-check")).to_contain_text("写法正确")
    admin.fill("条件说明", "夜间或应急")
    admin.press("保存")
    admin.sees("已写进方案。", "2 处改动")

    admin.press("用去年的案件试算")
    expect(page.locator("#simulation")).to_contain_text("今天的规定", timeout=60_000)

    page.goto(draft)
    tomorrow = page.evaluate("new Date(Date.now() + 32 * 36e5).toISOString().slice(0, 10)")
    admin.fill("从哪天起生效", tomorrow)
    page.get_by_role("button", name="发布", exact=True).click()
    page.locator("dialog[open]").get_by_role("button").last.click()
    admin.sees("已发布，从")

    admin.go("/desk/catalogue/?q=06014&kind=event")
    page.locator("a.row-link").first.click()
    admin.sees("已安排的改动")
    admin.press("变更记录")
    admin.sees("变更方案“汛期调整”")
    admin.press("比较")
    expect(page.locator("#compared")).to_be_visible()
    admin.press("恢复到这次之前")
    page.locator("dialog[open]").get_by_role("button").last.click()
    admin.sees("已恢复，作为一次新的修改记在这里。", "修改之前的版本")
