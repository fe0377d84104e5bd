"""Danger: everybody on duty knows within seconds, and nobody waits for the office."""

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Enter, Person

GRID = "440105008101003"
GAS = "海珠区燃气抢修服务站"
WORDS = "楼道里有很重的燃气味，闻着头晕。"
# A look every second, by the worker that delivers.
_LOOKS = 20


def _is_told(person: Person, words: str) -> None:
    """The red banner of a fresh page names the place within some looks."""
    banner = person.page.locator(".urgent-banner").filter(has_text=words)
    for _look in range(_LOOKS):
        person.go("/desk/")
        try:
            expect(banner.first).to_be_visible(timeout=1000)
            return
        except AssertionError:
            continue
    pytest.fail(f"nobody told {person.page.locator('.desk-post').inner_text()}")


def test_a_gas_smell_reaches_every_level_within_seconds_and_is_dispatched_in_one_move(enter: Enter) -> None:
    grid = enter(f"grid-{GRID}", phone=True)
    station, street, district = enter("station"), enter("street"), enter("district")
    resident = enter()
    resident.go(f"/q/{GRID}")
    resident.sees("您扫的码：鳌洲社区第3网格")
    resident.fill("发生了什么", WORDS)
    resident.fill("地址或旁边的标志", "鳌洲正街 3 号楼道")
    resident.page.get_by_label("有危险，等不得").check()
    resident.sees("请先拨打 110、119、120")
    resident.press("提交")
    resident.sees("收到了，谢谢您")
    resident.go(f"/s/{resident.receipt()}")
    number = resident.number()
    for person in (grid, station, street, district):
        _is_told(person, number)
        expect(person.page.locator(".bell-count")).to_be_visible()

    station.open_work(number)
    dialog = station.begin("应急立案并派遣")
    station.classify(dialog, "90024", "闻到燃气味")
    expect(dialog.get_by_text(f"建议 {GAS}")).to_be_visible()
    expect(dialog.get_by_label("主办单位")).to_have_value(
        dialog.locator("option").filter(has_text=GAS).get_attribute("value") or "none"
    )
    station.send(dialog, "应急立案并派遣")
    station.is_responsible(GAS, "待接单")
    station.sees("应急")
    resident.finds("已派给负责的单位，等它接单", GAS)
    resident.sees("按紧急情况立案，已通知各级")

    gas = enter("unit-440105-gas")
    gas.open_work(number)
    gas.sees("1个紧急工作时")
    gas.move("接单")
    gas.is_responsible(GAS, "处置中")
    expect(gas.page.locator(".case-marks .light")).to_contain_text("剩")
    gas.move("处置完成", note=("处置结果", "已关阀通风，检测无泄漏。"), photo="处置后照片")
    resident.finds("已处理，正在现场核查")
