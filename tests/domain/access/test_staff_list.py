"""A list of staff becomes accounts and posts, all or nothing, and the same list again changes nothing."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password

from casework import START
from factories import Town, make_town
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import Post, User
from wangge.domain.access.staff_list import TEMPLATE, Line, carry_out, lines_of, look
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed
from wangge.platform.sheets.writing import Column, write_xlsx

PASSWORD = "blue-lamp-seven-41"


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    with clock.at(START):
        yield make_town()


@pytest.fixture
def administrator(town: Town) -> Actor:
    return town.actor("administrator")


def lines(*rows: list[str]) -> list[Line]:
    out = io.BytesIO()
    write_xlsx(out, "人员", [Column(name) for name in TEMPLATE], rows)
    return lines_of(out.getvalue())


def row(town: Town, **changed: str) -> list[str]:
    given = {
        "account": "lihua", "name": "李华", "role": "网格员", "unit": town.units["station"].name,
        "area": town.grids[0].code, "starts_on": "2026/10/1", "ends_on": "",
    } | changed  # fmt: skip
    return list(given.values())


def counts() -> tuple[int, int]:
    return User.objects.count(), Post.objects.count()


def act(actor: Actor, given: list[Line]) -> list[tuple[User, str]]:
    return carry_out(actor, given, lambda: PASSWORD)


def test_looking_at_a_list_writes_nothing(administrator: Actor, town: Town) -> None:
    before = counts()
    given = lines(row(town), row(town, role="网格长", area=town.grids[1].name))
    assert [one.does for one in look(administrator, given)] == ["new", "post"]
    assert counts() == before


def test_a_list_makes_accounts_whose_first_password_must_be_changed(administrator: Actor, town: Town) -> None:
    ((user, password),) = act(administrator, lines(row(town), row(town, role="网格长")))
    user.refresh_from_db()
    assert check_password(password, user.password)
    assert user.must_change_password
    posts = user.posts.order_by("role").values_list("role", "area_id", "unit_id", "starts_on__day")
    station = town.units["station"].pk
    assert list(posts) == [
        ("grid_lead", town.grids[0].pk, station, 1), ("grid_worker", town.grids[0].pk, station, 1),
    ]  # fmt: skip


def test_the_same_list_again_changes_nothing_and_makes_no_password(administrator: Actor, town: Town) -> None:
    given = lines(row(town))
    act(administrator, given)
    before = counts()
    assert [one.does for one in look(administrator, given)] == ["same"]
    assert act(administrator, given) == []
    assert counts() == before


def test_an_end_that_the_list_names_ends_the_post(administrator: Actor, town: Town) -> None:
    act(administrator, lines(row(town)))
    ended = lines(row(town, ends_on="2026-12-31"))
    assert [one.does for one in look(administrator, ended)] == ["changed"]
    act(administrator, ended)
    assert Post.objects.get(user__username="lihua").ends_on.isoformat() == "2026-12-31"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"account": "li hua"}, "账号只用"),
        ({"account": ""}, "账号只用"),
        ({"name": ""}, "姓名要填"),
        ({"role": "局长"}, "没有“局长”这个岗位"),
        ({"unit": "没有的单位"}, "没有“没有的单位”这个单位"),
        ({"unit": ""}, "须属于一个单位"),
        ({"area": "没有的网格"}, "没有“没有的网格”这个区划"),
        ({"area": "东社区"}, "须设在"),
        ({"starts_on": "明天"}, "看不懂日期"),
        ({"ends_on": "2026-01-01"}, "结束日期不能早于"),
        ({"account": "GRID_WORKER"}, "这个账号是"),
    ],
)
def test_one_wrong_line_is_named_and_stops_the_whole_list(
    administrator: Actor, town: Town, changed: dict[str, str], why: str
) -> None:
    before = counts()
    given = lines(row(town, account="first"), row(town, **changed))
    first, second = look(administrator, given)
    assert (first.does, second.does) == ("new", "wrong")
    assert why in second.wrong
    with pytest.raises(Invalid, match="第 3 行"):
        act(administrator, given)
    assert counts() == before


def test_only_an_administrator_brings_a_list(town: Town) -> None:
    for role in ("station_head", "district_leader", "privacy_officer"):
        with pytest.raises(NotAllowed):
            look(town.actor(role), lines(row(town)))
        with pytest.raises(NotAllowed):
            act(town.actor(role), lines(row(town)))


def test_a_list_without_its_columns_is_refused(town: Town) -> None:
    out = io.BytesIO()
    write_xlsx(out, "人员", [Column("姓名"), Column("手机")], [["李华", "1"]])
    with pytest.raises(Invalid, match="账号 岗位"):
        lines_of(out.getvalue())


def test_the_pages_give_the_passwords_once(town: Town, administrator: Any) -> None:
    client = town.client("administrator")
    out = io.BytesIO()
    write_xlsx(out, "人员", [Column(name) for name in TEMPLATE], [row(town)])
    out.seek(0)
    out.name = "list.xlsx"
    seen = client.post("/desk/users/list", {"file": out})
    token = seen.context["token"]
    given = client.post("/desk/users/list", {"lines": token})
    assert given["Content-Disposition"].startswith("attachment")
    assert User.objects.filter(username="lihua", must_change_password=True).exists()
    again = client.post("/desk/users/list", {"lines": token})
    assert (again.status_code, User.objects.filter(username="lihua").count()) == (302, 1)
    assert client.post("/desk/users/list", {"lines": token[:-2] + "xx"}).status_code == 302
    assert town.client("station_head").post("/desk/users/list", {"lines": token}).status_code == 403
