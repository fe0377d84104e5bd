"""Cases stay with whoever serves their place when the tree of areas changes."""

from casework import TESTS, reported, stored
from factories import Town
from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.services.areas import follow_areas
from wangge.domain.places.models import Area
from wangge.domain.places.services.changes import merge
from wangge.platform import clock


def sees(actor: Actor, case_id: int) -> bool:
    with acting_as(actor):
        return Case.objects.filter(pk=case_id).exists()


def test_a_case_in_a_merged_community_is_seen_by_the_station_that_takes_it_over(town: Town) -> None:
    east, west = town.communities
    case_id = reported(town, grid=2).case.pk
    happened_in = stored(case_id).area_id
    assert not sees(town.actor(Role.STATION_OFFICER), case_id)
    with acting_as(TESTS):
        changed = merge(TESTS, [west], east, clock.today())
        assert follow_areas(changed.repaths) == 1
    assert sees(town.actor(Role.STATION_OFFICER), case_id)
    assert stored(case_id).area_id == happened_in
    assert stored(case_id).area_path == Area.objects.get(pk=happened_in).path


def test_cases_elsewhere_do_not_move(town: Town) -> None:
    case_id = reported(town, grid=0).case.pk
    before = stored(case_id).area_path
    east, west = town.communities
    with acting_as(TESTS):
        assert follow_areas(merge(TESTS, [west], east, clock.today()).repaths) == 0
    assert stored(case_id).area_path == before
