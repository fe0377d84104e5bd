"""A town with people and systems for every test of the API."""

import pytest

from casework import Road, condition, crowd
from factories import Town, make_town
from systems import Caller, system
from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as


@pytest.fixture
def town(db: None) -> Town:
    with acting_as(System("test")):
        return make_town()


@pytest.fixture
def people(town: Town) -> dict[str, Actor]:
    return crowd(town)


@pytest.fixture
def station(town: Town) -> Caller:
    return system(town, "station_officer")


@pytest.fixture
def handled(town: Town, people: dict[str, Actor]) -> Road:
    """A case that the sanitation unit must accept."""
    return Road(town, people, phone="13800001234").dispatched(
        condition(level="street", proof="photo_after", unit="work_day", procedure="ordinary")
    )
