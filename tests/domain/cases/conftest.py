"""The town and its people for tests of cases."""

from collections.abc import Iterator

import pytest

from alone import own_database as own_database
from casework import START, crowd
from factories import Town, make_town
from wangge.domain.access.actor import Actor
from wangge.domain.places.queries import forget_shapes
from wangge.platform import clock

pytest.register_assert_rewrite("invariants")


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    with clock.at(START):
        yield make_town()
    forget_shapes()


@pytest.fixture
def people(town: Town) -> dict[str, Actor]:
    return crowd(town)
