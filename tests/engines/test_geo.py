"""Points, areas, metres and the coordinate systems of Chinese maps."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from wangge.engines.geo import (
    Frame,
    PolygonIndex,
    bbox,
    bd_to_gcj,
    bd_to_wgs,
    distance_m,
    gcj_to_bd,
    gcj_to_wgs,
    read_geometry,
    wgs_to_bd,
    wgs_to_gcj,
)

WEST, SOUTH, STEP = 113.26, 23.10, 0.01
# Ten by ten squares whose borders touch; the keys run against the order in which they are given.
SQUARES = {
    f"{99 - 10 * row - column:02}": shapely.box(
        WEST + column * STEP, SOUTH + row * STEP, WEST + (column + 1) * STEP, SOUTH + (row + 1) * STEP
    )
    for row in range(10)
    for column in range(10)
}
INDEX = PolygonIndex(SQUARES.items())

china_lons, china_lats = st.floats(73, 136), st.floats(17, 54)
around = st.floats(-0.02, 0.12)
metres = st.floats(-20_000, 20_000)


def holding(lon: float, lat: float) -> list[str]:
    return sorted(key for key, square in SQUARES.items() if shapely.intersects_xy(square, lon, lat))


@given(around, around)
def test_a_point_is_found_in_the_smallest_key_that_holds_it(east: float, north: float) -> None:
    keys = holding(WEST + east, SOUTH + north)
    assert INDEX.find(WEST + east, SOUTH + north) == (keys[0] if keys else None)


def test_a_point_on_a_shared_border_or_corner_has_one_answer() -> None:
    x, y = SQUARES["77"].bounds[:2]
    assert len(holding(x, y)) == 4
    assert INDEX.find(x, y) == holding(x, y)[0]
    assert INDEX.find(x, y + STEP / 2) == holding(x, y + STEP / 2)[0]
    backwards = PolygonIndex(list(SQUARES.items())[::-1])
    assert backwards.find(x, y) == INDEX.find(x, y)


@given(st.lists(st.tuples(around, around), max_size=50))
def test_many_points_find_what_each_finds_alone(places: list[tuple[float, float]]) -> None:
    lons, lats = [WEST + x for x, _ in places], [SOUTH + y for _, y in places]
    assert INDEX.find_many(lons, lats) == [INDEX.find(x, y) for x, y in zip(lons, lats, strict=True)]


def test_many_threads_get_the_same_answers() -> None:
    rng = np.random.default_rng(1)
    lons, lats = WEST + rng.uniform(-0.01, 0.11, 2000), SOUTH + rng.uniform(-0.01, 0.11, 2000)
    fresh = PolygonIndex(SQUARES.items())
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: fresh.find_many(lons, lats), range(8)))
    assert all(answer == INDEX.find_many(lons, lats) for answer in answers)


def test_holes_parts_and_wkb_are_understood() -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    island = shapely.box(5, 5, 6, 6)
    index = PolygonIndex(
        [(2, shapely.MultiPolygon([ring, island]).wkb), (1, shapely.box(1.2, 1.2, 1.4, 1.4).wkb)]
    )
    assert index.find(0.5, 0.5) == 2
    assert index.find(5.5, 5.5) == 2
    assert index.find(1.3, 1.3) == 1
    assert index.find(1.6, 1.6) is None
    assert len(index) == 2


def test_an_index_without_areas_finds_nothing() -> None:
    empty: PolygonIndex[str] = PolygonIndex([])
    assert empty.find(113, 23) is None
    assert empty.find_many([113.0], [23.0]) == [None]
    assert empty.nearest(113, 23, 1000) is None


def test_the_nearest_area_is_measured_in_metres_and_only_within_the_limit() -> None:
    east = WEST + 10 * STEP
    outside = east + 100 / distance_m(east, SOUTH, east + 1, SOUTH)
    assert INDEX.find(outside, SOUTH + STEP / 2) is None
    assert INDEX.nearest(outside, SOUTH + STEP / 2, 101) == INDEX.find(east, SOUTH + STEP / 2)
    assert INDEX.nearest(outside, SOUTH + STEP / 2, 99) is None
    assert INDEX.nearest(WEST + STEP / 2, SOUTH + STEP / 2, 0) == "99"


@given(around, around, st.floats(1, 5000))
def test_the_nearest_area_is_nearer_than_all_others(east: float, north: float, limit: float) -> None:
    lon, lat = WEST + east, SOUTH + north
    frame = Frame(lon, lat)
    away = {key: frame.project(square).distance(shapely.Point(0, 0)) for key, square in SQUARES.items()}
    best = min(sorted(away), key=lambda key: away[key])
    found = INDEX.nearest(lon, lat, limit)
    if found is None:
        assert away[best] > limit - 0.05
    else:
        # A border that is straight in degrees bends by millimetres in the plane of the point.
        assert away[found] <= min(limit, away[best]) + 0.05


@pytest.mark.parametrize(
    ("items", "complaint"),
    [
        ([("a", shapely.Point(1, 1))], "'a' is a Point"),
        ([("a", shapely.Polygon())], "'a' is empty"),
        ([("a", shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]))], "not valid: Self-intersection"),
        ([("a", shapely.box(0, 0, 1, 1)), ("a", shapely.box(1, 0, 2, 1))], "given twice"),
        ([("a", b"nonsense")], "not a WKB"),
    ],
)
def test_what_is_not_an_area_is_refused_by_name(
    items: list[tuple[str, shapely.Geometry | bytes]], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        PolygonIndex(items)


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        INDEX.find_many([113.0, 114.0], [23.0])


def test_bounds_are_west_south_east_north() -> None:
    square = shapely.box(113, 23, 114, 24)
    assert bbox(square) == bbox(square.wkb) == (113, 23, 114, 24)
    assert bbox(square).north == 24
    assert read_geometry(square.wkb) == square
    with pytest.raises(ValueError, match="empty"):
        bbox(shapely.Polygon())


@pytest.mark.parametrize(
    ("line", "metres_long"),
    [
        # WGS-84: one degree along the equator, the first and the last degree of a meridian.
        ((100.0, 0.0, 101.0, 0.0), 111_319.491),
        ((100.0, 0.0, 100.0, 1.0), 110_574.389),
        ((100.0, 89.0, 100.0, 90.0), 111_693.865),
        # Flinders Peak to Buninyong, the worked example of Geoscience Australia.
        ((144.424867888889, -37.951033416667, 143.926495527778, -37.652821138889), 54_972.271),
    ],
)
def test_distances_agree_with_published_ones(
    line: tuple[float, float, float, float], metres_long: float
) -> None:
    assert distance_m(*line) == pytest.approx(metres_long, rel=2e-5)
    assert distance_m(*line[2:], *line[:2]) == pytest.approx(distance_m(*line), rel=1e-12)


def test_a_place_has_no_distance_from_itself_and_arrays_are_measured_at_once() -> None:
    lons, lats = np.array([113.26, 113.27]), np.array([23.10, 23.11])
    both = distance_m(lons, lats, 113.26, 23.10)
    assert both[0] == 0
    assert both[1] == pytest.approx(distance_m(113.27, 23.11, 113.26, 23.10))


@given(china_lons, china_lats, metres, metres)
def test_a_frame_gives_every_place_back(lon0: float, lat0: float, x: float, y: float) -> None:
    frame = Frame(lon0, lat0)
    back = frame.to_metres(*frame.to_degrees(x, y))
    assert back == pytest.approx((x, y), abs=1e-5)
    assert frame.to_metres(lon0, lat0) == pytest.approx((0, 0), abs=1e-6)


@given(china_lons, china_lats, metres, metres)
def test_lengths_in_a_frame_are_lengths_on_the_ground(lon0: float, lat0: float, x: float, y: float) -> None:
    lon, lat = Frame(lon0, lat0).to_degrees(x, y)
    assert distance_m(lon0, lat0, lon, lat) == pytest.approx(np.hypot(x, y), rel=3e-5, abs=1e-3)


def test_a_frame_projects_whole_geometries() -> None:
    square = SQUARES["55"]
    frame = Frame(*square.bounds[:2])
    flat = frame.project(square)
    assert flat.area == pytest.approx(1023.3 * 1107.5, rel=1e-3)
    assert frame.unproject(flat).equals_exact(square, 1e-10)
    with pytest.raises(ValueError, match="no place"):
        Frame(200, 0)


@given(china_lons, china_lats)
def test_every_way_between_the_systems_leads_back_to_the_millimetre(lon: float, lat: float) -> None:
    for there, back in ((wgs_to_gcj, gcj_to_wgs), (gcj_to_bd, bd_to_gcj), (wgs_to_bd, bd_to_wgs)):
        assert distance_m(lon, lat, *back(*there(lon, lat))) < 1e-3
        assert distance_m(lon, lat, *there(*back(lon, lat))) < 1e-3
    assert 10 < distance_m(lon, lat, *wgs_to_gcj(lon, lat)) < 2000


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        # The values that coordtransform (first) and eviltransform publish for their tests.
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ],
)
def test_known_places_are_shifted_as_the_maps_do(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert wgs_to_gcj(*wgs) == pytest.approx(gcj, abs=1e-6)


def test_baidu_adds_its_known_shift() -> None:
    assert gcj_to_bd(116.404, 39.915) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


def test_outside_china_the_phone_tells_the_truth() -> None:
    assert wgs_to_gcj(24.94, 60.17) == (24.94, 60.17)
    assert gcj_to_wgs(24.94, 60.17) == (24.94, 60.17)


@given(st.lists(st.tuples(china_lons, china_lats), min_size=1, max_size=20))
def test_arrays_are_converted_as_their_members(places: list[tuple[float, float]]) -> None:
    lons, lats = np.array(places).T
    for convert in (wgs_to_gcj, gcj_to_wgs, wgs_to_bd, bd_to_wgs):
        out_lons, out_lats = convert(lons, lats)
        singles = [convert(lon, lat) for lon, lat in places]
        np.testing.assert_allclose(np.stack([out_lons, out_lats], axis=1), singles, rtol=0, atol=1e-11)
