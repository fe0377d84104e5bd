"""A small town, a resident's browser, and reports to follow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from journeys import Journey

from factories import Town, make_town
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def town(db: None) -> Town:
    with acting_as(System("test town")):
        made = make_town()
        made.units["station"].phone = "020-84400001"
        made.units["station"].save()
    return made


@pytest.fixture
def resident() -> Client:
    return Client()


@pytest.fixture
def journey(town: Town) -> Callable[..., Journey]:
    return lambda **options: Journey(town, **options)
