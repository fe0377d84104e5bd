"""The pictures of the docs: every main page of a filled demo, on a desk and on a phone, small in bytes."""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect, sync_playwright

from tools import browser, picture_phone, product
from tools.environment import REPO, Failed, say
from tools.serving import serving

PICTURES = REPO / "docs" / "pictures"
STREET, GRID, DISTRICT = "440105008", "440105008101001", "440105"
_MOST_BYTES = 120_000
_COLOURS = (256, 128, 64, 40)

# name, who is signed in, path, before the picture is taken
_Act = Callable[[Page], None]
_Shot = tuple[str, str, str, _Act | None]


def _first_case(page: Page) -> None:
    page.locator("a.row-link").first.click()
    page.wait_for_selector("#history")


def _move(page: Page) -> None:
    _first_case(page)
    page.locator("#actions .case-buttons a.btn-primary").first.click()
    page.wait_for_selector("dialog[open]")
    page.locator("dialog [name=matter]").first.check()
    page.wait_for_selector("dialog [name=condition]")


def _dark(page: Page) -> None:
    _look(page, "theme", "dark")


def _large(page: Page) -> None:
    _look(page, "elderly", "1")


def _look(page: Page, name: str, value: str) -> None:
    page.evaluate("([name, value]) => { document.cookie = `${name}=${value}; path=/` }", [name, value])
    page.reload()


def _filled(page: Page) -> None:
    page.locator("[name=description]").first.fill("三巷口的垃圾桶满了两天，垃圾堆到路边，有臭味。")
    page.locator(".map canvas").wait_for()
    page.locator("[data-map-centre]").click()
    expect(page.locator("[data-map-answer]")).to_contain_text("已选")
    page.evaluate("window.scrollTo(0, 0)")


def _sent(page: Page) -> None:
    _filled(page)
    page.locator("form.report .submit-bar button").click()
    page.locator(".code-big").wait_for()


def _on_map(page: Page) -> None:
    page.locator(".map").first.scroll_into_view_if_needed()


def _all_ticked(page: Page) -> None:
    page.locator("[data-bulk-whole]").check()
    page.locator("[data-bulk-move=urge]").click()
    page.locator("#bulk-lines").wait_for()


def _solid(page: Page) -> None:
    """The town in three dimensions, from near by."""
    page.locator(".map canvas").wait_for()
    page.wait_for_timeout(1500)
    page.locator(".map-solid").click()
    for _step in range(2):
        page.locator(".maplibregl-ctrl-zoom-in").click()
        page.wait_for_timeout(600)


def _household(page: Page) -> None:
    """Who lives in a flat, seen with a purpose."""
    page.get_by_label("查看目的").first.select_option(index=1)
    page.get_by_role("button", name="显示", exact=True).first.click()
    page.get_by_text("记录这次查看").first.wait_for()


def _own(page: Page) -> None:
    """What is kept of a person and who looked: opened by the code that a message brings."""
    # The phone of the demo's person stands behind the address, where no server sees it.
    page.fill("[name=phone]", page.url.partition("#")[2])
    page.get_by_role("button", name="发送验证码").click()
    page.locator("[name=code]").wait_for()
    newest = max((Path(os.environ["WANGGE_DATA"]) / "sms").iterdir())
    page.fill("[name=code]", "".join(re.findall(r"\b\d{6}\b", newest.read_text("utf-8").splitlines()[1])))
    page.get_by_role("button", name="确认").click()
    page.locator(".look").first.wait_for()
    page.locator(".look").first.evaluate("node => node.closest('section').scrollIntoView()")


def _orders(page: Page) -> None:
    """A list of the hotline, its columns recognised."""
    table = "工单编号,诉求内容,社区,地址\nGD2026112301,楼下垃圾桶满了两天没人收,鳌洲社区,鳌洲正街 8 号\n"
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="工单.csv", mimeType="text/csv", buffer=table.encode())
    )
    page.locator("main form .btn-primary").first.click()
    page.get_by_role("heading", name="核对列名").wait_for(timeout=60_000)


def _people(page: Page) -> None:
    """A list of households, checked: what can come in, and what is wrong with the rest."""
    page.locator("td.use-empty a").first.click()
    flat = page.locator("h1").inner_text().strip()
    page.goto(page.url.partition("/desk/")[0] + "/desk/register/enrolments/")
    table = (
        "现住址,户号,姓名,与户主关系,联系电话,出生年\n"
        f"{flat},1,岑晓岚,户主,13800000011,1986\n{flat},1,岑一诺,子女,,2015\n"
        f"{flat},2,麦国强,邻居,13800000012,1958\n江畔花园99栋101,1,骆文,户主,1380000,1971\n"
    )
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="鳌洲社区住户.csv", mimeType="text/csv", buffer=table.encode())
    )
    page.locator("main form .btn-primary").first.click()
    page.get_by_role("button", name="检查").first.click()
    page.get_by_text("有错误").first.wait_for(timeout=60_000)


def _turning(page: Page) -> None:
    """A courtyard all round, once it is drawn."""
    page.locator("[data-panorama][data-ready] canvas").wait_for()
    page.locator(".pnlm-load-box").wait_for(state="hidden")
    page.wait_for_timeout(500)


def _saved_view(page: Page) -> None:
    """What is filtered and sorted, kept under a name."""
    page.get_by_role("link", name="保存为视图").click()
    page.get_by_label("名称").fill("最急的在办")
    page.get_by_role("button", name="保存视图").click()
    page.get_by_role("link", name="最急的在办").first.wait_for()


def _process_draft(page: Page) -> None:
    page.fill("[name=name]", "夜间加派值守")
    page.locator("main form .btn-primary").first.click()
    page.locator("#state-reported").wait_for()


def _rules_draft(page: Page) -> None:
    page.fill("[name=name]", "2027 年汛期调整")
    page.locator("main form .btn-primary").first.click()
    page.locator("#add").wait_for()


_PHONE: tuple[_Shot, ...] = (
    ("portal-home", "", "/", None),
    ("portal-report", "", f"/q/{GRID}", _filled),
    ("portal-receipt", "", f"/q/{GRID}", _sent),
    ("portal-status", "", "/s/{receipt}", None),
    ("portal-board", "", "/board", None),
    ("portal-area", "", f"/areas/{GRID}", None),
    ("desk-sign-in", "", "/desk/", None),
    ("desk-work", "grid", "/desk/", None),
    ("desk-report", "grid", "/desk/report", _on_map),
    ("desk-cases", "station", "/desk/cases", None),
    ("desk-case", "station", "/desk/cases/{case}", None),
    ("desk-move", "station", "/desk/?asked=reported", _move),
    ("desk-map", "street", "/desk/cases/map", None),
    ("desk-notices", "station", "/desk/notices", None),
    ("desk-building", "grid", "/desk/buildings/{building}/", None),
    ("desk-visits", "grid", "/desk/visits/", None),
    ("portal-home-large", "", "/", _large),
    ("field-today", "grid", "/field/", picture_phone.today),
    ("field-report", "grid", "/field/", picture_phone.reporting),
    ("field-note", "grid", "/field/", picture_phone.noting),
    ("field-visit", "grid", "/field/", picture_phone.visit),
    ("field-diary", "grid", "/field/", picture_phone.diary),
    ("field-care", "grid", "/field/", picture_phone.care),
    ("field-shift", "grid", "/field/", picture_phone.shift),
    # What differs stays for what follows.
    ("field-conflict", "grid", "/field/", picture_phone.differing),
)
_DESK: tuple[_Shot, ...] = (
    ("portal-home", "", "/", None),
    ("portal-report", "", f"/q/{GRID}", _filled),
    ("portal-status", "", "/s/{receipt}", None),
    ("portal-board", "", "/board", None),
    ("portal-area", "", f"/areas/{STREET}", None),
    ("portal-own", "", "/mine#{phone}", _own),
    ("portal-poster", "", f"/areas/{GRID}/poster", None),
    ("desk-sign-in", "", "/desk/", None),
    ("desk-work", "station", "/desk/", None),
    ("desk-work-street", "street", "/desk/", None),
    ("desk-work-department", "sanitation", "/desk/", None),
    ("desk-work-district", "district", "/desk/", None),
    ("desk-cases", "street", "/desk/cases", None),
    ("desk-case", "station", "/desk/cases/{case}", None),
    ("desk-move", "station", "/desk/?asked=reported", _move),
    ("desk-map", "street", "/desk/cases/map", None),
    ("desk-report", "phone", "/desk/report", None),
    ("desk-notices", "street", "/desk/notices", None),
    ("desk-bulk", "street", "/desk/cases", _all_ticked),
    ("desk-map-3d", "street", "/desk/cases/map", _solid),
    ("desk-search", "street", "/desk/search?q=垃圾", None),
    ("desk-import", "phone", "/desk/import/", _orders),
    ("desk-handover", "station", "/desk/handovers/new", None),
    ("desk-building", "station", "/desk/buildings/{building}/", None),
    ("desk-household", "station", "/desk/register/dwellings/{dwelling}", _household),
    ("desk-enrolment", "station", "/desk/buildings/{building}/", _people),
    ("desk-diary", "station", "/desk/visits/diary/", None),
    ("desk-shifts", "station", "/desk/visits/shifts/", None),
    ("desk-facilities", "station", "/desk/facilities/", None),
    ("desk-panorama", "station", "/desk/panoramas/{panorama}/", _turning),
    ("desk-boards", "station", "/desk/boards/", None),
    ("desk-views", "station", "/desk/cases?flag=open&sort=urgency", _saved_view),
    ("desk-security", "station", "/desk/account/security", None),
    ("desk-borders", "admin", "/desk/areas/{community}/borders", None),
    ("desk-client", "admin", "/desk/clients/new", None),
    ("desk-rules-draft", "admin", "/desk/rules/new", _rules_draft),
    ("desk-process-draft", "admin", "/desk/processes/drafts/new", _process_draft),
    ("desk-responsibility", "admin", "/desk/responsibility/?area={street}", None),
    ("desk-catalogue", "admin", "/desk/catalogue/", None),
    ("desk-calendar", "admin", "/desk/calendar/", None),
    ("desk-units", "admin", "/desk/units/?area={district}", None),
    ("desk-posts", "admin", "/desk/posts/?area={street}", None),
    ("desk-teams", "admin", "/desk/posts/teams?area={street}", None),
    ("desk-users", "admin", "/desk/users/", None),
    ("desk-areas", "admin", "/desk/areas/{street}/", None),
    ("desk-process", "admin", "/desk/processes/1/", None),
    ("desk-operation", "admin", "/desk/operation/", None),
    ("desk-privacy", "privacy", "/desk/privacy/", None),
    # Its look stays for what follows.
    ("desk-work-dark", "station", "/desk/", _dark),
)


def take(data: Path, names: list[str]) -> int:
    """Serve the filled demo of a data folder and write its pictures; with names only those."""
    password = os.environ.get("WANGGE_DEMO_PASSWORD") or _password(data)
    if browser.executable() is None:
        raise Failed(browser.MISSING)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with product.database(data) as env:
        env.setdefault("WANGGE_REQUIRE_SECOND_FACTOR", "off")
        gaps = _gaps(env)
        with serving(env, data / "pictures.log") as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=browser.executable(), args=list(browser.WORDS)
            )
            _Studio(chromium, address, password, gaps, names).work()
            chromium.close()
    return 0


def _password(data: Path) -> str:
    file = data / "demo-password"
    if not file.exists():
        raise Failed("This data folder holds no demo; run `python3 dev.py demo` first.")
    return file.read_text("utf-8").strip()


def _gaps(env: dict[str, str]) -> dict[str, str]:
    """What the paths leave open: a case worth showing, its receipt code, areas by code."""
    os.environ.update(env | {"DJANGO_SETTINGS_MODULE": "wangge.platform.settings"})
    django.setup()
    from tools.picture_subjects import subjects  # noqa: PLC0415 - needs the settings of the data folder

    return subjects(GRID[:12], street=STREET, district=DISTRICT, community=GRID[:12])


class _Studio:
    """Takes the pictures, signing in once for each person and size."""

    def __init__(
        self, chromium: Browser, address: str, password: str, gaps: dict[str, str], names: list[str]
    ) -> None:
        self.chromium, self.address, self.password = chromium, address, password
        self.gaps, self.names = gaps, names

    def work(self) -> None:
        for suffix, size, shots in (("-phone", browser.PHONE, _PHONE), ("", browser.DESK, _DESK)):
            wanted = [shot for shot in shots if not self.names or f"{shot[0]}{suffix}" in self.names]
            # Residents last: they see who of the staff looked.
            for who in sorted(dict.fromkeys(shot[1] for shot in wanted), key=lambda who: not who):
                self._of(who, suffix, size, [shot for shot in wanted if shot[1] == who])

    def _of(self, who: str, suffix: str, size: ViewportSize, shots: list[_Shot]) -> None:
        phone = size == browser.PHONE
        context = self.chromium.new_context(
            viewport=size, has_touch=phone, is_mobile=phone, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        page = context.new_page()
        if who:
            self._sign_in(page, who)
        for name, _who, path, act in shots:
            page.goto(self.address + path.format_map(self.gaps))
            if act:
                act(page)
            self._keep(page, PICTURES / f"{name}{suffix}.png")
        context.close()

    def _sign_in(self, page: Page, who: str) -> None:
        page.goto(f"{self.address}/desk/")
        page.fill("[name=username]", who)
        page.fill("[name=password]", self.password)
        page.click("button.btn-primary")
        page.wait_for_url(lambda url: "sign-in" not in url)

    def _keep(self, page: Page, file: Path) -> None:
        page.wait_for_load_state("networkidle")
        if page.locator(".map canvas").count():
            # The map fades its names in after the last answer.
            page.wait_for_timeout(1500)
        file.write_bytes(_small(page.screenshot()))
        say(f"{file.relative_to(REPO)}  {file.stat().st_size // 1000} kB")


def _small(png: bytes) -> bytes:
    """The picture in as many colours as fit the limit of bytes; few spots of a colour of their own keep it."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    held = io.BytesIO()
    for colours in _COLOURS:
        held = io.BytesIO()
        reduced = image.quantize(
            colours, method=Image.Quantize.MAXCOVERAGE, kmeans=6, dither=Image.Dither.NONE
        )
        reduced.save(held, "PNG", optimize=True)
        if held.tell() <= _MOST_BYTES:
            break
    return held.getvalue()
