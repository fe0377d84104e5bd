"""A small town, a resident's browser, and reports to follow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from journeys import Journey

from factories import Town


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def town(town: Town) -> Town:
    town.units["station"].phone = "020-84400001"
    town.units["station"].save()
    return town


@pytest.fixture
def resident() -> Client:
    return Client()


@pytest.fixture
def journey(town: Town) -> Callable[..., Journey]:
    return lambda **options: Journey(town, **options)
