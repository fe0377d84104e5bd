"""The small town with a household in each grid, as for the register."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from factories import Town
from scene import Scene, made
from wangge.domain.access.actor import Actor


@pytest.fixture(scope="module")
def kept_scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Made once for all tests of a module, which undo what they do."""
    with django_db_blocker.unblock(), made() as scene:
        yield scene


@pytest.fixture
def scene(kept_scene: Scene) -> Iterator[Scene]:
    with transaction.atomic():
        yield kept_scene
        transaction.set_rollback(True)


@pytest.fixture
def town(scene: Scene) -> Town:
    return scene.town


@pytest.fixture
def people(scene: Scene) -> dict[str, Actor]:
    return scene.people
