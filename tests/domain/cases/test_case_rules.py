"""The rules of the case process one by one, as somebody would try to get round them."""

from datetime import date, timedelta
from typing import Any, get_args

import pytest

from casework import MOVES, PHOTO, PROCESS, START, STREET, TESTS, Road, condition, history_of, stored
from factories import Town, give, make_user
from invariants import check_case
from wangge.domain.access.actor import Actor, Reporter, Role
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.choices import choices_of
from wangge.domain.cases.inputs import _READERS
from wangge.domain.cases.models import Responsibility, Support
from wangge.domain.cases.services.dispatching import likely_lead
from wangge.domain.cases.services.effects import EFFECTS
from wangge.domain.cases.services.moves import move_support
from wangge.domain.cases.services.processes import definition_of, newest
from wangge.domain.cases.vocabulary import EFFECT_NAMES, PUBLIC_MOVES, VOCABULARY
from wangge.engines.flow import check
from wangge.engines.flow.parts import FieldType
from wangge.faces.portal import words
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

People = dict[str, Actor]
COMMUNITY = {"level": "community", "proof": "statement", "unit": "work_day", "procedure": "ordinary"}


# ---- the process file


def test_the_process_of_the_product_has_no_problem() -> None:
    assert check(PROCESS, VOCABULARY) == []


def test_every_effect_that_may_be_named_is_carried_out() -> None:
    assert set(EFFECT_NAMES) == set(EFFECTS)
    parts = [PROCESS, *PROCESS.branches]
    named = {effect for part in parts for move in part.moves for effect in move.effects}
    named |= {timer.do for part in parts for state in part.states for timer in state.timers if timer.do}
    assert named == set(EFFECTS)


def test_every_list_of_choices_that_a_field_names_has_choices() -> None:
    lists = {field.options for move in PROCESS.moves for field in move.ask if field.options}
    assert lists
    for name in lists - {"closing_conditions"}:
        values = [choice.value for choice in choices_of(name)]
        assert values
        assert len(values) == len(set(values))
        assert all(choice.name and choice.name_en for choice in choices_of(name))


def test_every_kind_of_field_that_a_definition_may_have_can_be_read() -> None:
    assert set(get_args(FieldType)) == {*_READERS, "photos"}


def test_in_every_open_state_some_role_can_make_the_main_move() -> None:
    for state in PROCESS.states:
        movers = {who for move in PROCESS.leaving(state.key) if move.tone == "primary" for who in move.who}
        by_itself = any(timer.move for timer in state.timers)
        assert state.end or by_itself or any("@" in who for who in movers), state.key


def test_every_move_that_the_reporter_sees_has_words_for_them() -> None:
    told = set(words._MOVES) | set(words._BY_REPORTER) | set(words._BY_STAFF)
    assert PUBLIC_MOVES - told == set()
    assert set(words.STATES) == {state.key for state in PROCESS.states}


def test_every_public_move_is_a_move() -> None:
    assert PUBLIC_MOVES - {"report"} <= set(MOVES)


def test_running_cases_stay_on_the_version_they_began_with(town: Town, people: People) -> None:
    with acting_as(TESTS):
        assert definition_of(newest().pk) == PROCESS


# ---- who may not


def test_somebody_with_posts_in_two_units_may_return_for_each_once(town: Town, people: People) -> None:
    both = make_user("both", "both")
    for unit in ("sanitation", "urban_management"):
        give(both, Role.UNIT_OFFICER, town.district, town.units[unit])
    actor = actor_of(both, clock.today())
    road = Road(town, people).dispatched(condition(**STREET))
    road.move(actor, "return").move("street_dispatcher", "dispatch", unit=town.units["urban_management"].pk)
    road.move(actor, "return")
    assert road.case.state == "arbitration"
    assert sorted(road.case.returned_by) == sorted(
        [town.units["sanitation"].pk, town.units["urban_management"].pk]
    )


def test_a_unit_that_returned_a_case_cannot_return_it_again(town: Town, people: People) -> None:
    road = Road(town, people).dispatched(condition(**STREET)).move("unit_officer", "return")
    road.move("street_dispatcher", "dispatch", unit=town.units["sanitation"].pk)
    for who in ("unit_officer", "unit_officer_2", "unit_head"):
        with pytest.raises(NotAllowed):
            road.move(who, "return")


def test_a_returned_case_never_stops_its_clock(town: Town, people: People) -> None:
    road = Road(town, people).dispatched(condition(**STREET))
    promised = road.case.case_due_at
    for who, key in (
        ("unit_officer", "return"),
        ("street_dispatcher", "dispatch"),
        ("street_dispatcher", "recall"),
    ):
        road.move(who, key)
        assert road.case.due_at == road.case.case_due_at == promised


def test_after_arbitration_nobody_returns_or_recalls(town: Town, people: People) -> None:
    road = arbitrated(town, people)
    for who, key in (("urban_head", "return"), ("street_dispatcher", "recall")):
        with pytest.raises(NotAllowed):
            road.move(who, key)


def test_an_arbitration_enters_the_list_and_decides_the_next_case(town: Town, people: People) -> None:
    road = arbitrated(town, people)
    with acting_as(TESTS), clock.at(road.at):
        row = Responsibility.objects.get(decided_in_id=road.case.pk)
        assert (row.unit, row.area) == (town.units["urban_management"], town.communities[0])
        again = Road(town, people, road.at).filed(condition(**STREET))
        assert likely_lead(again.case) == town.units["urban_management"]
        elsewhere = Road(town, people, road.at, grid=2)
        elsewhere.move("station_officer_west", "file", **_class(condition(**STREET)))
        assert likely_lead(elsewhere.case) is None


def arbitrated(town: Town, people: People) -> Road:
    road = Road(town, people).dispatched(condition(**STREET)).move("unit_officer", "return")
    road.move("street_dispatcher", "dispatch", unit=town.units["urban_management"].pk)
    road.move("urban_officer", "return")
    return road.move("district_dispatcher", "arbitrate", unit=town.units["urban_management"].pk)


def test_whoever_asks_for_more_time_does_not_approve_it(town: Town, people: People) -> None:
    """A station that leads on its own level: its head stands on both sides."""
    road = Road(town, people).dispatched(condition(**COMMUNITY), "station").move("station_officer", "accept")
    road.move("station_head", "ask_extension")
    with pytest.raises(NotAllowed):
        road.move("station_head", "approve_extension")
    road.move("street_dispatcher", "approve_extension")
    with pytest.raises(NotAllowed):
        road.move("street_dispatcher", "grant_extension")
    check_case(road.move("street_leader", "grant_extension").case.pk)


def test_whoever_asks_for_a_suspension_does_not_approve_it(town: Town, people: People) -> None:
    road = Road(town, people).dispatched(condition(**COMMUNITY), "station").move("station_officer", "accept")
    road.move("station_head", "ask_suspension")
    with pytest.raises(NotAllowed):
        road.move("station_head", "approve_suspension")


def test_whoever_appeals_does_not_review_the_appeal(town: Town, people: People) -> None:
    road = Road(town, people).dispatched(condition(**COMMUNITY), "station").move("station_officer", "accept")
    road.later(days=60).move("station_officer", "finish").move("station_officer_2", "pass_check")
    road.move("street_dispatcher", "close")
    assert road.case.overdue
    road.move("station_head", "appeal")
    with pytest.raises(NotAllowed):
        road.move("station_head", "review_appeal")


def test_whoever_supported_does_not_check(town: Town, people: People) -> None:
    road = Road(town, people).filed(condition(**STREET))
    supports = [town.units["station"].pk]
    road.move("street_dispatcher", "dispatch", unit=town.units["sanitation"].pk, supports=supports)
    share = share_of(road)
    road.move("unit_officer", "accept").later(hours=1)
    with clock.at(road.at):
        move_support(people["station_officer"], share.pk, "support_done", {"note": "已清走"})
    road.move("unit_officer", "finish")
    with pytest.raises(NotAllowed):
        road.move("station_officer", "pass_check")
    road.move("station_officer_2", "pass_check")
    check_case(road.case.pk)


def test_handling_ends_only_after_every_supporting_unit(town: Town, people: People) -> None:
    road = Road(town, people).filed(condition(**STREET))
    supports = [town.units["urban_management"].pk]
    road.move("street_dispatcher", "dispatch", unit=town.units["sanitation"].pk, supports=supports)
    road.move("unit_officer", "accept")
    with pytest.raises(NotAllowed):
        road.move("unit_officer", "finish")
    share = share_of(road)
    with pytest.raises(NotAllowed):
        move_support(people["unit_officer"], share.pk, "support_done", {"note": "别人的"})
    with clock.at(road.at):
        move_support(people["urban_officer"], share.pk, "support_done", {"note": "已配合"})
    assert road.move("unit_officer", "finish").case.state == "checking"


def test_a_unit_that_still_supports_does_not_become_the_lead(town: Town, people: People) -> None:
    road = Road(town, people).filed(condition(**STREET))
    supports = [town.units["urban_management"].pk]
    road.move("street_dispatcher", "dispatch", unit=town.units["sanitation"].pk, supports=supports)
    road.move("street_dispatcher", "recall", note="派错了")
    with pytest.raises(Invalid, match="协办"):
        road.move("street_dispatcher", "dispatch", unit=supports[0])


def share_of(road: Road) -> Support:
    with acting_as(TESTS):
        found: Support = Support.objects.get(case_id=road.case.pk)
        return found


def test_a_grid_worker_acts_only_in_the_own_grid(town: Town, people: People) -> None:
    road = Road(town, people).dispatched(condition(**COMMUNITY), "station")
    for who, error in (("grid_worker_beside", NotFound), ("grid_worker_west", NotFound)):
        with pytest.raises(error):
            road.move(who, "accept")
    assert road.move("grid_worker", "accept").case.state == "handling"


def test_only_small_matters_are_settled_on_the_spot(town: Town, people: People) -> None:
    """A matter that needs approval and publicity does not pass by the side door."""
    for wanted in (
        {"level": "district", "procedure": "approval"},
        {"level": "street", "procedure": "emergency"},
    ):
        road = Road(town, people)
        with pytest.raises(Invalid) as refused:
            road.move("grid_worker", "settle", **_class(condition(**wanted)))
        assert "condition" in refused.value.fields
        assert stored(road.case.pk).state == "reported"
    small = condition(level="grid", on_the_spot=True)
    assert road.move("grid_worker", "settle", **_class(small)).case.state == "checking"


def test_a_correction_of_the_matter_does_not_pass_by_the_approval(town: Town, people: People) -> None:
    road = Road(town, people).filed(condition(**COMMUNITY))
    with pytest.raises(Invalid) as refused:
        road.move("station_officer", "reclassify", **_class(condition(procedure="approval")))
    assert "condition" in refused.value.fields


def _class(chosen: Any) -> dict[str, int]:
    return {"matter": chosen.matter_id, "condition": chosen.pk}


# ---- answers


def test_no_free_text_closes_a_case(town: Town, people: People) -> None:
    chosen = condition(**STREET)
    road = Road(town, people).closing(chosen)
    with pytest.raises(Invalid) as refused:
        road.move("street_dispatcher", "close", closing_condition="差不多了")
    assert "closing_condition" in refused.value.fields
    other = condition(level="district", procedure="coordination")
    assert other.closing_condition != chosen.closing_condition
    with pytest.raises(Invalid):
        road.move("street_dispatcher", "close", closing_condition=other.closing_condition)
    assert road.move("street_dispatcher", "close", closing_condition=chosen.closing_condition).case.ended


@pytest.mark.parametrize("value", ["maybe", "2", [True], {}])
def test_a_yes_or_no_takes_nothing_else(town: Town, people: People, value: Any) -> None:
    road = (
        Road(town, people, phone="13800001234")
        .checking(condition(**STREET))
        .move("station_officer", "pass_check")
    )
    with pytest.raises(Invalid) as refused:
        road.move("station_officer", "call_back", reached=value)
    assert "reached" in refused.value.fields


@pytest.mark.parametrize("value", ["9" * 30, [10**30], "x", ["x"], [None], -1])
def test_units_that_do_not_exist_are_named(town: Town, people: People, value: Any) -> None:
    road = Road(town, people).filed(condition(**STREET))
    with pytest.raises(Invalid) as refused:
        road.move("street_dispatcher", "dispatch", supports=value)
    assert "supports" in refused.value.fields


@pytest.mark.parametrize("value", ["2026-13-01", "tomorrow", "9999-12-31", "2026-09-24"])
def test_a_suspension_lasts_until_a_day_within_a_year(town: Town, people: People, value: Any) -> None:
    road = Road(town, people).handling(condition(**STREET))
    with pytest.raises(Invalid) as refused:
        road.move("unit_officer", "ask_suspension", until=value)
    assert "until" in refused.value.fields


def test_a_condition_of_another_matter_is_refused(town: Town, people: People) -> None:
    one, other = condition(**STREET), condition(**COMMUNITY)
    with pytest.raises(Invalid) as refused:
        Road(town, people).move("station_officer", "file", matter=one.matter_id, condition=other.pk)
    assert "condition" in refused.value.fields


def test_an_extension_is_at_most_the_limit_and_asked_before_the_deadline(town: Town, people: People) -> None:
    chosen = condition(**STREET)
    road = Road(town, people).handling(chosen)
    for amount in (0, chosen.amount + 1, -1, "many"):
        with pytest.raises(Invalid) as refused:
            road.move("unit_officer", "ask_extension", amount=amount)
        assert "amount" in refused.value.fields
    road.later(days=90)
    with pytest.raises(NotAllowed):
        road.move("unit_officer", "ask_extension", amount=1)


def test_a_request_for_more_time_ends_with_the_handling(town: Town, people: People) -> None:
    road = Road(town, people).handling(condition(**STREET)).move("unit_officer", "ask_extension", amount=1)
    road.move("unit_officer", "finish")
    assert (road.case.extension_stage, road.case.extension_asked) == (0, None)


def test_proof_by_photo_is_not_replaced_by_words(town: Town, people: People) -> None:
    road = Road(town, people).handling(condition(**STREET))
    with pytest.raises(Invalid) as refused:
        road.move("unit_officer", "finish", images=())
    assert "photos" in refused.value.fields
    assert road.move("unit_officer", "finish", images=(PHOTO,)).case.state == "checking"


# ---- the reporter's word


def test_an_unsatisfied_reporter_reopens_and_the_fourth_time_it_is_arbitrated(
    town: Town, people: People
) -> None:
    road = Road(town, people, phone="13800001234").handling(condition(**STREET))
    reporter = Reporter(road.case.receipt_hash)
    for expected in ("handling", "handling", "handling", "arbitration"):
        road.move("unit_officer", "finish").move("station_officer", "pass_check")
        road.move(reporter, "rate", solved=False, satisfied=1)
        assert road.case.state == expected
    check_case(road.case.pk)


def test_the_second_objection_is_arbitrated_and_a_third_is_refused(town: Town, people: People) -> None:
    road = Road(town, people).closed(condition(**STREET))
    reporter = Reporter(road.case.receipt_hash)
    assert road.move(reporter, "object").case.state == "handling"
    road.move("unit_officer", "finish").move("station_officer", "pass_check").move(
        "street_dispatcher", "close"
    )
    assert road.move(reporter, "object").case.state == "arbitration"
    road.move("district_dispatcher", "arbitrate", unit=town.units["urban_management"].pk)
    road.move("urban_officer", "accept").move("urban_officer", "finish")
    road.move("station_officer", "pass_check").move("street_dispatcher", "close")
    with pytest.raises(NotAllowed):
        road.move(reporter, "object")
    check_case(road.case.pk)


@pytest.mark.parametrize(("days", "open_"), [(15.9, True), (16.1, False)])
def test_an_objection_is_possible_for_fifteen_days(
    town: Town, people: People, days: float, open_: bool
) -> None:
    road = Road(town, people).closed(condition(**STREET)).later(days=days)
    reporter = Reporter(road.case.receipt_hash)
    if open_:
        assert road.move(reporter, "object").case.state == "handling"
    else:
        with pytest.raises(NotAllowed):
            road.move(reporter, "object")


def test_another_receipt_opens_nothing(town: Town, people: People) -> None:
    road = Road(town, people).closed(condition(**STREET))
    other = Road(town, people)
    with pytest.raises(NotFound):
        road.move(Reporter(other.case.receipt_hash), "object")


# ---- merging, splitting


def test_a_case_is_merged_only_into_another_open_one_of_the_community(town: Town, people: People) -> None:
    road, west = Road(town, people), Road(town, people, grid=2)
    closed = Road(town, people).closed(condition(**STREET))
    for into in (road.case.number, west.case.number, closed.case.number, "none"):
        with pytest.raises(Invalid) as refused:
            road.move("station_officer", "merge", into=into)
        assert "into" in refused.value.fields
    into = Road(town, people)
    merged = road.move("station_officer", "merge", into=into.case.number).case
    assert (merged.state, merged.merged_into_id) == ("merged", into.case.pk)
    check_case(merged.pk)


def test_a_split_case_has_a_number_an_owner_and_a_clock_of_its_own(town: Town, people: People) -> None:
    road = Road(town, people).filed(condition(**COMMUNITY)).move("station_officer", "split")
    part = stored(road.case.pk + 1)
    assert part.split_from_id == road.case.pk
    assert part.number != road.case.number
    check_case(part.pk)
    assert [event.move for event in history_of(part.pk)] == ["report"]


# ---- levels, approval


def test_a_case_goes_up_and_down_one_level_at_a_time(town: Town, people: People) -> None:
    road = Road(town, people).filed(condition(**COMMUNITY))
    road.move("station_officer", "escalate").move("street_dispatcher", "escalate")
    assert (road.case.level, road.case.responsible_id) == ("district", town.units["district"].pk)
    road.move("district_dispatcher", "send_down")
    assert (road.case.level, road.case.responsible_id) == ("street", town.units["street"].pk)
    with pytest.raises(NotAllowed):
        road.move("station_officer", "escalate")


def test_an_approval_goes_through_three_levels_and_publicity(town: Town, people: People) -> None:
    road = Road(town, people).filed(condition(procedure="approval"))
    assert road.case.state == "approval_station"
    for who, key in (
        ("station_head", "approve_station"),
        ("street_leader", "approve_street"),
        ("district_leader", "approve_district"),
    ):
        for stranger in ("station_officer", "street_dispatcher", "unit_head"):
            with pytest.raises((NotAllowed, NotFound, Conflict)):
                road.move(stranger, key)
        road.move(who, key)
    assert road.case.state == "publicity"
    with pytest.raises((NotAllowed, NotFound)):
        road.move("district_leader", "end_publicity")


def test_a_refusal_may_be_reviewed_once(town: Town, people: People) -> None:
    road = Road(town, people).move("station_officer", "propose_refusal")
    road.move("street_dispatcher", "confirm_refusal")
    reporter = Reporter(road.case.receipt_hash)
    road.move(reporter, "ask_review").move("street_leader", "confirm_refusal")
    check_case(road.case.pk)
    with pytest.raises(NotAllowed):
        road.move(reporter, "ask_review")


# ---- stand-ins


def test_a_stand_in_acts_on_behalf_and_is_the_one_who_handled(town: Town, people: People) -> None:
    day = START.date()
    helper = make_user("helper", "helper")
    post = town.users["unit_officer"].posts.get()
    post.stand_ins.create(user=helper, starts_on=day, ends_on=day + timedelta(days=9))
    road = Road(town, people).dispatched(condition(**STREET))
    road.move(actor_of(helper, date(2026, 9, 24)), "accept")
    event = history_of(road.case.pk)[-1]
    assert (event.user_id, event.on_behalf_of_id) == (helper.pk, post.user_id)
    assert road.case.handlers == [helper.pk]
