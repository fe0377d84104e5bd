"""Sixty cases of the demo's life, lived through the real services: what was promised holds on each."""

from random import Random

import pytest
from django.utils import timezone

from casework import TESTS
from invariants import check_case
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent
from wangge.faces.cli.demo.directory import Directory
from wangge.faces.cli.demo.life import _moments
from wangge.faces.cli.demo.story import Story
from wangge.faces.cli.demo.world import build_world
from wangge.platform import clock

CASES, SEED = 60, 20261122


@pytest.mark.django_db
def test_every_case_of_the_demos_life_keeps_what_was_promised() -> None:
    with acting_as(TESTS):
        town, _ = build_world("a password of this test only")
        people = Directory.load(clock.today())
    for number, moment in enumerate(_moments(CASES, SEED)):
        Story(Random(SEED * 1_000_003 + number), town, people, timezone.now()).live(moment)
    with acting_as(TESTS):
        ids = list(Case.objects.values_list("pk", flat=True))
        moves = set(CaseEvent.objects.values_list("move", flat=True))
    assert len(ids) >= CASES
    for case_id in ids:
        check_case(case_id)
    assert {"file", "dispatch", "accept", "finish", "pass_check", "call_back", "close", "settle"} <= moves
