"""The diary: about places, in the ring, made a case once, answered by who leads."""

import uuid

import pytest

from casework import TESTS
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.places.models import Dwelling
from wangge.domain.visits import queries
from wangge.domain.visits.models import DiaryEntry
from wangge.domain.visits.services.diary import comment, make_case, write_entry
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def flat(town: Town) -> Dwelling:
    with acting_as(TESTS):
        found: Dwelling = Dwelling.objects.filter(area=town.grids[0]).first()
        return found


def wrote(actor: Actor, flat: Dwelling, key: uuid.UUID | None = None, text: str = "水管漏水") -> DiaryEntry:
    return write_entry(actor, key or uuid.uuid4(), kind="repair", text=text, dwelling_id=flat.pk)


def test_a_note_that_comes_twice_is_kept_once(people: dict[str, Actor], flat: Dwelling) -> None:
    key = uuid.uuid4()
    first = wrote(people["grid_worker"], flat, key)
    assert wrote(people["grid_worker"], flat, key) == first
    with pytest.raises(Conflict):
        wrote(people["grid_worker"], flat, key, "别的话")


def test_a_note_stands_in_ones_own_grid_and_holds_no_number_of_a_person(
    people: dict[str, Actor], town: Town, flat: Dwelling
) -> None:
    for text in ("", "字" * 1001, "她的电话是13800001234"):
        with pytest.raises(Invalid):
            wrote(people["grid_worker"], flat, text=text)
    with pytest.raises(NotFound):
        wrote(people["grid_worker_beside"], flat)
    with pytest.raises(NotAllowed):
        write_entry(people["grid_worker"], uuid.uuid4(), kind="wish", text="要路灯", area_id=town.grids[1].pk)


def test_a_note_becomes_one_case_at_its_place(people: dict[str, Actor], flat: Dwelling) -> None:
    entry = wrote(people["grid_worker"], flat)
    case = make_case(people["grid_worker"], entry.pk)
    with pytest.raises(Conflict):
        make_case(people["grid_worker"], entry.pk)
    with acting_as(TESTS):
        (found,) = Case.objects.filter(description="水管漏水")
    assert found == case
    assert (found.area_id, found.channel, found.lon) == (flat.area_id, "worker", flat.building.lon)
    assert queries.entry(people["station_officer"], entry.pk).case == case


def test_who_leads_comments_and_the_author_answers(people: dict[str, Actor], flat: Dwelling) -> None:
    entry = wrote(people["grid_worker"], flat)
    key = uuid.uuid4()
    for _time in range(2):
        comment(people["station_head"], key, entry.pk, text="请周五前修好。")
    comment(people["grid_worker"], uuid.uuid4(), entry.pk, text="已报修。")
    with pytest.raises(NotAllowed):
        comment(people["station_officer"], uuid.uuid4(), entry.pk, text="收到")
    said = queries.entry(people["grid_worker"], entry.pk).comments.all()
    assert [one.text for one in said] == ["请周五前修好。", "已报修。"]


def test_notes_are_found_by_words_in_the_ring_and_read_by_the_week(
    people: dict[str, Actor], flat: Dwelling
) -> None:
    entry = wrote(people["grid_worker"], flat)
    monday = entry.made_at.date()
    monday = monday.fromordinal(monday.toordinal() - monday.weekday())
    for name, seen in (("grid_worker", True), ("station_head", True), ("grid_worker_beside", False)):
        with acting_as(people[name]):
            assert (entry in queries.entries("漏水", "repair")) == seen
            assert entry not in queries.entries("漏水", "wish")
            assert (entry in queries.week(monday)) == seen
