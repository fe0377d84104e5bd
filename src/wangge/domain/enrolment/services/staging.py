"""A list comes in: its rows are kept sealed until they are registered, columns of the never kept kind left out."""

import json
import uuid
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor, Client, System
from wangge.domain.access.policy import REGISTER_ROLES, near_paths
from wangge.domain.access.scope import acting_as
from wangge.domain.enrolment import columns
from wangge.domain.enrolment.models import ColumnMemory, Enrolment, EnrolmentRow
from wangge.domain.places.doors import Doors
from wangge.domain.register.services.bulk import sealed
from wangge.domain.sheets.steps import forget
from wangge.platform import clock
from wangge.platform.db.copying import copy_in
from wangge.platform.errors import Invalid, NotAllowed
from wangge.platform.sheets.limits import MOST_STREAMED_ROWS
from wangge.platform.sheets.reading import Row, header_of, stream, wide

STAGE = System("enrolment staged")
# So many rows are looked at for the header and for what the columns hold.
_SAMPLE = 60


def may_enrol(actor: AnyActor) -> bool:
    """Whether one of the actor's posts keeps a register."""
    return isinstance(actor, Actor) and not isinstance(actor, Client) and bool(near_paths(actor))


def must_enrol(actor: AnyActor) -> None:
    """Raises NotAllowed for who keeps no register."""
    if not may_enrol(actor):
        raise NotAllowed(_("住户登记由所在网格和社区的人员维护。"))


def start(actor: Actor, key: uuid.UUID, file_name: str, data: bytes) -> Enrolment:
    """Stage the rows of a list; the same key answers the same list again. Raises Invalid on `file`."""
    must_enrol(actor)
    with acting_as(actor):
        before: Enrolment | None = Enrolment.objects.filter(key=key).first()
    if before:
        return before
    rows = stream(data, MOST_STREAMED_ROWS)
    first = list(islice(rows, _SAMPLE))
    at, header = header_of(first, columns.knows)
    body = first[at + 1 :]
    if not body:
        raise Invalid({"file": _("只有表头，没有内容。")})
    skipped = {n for n, name in enumerate(header) if columns.never_read(name)}
    post = actor.post_in(*sorted(REGISTER_ROLES))
    unit_id = post.unit_id if post else None
    with acting_as(actor):
        doors = Doors(near_paths(actor))
    with transaction.atomic(), acting_as(STAGE):
        sample = [_cells(row, len(header), skipped) for row in body]
        batch = Enrolment.objects.create(
            key=key,
            user_id=actor.user_id,
            unit_id=unit_id,
            made_at=clock.now(),
            file_name=file_name[-120:],
            header=list(header),
            columns=columns.guess(header, _remembered(unit_id, header), sample, doors.holds),
            unread=[header[n] for n in sorted(skipped)],
            rows_read=0,
            total=0,
        )
        staged = _staged(batch, chain(body, rows), len(header), skipped)
        batch.rows_read = batch.total = copy_in(EnrolmentRow, ("batch", "number", "words"), staged)
        batch.save(update_fields=["rows_read", "total"])
        return batch


def forget_rows() -> int:
    """Delete staged rows of lists older than seven days; returns how many."""
    return forget(EnrolmentRow)


def _staged(
    batch: Enrolment, rows: Iterator[Row], width: int, skipped: set[int]
) -> Iterator[tuple[int, int, bytes]]:
    for row in rows:
        words = [_cells(row, width, skipped), [at for at in row.formulas if at < width]]
        yield batch.pk, row.number, sealed(EnrolmentRow, "words", json.dumps(words, ensure_ascii=False))


def _cells(row: Row, width: int, skipped: set[int]) -> Sequence[str]:
    cells = wide(row.cells, width)
    return (
        [("" if at in skipped else cell).replace("\x00", "") for at, cell in enumerate(cells)]
        if skipped
        else cells
    )


def _remembered(unit_id: int | None, header: Sequence[str]) -> dict[str, str]:
    """What the unit said before about columns of these names."""
    if unit_id is None:
        return {}
    names = [columns.memory_of(name) for name in header]
    return dict(ColumnMemory.objects.filter(unit_id=unit_id, name__in=names).values_list("name", "field"))
