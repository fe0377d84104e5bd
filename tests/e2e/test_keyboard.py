"""Everybody's main work is done with the keyboard alone: no click, no tap. Every stop of Tab is seen."""

import re
from collections.abc import Callable, Iterator
from random import Random

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.person import Enter, Person, picture
from wangge.faces.cli.demo.panoramas import draw

GRID = "440105008101001"
SANITATION = "海珠区环卫作业中心"
SOFA = ("06035", "旧家具、家电丢弃在公共场所")
PURPOSE = "上门走访服务"
_MOST_STOPS, _MOST_LOOKS = 150, 40
_STANDS = "node => node === document.activeElement"
# What a stop of Tab must be: inside the open dialog if there is one, and marked by an outline or a shadow.
_UNSEEN = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return "";
  const dialog = document.querySelector("dialog[open]");
  if (dialog && !dialog.contains(node)) return "outside the dialog: " + node.outerHTML.slice(0, 120);
  const marked = [node, node.parentElement, node.closest("label"), node.nextElementSibling].some((one) => {
    if (!one) return false;
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  });
  const [box, ...labels] = [node, ...(node.labels ?? [])];
  const places = [box, ...labels].map((one) => one.getBoundingClientRect()).filter((one) => one.width > 2);
  const shown = places.some((one) => [0.1, 0.5, 0.9].some((part) => {
    const top = document.elementFromPoint(one.left + one.width / 2, one.top + one.height * part);
    return top && (node.contains(top) || [...(node.labels ?? [])].some((label) => label.contains(top)));
  }));
  if (!marked) return "not marked: " + node.outerHTML.slice(0, 120);
  return shown ? "" : "covered or out of sight: " + node.outerHTML.slice(0, 120);
}"""


class Hands:
    """A person whose mouse is unplugged; `unseen` collects stops that nobody could see."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page
        self.keys = person.page.keyboard
        self.unseen: list[str] = []

    def tab_to(self, target: Locator, *, backwards: bool = False) -> None:
        """Tab, until the focus stands there."""
        target = target.first
        expect(target).to_be_visible()
        for _step in range(_MOST_STOPS):
            if target.evaluate(_STANDS):
                return
            self.keys.press("Shift+Tab" if backwards else "Tab")
            if fault := self.page.evaluate(_UNSEEN):
                self.unseen.append(f"{self.page.url}: {fault}")
        raise AssertionError(f"Tab does not come to {target} at {self.page.url}")

    def named(self, name: str, within: Locator | None = None) -> Locator:
        """A link or button of that very name."""
        place = within or self.page.locator("body")
        return place.get_by_role("link", name=name, exact=True).or_(
            place.get_by_role("button", name=name, exact=True)
        )

    def press(self, name: str, within: Locator | None = None) -> None:
        self.tab_to(self.named(name, within))
        self.keys.press("Enter")

    def type(self, label: str, text: str, within: Locator | None = None) -> None:
        self.tab_to((within or self.page.locator("body")).get_by_label(label))
        self.keys.type(text)

    def select(self, label: str, words: str, within: Locator | None = None) -> None:
        """In a closed list, letters find the choice as in every browser."""
        box = (within or self.page.locator("body")).get_by_label(label).first
        self.tab_to(box)
        names = [text.strip() for text in box.locator("option").all_inner_texts()]
        at = next(index for index, name in enumerate(names) if words in name)
        self.keys.press("Home")
        for _step in range(at):
            self.keys.press("ArrowDown")
        assert words in box.evaluate("node => node.selectedOptions[0].textContent")

    def choose(self, choice: Locator) -> None:
        """One of a group of choices: Tab to the group, arrows to the choice."""
        choice = choice.first
        name = choice.get_attribute("name")
        # Where none is chosen Tab stops at the first, otherwise at the chosen one.
        group = self.page.locator(f"input[name='{name}']").filter(visible=True)
        chosen = self.page.locator(f"input[name='{name}']:checked").filter(visible=True)
        self.tab_to(chosen if chosen.count() else group)
        for _step in range(group.count()):
            if choice.evaluate(_STANDS):
                break
            self.keys.press("ArrowDown")
        self.keys.press("Space")
        expect(choice).to_be_checked()

    def open_work(self, number: str) -> None:
        self.person.go("/desk/")
        row = self.page.locator("tr").filter(has_text=number)
        self.tab_to(row.locator("a.row-link"))
        self.keys.press("Enter")
        expect(self.page.get_by_role("heading", name="办理过程")).to_be_visible()

    def begin(self, move: str) -> Locator:
        self.press(move, self.page.locator("#actions"))
        dialog = self.page.locator("dialog#move-dialog")
        expect(dialog).to_be_visible()
        return dialog

    def send(self, dialog: Locator, move: str) -> None:
        self.press(move, dialog)
        self.person.sees(f"已办：{move}")


Come = Callable[..., Hands]


@pytest.fixture
def come(enter: Enter) -> Iterator[Come]:
    everybody: list[Hands] = []

    def come(username: str = "") -> Hands:
        everybody.append(Hands(enter(username, phone=False, reduced_motion="reduce")))
        return everybody[-1]

    yield come
    unseen = sorted({fault for hands in everybody for fault in hands.unseen})
    assert not unseen, "\n".join(unseen)


def test_a_report_is_made_and_a_case_goes_to_its_end(come: Come) -> None:
    resident, words = come(), "键盘上报：巷口有一张旧沙发。"
    page = resident.page
    resident.person.go(f"/q/{GRID}")
    resident.keys.press("Tab")
    expect(page.locator(":focus")).to_have_text(re.compile("跳到|转到|正文"))
    resident.keys.press("Enter")
    resident.type("发生了什么", words)
    resident.type("地址或旁边的标志", "鳌洲正街 8 号")
    resident.press("提交")
    resident.person.sees("收到了，谢谢您")
    resident.person.go(f"/s/{resident.person.receipt()}")
    number = resident.person.number()

    station = come("station")
    station.open_work(number)
    dialog = station.begin("立案")
    station.keys.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(station.named("立案", station.page.locator("#actions"))).to_be_focused()
    dialog = station.begin("立案")
    station.type("搜索事项", SOFA[0], dialog)
    row = dialog.locator(".picker-row")
    station.choose(row.filter(has_text=SOFA[0]).locator("[name=matter]"))
    expect(row.filter(has_text=SOFA[1])).to_be_visible()
    station.choose(row.filter(has_text=SOFA[1]).locator("[name=condition]"))
    station.send(dialog, "立案")
    dialog = station.begin("派遣")
    station.select("主办单位", SANITATION, dialog)
    station.send(dialog, "派遣")

    unit = come("sanitation")
    unit.open_work(number)
    unit.send(unit.begin("接单"), "接单")
    dialog = unit.begin("处置完成")
    unit.type("处置结果", "沙发已搬走。", dialog)
    unit.tab_to(unit.named("选照片", dialog))
    # What Enter opens there is the machine's own window.
    unit.person.add_photo("处置后照片", picture(), dialog)
    unit.send(dialog, "处置完成")

    worker = come("grid")
    worker.open_work(number)
    dialog = worker.begin("核查通过")
    worker.type("核查情况", "现场看过。", dialog)
    worker.send(dialog, "核查通过")

    station.open_work(number)
    dialog = station.begin("结案")
    station.choose(dialog.get_by_role("radio", name="已清运"))
    station.send(dialog, "结案")
    resident.person.finds("已办结")


def test_ticked_cases_are_dispatched_together(come: Come) -> None:
    resident = come()
    for text in ("键盘批量甲：路灯杆歪了。", "键盘批量乙：路灯杆又歪了。"):
        resident.person.go(f"/q/{GRID}")
        resident.type("发生了什么", text)
        resident.type("地址或旁边的标志", "鳌洲正街 9 号")
        resident.press("提交")
        resident.person.sees("收到了，谢谢您")
    station = come("station")
    station.person.go("/desk/cases?words=键盘批量")
    for tick in station.page.locator("input[name=case]").all():
        station.tab_to(tick)
        station.keys.press("Space")
    station.person.sees("选了 2 件")
    station.tab_to(station.named("催办"), backwards=True)
    station.keys.press("Enter")
    station.person.sees("可以办 2 件")
    station.type("催办内容", "请尽快去看。")
    station.press("确定催办")
    station.person.sees("办好 2 件")


def test_a_row_of_the_catalogue_is_edited(come: Come) -> None:
    admin = come("admin")
    page = admin.page
    admin.person.go("/desk/catalogue/")
    admin.type("编码、旧编码或名称", "06014")
    admin.keys.press("Enter")
    admin.tab_to(page.locator("a.row-link"))
    admin.keys.press("Enter")
    admin.press("修改")
    admin.type("说明", "键盘也能改。")
    admin.press("保存")
    admin.person.sees("键盘也能改。")


def test_a_flat_is_found_in_its_buildings_cut_away_and_its_household_seen_with_a_purpose(come: Come) -> None:
    station = come("station")
    page = station.page
    station.person.go("/desk/buildings/")
    station.tab_to(page.locator("a.row-link"))
    station.keys.press("Enter")
    flats = page.locator("[data-cells] tbody tr").nth(0).locator("a")
    station.tab_to(flats)
    station.keys.press("ArrowRight")
    expect(flats.nth(1)).to_be_focused()
    station.keys.press("ArrowDown")
    below = page.locator("[data-cells] tbody tr").nth(1).locator("a").nth(1)
    expect(below).to_be_focused()
    station.keys.press("Enter")
    station.press("住户登记")
    expect(page.get_by_role("heading", name="住的人")).to_be_visible()
    address = page.locator("h1").inner_text().strip()

    station.person.go("/desk/register/")
    station.type("按地址找房屋", address)
    station.keys.press("Enter")
    station.press(address)
    station.select("查看目的", PURPOSE)
    station.press("显示")
    station.person.sees(f"已为“{PURPOSE}”记录这次查看")


def test_a_panorama_is_added_and_turned_and_a_poster_opens(come: Come) -> None:
    worker = come("grid")
    page, photo = worker.page, draw(Random(1))
    worker.person.go("/desk/buildings/")
    worker.tab_to(page.locator("a.row-link"))
    worker.keys.press("Enter")
    worker.press("加一张")
    worker.type("在哪里拍的", "院子")
    worker.tab_to(page.get_by_label("全景照片"))
    # The window of the system that chooses a file belongs to no page.
    page.locator(":focus").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo}])
    worker.press("保存")
    worker.person.sees("全景照片已保存。")
    worker.press("院子")
    viewer = page.locator("[data-panorama][data-ready]")
    expect(viewer.locator("canvas")).to_be_visible()
    expect(viewer).to_have_attribute("aria-label", re.compile("院子的全景照片$"))
    worker.tab_to(viewer)
    expect(viewer.locator(".pnlm-load-box")).to_be_hidden()
    before = viewer.screenshot()
    worker.keys.down("ArrowRight")
    assert any(viewer.screenshot() != before for _look in range(_MOST_LOOKS)), "the picture does not turn"
    worker.keys.up("ArrowRight")

    worker.person.go("/desk/boards/")
    worker.tab_to(worker.named("A3 公示牌"))
    with page.expect_response(re.compile(r"poster\.pdf")) as answer:
        worker.keys.press("Enter")
    assert answer.value.headers["content-type"] == "application/pdf"
    # A browser that is closed while a PDF is on its way never answers again.
    assert answer.value.finished() is None


def test_a_notice_board_leads_from_the_worker_to_a_report(come: Come) -> None:
    resident = come()
    resident.person.go(f"/areas/{GRID}")
    resident.person.sees("网格员为您做什么", "找谁", "电话")
    resident.press("上报二维码")
    resident.person.sees("扫码")
    resident.person.go(f"/areas/{GRID}")
    resident.press("报这里的事")
    expect(resident.page.get_by_label("发生了什么")).to_be_visible()
