"""An address in words finds the one door that it names, and no other."""

import pytest
import shapely

from casework import TESTS
from factories import Town, outline, point_in
from wangge.domain.access.scope import acting_as
from wangge.domain.places.doors import Doors
from wangge.domain.places.models import Building, Compound, Dwelling, Stairwell

pytestmark = pytest.mark.django_db


def house(
    town: Town, rooms: dict[int, list[str]], compound: Compound | None = None, **signs: str
) -> dict[str, int]:
    """Dwellings by stairwell and room; stairwell 0 is none."""
    grid = town.grids[0]
    lon, lat = point_in(town, grid)
    walls = outline(shapely.box(lon, lat, lon + 0.0001, lat + 0.0001))
    building = Building.objects.create(area=grid, compound=compound, lon=lon, lat=lat, **walls, **signs)
    made = {}
    for number, names in rooms.items():
        stair = Stairwell.objects.create(building=building, number=number) if number else None
        for room in names:
            one = Dwelling.objects.create(building=building, stairwell=stair, area=grid, floor=1, room=room)
            made[f"{number}/{room}"] = one.pk
    return made


@pytest.fixture
def known(town: Town) -> tuple[Doors, dict[str, int]]:
    """长庚新村 2栋 with two stairwells, 12栋 with one, and 厚德里12号 on the street."""
    lon, lat = point_in(town, town.grids[0])
    with acting_as(TESTS):
        estate = Compound.objects.create(
            area=town.communities[0],
            name="长庚新村",
            **outline(shapely.box(lon, lat, lon + 0.001, lat + 0.001)),
        )
        made = house(town, {1: ["501", "502"], 3: ["502"]}, estate, number="2栋")
        made |= {
            f"12栋 {door}": pk for door, pk in house(town, {1: ["502", "601"]}, estate, number="12栋").items()
        }
        made |= {f"厚德里 {door}": pk for door, pk in house(town, {0: ["302"]}, address="厚德里12号").items()}
        return Doors([town.communities[0].path]), made


@pytest.mark.parametrize(
    ("address", "door"),
    [
        ("长庚新村2栋3单元502", "3/502"),
        ("海珠区南华西街道东社区长庚新村2栋3单元502室", "3/502"),
        ("长庚新村 2幢 3单元 502房", "3/502"),
        ("长庚新村02号楼03单元502", "3/502"),
        ("长庚新村２座３单元５０２", "3/502"),
        ("长庚新村2-3-502", "3/502"),
        ("长庚新村2栋501", "1/501"),
        ("长庚新村12栋502", "12栋 1/502"),
        ("长庚新村12-601", "12栋 1/601"),
        ("南华西街道厚德里12号302", "厚德里 0/302"),
        ("厚德里12号-302", "厚德里 0/302"),
        ("厚德里12-302", "厚德里 0/302"),
    ],
)
def test_an_address_is_found_as_people_write_it(
    known: tuple[Doors, dict[str, int]], address: str, door: str
) -> None:
    doors, made = known
    assert doors.find(address).dwelling_id == made[door]


@pytest.mark.parametrize(
    ("address", "code", "at"),
    [
        ("", "no_address", ""),
        ("长庚新村2栋502", "ambiguous", ""),
        ("长庚新村2栋3单元999", "no_room", "长庚新村2栋"),
        ("新厚德里12号302", "no_room", "厚德里12号"),
        ("宝业花园2栋3单元502", "no_house", ""),
        ("302", "no_house", ""),
    ],
)
def test_why_no_door_was_found_is_told(
    known: tuple[Doors, dict[str, int]], address: str, code: str, at: str
) -> None:
    found = known[0].find(address)
    assert (found.dwelling_id, found.code, found.house) == (None, code, at)


def test_doors_beyond_the_paths_are_not_known(known: tuple[Doors, dict[str, int]], town: Town) -> None:
    with acting_as(TESTS):
        assert Doors([town.communities[1].path]).find("厚德里12号302").code == "no_house"
        assert Doors([]).find("厚德里12号302").code == "no_house"
