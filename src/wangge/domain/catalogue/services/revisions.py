"""The history of reference data: whole subjects before and after each change.

A service wraps its writes in `recorded(...)`; what it calls inside adds to the same entry.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.catalogue.models import Revision, Subject
from wangge.platform import clock
from wangge.platform.hold import hold

Snapshot = Callable[[int], dict[str, Any]]
_open: ContextVar[frozenset[tuple[str, int]]] = ContextVar("open_revisions", default=frozenset())


def hold_subject(subject: Subject, of: int) -> None:
    """Until the end of the transaction nobody else changes the subject; taken before any of its rows is locked."""
    hold(f"subject {subject} {of}")


@contextmanager
def recorded(
    actor: AnyActor, subject: Subject, of: int, snapshot: Snapshot, note: str = ""
) -> Iterator[None]:
    """Write one Revision for whatever the block changes on a subject; none when nothing changed.

    `of` is the id of the matter or the area; `snapshot(of)` gives the subject as plain values. Run it inside
    the transaction of the change. A block inside a block of the same subject writes none of its own.
    """
    if (subject, of) in _open.get():
        yield
        return
    hold_subject(subject, of)
    token = _open.set(_open.get() | {(subject, of)})
    try:
        before = snapshot(of)
        yield
    finally:
        _open.reset(token)
    after = snapshot(of)
    if after != before:
        Revision.objects.create(
            subject=subject,
            matter_id=of if subject == Subject.MATTER else None,
            area_id=None if subject == Subject.MATTER else of,
            at=clock.now(),
            user_id=actor.user_id if isinstance(actor, Actor) else None,
            note=note[:200],
            before=before,
            after=after,
        )
