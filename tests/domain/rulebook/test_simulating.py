"""A draft tried on cases that were: the same rules differ nowhere, a planted change is found exactly."""

from datetime import timedelta
from typing import Any

from casework import START, STREET, TESTS, Road, condition
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.cases.services.dispatching import set_responsibility
from wangge.domain.catalogue.services.snapshots import of_condition
from wangge.domain.rulebook.models import Draft, Simulation
from wangge.domain.rulebook.services import changes, simulations
from wangge.domain.rulebook.simulating import last_handled, pauses_of
from wangge.engines.worktime import Pause
from wangge.platform import clock

NOW = START + timedelta(days=40)
RUNNING = frozenset({"handling"})


def at(hours: float) -> Any:
    return START + timedelta(hours=hours)


def result_of(draft: Draft) -> dict[str, Any]:
    with clock.at(NOW):
        made = simulations.simulate(TESTS, draft.pk)
        simulations.run(made.pk)
    made.refresh_from_db()
    assert made.state == "done"
    return made.result


def lives(town: Town, people: dict[str, Actor]) -> None:
    """Three closed cases of the street: two by day, one reported in the evening."""
    with clock.at(START):
        set_responsibility(
            TESTS,
            area_id=town.district.pk,
            unit_id=town.units["sanitation"].pk,
            duty=condition(**STREET).matter.lead_role,
        )
    for begin in (START, START + timedelta(hours=2), START.replace(hour=22)):
        Road(town, people, begin).later(hours=12).closed(condition(**STREET))


def test_rules_that_say_the_same_differ_nowhere(town: Town, people: dict[str, Actor], draft: Draft) -> None:
    lives(town, people)
    row = condition(**STREET)
    changes.put_condition(
        TESTS, draft.pk, row.matter_id, row.number, of_condition(row) | {"text": "另一句话"}
    )
    result = result_of(draft)
    assert (result["cases"], result["other_lead"], result["moved"]) == (3, 0, [])
    assert (result["late_before"], result["late_after"]) == (0, 0)


def test_a_shorter_limit_and_a_night_rule_are_found_exactly(
    town: Town, people: dict[str, Actor], draft: Draft
) -> None:
    lives(town, people)
    row = condition(**STREET)
    short = of_condition(row) | {"amount": 1, "unit": "urgent_hour"}
    changes.put_condition(TESTS, draft.pk, row.matter_id, row.number, short)
    night = {
        "duty": row.matter.lead_role,
        "unit_id": town.units["urban_management"].pk,
        "when": "case.hour >= 22",
        "when_name": "夜间",
    }
    changes.put_duty(TESTS, draft.pk, town.district.pk, night)
    result = result_of(draft)
    [moved] = result["moved"]
    assert (moved["from"], moved["to"], moved["count"]) == ("海珠区环卫作业中心", "海珠区城市管理局", 1)
    assert len(moved["examples"]) == 1
    led = {one["unit"]: (one["before"], one["after"]) for one in result["units"]}
    assert led == {"海珠区环卫作业中心": (3, 2), "海珠区城市管理局": (0, 1)}
    assert result["late_before"] == 0
    assert result["late_after"] == len(result["newly_late"])


def test_a_day_off_gives_more_time(town: Town, people: dict[str, Actor], draft: Draft) -> None:
    lives(town, people)
    changes.put_day(TESTS, draft.pk, town.district.pk, clock.today() + timedelta(days=9), False, "停工")
    result = result_of(draft)
    assert result["late_after"] <= result["late_before"]


def test_a_chunk_costs_the_same_however_many_cases(
    town: Town, people: dict[str, Actor], draft: Draft, django_assert_max_num_queries: Any
) -> None:
    lives(town, people)
    row = condition(**STREET)
    changes.put_condition(TESTS, draft.pk, row.matter_id, row.number, of_condition(row) | {"amount": 1})
    with clock.at(NOW):
        made = simulations.simulate(TESTS, draft.pk)
        with django_assert_max_num_queries(28):
            simulations.run(made.pk)


def test_a_cancelled_simulation_leaves_no_result(town: Town, draft: Draft) -> None:
    row = condition(**STREET)
    changes.put_condition(TESTS, draft.pk, row.matter_id, row.number, of_condition(row) | {"amount": 1})
    made = simulations.simulate(TESTS, draft.pk)
    assert simulations.simulate(TESTS, draft.pk).pk == made.pk
    simulations.cancel(TESTS, made.pk)
    simulations.run(made.pk)
    found = Simulation.objects.get(pk=made.pk)
    assert (found.state, found.result) == ("cancelled", None)


def test_the_clock_stands_outside_the_states_in_which_it_runs() -> None:
    steps = [
        (at(0), "reported"),
        (at(1), "handling"),
        (at(3), "checking"),
        (at(5), "handling"),
        (at(6), "closed"),
    ]
    assert pauses_of(steps, RUNNING, at(1)) == [Pause(at(3), at(5))]
    assert last_handled(steps, RUNNING, at(99)) == at(6)
    assert last_handled(steps[:4], RUNNING, at(99)) == at(99)
    assert last_handled(steps[:1], RUNNING, at(99)) == at(0)
