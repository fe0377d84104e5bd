"""An administrator changes who works where, who must act and when the office is open; work follows at once."""

from playwright.sync_api import expect

from tests.e2e.person import Enter, Person

# The neighbouring community, whose officer is on leave.
COMMUNITY, UNIT, GRID = "福安社区居委会", "福安社区工作站", "440105008102001"


def _in_list(admin: Person, path: str, words: str) -> None:
    """A list narrowed to a name by its filter."""
    admin.go(path)
    search = admin.page.locator("form.filters input[name=q]")
    search.fill(words)
    search.press("Enter")


def test_a_stand_in_sees_the_work_and_the_history_says_for_whom(enter: Enter) -> None:
    words = "榕树根把地砖拱起来了，老人容易绊倒。"
    admin, resident, station = enter("admin"), enter(), enter("station")
    resident.go(f"/q/{GRID}")
    resident.fill("发生了什么", words)
    resident.press("提交")
    resident.sees("收到了，谢谢您", UNIT)
    station.go("/desk/")
    station.sees_no(words[:10])

    admin.go("/desk/posts/?role=station_officer")
    row = admin.page.locator("tbody tr").filter(has_text="福安").first
    absent = row.locator("a.row-link").inner_text().strip()
    row.get_by_role("link", name="替班").click()
    admin.page.get_by_label("替班人").fill("station")
    day = admin.page.get_by_label("从哪天起").input_value()
    admin.fill("到哪天止", day)
    admin.fill("原因", "年休假")
    admin.press("保存")
    admin.sees("已安排替班。")

    station.open_work(words[:10])
    station.move("安排核实", fields={"请核实什么": "请看看拱起多高。"})
    head = station.page.locator(".timeline-head").filter(has_text="安排核实")
    expect(head).to_contain_text(f"代{absent}")


def test_a_post_that_ended_yesterday_opens_nothing_today(enter: Enter) -> None:
    officer = enter("station2-440105008102")
    name = officer.page.locator(".desk-post").inner_text().split("\n")[0].strip()
    officer.go("/desk/")
    officer.sees_no("今天没有岗位")

    admin = enter("admin")
    _in_list(admin, "/desk/users/", "station2-440105008102")
    admin.press(name)
    admin.page.get_by_role("link", name="结束", exact=True).first.click()
    last = admin.page.get_by_label("最后一天")
    last.fill(admin.page.evaluate("new Date(Date.now() - 864e5).toISOString().slice(0, 10)"))
    admin.press("结束岗位")
    admin.sees("岗位已安排结束。")
    officer.go("/desk/")
    officer.sees("今天没有岗位")
    officer.go("/desk/cases")
    officer.sees_no("440105-")


def test_a_day_off_of_the_district_is_counted_by_the_next_deadline(enter: Enter) -> None:
    admin = enter("admin")
    admin.go("/desk/calendar/")
    year = int(admin.page.get_by_role("heading", level=1).inner_text().split("年")[0].split()[-1]) + 1
    admin.go(f"/desk/calendar/?year={year}")
    # A Tuesday with no holiday near it.
    admin.page.locator(f"a.cal-day[href*='day={year}-07-']").nth(6).click()
    admin.page.get_by_label("这一天").select_option(label="不上班")
    admin.fill("依据", "防台风停工通知")
    admin.press("保存")
    admin.sees("已保存。新计算的时限按这一安排。", "防台风停工通知")
    expect(admin.page.locator(".cal-own").last).to_be_visible()


def test_a_new_row_of_the_responsibility_list_is_what_the_dispatcher_is_advised(enter: Enter) -> None:
    admin = enter("admin")
    admin.go("/desk/responsibility/")
    admin.page.get_by_label("下级区划").select_option(label="南华西街道")
    admin.page.get_by_label("下级区划").select_option(label=COMMUNITY)
    row = admin.page.locator("tbody tr").filter(has_text="市政").first
    row.get_by_role("link", name="另行规定").click()
    admin.page.get_by_label("主办单位").select_option(label="海珠区供电服务所（供电）")
    admin.fill("依据", "街道办公会纪要")
    admin.press("保存")
    admin.sees("已写入责任清单。", "街道办公会纪要")
    changed = admin.page.locator("tbody tr").filter(has_text="街道办公会纪要").first
    expect(changed).to_contain_text("海珠区供电服务所")
    expect(changed).to_contain_text("本级")
