"""A tile shows its part of the earth, whole and no more."""

import mapbox_vector_tile
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from wangge.engines.geo import EXTENT, Tile, TileLayer, encode_tile


@pytest.mark.parametrize(("z", "x", "y"), [(-1, 0, 0), (20, 0, 0), (3, 8, 0), (3, 0, -1)])
def test_what_is_no_tile_is_refused(z: int, x: int, y: int) -> None:
    with pytest.raises(ValueError, match="no tile"):
        Tile(z, x, y)


def test_the_world_is_one_tile_with_greenwich_in_its_middle() -> None:
    assert Tile(0, 0, 0).place(0.0, 0.0) == (EXTENT / 2, EXTENT / 2)


@given(lon=st.floats(-179.9, 179.9), lat=st.floats(-84.9, 84.9), z=st.integers(0, 19))
def test_a_point_lies_in_the_box_of_the_tile_that_it_is_placed_in(lon: float, lat: float, z: int) -> None:
    column, row = Tile(0, 0, 0).place(lon, lat)
    x, y = (min(int(at / EXTENT * 2**z), 2**z - 1) for at in (column, row))
    tile = Tile(z, x, y)
    assert tile.box.west <= lon <= tile.box.east
    assert tile.box.south <= lat <= tile.box.north
    assert all(-1 <= at <= EXTENT + 1 for at in tile.place(lon, lat))


def test_shapes_are_cut_at_the_margin_and_specks_left_out() -> None:
    tile = Tile(15, 26692, 14221)
    west, south, east, north = tile.box
    middle = shapely.Point((west + east) / 2, (south + north) / 2)
    layer = TileLayer(
        "areas",
        [
            shapely.box(west - 1, south - 1, east + 1, north + 1),
            middle.buffer(1e-7),
            shapely.box(0, 0, 1, 1),
            middle,
        ],
        [{"name": "大"}, {"name": "微"}, {"name": "远"}, {"name": "点"}],
    )
    decoded = mapbox_vector_tile.decode(encode_tile(tile, [layer]))
    rows = decoded["areas"]["features"]
    assert [row["properties"]["name"] for row in rows] == ["大", "点"]
    edges = [at for point in rows[0]["geometry"]["coordinates"][0] for at in point]
    assert min(edges) == -96
    assert max(edges) == EXTENT + 96


def test_a_layer_without_shapes_is_no_layer() -> None:
    assert encode_tile(Tile(3, 0, 0), [TileLayer("areas", [], [])]) == b""
