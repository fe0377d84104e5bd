"""Cases: the list, one with its history and photos, reporting, and moves."""

import hashlib
import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status

from wangge.domain.cases.models import Channel, Photo
from wangge.domain.cases.queries import lists
from wangge.domain.cases.queries.page import case_page
from wangge.domain.cases.services import Report, move, move_support, report
from wangge.domain.exchange.services.calls import once
from wangge.faces.api.about import about
from wangge.faces.api.fields import (
    Cursor,
    Id,
    Key,
    Limit,
    Words,
    area_ref,
    cursor_of,
    images_of,
    place_of,
)
from wangge.faces.api.shapes.cases import (
    CaseDetail,
    CasePageOut,
    LightName,
    MoveIn,
    MoveMade,
    MovesOut,
    ReportIn,
    ReportMade,
)
from wangge.faces.api.showing import detail, moves_of, row
from wangge.faces.web.photos import picture
from wangge.platform.errors import NotFound

router = Router(tags=["cases"])
_READ, _REPORT, _MOVE = "cases:read", "cases:report", "cases:move"
_Code = Query("", max_length=30, pattern="^[a-z_]*$")
FlagName = Literal[
    "open", "ended", "overdue", "supervised", "emergency", "returned", "repeat", "late", "bounced", "repeating",
    "arbitration", "waiting", "reworked", "suspended", "appeal", "extension",
]  # fmt: skip


class Wanted(Schema):
    """Filters of the list, as on the desk; all must fit."""

    q: Words
    state: Annotated[str, _Code]
    step: Annotated[int | None, Query(None, ge=1, le=5)]
    light: Annotated[LightName | None, Query(None)]
    flag: Annotated[FlagName | None, Query(None)]
    group: Annotated[
        str, Query("", max_length=4, pattern="^[0-9A-Za-z]*$", description="Group of the catalogue")
    ]
    area: Annotated[Id | None, Query(None, description="This area and all below")]
    unit: Annotated[Id | None, Query(None, description="The responsible unit")]
    channel: Annotated[
        Literal["web", "qr", "worker", "operator", "station", "hotline", "api"] | None, Query(None)
    ]
    since: Annotated[date | None, Query(None, description="Reported on this day or later")]
    until: Annotated[date | None, Query(None, description="Reported on this day or earlier")]

    def filters(self) -> lists.Filters:
        given = {name: value for name, value in self.dict().items() if value is not None}
        return lists.Filters.from_query({"words" if name == "q" else name: v for name, v in given.items()})


@router.get("/cases", **about("listCases", _READ, CasePageOut, "List cases"))
def list_cases(request: Any, wanted: Query[Wanted], cursor: Cursor, limit: Limit) -> CasePageOut:
    """Every case the client may see that passes the filters, newest first. New cases do not shift the pages."""
    place = place_of(cursor, datetime, int)
    rows = lists.listing(request.auth.actor, wanted.filters())
    if place:
        rows = lists.before(rows, place[0], place[1])
    found = list(rows[: limit + 1])
    more = len(found) > limit
    last = found[limit - 1] if more else None
    return CasePageOut(
        items=[row(case) for case in found[:limit]],
        next=cursor_of(last.reported_at.isoformat(), last.pk) if last else None,
    )


@router.get("/cases/{case_id}", **about("getCase", _READ, CaseDetail, "One case"))
def get_case(request: Any, case_id: Id) -> CaseDetail:
    """A case with its history, shares and photos."""
    return detail(case_page(request.auth.actor, case_id))


@router.get("/cases/{case_id}/photos/{photo_id}", **about("getPhoto", _READ, bytes, "One photo"))
def get_photo(
    request: HttpRequest,
    case_id: Id,
    photo_id: Id,
    small: Annotated[bool, Query(False, description="At most 320 px")],
) -> HttpResponse:
    """The picture as JPEG, encoded by us: no position in it."""
    found = Photo.objects.filter(pk=photo_id, case_id=case_id).first()
    if found is None:
        raise NotFound(_("没有找到这张照片。"))
    return picture(found, small=small)


@router.post("/cases", **about("reportCase", _REPORT, ReportMade, "Report", status=201, conflicts=True))
def report_case(request: Any, data: ReportIn, key: Key) -> Status[ReportMade]:
    """A report becomes a case, once, however often it is sent."""
    actor, who = request.auth.actor, data.reporter
    given = Report(
        key=uuid.uuid5(uuid.UUID(int=actor.user_id), uuid.UUID(key).hex),
        description=data.description,
        channel=Channel.API,
        lon=data.lon,
        lat=data.lat,
        address=data.address,
        area_id=data.area_id,
        matter_id=data.matter_id,
        danger=data.danger,
        name=who.name if who else "",
        phone=who.phone if who else "",
        email=who.email if who else "",
        images=images_of(data.photos),
    )
    made = report(actor, given)
    case = made.case
    return Status(
        201,
        ReportMade(
            id=case.pk,
            number=case.number,
            receipt_code=made.receipt_code,
            state=case.state,
            area=area_ref(case.area),
            reported_at=case.reported_at,
        ),
    )


@router.get("/cases/{case_id}/moves", **about("listMoves", _MOVE, MovesOut, "Moves of a case"))
def list_moves(request: Any, case_id: Id) -> MovesOut:
    """The moves that are the client's in the present state, with what each asks for."""
    return moves_of(case_page(request.auth.actor, case_id))


@router.post("/cases/{case_id}/moves", **about("makeMove", _MOVE, MoveMade, "Make a move", conflicts=True))
def make_move(request: Any, case_id: Id, data: MoveIn, key: Key) -> MoveMade:
    """Make one move, once, on the version that was seen."""
    actor = request.auth.actor
    content = f"{case_id} {data.model_dump_json()}"
    fingerprint = hashlib.sha256(content.encode()).hexdigest()
    made = once(actor, uuid.UUID(key), fingerprint, lambda: _move(actor, case_id, data))
    return MoveMade(**made)


def _move(actor: Any, case_id: int, data: MoveIn) -> dict[str, Any]:
    if data.share_id is None:
        images = images_of(data.photos)
        case = move(actor, case_id, data.move, data.values, version=data.version, images=images)
    else:
        case = move_support(
            actor, data.share_id, data.move, data.values, version=data.version, case_id=case_id
        )
    return MoveMade(
        id=case.pk, number=case.number, version=case.version, state=case.state, ended=case.ended
    ).dict()
