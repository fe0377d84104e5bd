"""The town on the day of its cases."""

from collections.abc import Iterator

import pytest

from casework import START
from factories import Town, make_town
from wangge.platform import clock

pytest.register_assert_rewrite("invariants")


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    with clock.at(START):
        yield make_town()
