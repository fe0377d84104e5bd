"""A hotline's list becomes cases: each row once, faults named, and all of it can be taken back."""

import io
import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from casework import START, TESTS, ZONE
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent, Contact
from wangge.domain.cases.services.moves import move
from wangge.domain.orders import queries, rules, services
from wangge.domain.orders.models import ColumnLayout, Order, OrderImport, OrderRow, Outcome, State
from wangge.domain.sheets.queries import outcomes
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound
from wangge.platform.sheets.parse import rows_of
from wangge.platform.sheets.writing import Column, write_xlsx

HEADER = ["工单编号", "诉求内容", "所属社区", "诉求地址", "来电时间", "诉求人", "联系电话"]
ROW = ["GD001", "路灯不亮", "东社区", "东街 3 号", "2026-09-23 08:30", "王小明", "13800001234"]
People = dict[str, Actor]


def row(**changed: Any) -> list[Any]:
    names = ("number", "content", "area", "address", "received_at", "name", "phone")
    return [changed.get(name, cell) for name, cell in zip(names, ROW, strict=True)]


def xlsx(*rows: list[Any], header: list[str] | None = None) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, "工单", [Column(name) for name in header or HEADER], rows)
    return out.getvalue()


def brought(actor: Actor, *rows: list[Any]) -> OrderImport:
    """A list that was uploaded, its columns confirmed, and checked."""
    with clock.at(START):
        batch = services.start(actor, uuid.uuid4(), "九月.xlsx", xlsx(*rows))
        services.set_columns(actor, batch.pk, batch.columns)
        services.check(batch.pk)
    return fresh(batch)


def imported(actor: Actor, *rows: list[Any]) -> OrderImport:
    batch = brought(actor, *rows)
    with clock.at(START):
        services.confirm(actor, batch.pk)
        services.merge(batch.pk)
    return fresh(batch)


def fresh(batch: OrderImport) -> OrderImport:
    with acting_as(TESTS):
        found: OrderImport = OrderImport.objects.get(pk=batch.pk)
        return found


def told(batch: OrderImport) -> dict[str, int]:
    with acting_as(TESTS):
        return outcomes(batch)


def problems(batch: OrderImport) -> list[tuple[str, str]]:
    with acting_as(TESTS):
        return [
            (field, code)
            for found in OrderRow.objects.filter(batch=batch)
            for field, code, _ in found.problems
        ]


def test_an_order_becomes_a_case_with_its_own_number_and_time_kept(people: People, town: Town) -> None:
    batch = imported(people["operator"], ROW)
    with acting_as(TESTS):
        order = Order.objects.select_related("case").get(batch=batch)
        case = order.case
        contact = Contact.objects.get(case=case)
        assert not OrderRow.objects.filter(batch=batch).exists()
    assert (order.source, order.number) == ("12345", "GD001")
    assert order.received_at == datetime(2026, 9, 23, 8, 30, tzinfo=ZONE)
    assert (case.reported_at, case.channel, case.area_id) == (START, "hotline", town.communities[0].pk)
    assert (case.description, case.address) == ("路灯不亮", "东街 3 号")
    assert (contact.name, contact.phone) == ("王小明", "13800001234")
    assert batch.state == State.DONE


def test_the_same_list_again_brings_nothing_and_a_changed_row_is_said_and_not_overwritten(
    people: People,
) -> None:
    imported(people["operator"], ROW, row(number="GD002"))
    again = brought(people["operator"], ROW, row(number="GD002", content="路灯又不亮"), row(number="GD003"))
    assert told(again) == {"same": 1, "changed": 1, "good": 1}
    with clock.at(START):
        services.confirm(people["operator"], again.pk)
        services.merge(again.pk)
    with acting_as(TESTS):
        assert sorted(Case.objects.values_list("description", flat=True)) == ["路灯不亮"] * 3


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"number": ""}, ("number", "no_number")),
        ({"number": 1.23456789e17}, ("number", "number_lost")),
        ({"number": "x" * 61}, ("number", "number_long")),
        ({"content": ""}, ("content", "no_content")),
        ({"content": "x" * 2001}, ("content", "content_long")),
        ({"phone": "12"}, ("phone", "phone_wrong")),
        ({"phone": "请拨打"}, ("phone", "phone_wrong")),
        ({"phone": "1.38E+10"}, ("phone", "phone_lost")),
        ({"name": "王" * 41}, ("name", "name_long")),
        ({"address": "x" * 201}, ("address", "address_long")),
        ({"received_at": "前天上午"}, ("received_at", "time_wrong")),
        ({"area": "东区社"}, ("area", "place_like")),
        ({"area": "火星殖民地", "address": ""}, ("area", "place_unknown")),
        ({"area": "", "address": "某处"}, ("address", "no_place")),
    ],
)
def test_what_is_wrong_with_a_row_is_named_at_its_column_and_nothing_is_written(
    people: People, changed: dict[str, Any], problem: tuple[str, str]
) -> None:
    batch = brought(people["operator"], row(**changed))
    assert problems(batch) == [problem]
    with pytest.raises(Invalid):
        services.confirm(people["operator"], batch.pk)
    with acting_as(TESTS):
        assert not Case.objects.exists()
        assert all(words for _f, words in queries.wrong_rows(batch)[0].problems)


def test_a_number_that_stands_twice_in_the_list_is_wrong_the_second_time(people: People) -> None:
    batch = brought(people["operator"], ROW, ROW)
    assert told(batch) == {"good": 1, "wrong": 1}
    assert problems(batch) == [("number", "number_twice")]


@pytest.mark.parametrize(
    ("area", "address", "place"),
    [
        ("东社区居委会", "", "东社区"),
        ("东", "", "东社区"),
        ("440105008002", "", "西社区"),
        ("西1网格", "", "西1网格"),
        ("海珠区/南华西街道/西社区", "", "西社区"),
        ("", "南华西街道 东社区 居委会门口", "东社区"),
    ],
)
def test_the_place_is_found_by_what_people_write(people: People, area: str, address: str, place: str) -> None:
    batch = imported(people["operator"], row(area=area, address=address))
    with acting_as(TESTS):
        assert Order.objects.get(batch=batch).case.area.name == place


def test_a_dispatcher_brings_nothing_into_another_street(people: People, town: Town) -> None:
    with acting_as(TESTS):
        street = town.street
        other = type(street).objects.create(
            level="street",
            code="440105009",
            name="别的街道",
            short_name="别的街道",
            parent=town.district,
            path="0.",
        )
        other.path = f"{town.district.path}{other.pk}."
        other.save()
        far = type(street).objects.create(
            level="community",
            code="440105009001",
            name="远社区",
            short_name="远社区",
            parent=other,
            path="0.",
        )
        far.path = f"{other.path}{far.pk}."
        far.save()
    assert told(brought(people["street_dispatcher"], row(area="远社区"))) == {"wrong": 1}
    assert told(brought(people["operator"], row(area="远社区"))) == {"good": 1}


def test_who_takes_in_no_orders_imports_none(people: People) -> None:
    for name in ("grid_worker", "station_officer", "unit_officer", "administrator", "privacy_officer"):
        with pytest.raises(NotAllowed):
            services.start(people[name], uuid.uuid4(), "a.xlsx", xlsx(ROW))


def test_an_import_is_its_uploaders_alone(people: People) -> None:
    batch = brought(people["operator"], ROW)
    with acting_as(people["street_dispatcher"]):
        assert queries.import_of(batch.pk) is None
    for act in (services.confirm, services.cancel, services.begin_undo):
        with pytest.raises(NotFound):
            act(people["street_dispatcher"], batch.pk)


def test_the_same_form_sent_again_is_the_same_import(people: People) -> None:
    key, data = uuid.uuid4(), xlsx(ROW)
    first = services.start(people["operator"], key, "a.xlsx", data)
    assert services.start(people["operator"], key, "a.xlsx", data).pk == first.pk


def test_columns_corrected_once_are_known_the_next_time(people: People) -> None:
    header = ["甲", "乙", "丙"]
    data = xlsx(["GD9", "井盖坏了", "东社区"], header=header)
    first = services.start(people["operator"], uuid.uuid4(), "a.xlsx", data)
    assert first.columns == {}
    with pytest.raises(Invalid) as refused:
        services.set_columns(people["operator"], first.pk, {"number": 0, "content": 0})
    assert set(refused.value.fields) == {"number", "content", "area"}
    services.set_columns(people["operator"], first.pk, {"number": 0, "content": 1, "area": 2})
    second = services.start(people["operator"], uuid.uuid4(), "b.xlsx", data)
    assert second.columns == {"number": 0, "content": 1, "area": 2}
    assert ColumnLayout.objects.count() == 1


def test_columns_are_guessed_by_the_names_in_use() -> None:
    header = [
        "序号",
        "工单编号",
        "诉求标题",
        "诉求内容",
        "联系 电话",
        "诉求人",
        "受理时间（年月日）",
        "事发地址",
        "诉求类别",
    ]
    assert rules.guess(header) == {
        "number": 1, "title": 2, "content": 3, "phone": 4, "name": 5, "received_at": 6, "address": 7, "category": 8,
    }  # fmt: skip


def test_cases_that_nobody_touched_are_taken_back_and_the_list_can_come_again(
    people: People, town: Town
) -> None:
    batch = imported(people["operator"], ROW, row(number="GD002"))
    with acting_as(TESTS):
        touched = Order.objects.get(number="GD002").case
    with clock.at(START + timedelta(minutes=5)):
        move(people["street_dispatcher"], touched.pk, "comment", {"note": "看过了"})
        services.begin_undo(people["operator"], batch.pk)
        services.undo(batch.pk)
    with acting_as(TESTS):
        states = dict(Order.objects.values_list("number", "case__state"))
        said = CaseEvent.objects.get(move="void")
        assert [order.number for order in queries.moved_on(batch)] == ["GD002"]
    assert states == {"GD001": "void", "GD002": touched.state}
    assert (said.reason, said.actor_kind) == ("import_undone", "system")
    assert fresh(batch).state == State.DONE
    assert told(brought(people["operator"], ROW, row(number="GD002"))) == {"good": 1, "same": 1}
    imported(people["operator"], ROW)
    with acting_as(TESTS):
        assert Order.objects.filter(number="GD001").count() == 2


def test_a_stopped_import_keeps_what_became_a_case_and_deletes_the_rest(people: People) -> None:
    batch = brought(people["operator"], *(row(number=f"GD{n}") for n in range(60)))
    with clock.at(START):
        services.confirm(people["operator"], batch.pk)
        services.cancel(people["operator"], batch.pk)
        services.merge(batch.pk)
    assert told(batch) == {}
    assert fresh(batch).state == State.CANCELLED
    with pytest.raises(Conflict):
        services.confirm(people["operator"], batch.pk)


def test_staged_rows_are_sealed_and_deleted_after_seven_days(people: People) -> None:
    batch = brought(people["operator"], row(phone="12"))
    with acting_as(TESTS):
        (raw,) = (
            OrderRow.objects.filter(batch=batch).extra(select={"raw": "words"}).values_list("raw", flat=True)
        )
    assert "王小明".encode() not in bytes(raw)
    assert b"13800" not in bytes(raw)
    with clock.at(START + timedelta(days=6)):
        assert services.forget_rows() == 0
    with clock.at(START + timedelta(days=8)):
        assert services.forget_rows() == 1


def test_rows_that_failed_come_back_as_they_were_with_the_reason(people: People) -> None:
    batch = brought(people["operator"], ROW, row(number="=1+1", phone="12"))
    out = io.BytesIO()
    with acting_as(people["operator"]):
        columns, rows = queries.returned(batch, "错误", "行号")
        write_xlsx(out, "有误", columns, rows)
    header, *body = [cells for _number, cells, _formulas in rows_of(out.getvalue())]
    assert header == ["行号", *HEADER, "错误"]
    assert [cells[:2] + cells[-2:] for cells in body] == [["3", "=1+1", "12", "电话应为 5 至 20 位数字"]]


def test_checking_again_after_a_kill_ends_the_same(people: People) -> None:
    batch = brought(people["operator"], ROW, row(number=""))
    before = told(batch)
    with acting_as(TESTS):
        OrderImport.objects.filter(pk=batch.pk).update(state=State.CHECKING)
        OrderRow.objects.filter(batch=batch).update(outcome=Outcome.WAITING)
    services.check(batch.pk)
    assert told(batch) == before
    assert json.loads(json.dumps(before)) == {"good": 1, "wrong": 1}
