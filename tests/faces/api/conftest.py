"""A system and a case for tests of the API."""

import pytest

from casework import Road, condition
from factories import Town
from systems import Caller, system
from wangge.domain.access.actor import Actor


@pytest.fixture
def station(town: Town) -> Caller:
    return system(town, "station_officer")


@pytest.fixture
def handled(town: Town, people: dict[str, Actor]) -> Road:
    """A case that the sanitation unit must accept."""
    return Road(town, people, phone="13800001234").dispatched(
        condition(level="street", proof="photo_after", unit="work_day", procedure="ordinary")
    )
