"""A grid worker on the street: small matters are settled at once, and somebody else looks."""

from playwright.sync_api import expect

from tests.e2e.person import Enter, picture

WORDS = "花坛边有一小堆纸屑和饮料瓶。"


def test_what_the_worker_settled_on_the_spot_is_checked_by_another(enter: Enter) -> None:
    worker = enter("grid-440105008101005", phone=True)
    worker.press("当场解决")
    worker.add_photo("现场照片", picture("peru"))
    worker.fill("发生了什么", WORDS)
    worker.page.locator(".picker-row").filter(has_text="06010").locator("[name=matter]").check()
    worker.tap_map()
    assert worker.page.get_by_label("当场已解决").is_checked()
    condition = worker.page.locator(".picker-row").filter(has_text="网格内可当场清理")
    condition.locator("[name=condition]").check()
    worker.add_photo("解决后照片", picture("seagreen"))
    worker.fill("怎样解决的", "已捡拾干净。")
    worker.press("提交")
    worker.sees("已上报并当场解决，等待他人核查。")
    number = worker.page.locator(".row-number").first.inner_text().strip()

    worker.press("看案件")
    closed = worker.page.locator(".case-closed li").filter(has_text="核查通过")
    expect(closed).to_contain_text("处置人不能核查自己的处置")
    expect(worker.page.get_by_role("link", name="核查通过", exact=True)).to_have_count(0)

    station = enter("station")
    station.open_work(number)
    station.sees("已捡拾干净。")
    station.move("核查通过")
    station.open_work(number)
    station.move("结案", choices={"结案条件": "垃圾已捡拾干净"})
    station.sees("已结案")
