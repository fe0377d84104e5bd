"""A town with its people."""

import pytest

from casework import crowd
from factories import Town, make_town
from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as


@pytest.fixture
def town(db: None) -> Town:
    with acting_as(System("test")):
        return make_town()


@pytest.fixture
def people(town: Town) -> dict[str, Actor]:
    return crowd(town)
