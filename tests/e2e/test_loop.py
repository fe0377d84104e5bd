"""The whole loop, from a report on a phone to a case that stays closed."""

from playwright.sync_api import expect

from tests.e2e.person import Enter, Person, picture

STATION, STREET = "鳌洲社区工作站", "南华西街道综合指挥中心"
SANITATION, URBAN = "海珠区环卫作业中心", "海珠区城市管理和综合执法局"
GRID = "440105008101001"
SOFA = ("06035", "旧家具、家电丢弃在公共场所")
WORDS = "巷口有人扔了一张旧沙发和一个床垫，挡住了半条路，已经三天了。"


def _report(resident: Person) -> str:
    """A report with words, photo, place and telephone; the case's number."""
    resident.go(f"/areas/{GRID}")
    resident.press("报这里的事")
    resident.fill("发生了什么", WORDS)
    resident.add_photo("照片", picture("olive"))
    resident.tap_map()
    resident.page.get_by_text("联系方式（可以不留）").tap()
    resident.fill("怎么称呼您", "苏女士")
    resident.fill("电话", "13800138000")
    resident.press("提交")
    resident.sees("收到了，谢谢您", "现在谁负责", STATION)
    code = resident.receipt()
    resident.go(f"/s/{code}")
    return resident.number()


def _handle(unit: Person, number: str, words: str) -> None:
    unit.open_work(number)
    unit.move("处置完成", note=("处置结果", words), photo="处置后照片")


def _check(worker: Person, number: str) -> None:
    worker.open_work(number)
    worker.move("核查通过", note=("核查情况", "现场看过，路面已清空。"))


def _call_back(station: Person, number: str, solved: str, satisfied: str, words: str) -> None:
    station.open_work(number)
    answers = {"联系上了": "是", "问题解决了": solved, "满意程度": satisfied}
    station.move("记录回访", choices=answers, note=("回访记录", words))


def _close(station: Person, number: str) -> None:
    station.open_work(number)
    station.move("结案", choices={"结案条件": "已清运"})


def test_a_case_goes_from_a_phone_through_every_hand_and_is_closed_only_when_fixed(enter: Enter) -> None:
    resident, station = enter(), enter("station")
    sanitation, urban, street = enter("sanitation"), enter("urban"), enter("street")
    number = _report(resident)
    resident.finds("已收到，等社区受理", STATION)

    _file_and_dispatch(station, resident, number)
    _both_return(sanitation, urban, station, resident, number)
    _arbitrate(street, resident, number)
    _extend(sanitation, enter("head"), enter("streetleader"), resident, number)

    worker = enter("grid", phone=True)
    _handle(sanitation, number, "沙发和床垫已拉走，路面已扫。")
    resident.finds("已处理，正在现场核查", STATION)
    worker.open_work(number)
    worker.move(
        "核查不通过",
        choices={"返工理由": "只解决了一部分"},
        note=("哪里没有解决", "床垫拉走了，沙发还在。"),
        photo="现场照片",
    )
    resident.finds("正在处理", SANITATION)

    _handle(sanitation, number, "沙发也已拉走。")
    _check(worker, number)
    resident.finds("核查通过，请您说说办得怎么样")
    _contact_is_shown_once_with_a_purpose(station, number)
    _call_back(station, number, "否", "不满意", "来电人说又有人扔了一个柜子。")
    resident.finds("正在处理", SANITATION)

    _handle(sanitation, number, "柜子已拉走，并加装了提示牌。")
    _check(worker, number)
    _call_back(station, number, "是", "满意", "来电人说路通了，谢谢。")
    resident.finds("核查完毕，准备办结", STATION)
    _close(station, number)
    resident.finds("已办结")
    resident.sees("办结：已清运")

    _object(resident)
    resident.finds("正在处理", SANITATION)
    _handle(sanitation, number, "又清了一次，装了栏杆。")
    _check(worker, number)
    _rate(resident)
    resident.finds("核查完毕，准备办结")
    _close(station, number)
    resident.finds("已办结")
    _the_decision_is_remembered(street, number)


def _file_and_dispatch(station: Person, resident: Person, number: str) -> None:
    station.open_work(WORDS[:10])
    station.sees(WORDS, number)
    dialog = station.begin("立案")
    station.classify(dialog, *SOFA)
    station.send(dialog, "立案")
    station.is_responsible(STATION, "待派遣")
    resident.finds("已立案，正在安排单位来办", STATION)
    dialog = station.begin("派遣")
    expect(dialog.get_by_text(f"建议 {SANITATION}")).to_be_visible()
    dialog.get_by_label("主办单位").select_option(label=SANITATION)
    station.send(dialog, "派遣")
    station.is_responsible(SANITATION, "待接单")
    resident.finds("已派给负责的单位，等它接单", SANITATION)


def _both_return(sanitation: Person, urban: Person, station: Person, resident: Person, number: str) -> None:
    sanitation.open_work(number)
    sanitation.sees_no("13800138000")
    sanitation.move(
        "退单", choices={"退单理由": "按责任清单不属本单位职责"}, note=("说明", "大件家具由城管清理。")
    )
    resident.finds("已立案，正在安排单位来办", STATION)
    station.open_work(number)
    station.sees("退单 1 次")
    station.move("派遣", unit=("主办单位", URBAN))
    station.is_responsible(URBAN, "待接单")
    urban.open_work(number)
    urban.move("退单", choices={"退单理由": "需其他单位主办，本单位可协办"}, note=("说明", "应由环卫清运。"))
    resident.finds("由谁来办有不同意见，上一级正在裁定", STREET)


def _arbitrate(street: Person, resident: Person, number: str) -> None:
    street.open_work(number)
    street.is_responsible(STREET, "仲裁中")
    street.move("裁定责任单位", unit=("责任单位", SANITATION), note=("裁定依据", "大件垃圾清运归环卫。"))
    street.is_responsible(SANITATION, "待接单")
    resident.finds("已派给负责的单位，等它接单", SANITATION)
    resident.sees("经裁定，由环卫负责")


def _extend(sanitation: Person, head: Person, leader: Person, resident: Person, number: str) -> None:
    sanitation.open_work(number)
    sanitation.sees("仲裁后不得再退")
    sanitation.move("接单")
    sanitation.is_responsible(SANITATION, "处置中")
    sanitation.move("申请延期", fields={"延长多少": "1"}, choices={"延期理由": "等待占道、停水停电等许可"})
    for person, move in ((head, "同意延期（初审）"), (leader, "同意延期（复审）")):
        person.open_work(number)
        person.move(move, note=("意见", "同意。"))
    resident.finds("正在处理", SANITATION)
    resident.sees("经两级批准延长时限")


def _contact_is_shown_once_with_a_purpose(station: Person, number: str) -> None:
    station.open_work(number)
    station.sees_no("13800138000")
    purpose = station.page.get_by_label("查看目的")
    purpose.select_option(index=1)
    station.press("查看")
    station.sees("13800138000", "已记录这次查看")
    station.page.reload()
    station.sees_no("13800138000")


def _object(resident: Person) -> None:
    form = resident.page.locator("#object")
    form.locator("summary").tap()
    resident.choose("异议理由", "很快又出现", form)
    resident.fill("请说明还有什么没解决", "今天又有人扔了旧柜子。", form)
    form.get_by_role("button", name="提出异议").tap()
    resident.sees("已收到您的异议", "您提出异议")


def _rate(resident: Person) -> None:
    resident.finds("核查通过，请您说说办得怎么样")
    form = resident.page.locator("#rate")
    resident.choose("问题解决了吗", "解决了", form)
    resident.choose("您满意吗", "满意", form)
    form.get_by_role("button", name="评价").tap()
    resident.sees("谢谢，您的评价已记下")


def _the_decision_is_remembered(street: Person, number: str) -> None:
    street.go("/desk/responsibility/")
    street.page.get_by_label("下级区划").select_option(label="鳌洲社区居委会")
    row = street.page.locator("tr").filter(has_text="06035")
    expect(row.first).to_contain_text(SANITATION)
    expect(row.first).to_contain_text(number)
