"""A town for every page of the desk."""

import pytest

from alone import own_database as own_database
from factories import Town, make_town
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as


@pytest.fixture
def town(db: None) -> Town:
    with acting_as(System("test")):
        return make_town()
