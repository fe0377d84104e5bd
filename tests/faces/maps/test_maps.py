"""Map data for everybody."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import shapely
from django.test import Client

from factories import SIDE, SOUTH, WEST, Town, make_town, outline, point_in
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Area, Building, Compound, MapFeature


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    with acting_as(System("test town")):
        yield make_town()


def draw(layer: str, name: str, shape: shapely.Geometry) -> None:
    MapFeature.objects.create(layer=layer, name=name, **outline(shape))


def test_outlines_are_those_of_the_areas_inside(town: Town, client: Client) -> None:
    found = client.get(f"/map/areas/{town.communities[0].pk}/grid.json").json()
    assert [row["properties"]["code"] for row in found["features"]] == [g.code for g in town.grids[:2]]
    shape = shapely.geometry.shape(found["features"][0]["geometry"])
    assert shape.bounds == pytest.approx((WEST, SOUTH, WEST + SIDE, SOUTH + SIDE))


def test_outlines_may_be_kept_for_an_hour_and_are_not_sent_twice(town: Town, client: Client) -> None:
    url = f"/map/areas/{town.street.pk}/community.json"
    first = client.get(url)
    assert "public" in first.headers["Cache-Control"]
    assert "max-age=3600" in first.headers["Cache-Control"]
    again = client.get(url, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    zipped = client.get(url, headers={"accept-encoding": "gzip"})
    tag = zipped.headers["ETag"]
    assert client.get(url, headers={"accept-encoding": "gzip", "if-none-match": tag}).status_code == 304


def test_a_new_outline_has_a_new_tag(town: Town, client: Client) -> None:
    url = f"/map/areas/{town.street.pk}/community.json"
    before = client.get(url).headers["ETag"]
    Area.objects.filter(pk=town.communities[0].pk).update(short_name="新名")
    assert client.get(url, headers={"if-none-match": before}).status_code == 200


@pytest.mark.parametrize(
    "path", ["areas/0/grid.json", "areas/{id}/galaxy.json", "tiles/3/8/0", "tiles/25/0/0"]
)
def test_what_does_not_exist_is_not_found(town: Town, client: Client, path: str) -> None:
    assert client.get(f"/map/{path.format(id=town.street.pk)}").status_code == 404


def test_a_point_finds_its_grid_and_community(town: Town, client: Client) -> None:
    lon, lat = point_in(town, town.grids[2])
    found = client.get("/map/at", {"lon": lon, "lat": lat}).json()
    assert (found["inside"], found["grid"]) == (True, town.grids[2].code)
    assert found["community"] == {"id": town.communities[1].pk, "name": "西社区"}
    assert found["address"] == ""


def test_a_point_outside_is_answered_and_not_an_error(town: Town, client: Client) -> None:
    assert client.get("/map/at", {"lon": 0, "lat": 0}).json() == {"inside": False}


@pytest.mark.parametrize(
    "query", [{}, {"lon": "x", "lat": 1}, {"lon": "nan", "lat": 1}, {"lon": 200, "lat": 1}]
)
def test_a_broken_point_is_refused(town: Town, client: Client, query: dict[str, Any]) -> None:
    assert client.get("/map/at", query).status_code == 422


def test_an_address_names_the_estate_and_building_before_the_road(town: Town, client: Client) -> None:
    estate = shapely.box(WEST, SOUTH, WEST + SIDE / 4, SOUTH + SIDE / 4)
    block = shapely.box(WEST, SOUTH, WEST + SIDE / 16, SOUTH + SIDE / 16)
    road = shapely.LineString([(WEST, SOUTH + SIDE / 2), (WEST + SIDE, SOUTH + SIDE / 2)])
    house = shapely.box(WEST + SIDE / 2, SOUTH + SIDE / 2, WEST + 0.55 * SIDE, SOUTH + 0.55 * SIDE)
    draw("way", "永兴街", road)
    draw("way", "", road)
    draw("park", "永兴公园", shapely.box(WEST + 0.9 * SIDE, SOUTH + 0.9 * SIDE, WEST + SIDE, SOUTH + SIDE))
    compound = Compound.objects.create(area=town.communities[0], name="永兴花园", **outline(estate))
    at = {"area": town.grids[0], "lon": WEST, "lat": SOUTH}
    Building.objects.create(compound=compound, number="3栋", **at, **outline(block))
    Building.objects.create(address="永兴街7号", **at, **outline(house))
    Building.objects.create(address="旧屋", removed_on=date(2024, 5, 1), **at, **outline(estate))

    def address(x: float, y: float) -> str:
        found = client.get("/map/at", {"lon": WEST + x * SIDE, "lat": SOUTH + y * SIDE}).json()
        return str(found["address"])

    assert address(1 / 32, 1 / 32) == "永兴花园3栋"
    assert address(1 / 5, 1 / 5) == "永兴花园"
    assert address(0.52, 0.52) == "永兴街7号"
    assert address(0.8, 0.6) == "永兴街附近"
    assert address(0.95, 0.95) == "永兴公园"
    assert address(0.8, 0.05) == ""


def test_the_lookup_of_a_point_costs_five_statements_once_warm(
    town: Town, client: Client, django_assert_max_num_queries: Any
) -> None:
    lon, lat = point_in(town, town.grids[0])
    client.get("/map/at", {"lon": lon, "lat": lat})
    # five of the lookup, three that open and close the actor's scope
    with django_assert_max_num_queries(8):
        client.get("/map/at", {"lon": lon, "lat": lat})
