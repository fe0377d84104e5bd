"""What residents and the public may read: the status of one report, hints of the same thing, the board."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case as When
from django.db.models import F, Q
from django.db.models import When as Branch
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor, Reporter, System
from wangge.domain.access.models import Unit
from wangge.domain.access.scope import acting_as
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case, CaseEvent, Photo
from wangge.domain.cases.services.joined import answers_open
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.cases.services.receipts import receipt_code, receipt_hash
from wangge.engines.codes import CodeError
from wangge.engines.flow import Definition, OpenMove, State, open_moves
from wangge.engines.geo import distance_m
from wangge.platform import clock
from wangge.platform.errors import NotFound

NEARBY_METRES = 80.0
NEARBY_DAYS = 14
BOARD_DAYS = 90
BOARD_MOST = 200


@dataclass(frozen=True, slots=True)
class Status:
    """A report as its reporter sees it."""

    case: Case
    definition: Definition
    state: State
    events: list[CaseEvent]
    photos: list[Photo]
    moves: list[OpenMove]
    parts: list["Part"]
    days_open: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """What was split off a report, with the receipt code by which its reporter follows it."""

    number: str
    description: str
    state: State
    unit: Unit
    code: str


@dataclass(frozen=True, slots=True)
class Nearby:
    """An open case near a point, without anybody's words."""

    number: str
    matter: str
    matter_en: str
    address: str
    state: str
    state_en: str
    reported_at: datetime
    metres: int


def reporter_of(code: str) -> Reporter:
    """The reporter that a receipt code makes; NotFound in words for a mistyped code."""
    try:
        return Reporter(receipt_hash(code))
    except CodeError as error:
        raise NotFound(_("回执码不对，请对照回执再输一次（共 10 位）。")) from error


def status(reporter: Reporter) -> Status:
    """The reporter's case (at most 5 statements, 2 more for a merged one); NotFound if the code belongs to none."""
    with acting_as(reporter):
        case = (
            Case.objects.select_related(
                "matter", "condition", "area", "responsible", "first_unit", "merged_into"
            )
            .filter(receipt_hash=reporter.receipt_hash)
            .first()
        )
        if case is None:
            raise NotFound(_("没有找到这个回执码对应的上报，请核对后再试。"))
        definition = definition_of(case.process_id)
        now = clock.now()
        moves = open_moves(
            definition, case.state, rules.standing(reporter, case), rules.facts(reporter, case, now)
        )
        until = case.closed_at or now
        return Status(
            case=case,
            definition=definition,
            state=definition.state(case.state),
            events=list(CaseEvent.objects.filter(case=case).select_related("unit", "unit_to")),
            photos=list(Photo.objects.filter(case=case).order_by("made_at", "pk")),
            moves=answers_open(case) if case.merged_into_id else [found for found in moves if found.open],
            parts=_parts(case),
            days_open=(until - case.reported_at).days,
            now=now,
        )


def _parts(case: Case) -> list[Part]:
    """What was split off the report, each with its own receipt, oldest first (1 statement)."""
    with acting_as(System("parts of a report for its reporter")):
        parts = Case.objects.filter(split_from=case).select_related("matter", "responsible").order_by("pk")
        return [
            Part(
                part.number,
                part.description,
                definition_of(part.process_id).state(part.state),
                part.responsible,
                receipt_code(part.key),
            )
            for part in parts
        ]


def same_nearby(lon: float, lat: float, matter_id: int | None = None) -> list[Nearby]:
    """Open cases of the last days near a point, nearest first, at most 5 (1 statement)."""
    width = NEARBY_METRES / 111_000
    with acting_as(System("hint of the same report nearby")):
        found = Case.objects.filter(
            ended=False,
            lon__range=(lon - 1.5 * width, lon + 1.5 * width),
            lat__range=(lat - width, lat + width),
            reported_at__gte=clock.now() - timedelta(days=NEARBY_DAYS),
        ).select_related("matter")
        if matter_id:
            found = found.filter(Q(matter_id=matter_id) | Q(matter__isnull=True))
        near = [
            (distance_m(lon, lat, case.lon, case.lat), case) for case in found.order_by("-reported_at")[:50]
        ]
        near = sorted(
            ((metres, case) for metres, case in near if metres <= NEARBY_METRES), key=lambda pair: pair[0]
        )[:5]
        return [
            Nearby(
                number=case.number,
                matter=case.matter.name if case.matter else "",
                matter_en=case.matter.name_en if case.matter else "",
                address=case.address,
                state=definition_of(case.process_id).state(case.state).name,
                state_en=definition_of(case.process_id).state(case.state).name_en,
                reported_at=case.reported_at,
                metres=round(metres),
            )
            for metres, case in near
        ]


# The only columns of a case that the public ever reads.
BOARD_FIELDS = (
    "pk", "number", "matter__name", "matter__name_en", "matter__group_name", "community", "state", "step", "light",
    "reported_at", "due_at", "closed_at", "responsible__short_name", "satisfied", "ended", "emergency",
)  # fmt: skip


def board(actor: AnyActor, area_path: str = "", state: str = "") -> Any:
    """Filed cases of the last days as plain dicts without words, photos or addresses of anybody, newest first."""
    with acting_as(System("public board")):
        cases = Case.objects.filter(
            filed_at__isnull=False,
            state__in=_SHOWN,
            reported_at__gte=clock.now() - timedelta(days=BOARD_DAYS),
            area_path__startswith=area_path,
        )
        if state in ("open", "closed"):
            cases = cases.filter(ended=state == "closed")
        # A grid is small enough to point at a home; the public is told the community.
        community = When(
            Branch(area__level="grid", then=F("area__parent__short_name")), default=F("area__short_name")
        )
        rows = cases.annotate(community=community).order_by("-reported_at").values(*BOARD_FIELDS)
        return list(rows[:BOARD_MOST])


_SHOWN = (
    "publicity",
    "filed",
    "dispatched",
    "handling",
    "suspension_review",
    "suspended",
    "arbitration",
    "checking",
    "callback",
    "closing",
    "closed",
)
