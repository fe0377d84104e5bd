"""Looking at people of the register: a purpose, a ring, a log; and what each of them keeps out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import TESTS
from factories import Town, make_dwelling
from scene import PEOPLE
from settling import make_resident
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import ReadLog
from wangge.domain.access.persons import Person, pseudonym
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.register.models import Errand, Household, Resident
from wangge.domain.register.purposes import NEAR, STREET, purposes_of
from wangge.domain.register.queries.figures import figures
from wangge.domain.register.queries.homes import find_dwellings, home
from wangge.domain.register.services import leave, looking
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def first_home(town: Town) -> Household:
    with acting_as(TESTS):
        found: Household = Household.objects.select_related("area").get(area=town.grids[0])
        return found


def test_each_person_shown_is_a_look_in_their_chain_under_their_pseudonym(
    people: dict[str, Actor], town: Town
) -> None:
    home = first_home(town)
    _home, shown = looking.show_household(people["grid_worker"], home.pk, NEAR[0])
    assert [one.name for one in shown] == ["陈大文", "陈大文"]
    looks = list(ReadLog.objects.order_by("pk"))
    assert [look.person for look in looks] == [pseudonym(Person("resident", one.pk)) for one in shown]
    assert {(look.chain, look.purpose) for look in looks} == {(town.communities[0].pk, NEAR[0])}


@pytest.mark.parametrize("purpose", ["", "好奇", STREET[0]])
def test_without_a_purpose_of_the_post_nobody_is_shown(
    people: dict[str, Actor], town: Town, purpose: str
) -> None:
    with pytest.raises(Invalid):
        looking.show_household(people["grid_worker"], first_home(town).pk, purpose)
    assert not ReadLog.objects.exists()


def test_outside_the_ring_a_household_is_not_found(people: dict[str, Actor], town: Town) -> None:
    inside = {
        "grid_worker",
        "grid_worker_2",
        "grid_lead",
        "station_officer",
        "station_head",
        "street_dispatcher",
    }
    for name in sorted(set(PEOPLE) - inside):
        for purpose in (NEAR[0], STREET[0]):
            with pytest.raises(NotFound):
                looking.show_household(people[name], first_home(town).pk, purpose)
    assert not ReadLog.objects.exists()


def test_a_street_sees_nobody_until_it_states_why_and_then_for_some_hours(
    people: dict[str, Actor], town: Town
) -> None:
    leader, home = people["street_leader"], first_home(town)
    with pytest.raises(NotAllowed):
        looking.find_people(leader, "陈大", STREET[0])
    leave.begin_errand(leader, purpose=STREET[0])
    looking.show_household(leader, home.pk, STREET[0])
    assert set(ReadLog.objects.values_list("purpose", flat=True)) == {STREET[0]}
    with clock.at(clock.now() + timedelta(hours=leave.ERRAND_HOURS, minutes=1)), pytest.raises(NotFound):
        looking.show_household(leader, home.pk, STREET[0])
    leave.end_errands(leader)
    with pytest.raises(NotFound):
        looking.show_household(leader, home.pk, STREET[0])


def test_an_errand_about_a_case_names_a_case_that_the_actor_sees(
    people: dict[str, Actor], cases: list[Case]
) -> None:
    leader = people["street_leader"]
    for number in ("", "440105-20260101-9999999"):
        with pytest.raises(Invalid) as wrong:
            leave.begin_errand(leader, purpose=STREET[1], case_number=number)
        assert "case_number" in wrong.value.fields
    assert leave.begin_errand(leader, purpose=STREET[1], case_number=cases[0].number).case_id == cases[0].pk
    with pytest.raises(NotAllowed):
        leave.begin_errand(people["district_leader"], purpose=STREET[0])


def test_people_are_found_by_letters_in_a_row_or_the_whole_phone_inside_the_ring(
    people: dict[str, Actor], town: Town
) -> None:
    home = first_home(town)
    with acting_as(TESTS):
        made = make_resident(home, "梁小玲", "020-8765 4321")
    worker = people["grid_worker"]
    for asked in ("小玲", "梁小", "梁小玲", "02087654321", "020-87654321"):
        assert [one.pk for one in looking.find_people(worker, asked, NEAR[0]).residents] == [made.pk], asked
    for asked in ("梁玲", "87654321"):
        assert not looking.find_people(worker, asked, NEAR[0]).residents
    assert not looking.find_people(people["grid_worker_west"], "小玲", NEAR[0]).residents
    assert ReadLog.objects.count() == 5
    with pytest.raises(Invalid):
        looking.find_people(worker, "玲", NEAR[0])
    with pytest.raises(NotAllowed):
        looking.find_people(people["district_leader"], "小玲", NEAR[0])


def test_too_many_hits_disclose_nobody(people: dict[str, Actor], town: Town) -> None:
    home = first_home(town)
    with acting_as(TESTS):
        for _number in range(looking.MOST_FOUND + 1):
            make_resident(home, "王大明")
    with pytest.raises(Invalid):
        looking.find_people(people["grid_worker"], "大明", NEAR[0])
    assert not ReadLog.objects.exists()


def test_searches_in_an_hour_are_limited(people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "SEARCHES", looking.Limit("few", most=2, minutes=60))
    for _number in range(2):
        assert looking.find_people(people["grid_worker"], "没有", NEAR[0]).refused is None
    assert looking.find_people(people["grid_worker"], "陈大", NEAR[0]).refused


def test_a_search_and_a_household_cost_the_same_however_many_there_are(
    people: dict[str, Actor], town: Town
) -> None:
    counts = []
    home = first_home(town)
    for more in (1, 1, 8):
        with acting_as(TESTS):
            for _number in range(more):
                make_resident(home, "区家明")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            looking.find_people(people["grid_worker"], "区家", NEAR[0])
            looking.show_household(people["grid_worker"], home.pk, NEAR[0])
        counts.append(len(asked))
    assert counts[1] == counts[2]


def test_a_grant_shows_one_person_to_one_user_for_its_purpose(people: dict[str, Actor]) -> None:
    with acting_as(people["district_leader"]):
        assert Resident.objects.count() == 1
        assert not Household.objects.exists()
    grant = leave.running_grant(people["district_leader"], _grant_of(people["district_leader"]))
    shown = looking.show_granted(people["district_leader"], grant.pk, grant.purpose)
    assert shown.name == "陈大文"
    assert ReadLog.objects.get().purpose == grant.purpose
    for name in ("district_dispatcher", "urban_officer"):
        with pytest.raises(NotFound):
            leave.running_grant(people[name], _grant_of(people[name]))


def _grant_of(actor: Actor) -> int:
    with acting_as(TESTS):
        return int(leave.Grant.objects.get(user_id=actor.user_id).pk)


def test_only_who_keeps_the_register_grants_and_takes_back(
    people: dict[str, Actor], town: Town, cases: list[Case]
) -> None:
    with acting_as(TESTS):
        resident = first_home(town).residents.order_by("pk")[0]
    given = {"username": "unit_officer", "purpose": "处置案件", "case_number": cases[0].number, "days": 3}
    with pytest.raises(NotAllowed):
        leave.grant(people["street_dispatcher"], resident.pk, **given)
    made = leave.grant(people["station_head"], resident.pk, **given)
    looking.show_granted(people["unit_officer"], made.pk, "处置案件")
    leave.end_grant(people["station_officer"], made.pk)
    with pytest.raises(NotFound):
        looking.show_granted(people["unit_officer"], made.pk, "处置案件")
    for wrong in ({"days": 31}, {"username": "nobody"}, {"case_number": "x"}, {"purpose": "好奇"}):
        with pytest.raises(Invalid):
            leave.grant(people["station_head"], resident.pk, **{**given, **wrong})


def test_an_errand_of_a_post_that_ended_counts_no_more(people: dict[str, Actor], town: Town) -> None:
    dispatcher = people["street_dispatcher"]
    former = Actor(dispatcher.user_id, "x")
    with acting_as(former):
        assert Errand.objects.exists()
        assert not Household.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM register_household")
            assert cursor.fetchone() == (0,)
    assert purposes_of(former) == ()


def test_the_district_reads_figures_without_small_cells(people: dict[str, Actor], town: Town) -> None:
    rows = figures(people["district_leader"], town.street)
    assert [row.area.pk for row in rows] == [one.pk for one in town.communities]
    assert {figure for row in rows for figure in row.figures} <= {None, 0}
    assert figures(people["unit_officer"], town.street) == []


def test_a_dwelling_is_found_by_its_whole_address_and_by_parts_in_any_order(
    people: dict[str, Actor], town: Town
) -> None:
    worker = people["grid_worker"]
    with acting_as(TESTS):
        flat = make_dwelling(town, town.grids[0], "702")
    house = f"{town.grids[0].name}正街1号"
    for words in (f"{house}1单元702", f"{house}702室", f"702 {house}", "正街1号 70", f"{house} 1单元 702"):
        assert flat.pk in [one.pk for one in find_dwellings(worker, words)], words
    for words in ("", "正街9号 702", f"{house}2单元702"):
        assert flat.pk not in [one.pk for one in find_dwellings(worker, words)], words
    assert not find_dwellings(people["grid_worker_west"], f"{house}702")
    assert home(worker, flat.pk).address == f"{house}1单元702"
