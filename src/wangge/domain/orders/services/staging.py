"""A list comes in: its rows are staged, its columns named, and the worker is told what to do next."""

import json
import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from wangge.domain.access.actor import Actor, AnyActor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Channel
from wangge.domain.cases.services.intake import STAFF_CHANNELS
from wangge.domain.orders import rules
from wangge.domain.orders.models import ColumnLayout, OrderImport, OrderRow, Outcome, State
from wangge.domain.sheets import steps as sheets
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed
from wangge.platform.sheets.reading import as_table, read

HOTLINE = "12345"
IMPORT = System("order import")


def may_import(actor: AnyActor) -> bool:
    """Whether one of the actor's posts takes in hotline orders."""
    return isinstance(actor, Actor) and actor.has(*STAFF_CHANNELS[Channel.HOTLINE])


def start(actor: Actor, key: uuid.UUID, file_name: str, data: bytes, source: str = HOTLINE) -> OrderImport:
    """Stage the rows of a list; the same key answers the same import again. Raises Invalid on `file`."""
    _must_import(actor)
    with acting_as(actor):
        before: OrderImport | None = OrderImport.objects.filter(key=key).first()
    if before:
        return before
    table = as_table(read(data), rules.knows)
    layout = rules.layout_of(table.header)
    with transaction.atomic(), acting_as(IMPORT):
        known = ColumnLayout.objects.filter(layout=layout).first()
        batch = OrderImport.objects.create(
            key=key,
            user_id=actor.user_id,
            made_at=clock.now(),
            file_name=file_name[-120:],
            source=source.strip()[:40] or HOTLINE,
            header=list(table.header),
            layout=layout,
            columns=known.columns if known else rules.guess(table.header),
            total=len(table.rows),
        )
        rows = (
            OrderRow(batch=batch, number=row.number, words=json.dumps(row.cells, ensure_ascii=False))
            for row in table.rows
        )
        OrderRow.objects.bulk_create(rows, batch_size=1000)
        return batch


def set_columns(actor: Actor, import_id: int, columns: dict[str, int]) -> OrderImport:
    """Say which column is what, remember it for this header, and begin the check. Raises Invalid by field."""
    wrong = {name: _("请选出是哪一列。") for name in rules.REQUIRED if name not in columns}
    if len(set(columns.values())) < len(columns):
        twice = [name for name, at in columns.items() if list(columns.values()).count(at) > 1]
        wrong |= {name: _("一列只能选一次。") for name in twice}
    if "area" not in columns and "address" not in columns:
        wrong["area"] = _("社区和地址至少要有一列，才知道派到哪里。")
    with transaction.atomic():
        batch = lock(actor, import_id, State.COLUMNS, State.CHECKED)
        if wrong:
            raise Invalid(wrong)
        with acting_as(IMPORT):
            batch.columns = columns
            sheets.begin(batch, State.CHECKING, batch.total)
            ColumnLayout.objects.update_or_create(layout=batch.layout, defaults={"columns": columns})
        tell_worker(batch)
        return batch


def confirm(actor: Actor, import_id: int) -> OrderImport:
    """Let the good rows become cases. Sent again while it runs, nothing changes."""
    with transaction.atomic():
        batch = lock(actor, import_id, State.CHECKED, State.IMPORTING, State.DONE)
        if batch.state == State.CHECKED:
            with acting_as(IMPORT):
                good = OrderRow.objects.filter(batch=batch, outcome=Outcome.GOOD).count()
                if not good:
                    raise Invalid({"rows": _("没有可以导入的行。")})
                sheets.begin(batch, State.IMPORTING, good)
        if batch.state == State.IMPORTING:
            tell_worker(batch)
        return batch


def cancel(actor: Actor, import_id: int) -> OrderImport:
    """Stop: what has become a case stays one, all other rows are deleted."""
    with transaction.atomic():
        batch = lock(
            actor, import_id, State.COLUMNS, State.CHECKING, State.CHECKED, State.IMPORTING, State.CANCELLED
        )
        with acting_as(IMPORT):
            made = batch.orders.exists()
            batch.rows.all().delete()
            batch.state = State.DONE if made else State.CANCELLED
            batch.ended_at = clock.now()
            batch.save(update_fields=["state", "ended_at"])
        return batch


def forget_rows() -> int:
    """Delete staged rows of imports older than seven days; returns how many."""
    return sheets.forget(OrderRow)


def lock(actor: Actor, import_id: int, *states: State) -> OrderImport:
    """The actor's import, locked; NotFound for another's, Conflict in another state."""
    _must_import(actor)
    return sheets.lock(OrderImport, IMPORT, actor, import_id, states)


def tell_worker(batch: OrderImport) -> None:
    """The present step is to be carried out; one import is worked on once at a time."""
    task = app.configure_task("orders.run", lock=f"orders {batch.pk}")
    task.defer(import_id=batch.pk, state=str(batch.state))


def _must_import(actor: AnyActor) -> None:
    if not may_import(actor):
        raise NotAllowed(_("只有话务员和派遣员可以导入热线工单。"))
