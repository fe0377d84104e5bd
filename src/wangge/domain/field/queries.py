"""Records of phones at which a person must look: refused, different from what others changed, or laid aside."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import may_administer, may_settle_records
from wangge.domain.access.scope import acting_as
from wangge.domain.field.models import Aside, Record, RecordState, Upload
from wangge.domain.field.rules import OF_CASES, OF_PERSONS
from wangge.domain.field.services.keeping import FIELD
from wangge.platform.errors import NotAllowed
from wangge.platform.given import whole

MOST_ASIDES = 100
OPEN = (RecordState.REFUSED, RecordState.DIFFERS)


@dataclass(frozen=True, slots=True)
class Line:
    """A record as it is listed. `case` is the one that it is about, `said` what it holds, both nothing for who
    holds no case data; `files` [(type, size, whole)] of what came of its files, None for one of which nothing came."""

    id: str
    aside: bool
    form: str
    who: str
    area: str
    received_at: datetime
    problems: list[str]
    looked_at: datetime | None
    looked_by: str
    case: int | None = None
    differs: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    files: list[tuple[str, int, bool] | None] = field(default_factory=list)


def must_look(actor: Any) -> Actor:
    """Raises NotAllowed for who neither keeps a station nor administers."""
    if not isinstance(actor, Actor) or not (may_administer(actor) or may_settle_records(actor)):
        raise NotAllowed(_("手机记录由社区工作站和平台管理员查看。"))
    return actor


def scope_of(actor: Actor) -> Any:
    """Under whom records are read: an administrator comes as the field service, and is shown no case data."""
    return acting_as(FIELD if may_administer(actor) else actor)


def records(actor: Actor, *, looked: bool = False) -> "QuerySet[Record]":
    """Records to look at, or also those that were, newest first; to be read within scope_of(actor)."""
    found = Record.objects.filter(state__in=OPEN)
    found = found if looked else found.filter(looked_at=None)
    return found.select_related("user", "area", "looked_by").order_by("-received_at", "pk")


def asides(actor: Actor, *, looked: bool = False) -> "QuerySet[Aside]":
    """Other bytes under a known id, newest first; to be read within scope_of(actor)."""
    found = Aside.objects.all() if looked else Aside.objects.filter(looked_at=None)
    return found.select_related("user", "area", "looked_by").order_by("-received_at", "pk")[:MOST_ASIDES]


def lines(actor: Actor, found: "list[Record] | list[Aside]") -> list[Line]:
    """What a page shows of rows that the actor may look at (1 statement for their files)."""
    reads = may_settle_records(actor)
    hashes = {file["sha256"] for row in found for file in getattr(row, "files", ())} if reads else set()
    with acting_as(FIELD):
        uploads = {(one.user_id, one.sha256): one for one in Upload.objects.filter(sha256__in=hashes)}
    return [_line(row, uploads, reads) for row in found]


def _line(row: Record | Aside, uploads: dict[tuple[int, str], Upload], reads: bool) -> Line:
    record = row if isinstance(row, Record) else None
    files = [uploads.get((row.user_id, file["sha256"])) for file in (record.files if record else [])]
    return Line(
        id=str(row.pk),
        aside=record is None,
        form=row.form,
        who=row.user.name,
        area=row.area.name if row.area else "",
        received_at=row.received_at,
        problems=[str(text) for text in ((record and record.problem) or {}).values()],
        looked_at=row.looked_at,
        looked_by=row.looked_by.name if row.looked_by else "",
        case=whole(record.subject) if reads and record and record.form in OF_CASES else None,
        differs=((record and record.differs) or {}) if reads else {},
        said=_said(row.payload) if reads and row.form not in OF_PERSONS else {},
        files=[(one.type, one.size, one.whole) if one else None for one in files] if reads else [],
    )


def _said(payload: str) -> dict[str, Any]:
    """What the bytes say; under "" as they are when they are no JSON object."""
    try:
        given = json.loads(payload) if payload else {}
    except ValueError:
        given = None
    return given if isinstance(given, dict) else {"": payload}
