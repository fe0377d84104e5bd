"""Reads of order imports."""

from collections.abc import Iterator

from wangge.domain.access.actor import Actor
from wangge.domain.orders.models import Order, OrderImport, OrderRow, Outcome, State
from wangge.domain.orders.rules import problem_words
from wangge.domain.sheets import queries as sheets
from wangge.domain.sheets.queries import SHOWN_WRONG, WrongRow
from wangge.platform.sheets.writing import Column, Value

_BACK = (Outcome.WRONG, Outcome.CHANGED)
RUNNING = (State.CHECKING, State.IMPORTING, State.UNDOING)


def imports_of(actor: Actor, most: int = 30) -> list[OrderImport]:
    """The actor's imports, the newest first (1 statement)."""
    return list(OrderImport.objects.filter(user_id=actor.user_id).order_by("-pk")[:most])


def import_of(import_id: int) -> OrderImport | None:
    """An import inside the actor's view (1 statement)."""
    found: OrderImport | None = OrderImport.objects.filter(pk=import_id).first()
    return found


def first_rows(batch: OrderImport, most: int = 5) -> list[list[str]]:
    """The cells of the first rows (1 statement)."""
    rows = OrderRow.objects.filter(batch=batch).order_by("number")[:most]
    return [row.cells() for row in rows]


def wrong_rows(batch: OrderImport) -> list[WrongRow]:
    """The first rows that do not become cases, with why (1 statement)."""
    return sheets.wrong_rows(OrderRow.objects.filter(batch=batch, outcome__in=_BACK), problem_words)


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
    left = OrderRow.objects.filter(batch=batch, outcome__in=_BACK)
    for row in left.order_by("number").iterator(chunk_size=500):
        said, cells = sheets.returned_row(batch, row, row.cells(), problem_words)
        yield [row.number, *cells, said]
