"""How far a case is, for anybody: no words, photos or addresses of people in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, F, Q
from django.utils.translation import gettext as _

from wangge.domain.access.actor import System
from wangge.domain.access.models import Unit
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent
from wangge.domain.cases.queries.public import BOARD_DAYS
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.catalogue.models import Matter
from wangge.domain.places.models import Area, Level
from wangge.engines.flow import State
from wangge.platform import clock
from wangge.platform.errors import NotFound
from wangge.platform.fresh import fresh_for

# Ends that tell nothing about the place and may tell something about the reporter.
_NEVER_SHOWN = ("refused", "void")
# A merged case may have been merged on.
_LONGEST_CHAIN = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """A case without anybody's words."""

    number: str
    matter: Matter | None
    area: Area
    state: State
    unit: Unit
    reported_at: datetime
    due_at: datetime | None
    paused_until: datetime | None
    closed_at: datetime | None


def progress(number: str) -> Progress:
    """The progress of a case by its number, through merges (at most 2 statements a merge).

    NotFound for a number that is none, and for refused and void cases.
    """
    with acting_as(System("public progress")):
        case = _find(Q(number=number))
        for _merge in range(_LONGEST_CHAIN):
            if case is None or case.merged_into_id is None:
                break
            case = _find(Q(pk=case.merged_into_id))
        if case is None or case.state in _NEVER_SHOWN:
            raise NotFound(_("没有可以公开的这件事，请核对编号。"))
        return _as_progress(case)


def merged_progress(case: Case) -> Progress | None:
    """The progress of the case that a reporter's case was merged into; None if it was not, or if that one was voided."""
    if case.merged_into_id is None:
        return None
    try:
        return progress(case.number)
    except NotFound:
        return None


def refusal_of(case: Case) -> tuple[str, str]:
    """Why a refused case was refused: the reason's value and the explanation written for the reporter (1 statement)."""
    with acting_as(System("reason of a refusal for its reporter")):
        event = CaseEvent.objects.filter(case=case, move="propose_refusal").order_by("-seq").first()
        return (event.reason, event.note) if event else ("", "")


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of filed cases of the last BOARD_DAYS days; half of them were taken in and handled within these times."""

    total: int
    open: int
    closed: int
    overdue: int
    half_filed_within: timedelta | None
    half_handled_within: timedelta | None


@fresh_for(60)
def figures(area_path: str = "") -> Figures:
    """The board's figures of an area, at most a minute old: anybody may ask, and they count three months (1 statement)."""
    since = clock.now() - timedelta(days=BOARD_DAYS)
    with acting_as(System("public board")):
        rows = Case.objects.filter(
            filed_at__isnull=False, reported_at__gte=since, area_path__startswith=area_path
        ).exclude(state__in=(*_NEVER_SHOWN, "merged"))
        found = rows.aggregate(
            total=Count("pk"),
            open=Count("pk", filter=Q(ended=False)),
            closed=Count("pk", filter=Q(ended=True)),
            overdue=Count("pk", filter=Q(overdue=True, overdue_excused=False)),
            half_filed_within=_Median(F("filed_at") - F("reported_at")),
            half_handled_within=_Median(F("handled_at") - F("filed_at")),
        )
        return Figures(**found)


class _Median(Aggregate):
    """PostgreSQL's median of spans; rows without a value do not count."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field: Any = DurationField()


def _find(wanted: Q) -> Any:
    return Case.objects.filter(wanted).select_related("matter", "area__parent", "responsible").first()


def _as_progress(case: Case) -> Progress:
    # A grid is small enough to point at a home; the public is told the community.
    area = case.area.parent if case.area.level == Level.GRID and case.area.parent else case.area
    return Progress(
        number=case.number,
        matter=case.matter,
        area=area,
        state=definition_of(case.process_id).state(case.state),
        unit=case.responsible,
        reported_at=case.reported_at,
        due_at=case.case_due_at,
        paused_until=case.paused_until,
        closed_at=case.closed_at,
    )
