"""What the API says about a case, and what it takes."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from wangge.domain.cases.inputs import LONGEST_LONG_TEXT
from wangge.domain.cases.services.intake import LONGEST_DESCRIPTION, LONGEST_EMAIL, LONGEST_NAME
from wangge.faces.api.fields import CLEAN, AreaRef, Given, Id, Named, Photos, UnitRef

LightName = Literal["none", "green", "yellow", "red", "paused"]
UseName = Literal["report", "before", "after", "check"]
_LARGEST = 2**53


class MatterRef(Schema):
    id: int
    kind: str
    code: str
    name: str
    name_en: str


class CaseRow(Schema):
    """A case as a line of a list."""

    id: int
    number: str = Field(examples=["44010520261122000001"])
    version: int = Field(description="Moves made so far; a move names the version it was decided on")
    state: Named
    step: int = Field(ge=0, le=5, description="1 found, 2 dispatch, 3 handling, 4 call-back, 5 closing")
    level: str
    procedure: str
    emergency: bool
    danger: bool = Field(description="In the reporter's own words people are in danger")
    light: LightName = Field(description="Colour of the clock")
    matter: MatterRef | None
    area: AreaRef
    address: str
    lon: float | None
    lat: float | None
    description: str
    channel: str
    responsible: UnitRef
    reported_at: datetime
    filed_at: datetime | None
    due_at: datetime | None = Field(
        description="The present deadline; null while the clock is paused or over"
    )
    handled_at: datetime | None
    closed_at: datetime | None
    ended: bool
    overdue: bool
    supervised: bool


class CasePageOut(Schema):
    items: list[CaseRow]
    next: str | None = Field(description="`cursor` of the next page; null on the last")


class EventOut(Schema):
    """One entry of the history; never changed."""

    seq: int
    at: datetime
    move: Named
    source: str
    target: str
    by: str = Field(description="Name of the member of staff or system; empty for a reporter")
    by_kind: str = Field(description="actor, client, reporter, public, system")
    role: str
    unit: UnitRef | None
    unit_from: UnitRef | None
    unit_to: UnitRef | None
    reason: str
    note: str
    values: dict[str, Any] = Field(description="What was filled in, by field key")


class PhotoOut(Schema):
    """A photo's data; its bytes are at /cases/{case_id}/photos/{photo_id}."""

    id: int
    use: UseName
    sha256: str
    width: int
    height: int
    made_at: datetime


class ShareOut(Schema):
    """A supporting unit's share."""

    id: int
    unit: UnitRef
    state: str
    task: str
    note: str
    asked_at: datetime
    ended_at: datetime | None


class CaseDetail(CaseRow):
    """Everything about a case but its reporter."""

    condition_id: int | None
    closing_condition: str
    case_due_at: datetime | None = Field(
        description="The deadline of handling that the reporter was promised"
    )
    paused_until: datetime | None
    lead: UnitRef | None
    returns: int
    extensions: int
    reworks: int
    urges: int
    solved: bool | None
    satisfied: int | None = Field(description="1 dissatisfied .. 5 satisfied")
    merged_into_id: int | None
    split_from_id: int | None
    shares: list[ShareOut]
    photos: list[PhotoOut]
    history: list[EventOut]


class Reporter(Given):
    """How to reach the reporter, for the call-back alone. No answer of the API ever holds it."""

    name: str = Field("", max_length=LONGEST_NAME, pattern=CLEAN)
    phone: str = Field("", max_length=20, pattern=r"^([0-9+][0-9 -]{3,18}[0-9])?$", examples=["020-83000000"])
    email: str = Field("", max_length=LONGEST_EMAIL, pattern=CLEAN)


class ReportIn(Given):
    """A report. Where: a point, or a community or grid, or both (then the point decides)."""

    description: str = Field(
        min_length=1, max_length=LONGEST_DESCRIPTION, pattern=CLEAN, examples=["Rubbish at the crossing"]
    )
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False, description="WGS-84 degrees")
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    area_id: Id | None = Field(None, description="A community or grid, see areas")
    address: str = Field("", max_length=200, pattern=CLEAN)
    matter_id: Id | None = Field(None, description="See catalogue/matters")
    danger: bool = Field(False, description="People are in danger: all levels are told at once")
    reporter: Reporter | None = None
    photos: Photos


class ReportMade(Schema):
    """The receipt of a report."""

    id: int
    number: str
    receipt_code: str = Field(description="For the reporter, who follows the case with it")
    state: str
    area: AreaRef
    reported_at: datetime


class OptionOut(Schema):
    value: str
    name: str
    name_en: str


class FieldOut(Schema):
    """Something a move asks for. Matters and conditions are in the catalogue; a case is named by its number."""

    key: str
    type: str = Field(
        description="text, long_text, number, boolean, date, datetime, choice, choices, unit, units, area, "
        "matter, condition, case, photos"
    )
    name: str
    name_en: str
    required: bool
    options: list[OptionOut]


class MoveOut(Schema):
    """A move that is the client's; a closed one says why."""

    key: str
    name: str
    name_en: str
    open: bool
    why: str
    fields: list[FieldOut]


class ShareMoves(Schema):
    share_id: int
    unit: UnitRef
    state: str
    moves: list[MoveOut]


class MovesOut(Schema):
    version: int
    state: Named
    moves: list[MoveOut]
    shares: list[ShareMoves]


_Word = Annotated[str, Field(max_length=LONGEST_LONG_TEXT, pattern=CLEAN)]
_Number = Annotated[int, Field(ge=-_LARGEST, le=_LARGEST)]
_Item = Annotated[str, Field(max_length=100, pattern=CLEAN)] | _Number


class MoveIn(Given):
    """A move on the version that was seen: 409 if the case has moved on since."""

    move: str = Field(max_length=40, pattern="^[a-z_]+$", examples=["accept"])
    version: int = Field(ge=0, le=2**31 - 1, examples=[3])
    share_id: Id | None = Field(None, description="For the move of a supporting unit's share")
    values: dict[str, bool | _Number | _Word | Annotated[list[_Item], Field(max_length=50)] | None] = Field(
        default_factory=dict, max_length=40, description="By field key", examples=[{"note": "cleared"}]
    )
    photos: Photos


class MoveMade(Schema):
    """The case right after the move; it may be out of the client's sight from now on."""

    id: int
    number: str
    version: int
    state: str
    ended: bool
