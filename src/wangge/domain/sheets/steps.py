"""The steps that every uploaded list takes: held for its uploader, begun, forgotten."""

from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.sheets.models import Batch
from wangge.platform import clock
from wangge.platform.errors import Conflict, NotFound

KEPT_DAYS = 7
B = TypeVar("B", bound=Batch)


def lock(kind: type[B], system: System, actor: Actor, batch_id: int, states: tuple[str, ...]) -> B:
    """The actor's list, locked; NotFound for another's, Conflict in another state."""
    with acting_as(actor):
        if not kind.objects.filter(pk=batch_id).exists():
            raise NotFound(_("没有找到这次导入。"))
    with acting_as(system):
        batch: B = kind.objects.select_for_update().get(pk=batch_id)
    if batch.state not in states:
        raise Conflict(_("这次导入已经到了下一步，请看最新情况。"), "stale")
    return batch


def begin(batch: Batch, state: str, total: int) -> None:
    """A step of the worker begins; `total` rows are before it."""
    batch.state, batch.done, batch.total, batch.began_at = state, 0, total, clock.now()
    batch.save(update_fields=["state", "done", "total", "began_at", "columns"])


def forget(rows: Any) -> int:
    """Delete the rows of this model whose list is older than seven days; returns how many."""
    with transaction.atomic(), acting_as(System("end of retention")):
        old = rows.objects.filter(batch__made_at__lt=clock.now() - timedelta(days=KEPT_DAYS))
        count: int = old.delete()[0]
        return count
