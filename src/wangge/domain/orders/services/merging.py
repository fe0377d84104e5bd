"""Checked rows become cases, fifty in a transaction; a row goes in the transaction in which its case comes."""

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Channel
from wangge.domain.cases.services.intake import Report, report
from wangge.domain.orders import rules
from wangge.domain.orders.models import Order, OrderImport, OrderRow, Outcome, State
from wangge.domain.orders.services.placing import Placing, placing_for
from wangge.platform import clock
from wangge.platform.errors import WanggeError

BATCH = 50
MERGE = System("order import")


def merge(import_id: int) -> None:
    """Make cases of the good rows. Killed at any moment it goes on where it was: nothing is lost or doubled."""
    with acting_as(MERGE):
        batch = OrderImport.objects.filter(pk=import_id, state=State.IMPORTING).first()
        placing = placing_for(batch.user_id) if batch else None
    while placing and _merge_some(import_id, placing):
        pass


def _merge_some(import_id: int, placing: Placing) -> bool:
    with transaction.atomic(), acting_as(MERGE):
        batch = OrderImport.objects.select_for_update().get(pk=import_id)
        if batch.state != State.IMPORTING:
            return False
        good = OrderRow.objects.filter(batch=batch, outcome=Outcome.GOOD).order_by("number")
        rows = list(good[:BATCH])
        if not rows:
            _end(batch)
            return False
        for row in rows:
            _merge_one(batch, row, placing)
        batch.done += len(rows)
        batch.save(update_fields=["done"])
    return True


def _merge_one(batch: OrderImport, row: OrderRow, placing: Placing) -> None:
    words, _problems = rules.words_of(row.cells(), batch.columns)
    try:
        with transaction.atomic():
            # A number that was taken back may come again, so the key is of this import.
            key = uuid.uuid5(batch.key, f"{batch.source}\n{words.number}")
            case = report(placing.actor, _report(key, words, placing)).case
            Order.objects.create(
                case=case,
                batch=batch,
                source=batch.source,
                number=words.number,
                received_at=timezone.make_aware(words.received_at) if words.received_at else None,
                digest=words.digest(),
            )
            row.delete()
    except IntegrityError:
        # Another import brought the same order between the check and now.
        _keep(row, Outcome.SAME, [])
    except WanggeError as refusal:
        _keep(row, Outcome.WRONG, [["content", "refused", refusal.text]])


def _report(key: uuid.UUID, words: rules.Words, placing: Placing) -> Report:
    return Report(
        key=key,
        description=words.content,
        channel=Channel.HOTLINE,
        address=words.address,
        area_id=placing.area_id(words),
        matter_id=placing.matter_id(words),
        name=words.name,
        phone=words.phone,
    )


def _keep(row: OrderRow, outcome: Outcome, problems: list[rules.Problem]) -> None:
    row.outcome, row.problems = outcome, problems
    row.save(update_fields=["outcome", "problems"])


def _end(batch: OrderImport) -> None:
    """Rows to correct stay for seven days; the rest has no further use."""
    OrderRow.objects.filter(batch=batch, outcome=Outcome.SAME).delete()
    batch.state, batch.ended_at, batch.done = State.DONE, clock.now(), batch.total
    batch.save(update_fields=["state", "ended_at", "done"])
