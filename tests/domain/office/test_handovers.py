"""Hand-over lists: from the live data, to a colleague, answered once, kept."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from casework import START, STREET, TESTS, Road, condition, history_of, stored
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import StandIn
from wangge.domain.access.scope import acting_as
from wangge.domain.office.models import HandOver, HandOverLine, Notice
from wangge.domain.office.queries import handover_page, handovers_waiting
from wangge.domain.office.services.handovers import Given, answer, hand_over
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotFound

People = dict[str, Actor]


@pytest.fixture(autouse=True)
def _at_the_beginning() -> Iterator[None]:
    with clock.at(START):
        yield


def given(giver: Actor, receiver: Actor, **other: Any) -> Given:
    values = {"key": uuid.uuid4(), "reason": "leaving", "from_day": START.date()} | other
    return Given(post_id=giver.posts[0].id, receiver_id=receiver.user_id, **values)


def lines(made: HandOver) -> list[HandOverLine]:
    with acting_as(TESTS):
        return list(HandOverLine.objects.filter(handover=made))


def test_a_list_holds_what_is_open_with_light_and_next_action_and_the_words_typed_for_it(
    town: Town, people: People
) -> None:
    chosen = condition(**STREET)
    mine = Road(town, people).handling(chosen)
    colleagues = Road(town, people).dispatched(chosen).move("unit_officer_2", "accept")
    waiting = Road(town, people).dispatched(chosen)
    closed = Road(town, people).closed(chosen)
    resting = Road(town, people).handling(chosen)
    resting.move("unit_officer", "ask_suspension", until=START.date() + timedelta(days=30))
    resting.move("street_dispatcher", "approve_suspension")
    StandIn.objects.create(
        post_id=people["unit_head"].posts[0].id,
        user_id=people["unit_officer"].user_id,
        starts_on=START.date(),
        ends_on=START.date(),
    )
    note = {f"case {mine.case.pk}": "周五前约了物业"}
    made = hand_over(
        people["unit_officer"], given(people["unit_officer"], people["unit_officer_2"], lines=note)
    )
    found = {line.facts.get("number", line.kind): line for line in lines(made)}
    assert set(found) == {mine.case.number, waiting.case.number, resting.case.number, "stand_in"}
    assert closed.case.number not in found
    assert colleagues.case.number not in found
    first = found[mine.case.number]
    assert (first.kind, first.facts["light"], first.note) == ("case", "green", "周五前约了物业")
    assert first.facts["asked"] == [["处置完成", "Handled"]]
    assert found[resting.case.number].kind == "suspended"
    assert found[resting.case.number].facts["paused_until"].startswith("2026-10-24")


def test_who_accepts_a_leavers_list_has_the_cases_in_hand_and_their_history_says_so(
    town: Town, people: People
) -> None:
    road = Road(town, people).handling(condition(**STREET))
    giver, receiver = people["unit_officer"], people["unit_officer_2"]
    made = hand_over(giver, given(giver, receiver))
    assert [one.pk for one in handovers_seen(receiver)] == [made.pk]
    answer(receiver, made.pk, accept=True)
    assert handovers_seen(receiver) == []
    assert stored(road.case.pk).handler_id == receiver.user_id
    last = history_of(road.case.pk)[-1]
    assert (last.move, last.user_id) == ("handed_over", receiver.user_id)
    with acting_as(TESTS):
        kept = HandOver.objects.get(pk=made.pk)
        told = set(Notice.objects.filter(kind__startswith="handover").values_list("user_id", "kind"))
    assert (kept.state, kept.answered_at, kept.made_at) == ("accepted", START, START)
    assert told == {(receiver.user_id, "handover"), (giver.user_id, "handover_accepted")}


def handovers_seen(actor: Actor) -> list[HandOver]:
    with acting_as(actor):
        return handovers_waiting(actor)


def test_a_holiday_hands_over_without_taking_the_cases_away(town: Town, people: People) -> None:
    road = Road(town, people).handling(condition(**STREET))
    giver, receiver = people["unit_officer"], people["unit_officer_2"]
    answer(receiver, hand_over(giver, given(giver, receiver, reason="leave")).pk, accept=True)
    assert stored(road.case.pk).handler_id == giver.user_id


def test_a_list_is_answered_once_by_its_successor_alone_and_sent_back_only_with_a_remark(
    town: Town, people: People
) -> None:
    giver, receiver = people["station_officer"], people["station_officer_2"]
    made = hand_over(giver, given(giver, receiver))
    for stranger in (giver, people["station_head"], people["street_dispatcher"]):
        with pytest.raises(NotFound):
            answer(stranger, made.pk, accept=True)
    with pytest.raises(Invalid):
        answer(receiver, made.pk, accept=False)
    answer(receiver, made.pk, accept=False, note="缺少钥匙的交代")
    with pytest.raises(Conflict):
        answer(receiver, made.pk, accept=True)
    assert [one.pk for one in handovers_seen(giver)] == [made.pk]
    again = hand_over(giver, given(giver, receiver, earlier_id=made.pk, note="钥匙在值班室"))
    assert again.earlier_id == made.pk
    assert handovers_seen(giver) == []


def test_the_same_key_makes_one_list(town: Town, people: People) -> None:
    giver = people["station_officer"]
    one = given(giver, people["station_officer_2"])
    assert hand_over(giver, one) == hand_over(giver, one)
    other = given(giver, people["station_head"], key=one.key)
    with pytest.raises(Conflict):
        hand_over(giver, other)


def test_a_post_is_handed_over_by_its_holder_or_the_head_of_the_unit_to_somebody_near(
    town: Town, people: People
) -> None:
    giver, receiver = people["station_officer"], people["station_officer_2"]
    for stranger in (receiver, people["unit_head"], people["station_head_west"]):
        with pytest.raises(NotFound):
            hand_over(stranger, given(giver, receiver))
    assert hand_over(people["station_head"], given(giver, receiver)).giver_id == giver.user_id
    for wrong in (giver, people["unit_officer"], people["administrator"], people["station_officer_west"]):
        with pytest.raises(Invalid) as refused:
            hand_over(giver, given(giver, wrong))
        assert "receiver" in refused.value.fields


def test_a_list_is_seen_by_giver_successor_and_head_only(town: Town, people: People) -> None:
    giver, receiver = people["station_officer"], people["station_officer_2"]
    Road(town, people)
    made = hand_over(giver, given(giver, receiver))
    for name in ("station_officer", "station_officer_2", "station_head"):
        assert handover_page(people[name], made.pk).lines
    for name in ("grid_worker", "station_head_west", "street_dispatcher", "unit_officer", "administrator"):
        with pytest.raises(NotFound):
            handover_page(people[name], made.pk)
