"""Each staged row is read and looked up; nothing but what was found is written, so that it can be done again."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.models import User
from wangge.domain.access.persons import Person
from wangge.domain.access.policy import near_paths
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import log_looks
from wangge.domain.enrolment import rules
from wangge.domain.enrolment.models import Enrolment, EnrolmentRow, Outcome, State
from wangge.domain.places.doors import Door, Doors
from wangge.domain.register.models import Relation, Resident
from wangge.domain.register.rules import phone_mark
from wangge.domain.register.services.base import community_of
from wangge.platform import clock

BATCH = 2000
CHECK = System("enrolment check")
# Kept in the log as they stand; a face translates them.
MET = gettext_noop("姓名、住址（核对清单）")
PURPOSE = gettext_noop("核实登记信息")


@dataclass(frozen=True, slots=True)
class Read:
    """A staged row as it was understood."""

    row: EnrolmentRow
    words: rules.Words
    problems: list[rules.Problem]
    door: Door

    @property
    def place(self) -> tuple[int, str] | None:
        """What makes a household: the dwelling, and the number by which the list tells two apart."""
        return (self.door.dwelling_id, self.words.household) if self.door.dwelling_id else None


@dataclass(slots=True)
class Seen:
    """What the rows before say: numbers of households, and in which row a person, an ID number, a head stood."""

    rows: int = 0
    households: dict[tuple[int, str], int] = field(default_factory=dict)
    persons: dict[tuple[int, str, int | None, str], int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    heads: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Living:
    """Who lives already in the dwellings of some rows, and where in the ring people of these names and phones do."""

    here: dict[tuple[int, str], Resident]
    occupied: frozenset[int]
    elsewhere: dict[tuple[str, str], Resident]

    def met(self, words: rules.Words, dwelling_id: int) -> Resident | None:
        """Whom of the register the row names."""
        return self.here.get((dwelling_id, words.name)) or self.elsewhere.get((words.name, words.phone))


def actor_behind(batch: Enrolment) -> Actor:
    """Who uploaded the list, with the posts of today."""
    return actor_of(User.objects.get(pk=batch.user_id), clock.today())


def check(enrolment_id: int) -> None:
    """Check all rows of a list; ends early when it was cancelled."""
    with acting_as(CHECK):
        batch = Enrolment.objects.filter(pk=enrolment_id, state=State.CHECKING).first()
        if batch is None:
            return
        actor = actor_behind(batch)
        doors, seen = Doors(near_paths(actor)), Seen()
    last: int | None = 0
    while last is not None:
        last = _check_some(enrolment_id, last, actor, doors, seen)


def _check_some(enrolment_id: int, after: int, actor: Actor, doors: Doors, seen: Seen) -> int | None:
    """The rows after this number; the last one's number, None at the end."""
    with transaction.atomic(), acting_as(CHECK):
        batch = Enrolment.objects.select_for_update().get(pk=enrolment_id)
        if batch.state != State.CHECKING:
            return None
        rows = list(EnrolmentRow.objects.filter(batch=batch, number__gt=after).order_by("number")[:BATCH])
        if not rows:
            _hold_households(batch)
            batch.state, batch.done = State.CHECKED, batch.total
            batch.save(update_fields=["state", "done"])
            return None
        told = [_read(row, batch.columns, doors, clock.today()) for row in rows]
        living = _living(told, near_paths(actor))
        _log_met(actor, told, living)
        _write([_judged(one, seen, living) for one in told])
        seen.rows += len(rows)
        batch.done = seen.rows
        batch.save(update_fields=["done"])
    return rows[-1].number


def _read(row: EnrolmentRow, columns: dict[str, int], doors: Doors, today: date) -> Read:
    cells, formulas = row.cells()
    words, problems = rules.words_of(cells, formulas, columns, today)
    address, at = rules.address_of(cells, columns)
    door = doors.find(address)
    if door.code:
        problems.append([at, door.code, door.house])
    return Read(row, words, problems, door)


def _living(told: Sequence[Read], paths: Sequence[str]) -> Living:
    """What the register says (2 statements)."""
    ring = Q(pk__in=[])
    for path in paths:
        ring |= Q(area__path__startswith=path)
    people = Resident.objects.filter(ring, until__isnull=True, merged_into__isnull=True).select_related(
        "household"
    )
    dwellings = {one.door.dwelling_id for one in told if one.door.dwelling_id}
    here, occupied = {}, set()
    for one in people.filter(household__dwelling__in=dwellings, household__until__isnull=True):
        here[one.household.dwelling_id, str(one.name)] = one
        occupied.add(one.household.dwelling_id)
    marks = {mark for one in told if (mark := phone_mark(one.words.phone)) is not None}
    elsewhere = {(str(one.name), str(one.phone)): one for one in people.filter(phone_mark__in=marks)}
    return Living(here, frozenset(occupied), elsewhere)


def _log_met(actor: Actor, told: Sequence[Read], living: Living) -> None:
    """The verdicts say of these people that they are registered: a look at each (at most 4 statements)."""
    met = {
        resident.pk: resident
        for one in told
        if one.door.dwelling_id and (resident := living.met(one.words, one.door.dwelling_id))
    }
    log_looks(
        actor,
        [(Person("resident", pk), community_of(one.area)) for pk, one in met.items()],
        subject="resident",
        data_class=MET,
        purpose=PURPOSE,
        channel="import",
    )


Verdict = tuple[int, Outcome, list[rules.Problem], int | None, int | None, int | None, bool]


def _judged(one: Read, seen: Seen, living: Living) -> Verdict:
    """The row's id, outcome, problems, dwelling, household within the list, household in the register, occupied."""
    words, place, problems, number = one.words, one.place, one.problems, one.row.number
    if place is None:
        return one.row.pk, Outcome.WRONG, problems, None, None, None, False
    household = seen.households.setdefault(place, len(seen.households) + 1)
    problems += _twice(one, household, seen)
    here = living.here.get((place[0], words.name))
    joins = here.household_id if here else None
    if joins is None and words.phone and (words.name, words.phone) in living.elsewhere:
        problems.append(["name", "lives_elsewhere", ""])
    if rules.is_wrong(problems):
        outcome = Outcome.WRONG
    else:
        outcome = Outcome.SAME if joins else Outcome.GOOD
        if words.relation == Relation.HEAD:
            seen.heads.setdefault(household, number)
    occupied = not joins and place[0] in living.occupied and not words.household
    return one.row.pk, outcome, problems, place[0], household, joins, occupied


def _twice(one: Read, household: int, seen: Seen) -> Iterator[rules.Problem]:
    """The same person, ID number or a second head in a row before."""
    words, number = one.words, one.row.number
    before = seen.persons.setdefault((household, words.name, words.birth_year, words.phone), number)
    if words.id_number:
        before = min(before, seen.numbers.setdefault(words.id_number, number))
    if before != number and words.name:
        yield ["name", "person_twice", str(before)]
    elif words.relation == Relation.HEAD and household in seen.heads:
        yield ["relation", "head_twice", str(seen.heads[household])]


def _write(verdicts: Sequence[Verdict]) -> None:
    """The verdicts of some rows (1 statement)."""
    ids, outcomes, problems, dwellings, households, joins, occupied = zip(*verdicts, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrolment_enrolmentrow r SET outcome = v.outcome, problems = v.problems::jsonb,"
            " dwelling_id = v.dwelling, household = v.household, joins = v.joins, occupied = v.occupied"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::integer[], %s::bigint[], %s::boolean[])"
            " AS v (id, outcome, problems, dwelling, household, joins, occupied) WHERE r.id = v.id",
            [
                list(ids),
                list(map(str, outcomes)),
                [json.dumps(some) for some in problems],
                list(dwellings),
                list(households),
                list(joins),
                list(occupied),
            ],
        )


def _hold_households(batch: Enrolment) -> None:
    """Where somebody else lives the row says so, unless the list names one of them; a household waits for its last
    wrong row (3 statements)."""
    with connection.cursor() as cursor:
        # Statistics know nothing yet of what was just checked: row by row it would take minutes.
        cursor.execute("SET LOCAL enable_nestloop = off")
    rows = EnrolmentRow.objects.filter(batch=batch)
    joined = rows.filter(outcome=Outcome.SAME, household__isnull=False).values("household")
    rows.filter(outcome=Outcome.GOOD, occupied=True).exclude(household__in=joined).update(
        outcome=Outcome.WRONG, problems=[["name", "occupied", ""]]
    )
    wrong = rows.filter(outcome=Outcome.WRONG, household__isnull=False).values("household")
    rows.filter(outcome=Outcome.GOOD, household__in=wrong).update(outcome=Outcome.HELD)
