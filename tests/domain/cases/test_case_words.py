"""Cases are found by what they hold, and only by who may see them."""

import uuid
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from casework import START, STREET, TESTS, Road, condition, reported
from factories import Town
from wangge.domain.access.actor import Actor, Public
from wangge.domain.access.models import ReadLog
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import CaseWords, Contact
from wangge.domain.cases.queries import lists
from wangge.domain.cases.services.phones import SEARCHES, cases_of_phone, mark_phones
from wangge.domain.cases.services.words import keep_missing_words
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed


def found(actor: Actor, words: str) -> set[int]:
    with acting_as(actor):
        return {case.pk for case in lists.listing(actor, lists.Filters(words=words))}


def test_two_characters_a_fragment_of_the_number_and_several_words_find_a_case(
    town: Town, people: dict[str, Actor]
) -> None:
    with clock.at(START):
        case = reported(town, description="3号楼前的路灯不亮，Lamp broken", address="幸福里12号").case
        reported(town, description="井盖松动", address="同福路")
    station = people["station_officer"]
    for words in ("路灯", "灯", "幸福", "楼前 福里", "12号", "lamp", case.number, case.number[-5:]):
        assert case.pk in found(station, words), words
    for words in ("路灯", "楼前 福里", "lamp"):
        assert found(station, words) == {case.pk}, words
    for words in ("灯路", "路灯 井盖", "amp", "，", "';--"):
        assert found(station, words) == set(), words


def test_a_case_is_found_by_the_matter_it_was_filed_under(town: Town, people: dict[str, Actor]) -> None:
    chosen = condition(**STREET)
    road = Road(town, people)
    assert road.case.pk not in found(people["station_officer"], chosen.matter.name)
    road.filed(chosen)
    assert road.case.pk in found(people["station_officer"], chosen.matter.name)


def test_a_search_finds_nothing_outside_the_scope(town: Town, people: dict[str, Actor]) -> None:
    with clock.at(START):
        west = reported(town, description="西边的路灯坏了", grid=2).case
    assert found(people["station_officer_west"], "路灯") == {west.pk}
    assert found(people["station_officer"], "路灯") == set()
    assert found(people["administrator"], "路灯") == set()


def test_cases_that_came_by_another_way_are_indexed_afterwards(town: Town, people: dict[str, Actor]) -> None:
    with clock.at(START):
        case = reported(town, description="水管爆裂").case
    with transaction.atomic(), acting_as(TESTS):
        case.pk, case.key, case.number, case.receipt_hash = None, uuid.uuid4(), "440105-20200101-0000077", "x"
        case.save(force_insert=True)
    assert case.pk not in found(people["station_officer"], "爆裂")
    assert keep_missing_words() == 1
    assert case.pk in found(people["station_officer"], "爆裂")
    assert keep_missing_words() == 0


@pytest.mark.parametrize("actor", [Public(), TESTS])
def test_nobody_reads_the_index_itself(town: Town, actor: Actor) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(actor):
        CaseWords.objects.count()


def test_words_are_written_by_the_system_alone(town: Town, people: dict[str, Actor]) -> None:
    with clock.at(START):
        case = reported(town, description="路灯").case
    with acting_as(people["station_officer"]), connection.cursor() as cursor:
        cursor.execute("SELECT wangge_keep_words(ARRAY[%s]::bigint[], ARRAY['井盖'])", [case.pk])
    assert found(people["station_officer"], "路灯") == {case.pk}
    with acting_as(Public()), connection.cursor() as cursor:
        cursor.execute("SELECT wangge_cases_with(%s)", ["'路灯'"])
        assert cursor.fetchall() == []


def phones_found(actor: Actor, ending: str, at: datetime) -> set[int]:
    with clock.at(at):
        return {case.pk for case in cases_of_phone(actor, ending).cases}


def test_the_end_of_a_phone_finds_what_waits_for_my_call_and_every_hit_is_written_down(
    town: Town, people: dict[str, Actor]
) -> None:
    road = Road(town, people, phone="138-0000-3333").checking(condition(**STREET))
    station = people["station_officer"]
    assert phones_found(station, "3333", road.at) == set()
    road.move("station_officer", "pass_check")
    for ending in ("3333", "00003333", "13800003333", "0000 3333"):
        assert phones_found(station, ending, road.at) == {road.case.pk}, ending
    for ending in ("3334", "99993333", "2222"):
        assert phones_found(station, ending, road.at) == set(), ending
    assert phones_found(people["station_officer_west"], "3333", road.at) == set()
    looks = ReadLog.objects.filter(subject=f"case {road.case.pk}")
    assert [(look.user_id, look.data_class) for look in looks] == [(station.user_id, "电话")] * 4


@pytest.mark.parametrize("ending", ["333", "", "138000033334", "abcd", "٣٣٣٣"])
def test_a_phone_is_asked_for_by_four_to_eleven_digits(
    town: Town, people: dict[str, Actor], ending: str
) -> None:
    with pytest.raises(Invalid):
        cases_of_phone(people["station_officer"], ending)


def test_who_calls_nobody_back_asks_for_no_phone(town: Town, people: dict[str, Actor]) -> None:
    for name in ("grid_worker", "unit_officer", "district_leader", "administrator", "privacy_officer"):
        with pytest.raises(NotAllowed):
            cases_of_phone(people[name], "3333")


def test_nobody_tries_all_endings(town: Town, people: dict[str, Actor]) -> None:
    for number in range(SEARCHES.most):
        assert cases_of_phone(people["station_officer"], f"{number:04}").refused is None
    assert cases_of_phone(people["station_officer"], "3333").refused is not None
    assert cases_of_phone(people["station_head"], "3333").refused is None


def test_phones_written_before_are_marked_afterwards(town: Town, people: dict[str, Actor]) -> None:
    road = Road(town, people, phone="13800003333").checking(condition(**STREET))
    road.move("station_officer", "pass_check")
    with acting_as(TESTS):
        Contact.objects.update(phone_tail=None)
    assert phones_found(people["station_officer"], "3333", road.at) == set()
    assert mark_phones() == 1
    assert phones_found(people["station_officer"], "3333", road.at) == {road.case.pk}
