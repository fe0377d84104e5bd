"""Reads of lists of households."""

from collections.abc import Iterator

from wangge.domain.access.actor import Actor
from wangge.domain.enrolment.models import Enrolled, Enrolment, EnrolmentRow, Outcome, State
from wangge.domain.enrolment.rules import problem_words
from wangge.domain.places.models import Dwelling
from wangge.domain.sheets import queries as sheets
from wangge.domain.sheets.queries import WrongRow
from wangge.platform.sheets.writing import Column, Value

RUNNING = (State.CHECKING, State.MERGING, State.UNDOING)
SHOWN_STAYING = 50
_BACK = (Outcome.WRONG, Outcome.HELD)


def enrolments_of(actor: Actor, most: int = 30) -> list[Enrolment]:
    """The actor's lists, the newest first (1 statement)."""
    return list(Enrolment.objects.filter(user_id=actor.user_id).order_by("-pk")[:most])


def enrolment_of(enrolment_id: int) -> Enrolment | None:
    """A list inside the actor's view (1 statement)."""
    found: Enrolment | None = Enrolment.objects.filter(pk=enrolment_id).first()
    return found


def came(batch: Enrolment) -> int:
    """How many people of the list are registered now (1 statement)."""
    return int(Enrolled.objects.filter(batch=batch).count())


def first_rows(batch: Enrolment, most: int = 5) -> list[list[str]]:
    """The cells of the first rows (1 statement)."""
    rows = EnrolmentRow.objects.filter(batch=batch).order_by("number")[:most]
    return [row.cells()[0] for row in rows]


def wrong_rows(batch: Enrolment) -> list[WrongRow]:
    """The first rows that are wrong, with why (1 statement)."""
    return sheets.wrong_rows(EnrolmentRow.objects.filter(batch=batch, outcome=Outcome.WRONG), problem_words)


def staying(batch: Enrolment) -> list[Dwelling]:
    """Where somebody stays after the list was taken back, because somebody worked on them (1 statement)."""
    homes = Enrolled.objects.filter(batch=batch).values("resident__household__dwelling")
    found = Dwelling.objects.filter(pk__in=homes).select_related("building__compound", "stairwell", "area")
    return list(found.order_by("building_id", "room")[:SHOWN_STAYING])


def returned(batch: Enrolment, row_name: str, error: str) -> tuple[list[Column], Iterator[list[Value]]]:
    """The rows that were not registered, as they came, behind a column of errors; faults are marked. Corrected and
    uploaded again they are read like any list."""
    names = [Column(name, 16) for name in batch.header]
    return [Column(row_name, 8), Column(error, 48), *names], _returned_rows(batch)


def _returned_rows(batch: Enrolment) -> Iterator[list[Value]]:
    left = EnrolmentRow.objects.filter(batch=batch, outcome__in=_BACK)
    for row in left.order_by("number").iterator(chunk_size=500):
        said, cells = sheets.returned_row(batch, row, row.cells()[0], problem_words)
        yield [row.number, said, *cells]
