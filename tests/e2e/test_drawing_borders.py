"""An administrator draws a border between grids, is told where it is wrong, puts it right and saves it."""

import json

from playwright.sync_api import expect

from tests.e2e.person import Enter, Person

COMMUNITY = "440105008112"


def _open_editor(admin: Person) -> None:
    admin.go(f"/desk/areas/?q={COMMUNITY}")
    admin.page.locator("tbody a.row-link").first.click()
    admin.press("画网格边界")
    expect(admin.page.locator("[data-borders][data-ready]")).to_be_visible(timeout=20_000)


def _choose_a_point_inside(admin: Person) -> None:
    said = admin.page.locator("[data-border-said]")
    for _ in range(60):
        admin.press("下一点")
        if "已选中" in said.inner_text():
            return
    raise AssertionError("no point inside")


def _walk(admin: Person, key: str, times: int) -> None:
    admin.page.locator("[data-borders]").focus()
    for _ in range(times):
        admin.page.keyboard.press(key)


def test_a_border_is_drawn_told_wrong_put_right_and_saved(enter: Enter) -> None:
    admin = enter("admin")
    _open_editor(admin)
    _choose_a_point_inside(admin)
    _walk(admin, "Shift+ArrowRight", 80)
    admin.sees("界线在这里相交。")
    expect(admin.page.locator(".fault-mark").first).to_be_visible()
    drawn = admin.page.locator("[name=changed]").input_value()

    admin.press("保存边界")
    admin.sees("界线在这里相交。")
    # What was drawn and refused is drawn again.
    expect(admin.page.locator("[data-borders][data-ready]")).to_be_visible(timeout=20_000)
    assert json.loads(admin.page.locator("[name=changed]").input_value()) == json.loads(drawn)

    admin.press("撤销")
    expect(admin.page.locator(".fault-mark")).to_have_count(0)
    _choose_a_point_inside(admin)
    _walk(admin, "ArrowRight", 2)
    admin.sees("可以保存")
    admin.fill("依据", "现场核对")
    admin.press("保存边界")
    admin.sees("新的边界已保存。", "调整边界", "现场核对")


def test_a_point_is_dragged_and_both_grids_change(enter: Enter) -> None:
    admin = enter("admin")
    _open_editor(admin)
    _choose_a_point_inside(admin)
    box = admin.page.locator("[data-borders]").bounding_box()
    assert box is not None
    chosen = admin.page.locator("[data-borders]").get_attribute("data-chosen") or ""
    point = [float(side) for side in chosen.split(",")]
    admin.page.locator("[data-border-snap]").uncheck()
    admin.page.mouse.move(box["x"] + point[0], box["y"] + point[1])
    admin.page.mouse.down()
    admin.page.mouse.move(box["x"] + point[0] + 6, box["y"] + point[1] + 4, steps=4)
    admin.page.mouse.up()
    admin.sees("可以保存")
    assert json.loads(admin.page.locator("[name=changed]").input_value())
