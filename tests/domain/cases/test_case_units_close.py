"""A unit goes, its open cases do not: they are passed on one by one, and each says so."""

import pytest

from casework import STREET, TESTS, Road, condition, history_of, stored
from factories import Town
from invariants import check_case
from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.models import Unit
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Responsibility, Support
from wangge.domain.cases.services.dispatching import set_responsibility
from wangge.domain.cases.services.units import close_unit
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed

People = dict[str, Actor]


def test_a_unit_with_open_cases_closes_only_when_somebody_takes_them(town: Town, people: People) -> None:
    road = Road(town, people).handling(condition(**STREET))
    unit, successor = town.units["sanitation"], town.units["urban_management"]
    admin = town.actor(Role.ADMINISTRATOR)
    with clock.at(road.at):
        with pytest.raises(Invalid) as refused:
            close_unit(admin, unit.pk)
        assert "1 件" in refused.value.fields["successor"]
        assert Unit.objects.get(pk=unit.pk).active
        set_responsibility(TESTS, area_id=town.street.pk, unit_id=unit.pk, duty="sanitation")
        assert close_unit(admin, unit.pk, successor.pk) == 1
    case = stored(road.case.pk)
    assert (case.lead_id, case.responsible_id, case.handler_id) == (successor.pk, successor.pk, None)
    assert case.due_at == road.case.due_at
    assert not Unit.objects.get(pk=unit.pk).active
    last = history_of(case.pk)[-1]
    assert (last.move, last.unit_from_id, last.unit_to_id) == ("passed_on", unit.pk, successor.pk)
    assert last.user_id == admin.user_id
    check_case(case.pk)
    duties = Responsibility.objects.filter(duty="sanitation", area=town.street, ends_on__isnull=True)
    assert [row.unit_id for row in duties] == [successor.pk]
    assert Road.move(road, "urban_officer", "finish").case.state == "checking"


def test_a_share_goes_to_the_successor_too(town: Town, people: People) -> None:
    unit = town.units["sanitation"]
    road = Road(town, people).filed(condition(**STREET))
    road.move("street_dispatcher", "dispatch", unit=town.units["urban_management"].pk, supports=[unit.pk])
    water = Unit.objects.create(name="水务局", short_name="水务局", kind="department", area=town.district)
    close_unit(town.actor(Role.ADMINISTRATOR), unit.pk, water.pk)
    assert stored(road.case.pk).support_units == [water.pk]
    with acting_as(TESTS):
        assert [share.unit_id for share in Support.objects.filter(case=road.case)] == [water.pk]


def test_a_station_is_followed_by_one_of_its_own_place_only(town: Town, people: People) -> None:
    road = Road(town, people)
    station, east = town.units["station"], town.communities[0]
    admin = town.actor(Role.ADMINISTRATOR)
    with pytest.raises(Invalid):
        close_unit(admin, station.pk, town.units["station_west"].pk)
    new = Unit.objects.create(name="新站", short_name="新站", kind="station", area=east, active=False)
    assert close_unit(admin, station.pk, new.pk) == 1
    assert stored(road.case.pk).responsible_id == new.pk
    assert Unit.objects.get(pk=new.pk).active


def test_only_an_administrator_closes_a_unit(town: Town, people: People) -> None:
    with pytest.raises(NotAllowed):
        close_unit(people["street_leader"], town.units["sanitation"].pk)
    assert Unit.objects.get(pk=town.units["sanitation"].pk).active
