"""Reads of uploaded lists that are the same for all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from wangge.domain.sheets.models import Batch
from wangge.platform import clock
from wangge.platform.sheets.writing import Marked, Value

SHOWN_WRONG = 100
# Says a problem, [field, code, detail], as a sentence.
Saying = Callable[[list[str]], str]


@dataclass(frozen=True, slots=True)
class Progress:
    """`seconds_left` is None until something is through."""

    done: int
    total: int
    percent: int
    seconds_left: int | None


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row with what is wrong with it, (field, sentence) each; no words of the row itself."""

    number: int
    outcome: str
    problems: tuple[tuple[str, str], ...]


def progress(batch: Batch) -> Progress:
    """How far the present step is."""
    seconds = None
    if batch.began_at and batch.done:
        passed = (clock.now() - batch.began_at).total_seconds()
        seconds = max(int(passed / batch.done * (batch.total - batch.done)), 0)
    return Progress(batch.done, batch.total, batch.done * 100 // max(batch.total, 1), seconds)


def outcomes(batch: Batch) -> dict[str, int]:
    """Rows by outcome (1 statement)."""
    return dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))


def wrong_rows(rows: Any, say: Saying) -> list[WrongRow]:
    """The first of these rows, with why (1 statement)."""
    return [
        WrongRow(
            row.number,
            row.get_outcome_display(),
            tuple((problem[0], say(problem)) for problem in row.problems),
        )
        for row in rows.defer("words").order_by("number")[:SHOWN_WRONG]
    ]


def returned_row(batch: Batch, row: Any, cells: Sequence[str], say: Saying) -> tuple[Marked, list[Value]]:
    """Why a row comes back, and its cells as they came with the faults marked."""
    faults = {batch.columns.get(field) for field, _code, _detail in row.problems}
    said = [say(problem) for problem in row.problems] or [row.get_outcome_display()]
    return Marked("；".join(said)), [Marked(cell) if at in faults else cell for at, cell in enumerate(cells)]
