"""The actor's scope: what every read and write passes, in Python (the wall) and in PostgreSQL (the net).

`with acting_as(actor):` opens a transaction, tells PostgreSQL who acts (row security reads these
settings) and makes scoped managers answer with the rows that POLICY lets this actor view.
Outside such a block a scoped manager raises NoActor.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from django.db import connection, models, transaction
from psycopg.pq import TransactionStatus

from wangge.domain.access.actor import Actor, AnyActor, Public, Reporter, System
from wangge.domain.access.policy import POLICY, errand_paths, near_paths

_actor: ContextVar[AnyActor | None] = ContextVar("actor", default=None)


class NoActor(RuntimeError):
    """A row with an owner was asked for by nobody."""


def current_actor() -> AnyActor:
    """Whoever acts now; raises NoActor outside a scope."""
    actor = _actor.get()
    if actor is None:
        raise NoActor("open a scope first: with acting_as(actor): ...")
    return actor


@contextmanager
def acting_as(actor: AnyActor) -> Iterator[None]:
    """Run the block as `actor`; the outer actor's scope comes back afterwards.

    Opens a transaction where none is open. It is no savepoint: a service that writes opens its own
    `transaction.atomic()` round it, so that a caller who catches an error keeps nothing half-written.
    """
    before = _actor.get()
    if actor == before:
        yield
        return
    opens = not connection.in_atomic_block
    with transaction.atomic() if opens else nullcontext():
        _tell_database(actor)
        token = _actor.set(actor)
        try:
            yield
        finally:
            _actor.reset(token)
            # The settings end with the transaction; a failed one takes no more statements.
            if not opens and connection.in_atomic_block and not _failed():
                _tell_database(before)


def _failed() -> bool:
    raw = connection.connection
    return (
        connection.needs_rollback or raw is None or raw.info.transaction_status == TransactionStatus.INERROR
    )


def _tell_database(actor: AnyActor | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, _settings(actor))


# One statement; `true` keeps each setting inside the transaction.
_NAMES = ("kind", "user_id", "patterns", "units", "receipt", "near", "errands")
_SET = "SELECT " + ", ".join(f"set_config('wangge.{name}', %s, true)" for name in _NAMES)


def _settings(actor: AnyActor | None) -> list[str]:
    match actor:
        case System():
            return ["system", "", "{}", "{}", "", "{}", "{}"]
        case Actor():
            patterns, near, errands = map(
                _patterns, (actor.area_paths, near_paths(actor), errand_paths(actor))
            )
            units = ",".join(map(str, actor.unit_ids))
            return ["staff", str(actor.user_id), patterns, f"{{{units}}}", "", near, errands]
        case Reporter():
            return ["reporter", "", "{}", "{}", actor.receipt_hash, "{}", "{}"]
        case Public():
            return ["public", "", "{}", "{}", "", "{}", "{}"]
        case None:
            return ["", "", "{}", "{}", "", "{}", "{}"]


def _patterns(paths: tuple[str, ...]) -> str:
    return f"{{{','.join(f'{path}%' for path in paths)}}}"


class ScopedQuerySet(models.QuerySet[Any]):
    def allowed(self, action: str) -> "ScopedQuerySet":
        """Only the rows on which the present actor may do `action`."""
        return self.filter(POLICY[self.model._meta.label, action](current_actor()))


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """The default manager of every model with an owner: answers only what the present actor may view."""

    def get_queryset(self) -> ScopedQuerySet:
        rows: ScopedQuerySet = super().get_queryset()
        return rows.filter(POLICY[self.model._meta.label, "view"](current_actor()))
