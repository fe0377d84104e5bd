"""Writing the register: who keeps it, what is refused, and merges that can be undone."""

import uuid
from datetime import date, timedelta

import pytest

from casework import TESTS
from factories import Town, make_dwelling
from settling import make_resident
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import Unit
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Dwelling
from wangge.domain.register.models import CareNeed, Detail, Household, NameMark, Organisation, Resident
from wangge.domain.register.purposes import NEAR
from wangge.domain.register.services import (
    bulk,
    care,
    details,
    homes,
    looking,
    merging,
    organisations,
    people,
    retention,
)
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
CREDIT = "91110000600037341L"


@pytest.fixture
def flat(town: Town) -> Dwelling:
    with acting_as(TESTS):
        return make_dwelling(town, town.grids[0], "702")


def settled(keeper: Actor, flat: Dwelling, name: str = "何桂香") -> Resident:
    home = people.add_household(keeper, flat.pk, stay="own")
    return people.add_resident(keeper, home.pk, name=name, relation="head", residence="here")


def test_who_serves_the_grid_keeps_it_and_nobody_else(people_: dict[str, Actor], flat: Dwelling) -> None:
    for name in ("grid_worker", "station_officer"):
        people.add_household(people_[name], flat.pk, stay="own")
    with pytest.raises(NotAllowed):
        people.add_household(people_["street_dispatcher"], flat.pk, stay="own")
    for name in ("grid_worker_beside", "station_officer_west", "unit_officer"):
        with pytest.raises(NotFound):
            people.add_household(people_[name], flat.pk, stay="own")


@pytest.fixture
def people_(people: dict[str, Actor]) -> dict[str, Actor]:
    return people


@pytest.fixture
def keeper(people_: dict[str, Actor]) -> Actor:
    return people_["station_officer"]


def test_a_wrong_value_is_named_at_its_field(keeper: Actor, flat: Dwelling) -> None:
    home = people.add_household(keeper, flat.pk, stay="own")
    with pytest.raises(Invalid) as wrong:
        people.add_resident(
            keeper, home.pk, name=" ", phone="12", birth_year=1800, relation="boss", residence="here"
        )
    assert set(wrong.value.fields) == {"name", "phone", "birth_year", "relation"}


def test_a_household_has_one_head(keeper: Actor, flat: Dwelling) -> None:
    head = settled(keeper, flat)
    with pytest.raises(Invalid):
        people.add_resident(keeper, head.household_id, name="另一人", relation="head", residence="here")


def test_a_changed_name_is_found_by_its_new_letters_alone(keeper: Actor, flat: Dwelling) -> None:
    resident = settled(keeper, flat)
    people.change_resident(keeper, resident.pk, name="何桂芳")
    assert not looking.find_people(keeper, "桂香", NEAR[0]).residents
    assert [one.pk for one in looking.find_people(keeper, "桂芳", NEAR[0]).residents] == [resident.pk]


def test_who_changes_second_is_told(keeper: Actor, flat: Dwelling) -> None:
    resident = settled(keeper, flat)
    people.change_resident(keeper, resident.pk, version=resident.version, birth_year=1950)
    with pytest.raises(Conflict):
        people.change_resident(keeper, resident.pk, version=resident.version, birth_year=1951)


def test_a_household_moves_out_with_everybody_and_nobody_moves_in_again(
    keeper: Actor, flat: Dwelling
) -> None:
    resident = settled(keeper, flat)
    with pytest.raises(Invalid):
        people.move_out(keeper, resident.household_id, on=clock.today() + timedelta(days=1))
    people.move_out(keeper, resident.household_id, on=clock.today())
    with acting_as(TESTS):
        assert Resident.objects.get(pk=resident.pk).until == clock.today()
    for again in (
        lambda: people.move_out(keeper, resident.household_id, on=clock.today()),
        lambda: people.add_resident(
            keeper, resident.household_id, name="后来", relation="other", residence="here"
        ),
    ):
        with pytest.raises(Conflict):
            again()


def snapshot() -> list[tuple[object, ...]]:
    with acting_as(TESTS):
        rows = Resident.objects.order_by("pk")
        people_ = [(r.pk, r.name, r.phone, r.phone_mark, r.birth_year, r.merged_into_id) for r in rows]
        marks = sorted(NameMark.objects.values_list("resident_id", "mark"))
        care_ = list(CareNeed.objects.order_by("pk").values_list("pk", "resident_id"))
        return [*people_, *marks, *care_, *Detail.objects.order_by("pk").values_list("pk", "resident_id")]


def test_a_merge_undone_leaves_everything_as_it_was(keeper: Actor, flat: Dwelling) -> None:
    first = settled(keeper, flat)
    with acting_as(TESTS):
        second = make_resident(first.household, "何桂香", "13511112222", birth_year=1948)
    details.add(keeper, second.pk, need="women_screening", value="女")
    before = snapshot()
    done = merging.merge(keeper, first.pk, second.pk)
    with acting_as(TESTS):
        kept = Resident.objects.get(pk=first.pk)
        assert (kept.phone, kept.birth_year, kept.details.count()) == ("13511112222", 1948, 1)
    found = looking.find_people(keeper, "13511112222", NEAR[0]).residents
    assert [one.pk for one in found] == [first.pk]
    for pair in ((first.pk, second.pk), (second.pk, first.pk)):
        with pytest.raises(Conflict):
            merging.merge(keeper, *pair)
    merging.undo(keeper, done.pk)
    assert snapshot() == before
    with pytest.raises(Conflict):
        merging.undo(keeper, done.pk)


def test_nobody_is_merged_with_themselves_or_across_rings(keeper: Actor, flat: Dwelling, town: Town) -> None:
    resident = settled(keeper, flat)
    with acting_as(TESTS):
        west = Resident.objects.filter(area=town.grids[2])[0]
    with pytest.raises(Invalid):
        merging.merge(keeper, resident.pk, resident.pk)
    with pytest.raises(NotFound):
        merging.merge(keeper, resident.pk, west.pk)


def applied(keeper: Actor, resident: Resident, **other: object) -> CareNeed:
    today = clock.today()
    given = {
        "kind": "alone",
        "asks": "每周敲门问候",
        "applicant": "self",
        "consent_text": "care-1",
        "consent_on": today,
        "consent_way": "signed",
        "review_on": today + timedelta(days=90),
        "ends_on": today + timedelta(days=180),
    }
    return care.apply(keeper, resident.pk, **{**given, **other})  # type: ignore[arg-type]


def test_care_begins_with_consent_and_ends_without_a_trace_of_the_need(keeper: Actor, flat: Dwelling) -> None:
    resident = settled(keeper, flat)
    for wrong in (
        {"consent_text": "care-0"},
        {"consent_on": clock.today() + timedelta(days=1)},
        {"ends_on": clock.today()},
        {"review_on": clock.today() + timedelta(days=200)},
        {"kind": "religion"},
    ):
        with pytest.raises(Invalid):
            applied(keeper, resident, **wrong)
    need = applied(keeper, resident)
    with pytest.raises(Conflict):
        applied(keeper, resident)
    ended = care.withdraw(keeper, need.pk)
    assert (ended.kind, ended.asks) == ("", "")
    assert ended.withdrawn_at
    with pytest.raises(Conflict):
        care.end(keeper, need.pk)


def test_a_review_names_who_gives_the_care_from_then_on(keeper: Actor, flat: Dwelling) -> None:
    need = applied(keeper, settled(keeper, flat))
    days = {"review_on": need.review_on, "ends_on": need.ends_on}
    with pytest.raises(Invalid) as refusal:
        care.review(keeper, need.pk, **days, provider_id=0x7FFFFFFF)
    assert set(refusal.value.fields) == {"provider_id"}
    unit = Unit.objects.filter(active=True).first()
    assert unit
    assert care.review(keeper, need.pk, **days, provider_id=unit.pk).provider_id == unit.pk
    assert care.review(keeper, need.pk, **days, provider_id=None).provider_id is None


def test_care_ends_by_itself_after_its_last_day(keeper: Actor, flat: Dwelling) -> None:
    need = applied(keeper, settled(keeper, flat))
    assert not [one for one in _running() if one.pk == need.pk and one.ends_on < clock.today()]
    care.end_expired(need.ends_on + timedelta(days=1))
    with acting_as(TESTS):
        ended = CareNeed.objects.get(pk=need.pk)
    assert ended.ended_on
    assert ended.kind == ""


def _running() -> list[CareNeed]:
    with acting_as(TESTS):
        return list(CareNeed.objects.filter(ended_on__isnull=True))


def test_an_id_number_is_kept_for_a_named_service_only_and_goes_with_it(
    keeper: Actor, flat: Dwelling
) -> None:
    resident = settled(keeper, flat)
    for wrong in (
        {"need": "curiosity", "value": "360426199101010071"},
        {"need": "relief", "value": "360426199101010072"},
        {"need": "women_screening", "value": "x"},
    ):
        with pytest.raises(Invalid):
            details.add(keeper, resident.pk, **wrong)
    kept = details.add(keeper, resident.pk, need="relief", value="360426199101010071")
    with pytest.raises(Invalid):
        details.show(keeper, kept.pk, "上门走访服务")
    assert details.show(keeper, kept.pk, details.NEEDS["relief"].name).value == "360426199101010071"
    details.forget_old(kept.until)
    details.forget_old(kept.until + timedelta(days=1))
    with acting_as(TESTS):
        assert not Detail.objects.filter(pk=kept.pk).exists()


def test_a_check_with_faults_says_what_and_by_when(keeper: Actor, flat: Dwelling) -> None:
    today = clock.today()
    with pytest.raises(Invalid) as wrong:
        homes.check_home(keeper, flat.pk, day=today, faults=["gas"])
    assert set(wrong.value.fields) == {"remedy", "fix_by"}
    with pytest.raises(Invalid):
        homes.check_home(keeper, flat.pk, day=today, faults=["landlord"], remedy="x", fix_by=today)
    found = homes.check_home(keeper, flat.pk, day=today, faults=["gas"], remedy="换软管", fix_by=today)
    assert homes.mark_fixed(keeper, found.pk).state == "fixed"
    with pytest.raises(Conflict):
        homes.mark_fixed(keeper, found.pk)
    assert homes.check_home(keeper, flat.pk, day=today).state == "passed"


def test_a_lease_has_a_landlord_and_an_end_after_its_beginning(keeper: Actor, flat: Dwelling) -> None:
    day = date(2026, 1, 1)
    with pytest.raises(Invalid):
        homes.let(keeper, flat.pk, landlord="", starts_on=day)
    with pytest.raises(Invalid):
        homes.let(keeper, flat.pk, landlord="郭先生", starts_on=day, ends_on=date(2025, 1, 1))
    lease = homes.let(keeper, flat.pk, landlord="郭先生", landlord_phone="13000001111", starts_on=day)
    assert looking.show_landlord(keeper, lease.pk, NEAR[0]).landlord == "郭先生"
    with pytest.raises(Invalid):
        homes.end_tenancy(keeper, lease.pk, on=date(2025, 12, 31))


def test_an_organisation_is_checked_by_its_code_and_stands_once_at_an_address(
    keeper: Actor, town: Town
) -> None:
    given = {"area_id": town.grids[0].pk, "kind": "company", "credit_code": CREDIT, "address": "一号"}
    made = organisations.add(keeper, name="某公司", contact_name="张三", **given)
    with pytest.raises(Conflict):
        organisations.add(keeper, name="某公司", **given)
    with pytest.raises(Invalid):
        organisations.add(keeper, name="某公司", **{**given, "credit_code": CREDIT[:-1] + "M"})
    with pytest.raises(NotAllowed):
        organisations.add(keeper, name="某公司", **{**given, "area_id": town.grids[2].pk})
    organisations.change(keeper, made.pk, name="新公司", kind="company")
    assert looking.show_contact(keeper, made.pk, NEAR[0]).contact_name == "张三"


def test_households_in_bulk_are_found_and_shown_like_those_entered_by_hand(
    keeper: Actor, flat: Dwelling
) -> None:
    one = bulk.NewResident("冯 永 昌", "135 0000 9999", 1961, "head", "here")
    rows = [bulk.NewHousehold(flat.pk, flat.area_id, (one, bulk.NewResident("冯家宝"))) for _n in range(3)]
    ids = bulk.load(TESTS, rows)
    _home, shown = looking.show_household(keeper, ids[1], NEAR[0])
    assert [(r.name, r.phone, r.birth_year) for r in shown] == [
        ("冯永昌", "13500009999", 1961),
        ("冯家宝", "", None),
    ]
    assert len(looking.find_people(keeper, "永昌", NEAR[0]).residents) == 3
    assert len(looking.find_people(keeper, "13500009999", NEAR[0]).residents) == 3
    bulk.load_tenancies(
        TESTS, [bulk.NewTenancy(flat.pk, flat.area_id, ids[0], "潘小姐", "13500008888", date(2026, 1, 1))]
    )
    bulk.load_organisations(TESTS, [bulk.NewOrganisation(flat.area_id, "小店", "shop", contact_name="店主")])
    with acting_as(TESTS):
        assert Household.objects.get(pk=ids[0]).tenancies.get().landlord == "潘小姐"
        assert {one.key for one in Household.objects.filter(pk__in=ids)} != {uuid.UUID(int=0)}


def test_only_the_keeper_of_an_area_loads_households_there(people_: dict[str, Actor], flat: Dwelling) -> None:
    rows = [bulk.NewHousehold(flat.pk, flat.area_id, ())]
    assert bulk.load(people_["station_officer"], rows)
    for name in ("station_officer_west", "street_dispatcher", "administrator"):
        with pytest.raises(NotAllowed):
            bulk.load(people_[name], rows)


def test_who_moved_out_is_kept_as_long_as_declared_and_not_a_day_longer(
    keeper: Actor, flat: Dwelling
) -> None:
    resident = settled(keeper, flat)
    people.move_out(keeper, resident.household_id, on=clock.today())
    with acting_as(TESTS):
        second = make_resident(resident.household, "何桂香")
        Resident.objects.filter(pk=second.pk).update(merged_into=resident)
    last = clock.today() + timedelta(days=730)
    retention.forget_ended(last)
    with acting_as(TESTS):
        assert Resident.objects.filter(pk=resident.pk).exists()
    retention.forget_ended(last + timedelta(days=1))
    with acting_as(TESTS):
        assert not Resident.objects.filter(pk__in=[resident.pk, second.pk]).exists()
        assert not Household.objects.filter(pk=resident.household_id).exists()


def test_the_contact_of_a_closed_organisation_goes_and_its_name_stays(keeper: Actor, town: Town) -> None:
    made = organisations.add(
        keeper,
        area_id=town.grids[0].pk,
        name="旧店",
        kind="shop",
        contact_name="张三",
        contact_phone="13500001111",
    )
    organisations.close(keeper, made.pk, on=clock.today())
    for day in (730, 731):
        retention.forget_ended(clock.today() + timedelta(days=day))
        with acting_as(TESTS):
            kept = Organisation.objects.get(pk=made.pk)
        assert bool(kept.contact_name) == (day == 730)
    assert kept.name == "旧店"
