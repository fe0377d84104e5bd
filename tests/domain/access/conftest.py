"""The town, its people and cases are those of the scene."""

import pytest

from factories import Town
from scene import Scene
from wangge.domain.access.actor import Actor
from wangge.domain.cases.models import Case


@pytest.fixture
def town(scene: Scene) -> Town:
    return scene.town


@pytest.fixture
def people(scene: Scene) -> dict[str, Actor]:
    return scene.people


@pytest.fixture
def cases(scene: Scene) -> list[Case]:
    return scene.cases
