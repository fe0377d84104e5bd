"""A move in many cases: shown before it is made, made once, and refused case by case."""

import uuid
from typing import Any

import pytest
from django.utils.translation import override

from casework import START, STREET, TESTS, Road, condition, history_of, stored
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.bulk import queries, services
from wangge.domain.bulk.models import Run
from wangge.domain.bulk.rules import MOST, Wanted
from wangge.domain.cases.models import Case, Responsibility
from wangge.domain.cases.services import move
from wangge.domain.cases.services.dispatching import likely_lead, likely_leads
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotFound

People = dict[str, Actor]


def filed(town: Town, people: People, count: int, **given: Any) -> list[Case]:
    chosen = condition(**STREET)
    return [Road(town, people, **given).filed(chosen).case for _n in range(count)]


def listed(town: Town, unit: str) -> None:
    """The responsibility list of the district gives the matter to a unit."""
    Responsibility.objects.create(
        matter=condition(**STREET).matter, area=town.district, unit=town.units[unit], starts_on="2020-01-01"
    )


def wanted(cases: list[Case], **data: Any) -> list[Wanted]:
    return [Wanted(case.pk, case.version, data) for case in cases]


def ran(actor: Actor, key: str, lines: list[Wanted], **data: Any) -> Run:
    run = services.start(actor, uuid.uuid4(), key, lines, data)
    services.carry_out(run.pk)
    return run


def outcomes(actor: Actor, run: Run) -> list[tuple[bool | None, str]]:
    with acting_as(actor):
        return [(outcome.done, outcome.why) for outcome in queries.result(run.pk).outcomes]


def test_a_preview_says_for_each_case_who_gets_it_or_why_not(town: Town, people: People) -> None:
    listed(town, "sanitation")
    dispatcher = people["street_dispatcher"]
    first, second = filed(town, people, 2)
    new = Road(town, people).case
    with acting_as(dispatcher):
        cases = queries.chosen_cases([second.pk, new.pk, first.pk])
        assert [case.pk for case in cases] == [second.pk, new.pk, first.pk]
        lines = queries.preview(dispatcher, "dispatch", cases)
        assert [line.unit for line in lines] == [
            town.units["sanitation"].name,
            "",
            town.units["sanitation"].name,
        ]
        assert "待受理" in lines[1].why
        assert lines[1].wanted is None
        urban = town.units["urban_management"]
        other = queries.preview(dispatcher, "dispatch", cases, unit=urban)[0]
    assert other.wanted == Wanted(second.pk, second.version, {"unit": urban.pk})
    assert town.units["sanitation"].name in other.note


def test_a_case_on_which_the_list_is_silent_is_not_dispatched_by_the_list(town: Town, people: People) -> None:
    dispatcher = people["street_dispatcher"]
    with acting_as(dispatcher):
        lines = queries.preview(dispatcher, "dispatch", queries.chosen_cases([filed(town, people, 1)[0].pk]))
    assert "责任清单没有规定" in lines[0].why


def test_the_list_answers_for_many_cases_as_for_each(town: Town, people: People) -> None:
    listed(town, "sanitation")
    filed(town, people, 2)
    Road(town, people).filed(
        condition(level="community", proof="statement", unit="work_day", procedure="ordinary")
    )
    Road(town, people, grid=2)
    with acting_as(TESTS):
        cases = list(Case.objects.select_related("matter", "condition"))
        alone = {case.pk: lead.pk for case in cases if (lead := likely_lead(case))}
        assert {pk: unit.pk for pk, unit in likely_leads(cases).items()} == alone
    assert alone


def test_a_preview_costs_the_same_for_two_cases_and_for_many(
    town: Town, people: People, django_assert_max_num_queries: Any
) -> None:
    listed(town, "sanitation")
    dispatcher, ids = people["street_dispatcher"], [case.pk for case in filed(town, people, 6)]
    with acting_as(dispatcher):
        for some in (ids[:2], ids):
            cases = queries.chosen_cases(some)
            queries.preview(dispatcher, "dispatch", cases)
            with django_assert_max_num_queries(3):
                assert len(queries.preview(dispatcher, "dispatch", queries.chosen_cases(some))) == len(some)


def test_each_case_is_moved_and_one_that_changed_meanwhile_is_left_and_said(
    town: Town, people: People
) -> None:
    cases = filed(town, people, 3)
    unit = town.units["sanitation"].pk
    lines = wanted(cases, unit=unit)
    with clock.at(START):
        move(people["street_leader"], cases[1].pk, "urge", {})
    run = ran(people["street_dispatcher"], "dispatch", lines, note="请今天办")
    assert [done for done, _why in outcomes(people["street_dispatcher"], run)] == [True, False, True]
    assert "别人刚刚处理过" in outcomes(people["street_dispatcher"], run)[1][1]
    assert [stored(case.pk).state for case in cases] == ["dispatched", "filed", "dispatched"]
    last = history_of(cases[0].pk)[-1]
    assert (last.user_id, last.note) == (people["street_dispatcher"].user_id, "请今天办")


def test_the_same_form_sent_again_is_the_first_run_and_moves_nothing(town: Town, people: People) -> None:
    leader, key = people["street_leader"], uuid.uuid4()
    lines = wanted(filed(town, people, 2))
    run = services.start(leader, key, "urge", lines, {})
    services.carry_out(run.pk)
    assert services.start(leader, key, "urge", lines, {}).pk == run.pk
    services.carry_out(run.pk)
    assert [stored(line.case_id).urges for line in lines] == [1, 1]
    with pytest.raises(Conflict):
        services.start(leader, key, "urge", lines[:1], {})
    with pytest.raises(Conflict):
        services.start(people["street_dispatcher"], key, "urge", lines, {})


def test_a_run_that_was_interrupted_goes_on_where_it_was(town: Town, people: People) -> None:
    leader, lines = people["street_leader"], wanted(filed(town, people, 3))
    run = services.start(leader, uuid.uuid4(), "urge", lines, {})
    services._carry_out_one(run.pk, 0)
    assert [done for done, _why in outcomes(leader, run)] == [True, None, None]
    services.carry_out(run.pk)
    assert [stored(line.case_id).urges for line in lines] == [1, 1, 1]
    with acting_as(leader):
        assert Run.objects.get(pk=run.pk).ended_at is not None


def test_cases_outside_the_reach_of_the_person_are_refused_as_not_found(town: Town, people: People) -> None:
    foreign = Road(town, people, grid=2).case
    officer = people["station_officer"]
    run = ran(officer, "urge", wanted([foreign]))
    assert outcomes(officer, run)[0][0] is False
    assert stored(foreign.pk).urges == 0
    with acting_as(officer):
        assert queries.result(run.pk).outcomes[0].case is None
        assert queries.chosen_cases([foreign.pk]) == []


def test_only_who_asked_for_a_run_sees_it(town: Town, people: People) -> None:
    run = ran(people["street_leader"], "urge", wanted(filed(town, people, 1)))
    with acting_as(people["street_dispatcher"]), pytest.raises(NotFound):
        queries.result(run.pk)


def test_cases_are_merged_into_the_chosen_one_of_their_community(town: Town, people: People) -> None:
    dispatcher = people["street_dispatcher"]
    into, same, west = (Road(town, people, grid=grid).case for grid in (0, 0, 2))
    with acting_as(dispatcher):
        cases = queries.chosen_cases([into.pk, same.pk, west.pk])
        assert all(line.wanted is None for line in queries.preview(dispatcher, "merge", cases))
        lines = queries.preview(dispatcher, "merge", cases, into=cases[0])
    assert [bool(line.wanted) for line in lines] == [False, True, False]
    assert "不在同一社区" in lines[2].why
    run = ran(dispatcher, "merge", [line.wanted for line in lines if line.wanted])
    assert outcomes(dispatcher, run) == [(True, "")]
    assert stored(same.pk).merged_into_id == into.pk


def test_a_run_has_at_least_one_case_and_at_most_two_hundred_each_once(town: Town, people: People) -> None:
    leader = people["street_leader"]
    many = [Wanted(number, 1) for number in range(1, MOST + 2)]
    for lines in ([], many, [Wanted(1, 1), Wanted(1, 2)]):
        with pytest.raises(Invalid):
            services.start(leader, uuid.uuid4(), "urge", lines, {})
    with pytest.raises(Invalid):
        services.start(leader, uuid.uuid4(), "close", [Wanted(1, 1)], {})


def test_refusals_are_worded_in_the_language_of_who_asked(town: Town, people: People) -> None:
    with override("en"):
        run = services.start(people["street_leader"], uuid.uuid4(), "urge", [Wanted(10**9, 1)], {})
    services.carry_out(run.pk)
    assert "案件" not in outcomes(people["street_leader"], run)[0][1]


def test_runs_are_forgotten_after_a_month(town: Town, people: People) -> None:
    with clock.at(START):
        ran(people["street_leader"], "urge", wanted(filed(town, people, 1)))
        assert services.forget_runs() == 0
    assert services.forget_runs() == 1
