"""Reads of order imports."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count

from wangge.domain.access.actor import Actor
from wangge.domain.orders.models import Order, OrderImport, OrderRow, Outcome, State
from wangge.domain.orders.rules import problem_words
from wangge.platform import clock
from wangge.platform.sheets.writing import Column, Marked, Value

RUNNING = (State.CHECKING, State.IMPORTING, State.UNDOING)
SHOWN_WRONG = 100


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


def imports_of(actor: Actor, most: int = 30) -> list[OrderImport]:
    """The actor's imports, the newest first (1 statement)."""
    return list(OrderImport.objects.filter(user_id=actor.user_id).order_by("-pk")[:most])


def import_of(import_id: int) -> OrderImport | None:
    """An import inside the actor's view (1 statement)."""
    found: OrderImport | None = OrderImport.objects.filter(pk=import_id).first()
    return found


def progress(batch: OrderImport) -> Progress:
    """How far the present step is."""
    seconds = None
    if batch.began_at and batch.done:
        passed = (clock.now() - batch.began_at).total_seconds()
        seconds = max(int(passed / batch.done * (batch.total - batch.done)), 0)
    return Progress(batch.done, batch.total, batch.done * 100 // max(batch.total, 1), seconds)


def outcomes(batch: OrderImport) -> dict[str, int]:
    """Rows by outcome (1 statement)."""
    return dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))


def first_rows(batch: OrderImport, most: int = 5) -> list[list[str]]:
    """The cells of the first rows (1 statement)."""
    rows = OrderRow.objects.filter(batch=batch).order_by("number")[:most]
    return [row.cells() for row in rows]


def wrong_rows(batch: OrderImport) -> list[WrongRow]:
    """The first rows that do not become cases, with why (1 statement)."""
    rows = OrderRow.objects.filter(batch=batch, outcome__in=[Outcome.WRONG, Outcome.CHANGED])
    return [
        WrongRow(
            row.number,
            Outcome(row.outcome),
            tuple((field, problem_words([field, code, detail])) for field, code, detail in row.problems),
        )
        for row in rows.defer("words").order_by("number")[:SHOWN_WRONG]
    ]


def order_of(case_id: int) -> Order | None:
    """The hotline's order of a case (1 statement)."""
    found: Order | None = Order.objects.filter(pk=case_id).first()
    return found


def moved_on(batch: OrderImport) -> "list[Order]":
    """Orders of the import whose cases somebody has worked on, so that they cannot be taken back (1 statement)."""
    moved = Order.objects.filter(batch=batch, undone=False, case__version__gt=1)
    return list(moved.select_related("case").order_by("number")[:SHOWN_WRONG])


def returned(batch: OrderImport, error: str, row_name: str) -> tuple[list[Column], Iterator[list[Value]]]:
    """The rows that did not become cases, as they came, with the row number and an error column; faults are marked."""
    columns = [Column(row_name, 8), *(Column(name, 18) for name in batch.header), Column(error, 50)]
    return columns, _returned_rows(batch)


def _returned_rows(batch: OrderImport) -> Iterator[list[Value]]:
    left = OrderRow.objects.filter(batch=batch, outcome__in=[Outcome.WRONG, Outcome.CHANGED])
    for row in left.order_by("number").iterator(chunk_size=500):
        faults = {batch.columns.get(field) for field, _code, _detail in row.problems}
        cells: list[Value] = [Marked(cell) if at in faults else cell for at, cell in enumerate(row.cells())]
        said = [problem_words(problem) for problem in row.problems] or [str(Outcome(row.outcome).label)]
        yield [row.number, *cells, Marked("；".join(said))]
