"""Lines of lists are built of plain rows; nobody can tell them from what the ORM reads."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import START, STREET, Road, condition, reported
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.queries import lists, single
from wangge.platform import clock
from wangge.platform.db.instances import Instances

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(town: Town, people: dict[str, Actor]) -> list[int]:
    with clock.at(START):
        reported(town)
        Road(town, people).dispatched(condition(**STREET))
        Road(town, people).closed(condition(**STREET))
    with acting_as(people["street_dispatcher"]):
        return list(Case.objects.values_list("pk", flat=True))


def columns(thing: Any) -> dict[str, Any]:
    return {field.attname: getattr(thing, field.attname) for field in thing._meta.concrete_fields}


def test_a_line_holds_what_the_orm_reads(cases: list[int], people: dict[str, Actor]) -> None:
    actor = people["street_dispatcher"]
    with acting_as(actor), clock.at(START):
        for line in lists.page_of(actor, lists.Filters(), 1).cases:
            same = lists.with_names(Case.objects.filter(pk=line.pk)).get()
            assert columns(line) == columns(same)
            for name in ("matter", "area", "responsible", "condition"):
                one, other = getattr(line, name), getattr(same, name)
                assert one == other
                assert one is None or columns(one) == columns(other)
            assert hasattr(line, "repeat_alarm") == hasattr(same, "repeat_alarm")


def test_what_a_line_lacks_is_fetched_when_asked_for(cases: list[int], people: dict[str, Actor]) -> None:
    actor = people["street_dispatcher"]
    with acting_as(actor), clock.at(START):
        line = lists.page_of(actor, lists.Filters(), 1).cases[0]
        with CaptureQueriesContext(connection) as asked:
            assert line.number
            assert line.area.name
        assert len(asked) == 0
        with CaptureQueriesContext(connection) as asked:
            assert line.channel == Case.objects.get(pk=line.pk).channel
        assert len(asked) == 2


def test_one_case_in_hand_is_the_case(cases: list[int], people: dict[str, Actor]) -> None:
    actor = people["street_dispatcher"]
    with acting_as(actor):
        for pk in cases:
            found = single.with_matter(actor, pk)
            assert found is not None
            same = Case.objects.select_related("matter", "condition").get(pk=pk)
            assert columns(found) == columns(same)
            assert found.condition == same.condition
            assert found.matter == same.matter


def test_a_case_of_another_street_is_in_nobodys_hand(
    cases: list[int], people: dict[str, Actor], town: Town
) -> None:
    stranger = people["station_officer_west"]
    with acting_as(stranger):
        for pk in cases:
            assert single.with_matter(stranger, pk) is None
            assert not single.visible(stranger, pk)


def test_an_instance_of_rows_can_be_saved(cases: list[int], people: dict[str, Actor]) -> None:
    with acting_as(people["street_dispatcher"]):
        case = single.with_matter(people["street_dispatcher"], cases[0])
    assert case is not None
    assert not case._state.adding
    assert not case.get_deferred_fields()


def test_a_related_field_that_needs_converting_is_refused() -> None:
    with pytest.raises(TypeError, match="merged_into"):
        Instances(Case, "merged_into__extension_asked")
