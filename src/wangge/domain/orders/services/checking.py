"""Each staged row is read and looked up; nothing but its outcome is written, so that it can be done again."""

from django.db import transaction

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.orders import rules
from wangge.domain.orders.models import Order, OrderImport, OrderRow, Outcome, State
from wangge.domain.orders.services.placing import Placing, placing_for

BATCH = 500
CHECK = System("order check")


def check(import_id: int) -> None:
    """Check all rows of an import; ends early when it was cancelled."""
    seen: dict[str, int] = {}
    with acting_as(CHECK):
        batch = OrderImport.objects.filter(pk=import_id, state=State.CHECKING).first()
        if batch is None:
            return
        placing = placing_for(batch.user_id)
        ids = list(OrderRow.objects.filter(batch=batch).order_by("number").values_list("pk", flat=True))
    for number in range(0, len(ids), BATCH):
        if not _check_some(import_id, ids[number : number + BATCH], placing, seen, number):
            return
    with transaction.atomic(), acting_as(CHECK):
        OrderImport.objects.filter(pk=import_id, state=State.CHECKING).update(
            state=State.CHECKED, done=len(ids), total=len(ids)
        )


def _check_some(import_id: int, ids: list[int], placing: Placing, seen: dict[str, int], before: int) -> bool:
    with transaction.atomic(), acting_as(CHECK):
        batch = OrderImport.objects.select_for_update().get(pk=import_id)
        if batch.state != State.CHECKING:
            return False
        rows = list(OrderRow.objects.filter(pk__in=ids).order_by("number"))
        told = [rules.words_of(row.cells(), batch.columns) for row in rows]
        known = _known(batch.source, [words.number for words, _problems in told])
        for row, (words, problems) in zip(rows, told, strict=True):
            row.outcome, row.problems = _judged(row, words, problems, placing, seen, known)
        OrderRow.objects.bulk_update(rows, ["outcome", "problems"])
        batch.done = before + len(ids)
        batch.save(update_fields=["done"])
    return True


def _known(source: str, numbers: list[str]) -> dict[str, str]:
    """Order number > digest, of orders that are cases already."""
    orders = Order.objects.filter(source=source, number__in=numbers, undone=False)
    return dict(orders.values_list("number", "digest"))


def _judged(
    row: OrderRow,
    words: rules.Words,
    problems: list[rules.Problem],
    placing: Placing,
    seen: dict[str, int],
    known: dict[str, str],
) -> tuple[Outcome, list[rules.Problem]]:
    if words.number in known:
        same = known[words.number] == words.digest()
        return (Outcome.SAME if same else Outcome.CHANGED), []
    if words.number and words.number in seen:
        problems = [*problems, ["number", "number_twice", str(seen[words.number])]]
    seen.setdefault(words.number, row.number)
    if problem := placing.problem(words):
        problems = [*problems, problem]
    return (Outcome.WRONG if problems else Outcome.GOOD), problems
