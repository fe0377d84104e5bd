"""A list of households becomes part of the register: each row once, faults named, and all of it can be taken back."""

import io
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import TESTS
from factories import Town, make_dwelling
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import ReadLog
from wangge.domain.access.scope import acting_as
from wangge.domain.enrolment import queries, services
from wangge.domain.enrolment.models import Enrolled, Enrolment, EnrolmentRow, Outcome, State
from wangge.domain.enrolment.services import merging, undoing
from wangge.domain.places.models import Dwelling
from wangge.domain.register.models import Household, Resident
from wangge.domain.register.services import people as register
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound
from wangge.platform.sheets.writing import Column, write_xlsx

pytestmark = pytest.mark.django_db
HEADER = ["住址", "姓名", "与户主关系", "联系电话", "出生日期", "户号"]
HEAD = ["东1网格正街1号701室", "王小明", "户主", "13800001234", "1980-05-01", ""]
WIFE = ["东1网格正街1号701室", "李红", "配偶", "", "1982", ""]
ALONE = ["海珠区南华西街道东2网格正街1号1单元702", "张三丰", "户主", "13700001234", "", ""]
People = dict[str, Actor]


@pytest.fixture(autouse=True)
def flats(town: Town) -> list[Dwelling]:
    """Room 701 and 702 in each grid, in which nobody lives."""
    with acting_as(TESTS):
        return [make_dwelling(town, grid, room) for grid in town.grids for room in ("701", "702")]


def xlsx(*rows: list[Any], header: list[str] | None = None) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, "住户", [Column(name) for name in header or HEADER], rows)
    return out.getvalue()


def checked(actor: Actor, *rows: list[Any], header: list[str] | None = None) -> Enrolment:
    """A list that was uploaded, its columns confirmed, and checked."""
    batch = services.start(actor, uuid.uuid4(), "住户.xlsx", xlsx(*rows, header=header))
    services.set_columns(actor, batch.pk, batch.columns)
    services.check(batch.pk)
    return fresh(batch)


def enrolled(actor: Actor, *rows: list[Any], header: list[str] | None = None) -> Enrolment:
    batch = checked(actor, *rows, header=header)
    services.confirm(actor, batch.pk)
    services.merge(batch.pk)
    return fresh(batch)


def undone(actor: Actor, batch: Enrolment) -> Enrolment:
    services.begin_undo(actor, batch.pk)
    services.undo(batch.pk)
    return fresh(batch)


def fresh(batch: Enrolment) -> Enrolment:
    with acting_as(TESTS):
        found: Enrolment = Enrolment.objects.get(pk=batch.pk)
        return found


def told(batch: Enrolment) -> list[tuple[int, str, list[str]]]:
    with acting_as(TESTS):
        rows = EnrolmentRow.objects.filter(batch=batch).order_by("number")
        return [(row.number, row.outcome, [problem[1] for problem in row.problems]) for row in rows]


def came(batch: Enrolment) -> list[tuple[str, str, int]]:
    """Name, relation and household of who came with a list."""
    with acting_as(TESTS):
        rows = Enrolled.objects.filter(batch=batch).select_related("resident").order_by("pk")
        return [(str(row.resident.name), row.resident.relation, row.resident.household_id) for row in rows]


def register_as_it_is() -> dict[str, list[Any]]:
    """Every row of every table of the register."""
    found = {}
    with acting_as(TESTS), connection.cursor() as cursor:
        for model in apps.get_app_config("register").get_models():
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY 1")
            found[model._meta.label] = cursor.fetchall()
    return found


def test_the_rows_of_a_dwelling_become_one_household(people: People, flats: list[Dwelling]) -> None:
    batch = enrolled(people["station_officer"], HEAD, WIFE, ALONE)
    assert batch.state == State.DONE
    (head, wife, alone) = came(batch)
    assert (head[:2], wife[:2], alone[:2]) == (("王小明", "head"), ("李红", "spouse"), ("张三丰", "head"))
    assert head[2] == wife[2] != alone[2]
    with acting_as(TESTS):
        home = Household.objects.get(pk=head[2])
        assert (home.dwelling_id, home.area_id) == (flats[0].pk, flats[0].area_id)
        assert [one.birth_year for one in home.residents.order_by("pk")] == [1980, 1982]
        assert not EnrolmentRow.objects.filter(batch=batch).exists()


def test_a_household_number_tells_two_households_of_a_dwelling_apart(people: People) -> None:
    batch = enrolled(people["station_officer"], [*HEAD[:5], "1"], [HEAD[0], "赵六", "户主", "", "", "2"])
    assert len({household for _name, _relation, household in came(batch)}) == 2


def test_a_household_waits_for_its_last_wrong_row(people: People) -> None:
    batch = checked(people["station_officer"], HEAD, [*WIFE[:3], "12", *WIFE[4:]], ALONE)
    assert told(batch) == [(2, "held", []), (3, "wrong", ["phone_wrong"]), (4, "good", [])]
    services.confirm(people["station_officer"], batch.pk)
    services.merge(batch.pk)
    assert [name for name, _relation, _household in came(batch)] == ["张三丰"]
    assert [number for number, _outcome, _problems in told(batch)] == [2, 3]


def test_the_file_with_the_errors_is_read_again_when_it_was_corrected(people: People) -> None:
    batch = enrolled(people["station_officer"], HEAD, [*WIFE[:3], "12", *WIFE[4:]], ALONE)
    out = io.BytesIO()
    with acting_as(TESTS):
        columns, rows = queries.returned(batch, "行号", "错误")
        back = [[getattr(cell, "text", cell) for cell in row] for row in rows]
    assert [row[:2] for row in back] == [
        [2, "同一户有错误的行，等它改好一起导入"],
        [3, "电话号码应为 5 至 15 位数字"],
    ]
    back[1][5] = ""
    write_xlsx(out, "改好", columns, back)
    again = services.start(people["station_officer"], uuid.uuid4(), "改好.xlsx", out.getvalue())
    assert {field: at - 2 for field, at in again.columns.items()} == batch.columns
    services.set_columns(people["station_officer"], again.pk, again.columns)
    services.check(again.pk)
    services.confirm(people["station_officer"], again.pk)
    services.merge(again.pk)
    assert sorted(name for name, _relation, _household in came(again)) == ["李红", "王小明"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["没有这条街1号701", *HEAD[1:]], "no_house"),
        (["东1网格正街1号799", *HEAD[1:]], "no_room"),
        (["西1网格正街1号701", *HEAD[1:]], "no_house"),
        (["", *HEAD[1:]], "no_address"),
    ],
)
def test_an_address_must_be_a_dwelling_of_the_ring(people: People, row: list[str], problem: str) -> None:
    assert told(checked(people["station_officer"], row)) == [(2, "wrong", [problem])]


def test_a_person_or_an_id_number_twice_and_a_second_head_are_told_with_the_row(people: People) -> None:
    header = [*HEADER, "身份证号"]
    number = "11010519491231002X"
    rows = [
        [*HEAD[:4], "", "", number],
        [HEAD[0], "王小明", "户主", HEAD[3], "", "", ""],
        [HEAD[0], "赵六", "户主", "", "", "", ""],
        [*ALONE, number],
    ]
    batch = checked(people["station_officer"], *rows, header=header)
    with acting_as(TESTS):
        said = {row.number: row.problems for row in EnrolmentRow.objects.filter(batch=batch)}
    assert said[4] == [["relation", "head_twice", "2"]]
    assert said[5] == [["name", "person_twice", "2"]]


def test_who_is_registered_there_is_not_registered_twice(people: People) -> None:
    enrolled(people["station_officer"], HEAD, WIFE)
    before = register_as_it_is()
    batch = checked(people["station_officer"], HEAD, WIFE)
    assert [outcome for _number, outcome, _problems in told(batch)] == ["same", "same"]
    with pytest.raises(Invalid):
        services.confirm(people["station_officer"], batch.pk)
    assert register_as_it_is() == before


def test_whom_the_check_finds_registered_can_see_that_somebody_compared(people: People) -> None:
    enrolled(people["station_officer"], HEAD, WIFE)
    before = ReadLog.objects.count()
    checked(people["station_officer"], HEAD, ALONE)
    (look,) = ReadLog.objects.order_by("-pk")[: ReadLog.objects.count() - before]
    assert (look.channel, look.purpose, look.user_id) == (
        "import",
        "核实登记信息",
        people["station_officer"].user_id,
    )
    assert look.person


def test_a_new_person_joins_the_household_that_the_list_names(people: People) -> None:
    first = enrolled(people["station_officer"], HEAD)
    batch = enrolled(people["station_officer"], HEAD, WIFE)
    assert came(batch) == [("李红", "spouse", came(first)[0][2])]
    assert undone(people["station_officer"], batch).state == State.UNDONE
    assert [name for name, _relation, _household in came(first)] == ["王小明"]


def test_where_others_live_a_household_needs_a_number_of_its_own(people: People) -> None:
    enrolled(people["station_officer"], HEAD)
    batch = checked(people["station_officer"], [HEAD[0], "赵六", "户主", "", "", ""])
    assert told(batch) == [(2, "wrong", ["occupied"])]
    assert told(checked(people["station_officer"], [HEAD[0], "赵六", "户主", "", "", "2"])) == [
        (2, "good", [])
    ]


def test_who_lives_elsewhere_in_the_ring_is_told_to_move_out_first(people: People) -> None:
    enrolled(people["station_officer"], [HEAD[0], "王小红", *HEAD[2:]])
    moved = ["东1网格正街1号702", "王小红", *HEAD[2:]]
    assert told(checked(people["station_officer"], moved)) == [(2, "wrong", ["lives_elsewhere"])]
    # What lies outside the ring of the other is not looked at.
    west = ["西1网格正街1号702", "王小红", *HEAD[2:]]
    assert told(checked(people["station_officer_west"], west)) == [(2, "good", [])]


def test_a_dwelling_that_filled_between_check_and_merge_is_left_alone(
    people: People, flats: list[Dwelling]
) -> None:
    batch = checked(people["station_officer"], HEAD)
    register.add_household(people["grid_worker"], flats[0].pk, stay="own")
    services.confirm(people["station_officer"], batch.pk)
    services.merge(batch.pk)
    assert told(batch) == [(2, "wrong", ["changed"])]
    assert came(batch) == []


def test_whom_another_list_brought_into_the_household_since_the_check_does_not_come_twice(
    people: People,
) -> None:
    actor = people["station_officer"]
    enrolled(actor, HEAD)
    lists = [checked(actor, HEAD, WIFE) for _n in range(2)]
    for one in lists:
        services.confirm(actor, one.pk)
        services.merge(one.pk)
    assert [name for name, _relation, _household in came(lists[0])] == ["李红"]
    assert (came(lists[1]), told(lists[1])) == ([], [(3, "wrong", ["changed"])])


def test_the_same_form_sent_twice_is_one_list(people: People) -> None:
    key, data = uuid.uuid4(), xlsx(HEAD)
    first = services.start(people["station_officer"], key, "a.xlsx", data)
    assert services.start(people["station_officer"], key, "a.xlsx", data).pk == first.pk


def test_a_list_is_its_uploaders_alone_and_only_keepers_upload(people: People) -> None:
    batch = services.start(people["station_officer"], uuid.uuid4(), "a.xlsx", xlsx(HEAD))
    for name in ("station_head", "grid_worker", "station_officer_west"):
        with pytest.raises(NotFound):
            services.set_columns(people[name], batch.pk, batch.columns)
    for name in ("street_dispatcher", "unit_officer", "administrator", "operator"):
        with pytest.raises(NotAllowed):
            services.start(people[name], uuid.uuid4(), "a.xlsx", xlsx(HEAD))


def test_the_unit_remembers_what_a_column_was_and_another_unit_does_not(people: People) -> None:
    header = ["位置", "称呼", "关系"]
    row = [HEAD[0], "Ann Lee", "户主"]
    batch = services.start(people["station_officer"], uuid.uuid4(), "a.xlsx", xlsx(row, header=header))
    assert "name" not in batch.columns
    services.set_columns(people["station_officer"], batch.pk, {"address": 0, "name": 1, "relation": 2})
    again = services.start(
        people["station_head"], uuid.uuid4(), "b.xlsx", xlsx(row[::-1], header=header[::-1])
    )
    assert again.columns == {"address": 2, "name": 1, "relation": 0}
    other = services.start(people["station_officer_west"], uuid.uuid4(), "c.xlsx", xlsx(row, header=header))
    assert "name" not in other.columns


def test_a_column_of_what_is_never_kept_is_not_even_staged(people: People) -> None:
    header = [*HEADER, "宗教信仰"]
    batch = services.start(
        people["station_officer"], uuid.uuid4(), "a.xlsx", xlsx([*HEAD, "某教"], header=header)
    )
    assert batch.unread == ["宗教信仰"]
    with acting_as(TESTS):
        assert batch.rows.get().cells()[0] == [*HEAD, ""]


def test_staged_rows_are_sealed_and_problems_hold_no_words_of_the_row(people: People) -> None:
    batch = checked(people["station_officer"], [*HEAD[:3], "1x2", *HEAD[4:]])
    with acting_as(TESTS), connection.cursor() as cursor:
        cursor.execute(
            "SELECT words, problems::text FROM enrolment_enrolmentrow WHERE batch_id = %s", [batch.pk]
        )
        ((words, problems),) = cursor.fetchall()
    assert "王小明".encode() not in bytes(words)
    assert json.loads(problems) == [["phone", "phone_wrong", ""]]


def test_staged_rows_go_after_seven_days(people: People) -> None:
    batch = checked(people["station_officer"], HEAD)
    with clock.at(clock.now() + timedelta(days=6, hours=23)):
        services.forget_rows()
    assert len(told(batch)) == 1
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        assert services.forget_rows() >= 1
    assert told(batch) == []


def test_a_list_is_paused_between_two_portions_and_goes_on(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = people["station_officer"]
    monkeypatch.setattr(merging, "HOUSEHOLDS", 1)
    batch = checked(actor, HEAD, WIFE, ALONE)
    services.confirm(actor, batch.pk)
    assert merging._merge_some(batch.pk, 0) == 1
    assert services.pause(actor, batch.pk).state == State.PAUSED
    services.merge(batch.pk)
    assert len(came(batch)) == 2
    with pytest.raises(Conflict):
        services.set_columns(actor, batch.pk, batch.columns)
    services.resume(actor, batch.pk)
    services.merge(batch.pk)
    assert fresh(batch).state == State.DONE
    assert len(came(batch)) == 3


def test_a_paused_list_can_be_taken_back(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = people["station_officer"]
    before = register_as_it_is()
    monkeypatch.setattr(merging, "HOUSEHOLDS", 1)
    batch = checked(actor, HEAD, WIFE, ALONE)
    services.confirm(actor, batch.pk)
    merging._merge_some(batch.pk, 0)
    services.pause(actor, batch.pk)
    assert undone(actor, batch).state == State.UNDONE
    assert register_as_it_is() == before
    assert told(batch) == []


def test_stopping_keeps_who_is_registered_and_forgets_the_rest(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = people["station_officer"]
    monkeypatch.setattr(merging, "HOUSEHOLDS", 1)
    batch = checked(actor, HEAD, ALONE)
    services.confirm(actor, batch.pk)
    merging._merge_some(batch.pk, 0)
    assert services.cancel(actor, batch.pk).state == State.DONE
    assert (len(came(batch)), told(batch)) == (1, [])


def worked_on_person(actor: Actor, resident: Resident) -> None:
    register.change_resident(actor, resident.pk, phone="13900000000")


def worked_on_household(actor: Actor, resident: Resident) -> None:
    register.change_household(actor, resident.household_id, stay="rent", since=None)


def added_somebody(actor: Actor, resident: Resident) -> None:
    register.add_resident(actor, resident.household_id, name="新生儿", relation="child")


@pytest.mark.parametrize("work", [worked_on_person, worked_on_household, added_somebody])
def test_on_whom_somebody_worked_since_stays_and_is_told(
    people: People, flats: list[Dwelling], work: Any
) -> None:
    actor = people["station_officer"]
    batch = enrolled(actor, HEAD, WIFE, ALONE)
    with acting_as(TESTS):
        work(actor, Enrolled.objects.filter(batch=batch).order_by("pk")[0].resident)
    batch = undone(actor, batch)
    assert (batch.state, batch.stay_done) == (State.DONE, 2)
    assert [name for name, _relation, _household in came(batch)] == ["王小明", "李红"]
    with acting_as(TESTS):
        assert [home.pk for home in queries.staying(batch)] == [flats[0].pk]
    with pytest.raises(Invalid):
        services.begin_undo(actor, batch.pk)


NAMES = st.text(st.sampled_from("王李张刘陈明红芳伟静"), min_size=2, max_size=3)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "东1网格正街1号701",
                "东1网格正街1号702",
                "东2网格正街1号1单元701",
                "东1网格正街1号101",
                "不知道",
            ]
        ),
        NAMES,
        st.sampled_from(["户主", "配偶", "子女", "邻居", ""]),
        st.sampled_from(["", "13800001234", "13900001234", "12"]),
        st.sampled_from(["", "1980", "2050"]),
        st.sampled_from(["", "1", "2"]),
    ).map(list),
    min_size=1,
    max_size=12,
)


@given(ROWS, st.integers(1, 3))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_import_then_undo_leaves_the_register_as_before(
    people: People, rows: list[list[str]], portion: int
) -> None:
    actor = people["station_officer"]
    before = register_as_it_is()
    sizes = merging.HOUSEHOLDS, undoing.HOUSEHOLDS
    merging.HOUSEHOLDS = undoing.HOUSEHOLDS = portion
    try:
        batch = checked(actor, *rows)
        good = [row for row in told(batch) if row[1] == Outcome.GOOD]
        if good:
            services.confirm(actor, batch.pk)
            services.merge(batch.pk)
            assert len(came(batch)) == len(good) - len(
                [row for row in told(batch) if row[2] == ["head_there"]]
            )
            with acting_as(TESTS):
                heads = Resident.objects.filter(relation="head", until__isnull=True, merged_into__isnull=True)
                homes = list(heads.values_list("household", flat=True))
            assert len(homes) == len(set(homes))
            assert undone(actor, batch).state == State.UNDONE
        assert register_as_it_is() == before
    finally:
        merging.HOUSEHOLDS, undoing.HOUSEHOLDS = sizes
