"""Checked rows are registered, some hundred households in a transaction; their rows go in the same transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from wangge.domain.access.actor import System
from wangge.domain.access.policy import near_paths
from wangge.domain.access.scope import acting_as
from wangge.domain.enrolment import rules
from wangge.domain.enrolment.models import Enrolled, Enrolment, EnrolmentRow, Outcome, State
from wangge.domain.enrolment.services.checking import actor_behind
from wangge.domain.places.models import Dwelling
from wangge.domain.register.models import Household, Resident, Stay
from wangge.domain.register.services.bulk import NewHousehold, NewResident, load
from wangge.domain.register.services.people import add_resident
from wangge.platform import clock
from wangge.platform.db.copying import copy_in
from wangge.platform.errors import WanggeError

HOUSEHOLDS = 500
MERGE = System("enrolment")


@dataclass(frozen=True, slots=True)
class Family:
    """The good rows of one household of the list; `joins` is where one of them lives already."""

    rows: Sequence[EnrolmentRow]
    people: Sequence[rules.Words]
    dwelling_id: int
    joins: int | None

    @property
    def named(self) -> bool:
        """Whether the list says by a number that this is a household of its own."""
        return bool(self.people[0].household)


@dataclass(frozen=True, slots=True)
class Now:
    """What is true at the moment of the merge: grids of the dwellings that the person keeps, where households live that
    did not come with this list, who they are (dwelling, name), and which households there are."""

    grids: dict[int, int]
    occupied: frozenset[int]
    people: frozenset[tuple[int, str]]
    open: frozenset[int]


def origin_of(batch: Enrolment) -> str:
    """What the households of a list are known by."""
    return f"enrolment {batch.pk}"


def merge(enrolment_id: int) -> None:
    """Register the good rows. Killed or paused at any moment it goes on where it was: no household comes by half."""
    last: int | None = 0
    while last is not None:
        last = _merge_some(enrolment_id, last)


def _merge_some(enrolment_id: int, after: int) -> int | None:
    """The households after this number of the list; the last one's number, None at the end or when told to stop."""
    with transaction.atomic(), acting_as(MERGE):
        batch = Enrolment.objects.select_for_update().get(pk=enrolment_id)
        if batch.state != State.MERGING:
            return None
        good = EnrolmentRow.objects.filter(batch=batch, outcome=Outcome.GOOD, household__gt=after)
        numbers = list(good.order_by("household").values_list("household", flat=True).distinct()[:HOUSEHOLDS])
        if not numbers:
            _end(batch)
            return None
        families = _families(batch, numbers)
        now = _now(batch, families)
        refused = {id(family): code for family in families if (code := _refusal(family, now))}
        fresh = [family for family in families if id(family) not in refused]
        _register(batch, [family for family in fresh if family.joins is None], now)
        for family in fresh:
            if family.joins is not None:
                _join(batch, family, family.joins)
        for family in families:
            if id(family) in refused:
                _refuse(family.rows, refused[id(family)])
        batch.done += sum(len(family.rows) for family in families)
        batch.save(update_fields=["done"])
    return numbers[-1]


def _families(batch: Enrolment, numbers: Collection[int]) -> list[Family]:
    rows = EnrolmentRow.objects.filter(batch=batch, household__in=numbers)
    same = rows.filter(outcome=Outcome.SAME).order_by("-joins").values_list("household", "joins")
    joins = dict(same)
    by_number: dict[int, list[EnrolmentRow]] = {number: [] for number in numbers}
    for row in rows.filter(outcome=Outcome.GOOD).order_by("number"):
        by_number[row.household or 0].append(row)
    today = clock.today()
    return [
        Family(
            family,
            [rules.words_of(*row.cells(), batch.columns, today)[0] for row in family],
            family[0].dwelling_id or 0,
            joins.get(number),
        )
        for number, family in by_number.items()
    ]


def _now(batch: Enrolment, families: Sequence[Family]) -> Now:
    """The dwellings are held, so that two lists do not fill one at the same time (6 statements)."""
    paths, dwellings = near_paths(actor_behind(batch)), {family.dwelling_id for family in families}
    held = Dwelling.objects.select_related("area").filter(pk__in=dwellings, building__removed_on=None)
    grids = {
        one.pk: one.area_id
        for one in held.order_by("pk").select_for_update(of=("self",))
        if paths and one.area.path.startswith(paths)
    }
    living = Household.objects.filter(dwelling__in=dwellings, until__isnull=True)
    found = list(living.values_list("pk", "dwelling_id", "origin"))
    others = {pk: dwelling for pk, dwelling, origin in found if origin != origin_of(batch)}
    people = Resident.objects.filter(household__in=others, until__isnull=True, merged_into__isnull=True)
    return Now(
        grids,
        frozenset(others.values()),
        frozenset((others[one.household_id], str(one.name)) for one in people),
        frozenset(pk for pk, _dwelling, _origin in found),
    )


def _refusal(family: Family, now: Now) -> str:
    """Why a household is not registered after all, "" when it is."""
    if family.dwelling_id not in now.grids:
        return "no_house"
    # Another list brought one of them since the check.
    if any((family.dwelling_id, one.name) in now.people for one in family.people):
        return "changed"
    if family.joins is not None:
        return "" if family.joins in now.open else "changed"
    return "changed" if family.dwelling_id in now.occupied and not family.named else ""


def _register(batch: Enrolment, families: Sequence[Family], now: Now) -> None:
    if not families:
        return
    origin = origin_of(batch)
    households = load(
        MERGE, [_household(family, now.grids[family.dwelling_id], origin) for family in families]
    )
    made = Resident.objects.filter(household__in=households).values_list("pk", "household_id")
    copy_in(Enrolled, ("batch", "resident", "household"), ((batch.pk, *found) for found in made))
    done = [row.pk for family in families for row in family.rows]
    EnrolmentRow.objects.filter(pk__in=done).delete()


def _household(family: Family, area_id: int, origin: str) -> NewHousehold:
    days = [one.since for one in family.people if one.since]
    stays = [one.stay for one in family.people if one.stay != Stay.UNKNOWN]
    return NewHousehold(
        dwelling_id=family.dwelling_id,
        area_id=area_id,
        stay=stays[0] if stays else Stay.UNKNOWN,
        since=min(days, default=None),
        origin=origin,
        residents=[
            NewResident(one.name, one.phone, one.birth_year, one.relation, one.residence, one.since)
            for one in family.people
        ],
    )


def _join(batch: Enrolment, family: Family, household_id: int) -> None:
    """People who come to a household that is registered."""
    for row, one in zip(family.rows, family.people, strict=True):
        try:
            resident = add_resident(
                MERGE,
                household_id,
                name=one.name,
                phone=one.phone,
                birth_year=one.birth_year,
                relation=one.relation,
                residence=one.residence,
                since=one.since,
            )
        except WanggeError:
            _refuse([row], "head_there")
            continue
        Enrolled.objects.create(batch=batch, resident=resident)
        row.delete()


def _refuse(rows: Sequence[EnrolmentRow], code: str) -> None:
    for row in rows:
        row.outcome, row.problems = (
            Outcome.WRONG,
            [["relation" if code == "head_there" else "name", code, ""]],
        )
        row.save(update_fields=["outcome", "problems"])


def _end(batch: Enrolment) -> None:
    """Rows to correct stay for seven days; the rest has no further use."""
    EnrolmentRow.objects.filter(batch=batch, outcome=Outcome.SAME).delete()
    batch.state, batch.ended_at, batch.done = State.DONE, clock.now(), batch.total
    batch.save(update_fields=["state", "ended_at", "done"])
