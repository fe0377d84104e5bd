"""The API does what its own document says, whatever it is sent."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from casework import PHOTO, Road, condition, crowd
from contract import OPERATIONS, ask
from factories import make_town
from right import Right
from systems import system
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The application would close the test's own connection after each request; Django's client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def scene(db: None, kept_connection: None) -> Any:
    with acting_as(System("test")):
        town = make_town()
    case = Road(town, crowd(town), images=[PHOTO]).dispatched(condition(level="street", procedure="ordinary"))
    return town, {"case_id": [case.case.pk], "area_id": [town.grids[0].pk]}


# What the post of a system does not allow it, however it calls.
NOT_THEIRS: dict[str, set[str]] = {"station_officer": set(), "unit_officer": {"reportCase"}}


@pytest.mark.parametrize("role", ["station_officer", "unit_officer", "nobody"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_a_declared_one(scene: Any, name: str, role: str) -> None:
    town, known = scene
    caller = system(town, role) if role != "nobody" else None
    headers, right = (caller.headers(), Right(town, caller)) if caller else ({}, None)
    statuses, wrong = ask(name, headers, 15, 1, known, right)
    assert wrong == []
    assert statuses.total() >= 1
    if caller and name not in NOT_THEIRS[role]:
        assert any(status.startswith("2") for status in statuses), f"never seen to succeed: {statuses}"
    assert (set(statuses) <= {"401", "400", "405", "411", "415"}) == (role == "nobody")
