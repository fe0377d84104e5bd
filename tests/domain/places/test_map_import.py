"""A city's real footprints and ways pass through the same import; a second time they change and double nothing."""

import gzip
from pathlib import Path

import mapbox_vector_tile
import pytest
import shapely
from django.core.management import call_command

from casework import TESTS
from factories import Town, make_town, outline
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import AreaShape, Building, MapFeature
from wangge.domain.places.queries import forget_shapes
from wangge.domain.places.services.map_import import import_buildings, import_ways, in_wgs
from wangge.domain.places.tiles import make_tile
from wangge.engines.geo import Tile, distance_m, wgs_to_bd
from wangge.platform.errors import NotAllowed
from wangge.platform.geodata.reading import Feature, read

pytestmark = pytest.mark.django_db
HELSINKI = Path(__file__).resolve().parents[4] / "shared/data/map"


@pytest.fixture
def town() -> Town:
    """The first grid lies over Helsinki's centre."""
    made = make_town()
    square = shapely.box(24.93, 60.16, 24.96, 60.18)
    AreaShape.objects.filter(version__area=made.grids[0]).update(**outline(square))
    forget_shapes()
    return made


def file(name: str) -> Path:
    path = HELSINKI / f"helsinki_{name}.geojson.gz"
    if not path.exists():
        pytest.skip(f"the sample map ({path.name} in ../shared/data/map) is not here")
    return path


def test_real_footprints_become_buildings_once(town: Town) -> None:
    features = read(gzip.decompress(file("buildings").read_bytes()))
    done = import_buildings(TESTS, features, "helsinki")
    assert done.kept + done.outside + done.unfit == len(features) > 400
    assert done.kept > 400
    museum = Building.objects.get(name="Ateneum")
    assert (museum.area, museum.floors, museum.address) == (town.grids[0], 4, "Kaivokatu 2")
    import_buildings(TESTS, features, "helsinki")
    assert Building.objects.count() == done.kept


def test_ways_come_by_the_command_and_are_drawn(town: Town) -> None:
    for name in ("buildings", "ways"):
        call_command("import", name, str(file(name)))
    assert MapFeature.objects.filter(layer="way", name="Fabianinkatu").exists()
    drawn = mapbox_vector_tile.decode(make_tile(Tile(15, 18654, 9485)))
    assert len(drawn["way"]["features"]) > 50
    assert len(drawn["buildings"]["features"]) > 50


def test_shapes_in_the_systems_of_chinese_maps_come_to_where_they_are(town: Town) -> None:
    square = shapely.box(113.25, 23.10, 113.251, 23.101)
    there = shapely.transform(square, wgs_to_bd, interleaved=False)
    (found,) = in_wgs([Feature(1, there, {})], "bd09")
    for (lon, lat), (x, y) in zip(square.exterior.coords, found.shape.exterior.coords, strict=True):
        assert distance_m(lon, lat, x, y) < 0.001


def test_only_administrators_import(town: Town) -> None:
    with acting_as(TESTS), pytest.raises(NotAllowed):
        import_buildings(town.actor("station_head"), [], "x")
    with pytest.raises(NotAllowed):
        import_ways(town.actor("street_dispatcher"), [], "x")
