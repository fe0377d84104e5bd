"""After a border moved, who serves the new grid sees the household, and who serves the old one no longer."""

import pytest

from casework import TESTS
from scene import Scene
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Building
from wangge.domain.register.models import Household, Resident
from wangge.domain.register.services import following

pytestmark = pytest.mark.django_db


def test_all_that_hangs_on_a_dwelling_comes_to_the_grid_in_which_it_stands(scene: Scene) -> None:
    first, second = scene.town.grids[:2]
    with acting_as(TESTS):
        homes = list(Household.objects.filter(area=first))
        beside = Building.objects.filter(area=second)[0]
        Building.objects.filter(dwellings__households__in=homes).update(lon=beside.lon, lat=beside.lat)
    with acting_as(scene.people["grid_worker_beside"]):
        before = Resident.objects.count()
    following.follow_borders()
    with acting_as(TESTS):
        for model, source in following._CHAIN:
            for row in model.objects.filter(**{f"{source}__isnull": False}).select_related(source):
                assert row.area_id == getattr(row, source).area_id, model
        assert not Household.objects.filter(area=first).exists()
    with acting_as(scene.people["grid_worker_beside"]):
        assert Resident.objects.count() == 2 * before
    with acting_as(scene.people["grid_worker"]):
        assert not Resident.objects.exists()
    assert following.follow_borders() == 0
