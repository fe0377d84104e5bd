"""Tiles for everybody: what a map draws, kept until something changes."""

import mapbox_vector_tile
import pytest
import shapely
from django.test import Client

from casework import TESTS
from factories import SIDE, SOUTH, WEST, Town, make_dwelling, make_town, outline
from wangge.domain.access.scope import acting_as
from wangge.domain.places import tiles
from wangge.domain.places.models import Compound, Dwelling, Facility, MapFeature
from wangge.domain.places.services import set_shape
from wangge.engines.geo import Tile
from wangge.platform import clock

pytestmark = pytest.mark.django_db
NEAR = "17/106769/56887"


@pytest.fixture
def town() -> Town:
    made = make_town()
    square = shapely.box(WEST, SOUTH, WEST + SIDE / 2, SOUTH + SIDE / 2)
    with acting_as(TESTS):
        flat = make_dwelling(made, made.grids[0])
        Dwelling.objects.filter(pk=flat.pk).update(use="let", room="秘密房号")
        Compound.objects.create(area=made.communities[0], name="永兴花园", **outline(square))
        MapFeature.objects.create(layer="way", kind="alley", name="永兴巷", **outline(square.exterior))
        Facility.objects.create(
            code="44010501037000001",
            class_code="01037",
            area=made.grids[0],
            lon=WEST + SIDE / 2,
            lat=SOUTH + SIDE / 2,
        )
    return made


def layers(client: Client, at: str) -> dict[str, list[dict[str, object]]]:
    answer = client.get(f"/map/tiles/{at}")
    assert answer.status_code == 200
    decoded = mapbox_vector_tile.decode(answer.content)
    return {name: [row["properties"] for row in layer["features"]] for name, layer in decoded.items()}


def test_close_up_a_tile_holds_everything_that_stands_there(town: Town, client: Client) -> None:
    found = layers(client, NEAR)
    assert {"way", "compounds", "buildings", "areas", "facilities"} <= set(found)
    assert found["facilities"][0]["code"] == "44010501037000001"
    assert {row["level"] for row in found["areas"]} == {"community", "grid"}


def test_a_building_shows_its_height_and_nothing_of_its_dwellings(town: Town, client: Client) -> None:
    assert [set(row) for row in layers(client, NEAR)["buildings"]] == [{"id", "height"}]
    body = client.get(f"/map/tiles/{NEAR}").content.decode("utf-8", "replace")
    assert "秘密房号" not in body


def test_from_far_a_tile_holds_the_large_things_only(town: Town, client: Client) -> None:
    assert set(layers(client, "12/3336/1777")) <= {"areas", "area-names"}
    assert {row["level"] for row in layers(client, "12/3336/1777")["areas"]} == {
        "district",
        "street",
        "community",
    }


def test_a_kept_tile_costs_one_statement_and_is_made_anew_after_a_change(
    town: Town, django_assert_num_queries
) -> None:
    tile = Tile(17, 106769, 56887)
    before = tiles.base_tile(tile)
    with django_assert_num_queries(1):
        assert tiles.base_tile(tile) == before
    smaller = shapely.box(WEST, SOUTH, WEST + SIDE / 3, SOUTH + SIDE / 3)
    set_shape(TESTS, town.grids[0], smaller, clock.today())
    assert tiles.base_tile(tile) != before


def test_a_tile_of_the_present_stamp_may_be_kept_for_a_day(town: Town, client: Client) -> None:
    assert "max-age=300" in client.get(f"/map/tiles/{NEAR}")["Cache-Control"]
    kept = client.get(f"/map/tiles/{NEAR}?v=1")
    assert "max-age=86400" in kept["Cache-Control"]
    assert client.get(f"/map/tiles/{NEAR}", headers={"if-none-match": kept["ETag"]}).status_code == 304
