"""Lists of cases: my work, everything with filters, and their counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import BooleanField, CharField, F, IntegerField, Q, QuerySet, Value
from django.db.models import Case as When
from django.db.models import When as Branch
from django.db.models.expressions import RawSQL
from django.utils import timezone

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import POLICY, case_ways, within
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case, Light, Support
from wangge.domain.cases.queries.words import holding
from wangge.domain.cases.services.processes import definitions_in_use
from wangge.domain.places.models import LEVELS
from wangge.domain.places.queries import path_of_area
from wangge.engines.flow import Definition
from wangge.platform import clock
from wangge.platform.db.instances import Instances
from wangge.platform.db.kept import kept
from wangge.platform.given import day, whole

PAGE = 50
# Further back one finds by filters: a page costs what all before it cost.
MOST_PAGES = 40
# How long before its end a suspension is work again: time to look at the place and resume.
NEAR_THE_END = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list's address may hold; empty = all."""

    state: str = ""
    step: str = ""
    light: str = ""
    group: str = ""
    area: str = ""
    channel: str = ""
    unit: str = ""
    since: str = ""
    until: str = ""
    words: str = ""
    flag: str = ""
    sort: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> "Filters":
        """From the address; unknown names are ignored, values cut to 60 characters."""
        return cls(**{name: str(query.get(name, "")).strip()[:60] for name in cls.__slots__})


def by_urgency(cases: "QuerySet[Case]") -> "QuerySet[Case]":
    """Emergencies first, then red, yellow, green by deadline, paused last."""
    rank = When(
        Branch(emergency=True, ended=False, then=Value(0)),
        Branch(light=Light.RED, then=Value(1)),
        Branch(light=Light.YELLOW, then=Value(2)),
        Branch(light=Light.GREEN, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return cases.annotate(rank=rank).order_by("rank", F("due_at").asc(nulls_last=True), "pk")


def with_names(cases: "QuerySet[Case]") -> "QuerySet[Case]":
    """The names a list row shows, by joins."""
    return cases.select_related("matter", "area", "responsible", "condition", "repeat_alarm")


# What a line of a list shows, with names by joins; another column is fetched when it is asked for.
_SHOWN = (
    "number", "process_id", "state", "ended", "emergency", "danger", "supervised", "overdue", "light", "arbitrated",
    "returns", "reworks", "urges", "extension_stage", "appeal_stage", "area_path", "address", "description",
    "reported_at", "due_at", "paused_until", "matter__name", "matter__name_en", "area__name", "area__short_name",
    "responsible__name", "responsible__short_name", "condition__amount", "condition__unit", "repeat_alarm__case_id",
)  # fmt: skip
# What the moves open in it read besides.
_JUDGED = (
    "receipt_hash", "step", "level", "procedure", "lon", "lat", "lead_id", "support_units", "handlers", "case_due_at",
    "entered_at", "closed_at", "returned_by", "extensions", "extension_asked", "suspensions", "objections",
    "appeal_reviewer_id", "satisfied", "has_contact", "version",
)  # fmt: skip
_LINES: Instances[Case] = Instances(Case, *_SHOWN)
_WORK: Instances[Case] = Instances(Case, *_SHOWN, *_JUDGED)


def my_work(actor: Actor, asked: str = "") -> "QuerySet[Case]":
    """Cases in which the actor can make a main move now, most urgent first; `asked` keeps one kind (1 statement).

    Each row has `asked`: its state, or "extension" or "appeal" while such an answer waits.
    """
    cases = _to_do(actor, clock.now())
    if asked:
        cases = cases.filter(asked=asked)  # type: ignore[misc]
    return by_urgency(with_names(cases))


def work_lines(actor: Actor, asked: str, most: int) -> list[Case]:
    """The first of `my_work`, with what a line shows (1 statement)."""
    minute = clock.now().replace(second=0, microsecond=0)
    return _WORK.of(_work_lines(actor, asked, versions(), minute, most))


@kept
def _work_lines(actor: Actor, asked: str, known: tuple[int, ...], minute: datetime, most: int) -> Any:
    ids = _work_ids.ids(actor, asked, known, minute, most)
    found = seen(actor).filter(pk__in=ids) if ids else Case._base_manager.none()
    return by_urgency(found).values_list(*_WORK.columns)


@kept
def _work_ids(actor: Actor, asked: str, _versions: tuple[int, ...], minute: datetime, most: int) -> Any:
    """All that waits has to be sorted; only the first are read in full."""
    cases = _to_do(actor, minute)
    if asked:
        cases = cases.filter(asked=asked)  # type: ignore[misc]
    return by_urgency(cases).values_list("pk")[:most]


def versions() -> tuple[int, ...]:
    return tuple(pk for pk, _definition in definitions_in_use())


def _to_do(actor: Actor, now: datetime) -> "QuerySet[Case]":
    return seen(actor).filter(waits_for(actor, now)).filter(ALIVE).annotate(asked=what_is_asked(actor))


def waits_for(actor: Actor, now: datetime) -> Q:
    """Of living cases those in which the actor can make a main move now."""
    independent = Q(state__in=rules.INDEPENDENT, handlers__contains=[actor.user_id])
    # A suspended case is nobody's work until its day comes near.
    resting = Q(paused_until__gt=now + NEAR_THE_END)
    return _work(actor) & ~(independent | resting)


def what_is_asked(actor: Actor) -> When:
    """Of a living case: its state, or "extension" or "appeal" while such an answer waits."""
    return When(
        Branch(Q(ended=True), then=Value("appeal")),
        Branch(_ASKED_EXTENSION & ~Q(lead_id__in=actor.unit_ids), then=Value("extension")),
        default=F("state"),
        output_field=CharField(),
    )


# models.ALIVE with its values as letters: with values that come later PostgreSQL cannot know that the index of living
# cases holds them all, and would plan the statement anew each time.
ALIVE = RawSQL(
    '(NOT "cases_case"."ended" OR "cases_case"."appeal_stage" IN (1, 2))', (), output_field=BooleanField()
)
_ASKED_EXTENSION = Q(state="handling", extension_stage__in=[1, 2])


def listing(actor: Actor, filters: Filters) -> "QuerySet[Case]":
    """Every case the actor may view that passes the filters, newest first unless `sort` says urgency."""
    cases = seen(actor).filter(matching(filters, path_of(filters)))
    if filters.sort == "urgency":
        return by_urgency(with_names(cases))
    return with_names(cases).order_by("-reported_at", "-pk")


def before(cases: "QuerySet[Case]", reported_at: datetime, pk: int) -> "QuerySet[Case]":
    """What comes after a place of `listing`: a page that new cases do not shift."""
    return cases.filter(Q(reported_at__lt=reported_at) | Q(reported_at=reported_at, pk__lt=pk))


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list whose length nobody counts: its number from 1, and whether more follow (`further`), of which
    the last that opens is MOST_PAGES (`capped`)."""

    cases: list[Case]
    number: int
    further: bool
    capped: bool

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.cases) - 1


def page_of(actor: Actor, filters: Filters, number: int) -> Page:
    """One page of `listing` (1 statement): only its own rows are read in full. Past the end, the last page."""
    number = min(max(number, 1), MOST_PAGES)
    cases = _LINES.of(_page(actor, filters, path_of(filters), (number - 1) * PAGE))
    if not cases and number > 1:
        return page_of(actor, filters, number - 1)
    further = len(cases) > PAGE
    return Page(cases[:PAGE], number, further and number < MOST_PAGES, further and number == MOST_PAGES)


def _ordered(cases: "QuerySet[Case]", filters: Filters) -> "QuerySet[Case]":
    return by_urgency(cases) if filters.sort == "urgency" else cases.order_by(*_NEWEST)


@kept
def _page(actor: Actor, filters: Filters, path: str, begin: int) -> Any:
    ids = _ids.ids(actor, filters, path, begin)
    found = seen(actor).filter(pk__in=ids) if ids else Case._base_manager.none()
    return _ordered(found, filters).values_list(*_LINES.columns)


@kept
def _ids(actor: Actor, filters: Filters, path: str, begin: int) -> Any:
    """The ids of a page and of the row after it.

    Newest first, every way to see a case is read in the order of its index and the best are taken of all; one
    condition with OR would read all cases of an area, or all of the district until a page is full.
    """
    wanted, end = matching(filters, path), begin + PAGE + 1
    if filters.sort == "urgency" or filters.flag in _FEW or filters.words:
        return _ordered(seen(actor).filter(wanted), filters).values_list("pk")[begin:end]
    base = Case._base_manager.filter(wanted)
    *ways, last = case_ways(actor)
    if actor.unit_ids:
        shares = Support._base_manager.filter(unit_id__in=actor.unit_ids)
        # Ids rise with time; under other filters all shares of the units are looked at.
        newest_shares = shares.order_by("-case_id")[:end] if filters == Filters() else shares
        last = Q(pk__in=newest_shares.values("case_id"))
    parts = [
        base.filter(way).order_by(*_NEWEST).values_list("pk", "reported_at")[:end] for way in (*ways, last)
    ]
    found = parts[0].union(*parts[1:]).order_by(*_NEWEST) if len(parts) > 1 else parts[0]
    return found[begin:end]


def seen(actor: Actor) -> "QuerySet[Case]":
    """What the actor may view, for statements that are kept: by the argument, not by who acts when they are built."""
    return Case._base_manager.filter(POLICY["cases.Case", "view"](actor))


_NEWEST = ("-reported_at", "-pk")
# Flags that only cases waiting for somebody carry: few, and found by the index of those.
_FEW = frozenset({"open", "supervised", "late", "bounced", "repeating", "arbitration", "waiting", "suspended",
                  "appeal", "extension"})  # fmt: skip


def numbered(text: str) -> int | None:
    """The id of the case with this number inside the actor's view (1 statement)."""
    found: int | None = (
        Case.objects.filter(number=text).values_list("pk", flat=True).first() if text else None
    )
    return found


def recent_places(actor: Actor, most: int = 3) -> list[Case]:
    """Where the actor last reported from, one row an address, newest first (1 statement)."""
    mine = Case.objects.filter(reported_by_id=actor.user_id).select_related("area").order_by("-reported_at")
    by_address: dict[str, Case] = {}
    for case in mine[:20]:
        by_address.setdefault(case.address, case)
    return list(by_address.values())[:most]


def same_community(case: Case, most: int = 20) -> "QuerySet[Case]":
    """Open cases of the same community, the same matter first: those a case may be merged into (1 statement)."""
    community = rules.path_at(case.area_path, "community")
    others = Case.objects.filter(within(community), ended=False).exclude(pk=case.pk)
    same = When(
        Branch(matter_id=case.matter_id, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return others.select_related("matter").annotate(other=same).order_by("other", "-reported_at")[:most]


def path_of(filters: Filters) -> str:
    """The path of the area asked for (at most 1 statement, kept 20 s); "-" for one that is none."""
    area_id = whole(filters.area)
    return "" if area_id is None else path_of_area(area_id) or "-"


def matching(filters: Filters, path: str) -> Q:
    wanted = Q()
    exact = {"state": "state", "light": "light", "group": "matter__group_code", "channel": "channel"}
    for name, column in exact.items():
        if value := getattr(filters, name):
            wanted &= Q(**{column: value})
    if (step := whole(filters.step)) is not None:
        wanted &= Q(step=step)
    if path:
        wanted &= within(path)
    if (unit_id := whole(filters.unit)) is not None:
        wanted &= Q(responsible_id=unit_id)
    if since := _day(filters.since):
        wanted &= Q(reported_at__gte=since)
    if until := _day(filters.until):
        wanted &= Q(reported_at__lt=until + timedelta(days=1))
    if filters.words:
        wanted &= holding(filters.words)
    return wanted & FLAGS.get(filters.flag, Q())


_WAITS_FOR_APPROVAL = (
    Q(state__startswith="approval_", ended=False)
    | Q(state__in=["suspension_review", "refusal_review"])
    | Q(extension_stage__in=[1, 2], ended=False)
    | Q(appeal_stage__in=[1, 2])
)
FLAGS = {
    "open": Q(ended=False),
    "ended": Q(ended=True),
    "overdue": Q(overdue=True),
    "supervised": Q(supervised=True, ended=False),
    "emergency": Q(emergency=True),
    "returned": Q(returns__gte=1),
    "repeat": Q(repeat_alarm__isnull=False),
    "late": Q(overdue=True, ended=False),
    "bounced": Q(returns__gte=1, ended=False),
    "repeating": Q(repeat_alarm__isnull=False, ended=False),
    "arbitration": Q(state="arbitration"),
    "waiting": _WAITS_FOR_APPROVAL,
    "reworked": Q(reworks__gte=1),
    "suspended": Q(state="suspended"),
    "appeal": Q(appeal_stage__in=[1, 2]),
    "extension": Q(extension_stage__in=[1, 2], ended=False),
}


def _day(text: str) -> datetime | None:
    found = day(text)
    return timezone.make_aware(datetime.combine(found, time.min)) if found else None


def _work(actor: Actor) -> Q:
    """Where the process of a case gives one of the actor's posts a main move, or an answer that waits.

    Versions that ask the same are asked together, so that the condition grows only with real differences.
    """
    groups: dict[tuple[tuple[str, str, tuple[str, ...]], ...], list[int]] = {}
    for pk, definition in definitions_in_use():
        groups.setdefault(_asked(definition), []).append(pk)
    if len(groups) == 1:
        return _asked_of(actor, next(iter(groups)))
    work = Q(pk__in=[])
    # The newest group takes every version that no older one has: cases may begin at any moment.
    older = [pk for some in list(groups.values())[1:] for pk in some]
    for number, (asked, some) in enumerate(groups.items()):
        mine = Q(process_id__in=some) if number else ~Q(process_id__in=older)
        work |= mine & _asked_of(actor, asked)
    return work


def _asked(definition: Definition) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The main moves of a process as (move, who, states where it is asked of them)."""
    return tuple(
        (move.key, who, states)
        for move in definition.moves
        if move.tone == "primary"
        for who in move.who
        if (states := tuple(key for key in move.sources if rules.asks(who, definition.state(key).owner)))
    )


def _asked_of(actor: Actor, asked: tuple[tuple[str, str, tuple[str, ...]], ...]) -> Q:
    work = Q(pk__in=[])
    for move, who, states in asked:
        role, _, place = who.partition("@")
        for post in actor.posts:
            if post.role == role and (where := _where(post, place)) is not None:
                work |= Q(state__in=states) & _WAITING.get(move, Q()) & where
    return work


_WAITING = {move: Q(**{field: stage}) for move, (field, stage) in rules.WAITING.items()}


def _where(post: Any, place: str) -> Q | None:
    inside = within(post.area_path)
    grid_role = post.role in ("grid_worker", "grid_lead")
    if place == "level":
        return inside & Q(level=post.area_level)
    if place == "above":
        levels = [level for level in rules.CASE_LEVELS if rules.above(level) == post.area_level]
        return inside & Q(level__in=levels)
    if place in ("lead", "owner") and post.unit_id:
        unit = Q(lead_id=post.unit_id) if place == "lead" else Q(responsible_id=post.unit_id)
        return unit & inside if grid_role else unit
    if place in LEVELS and post.area_level == place:
        return inside
    return None
