"""Room numbers come from a pattern as a station writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.domain.places.patterns import Pattern, Room, read_floors
from wangge.platform.errors import Invalid


def test_the_usual_pattern_numbers_floor_by_floor() -> None:
    rooms = Pattern("1-12", 4).rooms()
    assert len(rooms) == 48
    assert rooms[0] == Room(1, 1, "101")
    assert rooms[-1] == Room(1, 12, "1204")


def test_stairwells_repeat_the_rooms_and_may_be_written_in_them() -> None:
    assert [one.room for one in Pattern("2", 1, stairwells=2, room="{stair}-{floor:02}{no}").rooms()] == [
        "1-021",
        "2-021",
    ]
    assert {one.stairwell for one in Pattern("2", 1, stairwells=0).rooms()} == {0}


def test_floors_below_ground_and_left_out_ones_are_written_as_people_write_them() -> None:
    assert read_floors("-1，1-3、5") == [-1, 1, 2, 3, 5]
    assert read_floors("1~2") == [1, 2]
    assert Pattern("-1", 1).rooms()[0].room == "B101"


@pytest.mark.parametrize(
    ("pattern", "field"),
    [
        (Pattern("", 4), "floors"),
        (Pattern("12-1", 4), "floors"),
        (Pattern("1-999", 4), "floors"),
        (Pattern("一层", 4), "floors"),
        (Pattern("1-200", 99), "floors"),
        (Pattern("1", 0), "per_floor"),
        (Pattern("1", 1, stairwells=41), "stairwells"),
        (Pattern("1-2", 1, room="{no}"), "room"),
        (Pattern("1-2", 1, room="{floor.__class__}"), "room"),
        (Pattern("1-2", 1, room=" "), "room"),
    ],
)
def test_what_cannot_be_numbered_is_said_at_its_field(pattern: Pattern, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        pattern.rooms()
    assert list(refused.value.fields) == [field]


@given(
    low=st.integers(-3, 30), more=st.integers(0, 20), per_floor=st.integers(1, 12), stairs=st.integers(0, 4)
)
def test_no_room_comes_twice_in_a_stairwell(low: int, more: int, per_floor: int, stairs: int) -> None:
    if low == more == 0:
        return
    rooms = Pattern(f"{low}-{low + more}" if low or more else "1", per_floor, stairs).rooms()
    assert len(set(rooms)) == len(rooms) == len({floor for _, floor, _ in rooms}) * per_floor * max(stairs, 1)
