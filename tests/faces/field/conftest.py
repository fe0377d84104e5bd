"""The scene on the day of its cases."""

from collections.abc import Iterator

import pytest

from casework import START
from scene import Scene
from wangge.platform import clock


@pytest.fixture
def scene(scene: Scene) -> Iterator[Scene]:
    with clock.at(START):
        yield scene
