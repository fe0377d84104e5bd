"""An import is taken back as a whole: its cases that nobody has worked on are voided, with the reason."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.services.change import Change
from wangge.domain.cases.services.moves import carry_out, lock
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.orders.models import Order, OrderImport, State
from wangge.domain.orders.services import staging
from wangge.domain.sheets import steps as sheets
from wangge.engines.flow import Outcome
from wangge.platform import clock
from wangge.platform.errors import Invalid

BATCH = 50
UNDO = System("order import undone")
NOTE = gettext_noop("整批导入被撤回")


def begin_undo(actor: Actor, import_id: int) -> OrderImport:
    """Let the worker take the import back; cases that have moved stay. Invalid when all have."""
    with transaction.atomic():
        batch = staging.lock(actor, import_id, State.DONE, State.UNDOING)
        if batch.state == State.DONE:
            with acting_as(UNDO):
                count = _untouched(import_id).count()
                if not count:
                    raise Invalid({"rows": _("这批案件都已有人办理，不能撤回。")})
                sheets.begin(batch, State.UNDOING, count)
        staging.tell_worker(batch)
        return batch


def undo(import_id: int) -> None:
    """Void the untouched cases, fifty in a transaction; it can be killed and goes on."""
    while _undo_some(import_id):
        pass


def _undo_some(import_id: int) -> bool:
    with transaction.atomic(), acting_as(UNDO):
        batch = OrderImport.objects.select_for_update().get(pk=import_id)
        if batch.state != State.UNDOING:
            return False
        orders = list(_untouched(import_id).order_by("pk")[:BATCH])
        if not orders:
            kept = Order.objects.filter(batch=batch, undone=False).exists()
            batch.state, batch.ended_at = State.DONE if kept else State.UNDONE, clock.now()
            batch.save(update_fields=["state", "ended_at"])
            return False
        for order in orders:
            _void(lock(order.pk))
            order.undone = True
            order.save(update_fields=["undone"])
        batch.done += len(orders)
        batch.save(update_fields=["done"])
    return True


def _untouched(import_id: int) -> "QuerySet[Order]":
    return Order.objects.filter(batch_id=import_id, undone=False, case__version=1)


def _void(case: Case) -> None:
    """The dispatcher's move, made by the system: whoever imported may be none."""
    if case.version != 1:
        return
    definition = definition_of(case.process_id)
    move = definition.move("void")
    given = {"reason": "import_undone", "note": NOTE}
    change = Change(case, UNDO, move.key, given, clock.now(), case.state, "void")
    carry_out(change, Outcome(move, case.state, "void", move.effects, definition.state("void")))
