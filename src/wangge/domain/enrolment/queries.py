"""Reads of lists of households."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count

from wangge.domain.access.actor import Actor
from wangge.domain.enrolment.models import Enrolled, Enrolment, EnrolmentRow, Outcome, State
from wangge.domain.enrolment.rules import problem_words
from wangge.domain.places.models import Dwelling
from wangge.platform import clock
from wangge.platform.sheets.writing import Column, Marked, Value

RUNNING = (State.CHECKING, State.MERGING, State.UNDOING)
SHOWN_WRONG = 100
SHOWN_STAYING = 50
_BACK = (Outcome.WRONG, Outcome.HELD)


@dataclass(frozen=True, slots=True)
class Progress:
    """`seconds_left` is None until something is through."""

    done: int
    total: int
    percent: int
    seconds_left: int | None


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row with what is wrong with it; no words of the row itself."""

    number: int
    outcome: Outcome
    problems: tuple[tuple[str, str], ...]


def enrolments_of(actor: Actor, most: int = 30) -> list[Enrolment]:
    """The actor's lists, the newest first (1 statement)."""
    return list(Enrolment.objects.filter(user_id=actor.user_id).order_by("-pk")[:most])


def enrolment_of(enrolment_id: int) -> Enrolment | None:
    """A list inside the actor's view (1 statement)."""
    found: Enrolment | None = Enrolment.objects.filter(pk=enrolment_id).first()
    return found


def progress(batch: Enrolment) -> Progress:
    """How far the present step is."""
    seconds = None
    if batch.began_at and batch.done:
        passed = (clock.now() - batch.began_at).total_seconds()
        seconds = max(int(passed / batch.done * (batch.total - batch.done)), 0)
    return Progress(batch.done, batch.total, batch.done * 100 // max(batch.total, 1), seconds)


def outcomes(batch: Enrolment) -> dict[str, int]:
    """Rows by outcome (1 statement)."""
    return dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))


def came(batch: Enrolment) -> int:
    """How many people of the list are registered now (1 statement)."""
    return int(Enrolled.objects.filter(batch=batch).count())


def first_rows(batch: Enrolment, most: int = 5) -> list[list[str]]:
    """The cells of the first rows (1 statement)."""
    rows = EnrolmentRow.objects.filter(batch=batch).order_by("number")[:most]
    return [row.cells()[0] for row in rows]


def wrong_rows(batch: Enrolment) -> list[WrongRow]:
    """The first rows that are wrong, with why (1 statement)."""
    rows = EnrolmentRow.objects.filter(batch=batch, outcome=Outcome.WRONG).defer("words").order_by("number")
    return [
        WrongRow(
            row.number, Outcome(row.outcome), tuple((one[0], problem_words(one)) for one in row.problems)
        )
        for row in rows[:SHOWN_WRONG]
    ]


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
        faults = {batch.columns.get(field) for field, _code, _detail in row.problems}
        cells: list[Value] = [
            Marked(cell) if at in faults else cell for at, cell in enumerate(row.cells()[0])
        ]
        said = [problem_words(problem) for problem in row.problems] or [str(Outcome(row.outcome).label)]
        yield [row.number, Marked("；".join(said)), *cells]
