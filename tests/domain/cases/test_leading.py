"""Who leads: the order of the responsibility list, and rows with a condition."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from casework import START, STREET, TESTS, ZONE, Road, condition
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.services.dispatching import likely_lead, set_responsibility
from wangge.platform import clock
from wangge.platform.errors import Invalid

People = dict[str, Actor]
LATE = START.replace(hour=22, minute=30)


@pytest.fixture
def night(town: Town, people: People) -> Case:
    """Reported at half past ten in the evening, filed the next morning."""
    return Road(town, people, LATE).later(hours=11).filed(condition(**STREET)).case


@pytest.fixture
def day(town: Town, people: People) -> Case:
    return Road(town, people, START).filed(condition(**STREET)).case


def give(town: Town, unit: str, **more: Any) -> None:
    values = {"area_id": town.district.pk, "unit_id": town.units[unit].pk, "starts_on": START.date()} | more
    with acting_as(TESTS):
        set_responsibility(TESTS, **values)


def lead(case: Case) -> str:
    with acting_as(TESTS):
        found = likely_lead(case, START.date() + timedelta(days=1))
    return found.name if found else ""


def test_a_row_with_a_condition_goes_before_one_without(town: Town, night: Case, day: Case) -> None:
    duty = night.matter.lead_role
    give(town, "sanitation", duty=duty)
    give(
        town, "urban_management", duty=duty, when="case.hour >= 22 || case.emergency", when_name="夜间或应急"
    )
    assert lead(night) == town.units["urban_management"].name
    assert lead(day) == town.units["sanitation"].name


def test_the_very_matter_and_the_nearer_area_go_before_a_condition(town: Town, night: Case) -> None:
    duty = night.matter.lead_role
    give(town, "urban_management", duty=duty, when="case.hour >= 22", when_name="夜间")
    give(town, "street", duty=duty, area_id=town.street.pk)
    assert lead(night) == town.units["street"].name
    give(town, "district", matter_id=night.matter_id)
    assert lead(night) == town.units["district"].name


def test_every_fact_can_be_read(town: Town, night: Case) -> None:
    give(
        town,
        "urban_management",
        duty=night.matter.lead_role,
        when="case.weekday == 4 && case.month == 9 && !case.working_time && !case.emergency && "
        "case.level == 'street' && case.procedure == 'ordinary' && case.channel == 'web' && "
        "case.condition >= 1 && case.returns == 0 && case.hour == 22",
        when_name="都对",
    )
    assert lead(night) == town.units["urban_management"].name


def test_a_condition_costs_no_more_statements(
    town: Town, night: Case, django_assert_num_queries: Any
) -> None:
    give(town, "urban_management", duty=night.matter.lead_role, when="case.hour >= 22", when_name="夜间")
    with acting_as(TESTS), django_assert_num_queries(1):
        assert likely_lead(night, START.date() + timedelta(days=1))


def test_a_faulty_or_nameless_condition_is_refused(town: Town) -> None:
    for wrong, field in (
        ({"when": "case.hours > 1", "when_name": "夜间"}, "when"),
        ({"when": "case.hour > 1"}, "when_name"),
    ):
        with pytest.raises(Invalid) as refused:
            give(town, "sanitation", duty="sanitation", **wrong)
        assert field in refused.value.fields


def test_rows_of_different_conditions_stand_side_by_side(town: Town) -> None:
    at = datetime(2026, 9, 25, 9, tzinfo=ZONE)
    with clock.at(at):
        give(town, "sanitation", duty="sanitation")
        give(town, "urban_management", duty="sanitation", when="case.hour >= 22", when_name="夜间")
        give(town, "street", duty="sanitation", when="case.emergency", when_name="应急")
        give(town, "district", duty="sanitation", when="case.emergency", when_name="应急")
    rows = town.district.responsibilities.filter(ends_on__isnull=True)
    assert sorted(row.when for row in rows) == ["", "case.emergency", "case.hour >= 22"]
