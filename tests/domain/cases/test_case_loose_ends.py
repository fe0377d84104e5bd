"""What a reporter of a part or of a merged case may expect, and what a case does when its grid goes."""

from datetime import timedelta

import pytest
import shapely

from casework import PHOTO, START, STREET, TESTS, Road, condition, history_of, photo, reported, stored
from factories import Town, point_in
from wangge.domain.access.actor import Actor, Reporter
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Contact
from wangge.domain.cases.queries.lists import my_work
from wangge.domain.cases.queries.public import reporter_of, status
from wangge.domain.cases.queries.tallies import tally
from wangge.domain.cases.services import answer, contacts, history
from wangge.domain.cases.services.areas import find_again
from wangge.domain.places.models import Area, Level
from wangge.domain.places.queries import forget_shapes
from wangge.domain.places.services import Part, merge, set_shape, split
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid

People = dict[str, Actor]


def test_a_suspended_case_is_work_again_only_near_its_day(town: Town, people: People) -> None:
    until = START.date() + timedelta(days=40)
    road = (
        Road(town, people).handling(condition(**STREET)).move("unit_officer", "ask_suspension", until=until)
    )
    road.move("street_dispatcher", "approve_suspension")
    assert road.case.state == "suspended"
    for who in ("street_dispatcher", "unit_officer"):
        with acting_as(people[who]), clock.at(road.at):
            assert road.case not in my_work(people[who])
            assert "suspended" not in tally(people[who]).work
        with acting_as(people[who]), clock.at(road.at + timedelta(days=38)):
            assert road.case in my_work(people[who])


def test_the_photo_that_was_found_wanting_proves_nothing_the_second_time(town: Town, people: People) -> None:
    road = Road(town, people).handling(condition(**STREET)).move("unit_officer", "finish", images=(PHOTO,))
    road.move("station_officer", "fail_check")
    with pytest.raises(Invalid) as refused:
        road.move("unit_officer", "finish", images=(PHOTO,))
    assert "photos" in refused.value.fields
    assert road.move("unit_officer", "finish", images=(PHOTO, photo("green"))).case.state == "checking"


def test_the_photo_of_the_report_is_no_proof_of_the_result(town: Town, people: People) -> None:
    road = Road(town, people, images=(PHOTO,)).handling(condition(**STREET))
    with pytest.raises(Invalid):
        road.move("unit_officer", "finish", images=(PHOTO,))


def test_the_danger_that_the_reporter_named_stays_with_the_case_and_its_parts(
    town: Town, people: People
) -> None:
    road = Road(town, people, danger=True).filed(condition(**STREET)).move("street_dispatcher", "split")
    with acting_as(TESTS):
        assert [part.danger for part in Case.objects.filter(split_from=road.case)] == [True]
    assert stored(road.case.pk).danger
    assert not stored(reported(town).case.pk).danger


def test_a_reporter_follows_every_part_and_can_be_called_about_it(town: Town, people: People) -> None:
    road = Road(town, people, name="周月好", phone="16400097531").filed(condition(**STREET))
    road.move("street_dispatcher", "split", description="路灯也不亮")
    found = status(reporter_of(road.reported.receipt_code))
    assert [part.description for part in found.parts] == ["路灯也不亮"]
    own = status(reporter_of(found.parts[0].code)).case
    assert own.has_contact
    with acting_as(TESTS):
        assert Contact.objects.get(case=own).phone == "16400097531"
        Case.objects.filter(pk=own.pk).update(state="callback")
    shown = contacts.unmask(people["station_officer"], own.pk, contacts.PURPOSES[0])
    assert shown.phone == "16400097531"


def merged_into_closed(town: Town, people: People) -> tuple[Road, Road]:
    """A closed case and one that was merged into it when both were new."""
    main = Road(town, people).filed(condition(**STREET))
    joined = Road(town, people).filed(condition(**STREET))
    joined.move("street_dispatcher", "merge", into=main.case.number)
    unit = town.units["sanitation"].pk
    main.move("street_dispatcher", "dispatch", unit=unit, supports=[]).move("unit_officer", "accept")
    main.move("unit_officer", "finish").move("station_officer", "pass_check")
    main.move("street_dispatcher", "close")
    return main, joined


def open_keys(road: Road, at: Road) -> set[str]:
    with clock.at(at.at):
        return {found.move.key for found in status(Reporter(road.case.receipt_hash)).moves}


def test_the_reporter_of_a_merged_case_rates_once_and_objects_once(town: Town, people: People) -> None:
    main, joined = merged_into_closed(town, people)
    reporter = Reporter(joined.case.receipt_hash)
    assert open_keys(joined, main) == {"rate_later", "object"}
    rating = {"solved": True, "satisfied": 4}
    with clock.at(main.at):
        answer(reporter, joined.case.pk, "rate_later", rating)
        with pytest.raises(Conflict):
            answer(reporter, joined.case.pk, "rate_later", rating)
    assert stored(joined.case.pk).satisfied == 4
    assert stored(main.case.pk).state == "closed"
    assert stored(main.case.pk).satisfied is None
    assert "joined_rating" in [event.move for event in history_of(main.case.pk)]
    objection = {"reason": "not_fixed", "note": "还在漏水"}
    with clock.at(main.at):
        answer(reporter, joined.case.pk, "object", objection)
        with pytest.raises(Conflict):
            answer(reporter, joined.case.pk, "object", objection)
    assert stored(main.case.pk).state == "handling"
    assert open_keys(joined, main) == set()
    for case in (main.case, joined.case):
        folded = history.replay(history_of(case.pk))
        now = history.snapshot(stored(case.pk))
        assert {name: now[name] for name in ("state", "objections", "satisfied", "solved")} == {
            name: folded.get(name) for name in ("state", "objections", "satisfied", "solved")
        }


def test_a_stranger_cannot_answer_for_the_reporter_of_a_merged_case(town: Town, people: People) -> None:
    main, joined = merged_into_closed(town, people)
    stranger = Reporter(reported(town).case.receipt_hash)
    before = stored(main.case.pk).version
    for case in (main.case, joined.case):
        with pytest.raises(Exception, match="没有找到"):
            answer(stranger, case.pk, "object", {"reason": "not_fixed", "note": "还在漏水"})
    assert stored(main.case.pk).version == before


def test_a_split_grids_open_cases_are_found_again_by_their_point(town: Town) -> None:
    grid = town.grids[0]
    case_id = reported(town, grid=0).case.pk
    lon, lat = point_in(town, grid)
    with acting_as(TESTS):
        made = split(
            TESTS, grid, [Part(grid.code, "东1甲"), Part(f"{grid.code[:-1]}9", "东1乙")], clock.today()
        )
        forget_shapes()
        # Not drawn yet: the community keeps the case.
        assert find_again() == 0
        new = [area for area in made.areas if area.level == Level.GRID and area.pk != grid.pk]
        set_shape(
            TESTS, new[1], shapely.box(lon - 0.0005, lat - 0.0005, lon + 0.0005, lat + 0.0005), clock.today()
        )
    assert find_again() == 1
    assert find_again() == 0
    found = stored(case_id)
    assert (found.area_id, found.area_path) == (new[1].pk, Area.objects.get(pk=new[1].pk).path)
    assert history_of(case_id)[-1].move == "area_changed"
    assert history.replay(history_of(case_id))["area_id"] == new[1].pk


def test_a_closed_case_stays_where_it_happened(town: Town, people: People) -> None:
    road = Road(town, people).closed(condition(**STREET))
    grid = town.grids[0]
    with acting_as(TESTS):
        merge(TESTS, [grid], town.grids[1], clock.today())
    assert find_again() == 0
    assert stored(road.case.pk).area_id == grid.pk
