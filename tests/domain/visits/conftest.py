"""The town and its people are those of the scene, with a household in each grid."""

import pytest

from factories import Town
from scene import Scene
from wangge.domain.access.actor import Actor


@pytest.fixture
def town(scene: Scene) -> Town:
    return scene.town


@pytest.fixture
def people(scene: Scene) -> dict[str, Actor]:
    return scene.people
