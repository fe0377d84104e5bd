"""Borders from a file are matched by code or name, checked with the place of each fault, and saved from a day on."""

import json

import pytest
import shapely

from casework import TESTS
from factories import SIDE, SOUTH, WEST, Town, make_dwelling, point_in
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Dwelling
from wangge.domain.places.queries import grid_at
from wangge.domain.places.services import border_import
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed
from wangge.platform.geodata.reading import Feature

pytestmark = pytest.mark.django_db


def cell(first: float, last: float, height: float = 1.0) -> shapely.Geometry:
    return shapely.box(WEST + first * SIDE, SOUTH, WEST + last * SIDE, SOUTH + height * SIDE)


def faults(town: Town, *shapes: shapely.Geometry) -> list[tuple[str, bool]]:
    by_grid = {grid.pk: shape for grid, shape in zip(town.grids, shapes, strict=False)}
    names = {grid.pk: grid.name for grid in town.grids}
    return [(fault.kind, fault.warning) for fault in border_import.faults_of(town.street, by_grid, names)]


def test_a_shape_finds_its_grid_by_code_or_name_whatever_the_column(town: Town) -> None:
    features = [
        Feature(1, cell(0, 1), {"GRIDCODE": town.grids[0].code}),
        Feature(2, cell(1, 2), {"名称": town.grids[1].name}),
        Feature(3, cell(2, 3), {"名称": "别处"}),
    ]
    matched = border_import.match(town.street, "grid", features)
    assert set(matched.shapes) == {town.grids[0].pk, town.grids[1].pk}
    assert matched.unknown == ("第 3 个图形",)
    with pytest.raises(Invalid, match="两个图形"):
        border_import.match(town.street, "grid", [features[0], features[0]])
    with pytest.raises(Invalid, match="没有图形带着"):
        border_import.match(town.street, "grid", features[2:])


def test_each_kind_of_fault_is_found(town: Town) -> None:
    whole = (cell(0, 1), cell(1, 2), cell(2, 3), cell(3, 4))
    assert faults(town, *whole) == []
    assert faults(town, cell(0, 1.2), *whole[1:]) == [("overlap", False)]
    assert faults(town, cell(0, 0.8), *whole[1:]) == [("gap", True)]
    assert faults(town, cell(-0.5, 1), *whole[1:]) == [("outside", False)]
    bow = shapely.Polygon(
        [(WEST, SOUTH), (WEST + SIDE, SOUTH + SIDE), (WEST + SIDE, SOUTH), (WEST, SOUTH + SIDE)]
    )
    assert faults(town, bow, *whole[1:]) == [("crossing", False)]
    with acting_as(TESTS):
        make_dwelling(town, town.grids[0])
    assert faults(town, *whole) == [("size", True)]


def test_a_self_crossing_is_shown_where_it_is(town: Town) -> None:
    bow = shapely.Polygon(
        [(WEST, SOUTH), (WEST + SIDE, SOUTH + SIDE), (WEST + SIDE, SOUTH), (WEST, SOUTH + SIDE)]
    )
    (fault,) = border_import.faults_of(town.street, {town.grids[0].pk: bow}, {town.grids[0].pk: "东1网格"})
    assert fault.place.distance(shapely.Point(WEST + SIDE / 2, SOUTH + SIDE / 2)) < 1e-9


def test_what_is_saved_decides_where_a_point_lies_and_moves_its_buildings(town: Town) -> None:
    with acting_as(TESTS):
        flat = make_dwelling(town, town.grids[0])
    shapes = {town.grids[0].pk: cell(0, 0.3), town.grids[1].pk: cell(0.3, 2)}
    saved = border_import.save(town.actor("administrator"), town.street, shapes, clock.today(), "批复")
    assert saved == 2
    assert grid_at(*point_in(town, town.grids[0])) == town.grids[1]
    with acting_as(TESTS):
        assert Dwelling.objects.get(pk=flat.pk).area == town.grids[1]
    assert town.street.changes.get().note == "批复"


def test_faults_and_strangers_are_not_saved(town: Town) -> None:
    overlapping = {town.grids[0].pk: cell(0, 1.5), town.grids[1].pk: cell(1, 2)}
    with pytest.raises(Invalid, match="重叠"):
        border_import.save(town.actor("administrator"), town.street, overlapping, clock.today())
    with pytest.raises(Invalid):
        border_import.save(town.actor("administrator"), town.communities[1], overlapping, clock.today())
    with pytest.raises(NotAllowed):
        border_import.save(town.actor("station_head"), town.street, overlapping, clock.today())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"1": "zz"}', '{"a": "00"}'])
def test_a_broken_preview_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        border_import.read_shapes(text)


def test_a_preview_holds_outlines_and_faults_as_geojson(town: Town) -> None:
    matched = border_import.match(town.street, "grid", [Feature(1, cell(0, 1), {"code": town.grids[0].code})])
    found = border_import.faults_of(town.street, matched.shapes, matched.names)
    told = json.loads(json.dumps(border_import.preview(matched, found)))
    assert [row["properties"]["kind"] for row in told["features"]] == ["outline", "gap"]
