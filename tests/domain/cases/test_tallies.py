"""The counts at the head of a page are those of the lists they lead to."""

from collections import Counter

import pytest

from casework import START, STREET, Road, condition
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.queries.lists import FLAGS, Filters, listing, my_work
from wangge.domain.cases.queries.tallies import tally
from wangge.platform import clock

pytestmark = pytest.mark.django_db
OPEN_FLAGS = sorted(set(FLAGS) - {"ended", "overdue", "emergency", "returned", "repeat", "reworked"})


@pytest.fixture
def cases(town: Town, people: dict[str, Actor]) -> Road:
    """Cases in many states: reported, filed, in handling, with more time asked for, returned, closed under appeal."""
    Road(town, people)
    Road(town, people).filed(condition(**STREET))
    Road(town, people).handling(condition(**STREET)).move("unit_officer", "ask_extension", amount=1)
    Road(town, people).dispatched(condition(level="community", proof="statement"), "station")
    last = Road(town, people).handling(condition(**STREET))
    last.move("street_leader", "supervise")
    return last


@pytest.mark.parametrize(
    "who", ["grid_worker", "station_officer", "street_dispatcher", "street_leader", "unit_officer"]
)
def test_counts_are_those_of_the_lists(people: dict[str, Actor], cases: Road, who: str) -> None:
    actor = people[who]
    with acting_as(actor), clock.at(cases.at):
        found = tally(actor, flags=OPEN_FLAGS)
        opened = listing(actor, Filters(flag="open"))
        assert found.lights == dict(Counter(opened.values_list("light", flat=True)))
        assert found.work == dict(Counter(my_work(actor).values_list("asked", flat=True)))
        assert found.flags == {flag: listing(actor, Filters(flag=flag)).count() for flag in OPEN_FLAGS}
        assert found.lights, "somebody who sees nothing proves nothing"


def test_filters_hold_for_the_colours_and_not_for_the_work(people: dict[str, Actor], cases: Road) -> None:
    actor = people["street_dispatcher"]
    with acting_as(actor), clock.at(cases.at):
        everything, handled = tally(actor), tally(actor, Filters(state="handling", light="red"))
        assert handled.work == everything.work
        assert sum(handled.lights.values()) == listing(actor, Filters(state="handling", flag="open")).count()
        assert sum(handled.lights.values()) < sum(everything.lights.values())


def test_words_and_kinds_are_counted_as_they_are_listed(people: dict[str, Actor], cases: Road) -> None:
    actor = people["street_dispatcher"]
    with acting_as(actor), clock.at(START):
        for filters in (Filters(words=cases.case.number), Filters(group=cases.case.matter.group_code)):
            listed = listing(actor, filters)
            assert sum(tally(actor, filters).lights.values()) == listed.filter(ended=False).count() > 0
