"""A messy list of households: imported with its errors, paused and resumed, corrected, and taken back."""

import io
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.person import Enter, Person
from wangge.platform.sheets.reading import read
from wangge.platform.sheets.writing import Column, write_xlsx

HEADER = ["序号", "现住址", "姓名", "与户主关系", "联系电话", "户号", "宗教信仰"]
# So many that the worker is still at it when somebody pauses.
MANY = 15_000
SIGNS = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳"
GOOD, WRONG = "林小秋", "林小冬"


def _empty_flat(station: Person) -> str:
    """The address of a dwelling in which nobody is registered, by the cut-away."""
    page = station.page
    station.go("/desk/buildings/")
    links = [link.get_attribute("href") or "" for link in page.locator("a.row-link").all()]
    for link in links:
        station.go(link)
        cell = page.locator("td.use-empty a").first
        if cell.count():
            cell.click()
            station.press("住户登记")
            return page.locator("h1").inner_text().strip()
    raise AssertionError("the demo's community has no empty dwelling")


def _sheet(file: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    out = io.BytesIO()
    write_xlsx(out, "住户", [Column(name) for name in header], rows)
    file.write_bytes(out.getvalue())
    return file


def _crowd(flat: str) -> list[list[str]]:
    """A household of one each, told apart by its number."""
    length = len(SIGNS)
    return [
        [
            str(n),
            flat,
            f"何{SIGNS[n % length]}{SIGNS[n // length % length]}{SIGNS[n // length**2]}",
            "户主",
            "",
            f"{n + 10}",
            "",
        ]
        for n in range(MANY)
    ]


def _upload(station: Person, file: Path) -> None:
    station.go("/desk/register/enrolments/")
    station.page.set_input_files("input[type=file]", file)
    station.press("上传并核对")


def test_a_messy_list_is_imported_corrected_resumed_and_taken_back(enter: Enter, tmp_path: Path) -> None:
    station = enter("station")
    page = station.page
    flat = _empty_flat(station)
    rows = [
        ["1", flat, GOOD, "户主", "13912340001", "1", "无"],
        ["2", f"{flat}室", WRONG, "邻居", "13912340002", "2", "无"],
        ["3", "火星路1号101", "林小春", "户主", "", "", "无"],
        *_crowd(flat),
    ]
    _upload(station, _sheet(tmp_path / "住户.xlsx", rows))
    station.sees("没有读取")
    station.sees("宗教信仰")
    station.sees_no(GOOD, "13912340001")
    station.press("检查")
    expect(page.get_by_text("有错误 2 行")).to_be_visible(timeout=120_000)
    station.sees("您的服务范围里没有找到这个住址")
    page.get_by_role("button", name="导入").first.click()
    station.press("暂停")
    expect(page.get_by_text("已暂停：")).to_be_visible(timeout=30_000)
    station.press("继续导入")
    expect(page.get_by_text(f"已登记 {MANY + 1} 人，没有导入 2 行")).to_be_visible(timeout=240_000)
    first = page.url
    with page.expect_download() as saved:
        station.press("下载有误的行")
    header, *back = [list(row.cells) for row in read(Path(saved.value.path()).read_bytes())]
    assert [row[1] for row in back] == [
        "与户主关系请写户主、配偶、子女、父母、孙辈、其他亲属或同住人",
        "您的服务范围里没有找到这个住址",
    ]
    back[0][header.index("与户主关系")] = "户主"
    _upload(station, _sheet(tmp_path / "改好.xlsx", [back[0]], header))
    station.press("检查")
    expect(page.get_by_text("可以导入 1 人")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="导入").first.click()
    expect(page.get_by_text("已登记 1 人")).to_be_visible(timeout=30_000)
    for address in (page.url, first):
        page.goto(address)
        station.press("整批撤回")
        expect(page.get_by_text("登记和导入前一样")).to_be_visible(timeout=240_000)
    station.go(f"/desk/register/?address={flat}")
    expect(page.locator("[data-rows]").get_by_text("0 户").first).to_be_visible()
