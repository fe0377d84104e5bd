"""What comes onto a page only by working in it has no serious fault either: dialogs, maps, results, secrets.

The pages as they are first opened are looked at in tests/sweep/test_every_page.py.
"""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.e2e.looking import Looks, bring
from tests.e2e.person import Enter, Person, picture
from tests.e2e.serving import PASSWORD
from wangge.domain.access.staff_list import TEMPLATE

GRID = "440105008101001"
Come = Callable[..., Person]
Look = Callable[[Person, str], None]


@pytest.fixture
def come(enter: Enter) -> Come:
    """Somebody whose pages can be looked at."""

    def come(username: str = "") -> Person:
        person = enter(username, phone=False)
        bring(person.context)
        return person

    return come


@pytest.fixture
def look() -> Iterator[Look]:
    """Looks at the page as it stands before the person."""
    looks = Looks()
    yield lambda person, name: looks.at_desk(person.page, name)
    faults = looks.all()
    assert not faults, "\n".join(faults)


def test_a_residents_way(come: Come, look: Look) -> None:
    resident = come()
    resident.go(f"/q/{GRID}")
    resident.press("提交")
    look(resident, "a report that lacks everything")
    resident.fill("发生了什么", "人行道上的砖松了，下雨天一踩就溅水。")
    resident.add_photo("照片", picture("teal"))
    look(resident, "a report with its map and photo")
    resident.press("提交")
    resident.sees("收到了，谢谢您")
    look(resident, "the receipt")


def test_an_officers_way(come: Come, look: Look) -> None:
    station = come("station")
    page = station.page
    station.go("/desk/report")
    page.locator("[name=description]").fill("来人说楼下路灯三天不亮，夜里看不见台阶。")
    page.locator("[name=address]").fill("鳌洲正街 8 号")
    page.locator("#area-words").press_sequentially("鳌洲社区", delay=15)
    page.locator("#area-options [name=area]").first.check()
    look(station, "a report at the counter")
    station.press("提交")
    expect(page).to_have_url(re.compile(r"/desk/report/\d+"))
    look(station, "taken in")
    number = page.url.rsplit("/", 1)[1]

    station.go("/desk/cases?words=夜里看不见台阶")
    page.keyboard.press("v")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#pane")).to_contain_text("夜里看不见台阶")
    look(station, "list and case side by side")
    page.keyboard.press("?")
    look(station, "the keys")
    station.go(f"/desk/cases/{number}")
    station.begin("安排核实")
    look(station, "a move's dialog")
    station.go("/desk/cases/map")
    expect(page.locator(".map canvas")).to_be_visible()
    look(station, "the map of cases")

    station.go(f"/desk/bulk/urge?case={number}")
    look(station, "many cases before a move")
    page.locator("[name=note]").first.fill("请尽快看看。")
    page.locator(".bulk-send .btn-primary").click()
    expect(page).to_have_url(re.compile("/desk/bulk/runs/"))
    look(station, "many cases after a move")
    station.go("/desk/search?q=夜里看不见")
    look(station, "what was found")


def test_an_operators_list_of_orders(come: Come, look: Look) -> None:
    operator = come("phone")
    page = operator.page
    operator.go("/desk/import/")
    orders = "工单编号,诉求内容,社区\nT1,垃圾桶满了两天,鳌洲社区\nT2,,鳌洲社区\n".encode()
    page.locator("input[type=file]").set_input_files(
        [{"name": "工单.csv", "mimeType": "text/csv", "buffer": orders}]
    )
    operator.press("上传并核对")
    expect(page.get_by_role("heading", name="核对列名")).to_be_visible(timeout=30_000)
    look(operator, "the columns of a list")
    operator.press("检查")
    expect(page.get_by_role("heading", name="没有导入的行")).to_be_visible(timeout=30_000)
    look(operator, "a list with a wrong row")


def test_an_administrators_draft_of_rules(come: Come, look: Look) -> None:
    admin = come("admin")
    page = admin.page
    admin.go("/desk/rules/new")
    admin.fill("方案名称", "看得清的方案")
    admin.press("保存")
    draft = page.url
    page.locator("#add").get_by_role("link", name="责任清单").click()
    page.get_by_label("职责领域").select_option(label="环境卫生")
    page.get_by_label("主办单位").select_option(index=1)
    admin.fill("什么时候用这一条", "case.hour >= 22")
    admin.fill("条件说明", "夜间")
    look(admin, "a rule with a condition")
    admin.press("保存")
    admin.sees("已写进方案。")
    page.goto(draft)
    admin.press("导入文件")
    rules = page.context.request.get(f"{admin.site}/desk/rules/export.xlsx").body()
    page.locator("input[type=file]").set_input_files(
        [{"name": "规定.xlsx", "mimeType": "application/octet-stream", "buffer": rules}]
    )
    page.locator("main form .btn-primary").first.click()
    admin.sees("会怎样改")
    look(admin, "a file of rules, looked over")
    page.goto(draft)
    admin.press("用去年的案件试算")
    expect(page.locator("#simulation")).to_contain_text("今天的规定", timeout=60_000)
    look(admin, "a draft tried on past cases")


def test_an_administrators_draft_of_a_process(come: Come, look: Look) -> None:
    admin = come("admin")
    page = admin.page
    admin.go("/desk/processes/")
    admin.press("新建草稿")
    admin.fill("草稿名称", "看得清的流程")
    admin.press("建立草稿")
    expect(page.locator("#state-reported")).to_be_visible()
    look(admin, "a process with its diagram")
    page.locator("#state-reported a.row-link").click()
    look(admin, "a state of it")


def test_an_administrators_secrets_and_lists(come: Come, look: Look) -> None:
    admin = come("admin")
    page = admin.page
    admin.go("/desk/clients/new")
    admin.fill("对方系统", "井盖监测系统")
    page.locator("[name=role]").select_option("operator")
    page.locator("[name=scopes]").first.check()
    admin.press("建立")
    admin.sees("系统对接已建立。")
    look(admin, "a token, once")
    admin.go("/desk/users/list")
    staff = f"{','.join(TEMPLATE)}\nlou,娄一鸣,没有这个岗位,,,,\n".encode()
    page.locator("input[type=file]").set_input_files(
        [{"name": "人员.csv", "mimeType": "text/csv", "buffer": staff}]
    )
    admin.press("上传并核对")
    admin.sees("有错误")
    look(admin, "a list of staff, looked over")


def test_the_second_step(come: Come, look: Look) -> None:
    """The app's code, the recovery codes, and what the next sign-in asks."""
    username = "grid-440105008101002"
    person = come(username)
    page = person.page
    person.go("/desk/account/security/app")
    if page.get_by_role("heading", name="请确认是您本人").count():
        look(person, "the confirmation")
        person.fill("密码", PASSWORD)
        person.press("确认")
    secret = page.locator("code.password").inner_text().strip()
    look(person, "the app's secret")
    page.locator("[name=code]").fill(str(format_hotp_value(hotp_value(secret, int(time.time()) // 30))))
    person.press("添加验证器")
    look(person, "recovery codes, once")
    for path in ("", "/codes", "/codes/new", "/app/remove"):
        person.go(f"/desk/account/security{path}")
        look(person, f"security{path}")

    again = come()
    again.go("/desk/sign-in")
    again.fill("账号", username)
    again.fill("密码", "wrong")
    again.press("登录")
    look(again, "a wrong password")
    again.fill("账号", username)
    again.fill("密码", PASSWORD)
    again.press("登录")
    again.sees("密码对了。请再证明是您本人：")
    look(again, "the second step")
