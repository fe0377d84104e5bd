"""No page has a serious fault that axe can see: in light and dark, in Chinese and in English.

The pages are not listed here: people with something on every page follow all links, and the URL table
says what they must have met. An address that is no page is named below with what it is.
"""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, expect

from tests.e2e.person import Person, picture
from tests.e2e.serving import PASSWORD
from tests.e2e.walking import Walk, addresses
from tools.browser import DESK
from wangge.domain.access.staff_list import TEMPLATE

GRID = "440105008101001"
# Answers that are no page of their own.
_PARTS = {"portal:matters", "portal:nearby", "desk:nearby", "desk:matter-options", "desk:condition-options",
          "desk:case-conditions", "desk:area-options", "desk:area-children"}  # fmt: skip
# Files and data that no link of a page leads to.
_DATA = {"desk:map-data", "maps:at", "maps:outlines", "maps:plan", "maps:layer", "healthz", "livez", "metrics"}
# Opened by the keys of a device that axe cannot press; their template is another page's.
_PASSKEYS = {"mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn"}
_POSTED_ONLY = {"set_language"}
_NO_PAGE = frozenset(_PARTS | _DATA | _PASSKEYS | _POSTED_ONLY)


@pytest.fixture(scope="module")
def walk(browser: Browser, site: str) -> Iterator[Walk]:
    """All pages looked at once; the tests below each read one part of what was found."""
    found = Walk(no_page=_NO_PAGE)
    people: list[Person] = []

    def come(username: str = "") -> Person:
        people.append(Person(browser.new_context(viewport=DESK, locale="zh-CN"), site))
        return people[-1].sign_in(username) if username else people[-1]

    _residents(found, come())
    _station(found, come("station"))
    _operator(found, come("phone"))
    _administrator(found, come("admin"))
    found.follow(come("privacy"), ["/desk/privacy/"])
    _second_step(found, come("grid-440105008101002"), come())
    yield found
    problems = [problem for person in people for problem in person.problems]
    for person in people:
        person.context.close()
    assert not problems, "\n".join(problems)


def _residents(found: Walk, resident: Person) -> None:
    """A resident with a report: its receipt, its status, and a code that is wrong."""
    resident.go(f"/q/{GRID}")
    resident.fill("发生了什么", "人行道上的砖松了，下雨天一踩就溅水。")
    resident.add_photo("照片", picture("teal"))
    resident.press("提交")
    resident.sees("收到了，谢谢您")
    found.look(resident, "the receipt")
    status = f"/s/{resident.receipt()}"
    found.follow(resident, ["/", status, "/s/0000000000", f"/areas/{GRID}/poster", "/board", "/nowhere"])


def _station(found: Walk, station: Person) -> None:
    """An officer with a report taken in, a hand-over given, an open dialog."""
    page = station.page
    station.go("/desk/report")
    page.locator("[name=description]").fill("来人说楼下路灯三天不亮。")
    page.locator("[name=address]").fill("鳌洲正街 8 号")
    page.locator("#area-words").press_sequentially("鳌洲社区", delay=15)
    page.locator("#area-options [name=area]").first.check()
    station.press("提交")
    expect(page).to_have_url(re.compile(r"/desk/report/\d+"))
    reported = page.url.removeprefix(station.site)

    station.go("/desk/handovers/new")
    page.locator("[name=receiver]").select_option(index=1)
    station.press("交给接手人")
    station.sees("交接单已交给接手人")

    chosen = f"?case={reported.rsplit('/', 1)[1]}"
    station.go(f"/desk/bulk/urge{chosen}")
    found.look(station, "many cases before a move")
    page.locator("textarea[name=note]").or_(page.locator("[name=note]")).first.fill("请尽快看看。")
    page.locator(".bulk-send .btn-primary").click()
    expect(page).to_have_url(re.compile("/desk/bulk/runs/"))
    run = page.url.removeprefix(station.site)
    bulk = [run, *(f"/desk/bulk/{key}{chosen}" for key in ("urge", "dispatch", "merge"))]
    found.follow(station, ["/desk/", reported, *bulk, "/desk/search?q=路灯", "/desk/cases?words=路灯"])
    station.open_work("人行道上的砖")
    station.begin("安排核实")
    found.look(station, "a move's dialog")


def _operator(found: Walk, operator: Person) -> None:
    """An operator of the hotline with a list of orders, one of them wrong, half imported."""
    page = operator.page
    operator.go("/desk/import/")
    orders = "工单编号,诉求内容,社区\nT1,垃圾桶满了两天,鳌洲社区\nT2,,鳌洲社区\n".encode()
    page.locator("input[type=file]").set_input_files(
        [{"name": "工单.csv", "mimeType": "text/csv", "buffer": orders}]
    )
    operator.press("上传并核对")
    expect(page.get_by_role("heading", name="核对列名")).to_be_visible(timeout=30_000)
    found.look(operator, "the columns of an import")
    operator.press("检查")
    expect(page.get_by_role("heading", name="没有导入的行")).to_be_visible(timeout=30_000)

    found.follow(operator, ["/desk/import/", "/desk/report"])


def _administrator(found: Walk, admin: Person) -> None:
    """An administrator with a draft of rules tried and uploaded, one of the process, a client, a list of staff."""
    page = admin.page
    starts = ["/desk/units/", "/desk/users/", "/desk/rules/", "/desk/processes/", "/desk/operation/"]
    starts += [_draft_of_rules(admin), _draft_of_the_process(admin), _client(found, admin)]
    admin.go("/desk/users/list")
    staff = f"{','.join(TEMPLATE)}\nlou,娄一鸣,没有这个岗位,,,,\n".encode()
    page.locator("input[type=file]").set_input_files(
        [{"name": "人员.csv", "mimeType": "text/csv", "buffer": staff}]
    )
    admin.press("上传并核对")
    admin.sees("有错误")
    found.look(admin, "a list of staff, looked over")
    found.follow(admin, starts)
    found.posted = {name for name, pattern in addresses() if _is_only_posted_to(admin, pattern)}


def _draft_of_rules(admin: Person) -> str:
    """A draft with a change and an uploaded file, tried on past cases."""
    page = admin.page
    admin.go("/desk/rules/new")
    admin.fill("方案名称", "雨季调整")
    admin.press("保存")
    draft = page.url
    page.locator("#add").get_by_role("link", name="责任清单").click()
    page.get_by_label("职责领域").select_option(label="环境卫生")
    page.get_by_label("主办单位").select_option(index=1)
    admin.fill("什么时候用这一条", "case.hour >= 22")
    admin.fill("条件说明", "夜间")
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
    page.goto(draft)
    admin.press("用去年的案件试算")
    expect(page.locator("#simulation")).to_contain_text("今天的规定", timeout=60_000)
    return f"{draft.removeprefix(admin.site)}?q=06014"


def _draft_of_the_process(admin: Person) -> str:
    admin.go("/desk/processes/")
    admin.press("新建草稿")
    admin.fill("草稿名称", "看得清的流程")
    admin.press("建立草稿")
    expect(admin.page.locator("#state-reported")).to_be_visible()
    return admin.page.url.removeprefix(admin.site)


def _client(found: Walk, admin: Person) -> str:
    admin.go("/desk/clients/new")
    admin.fill("对方系统", "井盖监测系统")
    admin.page.locator("[name=role]").select_option("operator")
    admin.page.locator("[name=scopes]").first.check()
    admin.press("建立")
    admin.sees("系统对接已建立。")
    found.look(admin, "a client's token")
    return "/desk/clients/"


def _second_step(found: Walk, person: Person, again: Person) -> None:
    """Somebody with an app for the second step: its pages, the codes, the confirmation, the next sign-in."""
    page = person.page
    person.go("/desk/account/security/app")
    if page.get_by_role("heading", name="请确认是您本人").count():
        _confirm(person)
    secret = page.locator("code.password").inner_text().strip()
    page.locator("[name=code]").fill(_code(secret))
    person.press("添加验证器")
    found.look(person, "recovery codes, once")
    found.follow(
        person,
        [
            "/desk/account/security",
            "/desk/account/security/codes",
            "/desk/account/confirm",
            "/desk/account/confirm/code",
        ],
    )
    found.follow(again, ["/desk/sign-in"])
    again.go("/desk/sign-in")
    again.fill("账号", "grid-440105008101002")
    again.fill("密码", PASSWORD)
    again.press("登录")
    again.sees("密码对了。请再证明是您本人：")
    found.follow(again, ["/desk/sign-in/second-step"])


def _confirm(person: Person) -> None:
    person.fill("密码", PASSWORD)
    person.press("确认")


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def _is_only_posted_to(person: Person, pattern: str) -> bool:
    path = re.sub(r"<[^>]+>", "1", pattern)
    return person.context.request.get(f"{person.site}{path}", max_redirects=0).status == 405


def test_every_page_of_the_url_table_was_looked_at(walk: Walk) -> None:
    pages = {name for name, _pattern in addresses() if not name.startswith("api:") or name == "api:docs"}
    assert not pages - walk.names() - walk.files - walk.posted - _NO_PAGE


def test_no_page_has_a_serious_fault(walk: Walk) -> None:
    assert not walk.light, "\n".join(walk.light)


def test_every_text_is_read_easily_in_the_dark(walk: Walk) -> None:
    assert not walk.dark, "\n".join(walk.dark)


def test_no_page_in_english_has_a_serious_fault(walk: Walk) -> None:
    assert not walk.english, "\n".join(walk.english)


def test_no_page_in_english_is_wider_than_a_phone(walk: Walk) -> None:
    assert not walk.sideways, "\n".join(walk.sideways)
