"""Reads of the diary, of visit plans and of what is due."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.models import User
from wangge.domain.access.policy import near_paths
from wangge.domain.access.queries import colleagues
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Area
from wangge.domain.register.queries.homes import address_of
from wangge.domain.visits import rules
from wangge.domain.visits.models import (
    BRINGS,
    CHECKS,
    Comment,
    DiaryEntry,
    FollowUp,
    Meeting,
    Outcome,
    Visit,
    VisitPlan,
)
from wangge.platform.errors import NotFound

_COUNTING = (Outcome.DONE, Outcome.DECLINED)
_PLACE = ("dwelling__building__compound", "dwelling__stairwell", "building__compound")
_HOME = (
    "care__resident__household__dwelling__building__compound",
    "care__resident__household__dwelling__stairwell",
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit that is due: at which door, since when, what to look after and to bring. Nobody's name."""

    plan: VisitPlan
    address: str
    due: rules.Due
    overdue: bool
    absent_today: bool
    checks: list[str]
    brings: list[str]


def entries(words: str = "", kind: str = "") -> "QuerySet[DiaryEntry]":
    """Entries of the present actor's ring, newest first, whose text or place holds every word; for a page of them."""
    found: Any = DiaryEntry.objects.select_related("area", "author", "case", *_PLACE)
    found = found.annotate(said=Count("comments")).order_by("-made_at", "-pk")
    for word in words.split():
        found = found.filter(
            Q(text__icontains=word)
            | Q(building__address__icontains=word)
            | Q(dwelling__building__address__icontains=word)
            | Q(area__name__icontains=word)
        )
    return found.filter(kind=kind) if kind else found


def entry(actor: AnyActor, entry_id: int) -> DiaryEntry:
    """An entry with its comments, the oldest first (2 statements); NotFound outside the actor's ring."""
    with acting_as(actor):
        said = Prefetch("comments", Comment.objects.select_related("author").order_by("made_at", "pk"))
        found: DiaryEntry | None = (
            DiaryEntry.objects.select_related("area", "author", "case", *_PLACE)
            .prefetch_related(said)
            .filter(pk=entry_id)
            .first()
        )
    if found is None:
        raise NotFound(_("没有找到这篇日记，或者不在您的服务范围内。"))
    return found


def place_of(found: DiaryEntry) -> str:
    """Where an entry was made, in one line."""
    if found.dwelling:
        return address_of(found.dwelling)
    if found.building:
        compound = found.building.compound.name if found.building.compound else ""
        return compound + (found.building.address or str(found.building))
    return str(found.area.name)


def week(monday: date) -> list[DiaryEntry]:
    """Entries of the present actor's ring in the seven days from a Monday, by kind (1 statement)."""
    start = timezone.make_aware(datetime.combine(monday, time()))
    found = entries().filter(made_at__gte=start, made_at__lt=start + timedelta(days=7))
    return list(found.order_by("kind", "area__code", "made_at"))


def plans(actor: AnyActor) -> list[VisitPlan]:
    """Running plans of the actor's ring, the first to end first (1 statement)."""
    with acting_as(actor):
        return list(_running().order_by("ends_on", "pk"))


def due(actor: AnyActor, day: date) -> list[Stop]:
    """What waits on a day in the actor's ring, one's own as well as what one stands in for: in walking order, beginning
    with the visit that waits longest (1 statement)."""
    with acting_as(actor):
        made = Visit.objects.filter(plan=OuterRef("pk"), outcome__in=_COUNTING).order_by("-day")
        found = _running().filter(starts_on__lte=day, ends_on__gte=day)
        absent = Visit.objects.filter(plan=OuterRef("pk"), outcome=Outcome.ABSENT, day=day)
        found = found.annotate(
            last_day=Subquery(made.values("day")[:1]),
            made_that_day=Count("visits", filter=Q(visits__day=day, visits__outcome__in=_COUNTING)),
            absent_today=Exists(absent),
        )
        stops = [stop for plan in found.order_by("pk") if (stop := _stop(plan, day))]
    stops.sort(key=lambda stop: (stop.due.since, stop.plan.pk))
    return rules.route(stops, _door)


def plan_of(actor: AnyActor, plan_id: int) -> VisitPlan:
    """A running plan of the actor's ring (1 statement); NotFound outside it or when over."""
    with acting_as(actor):
        found: VisitPlan | None = _running().filter(pk=plan_id).first()
    if found is None:
        raise NotFound(_("没有找到这个探访安排，或者不在您的服务范围内。"))
    return found


def home_of(plan: VisitPlan) -> str:
    """The address that is visited."""
    return address_of(plan.care.resident.household.dwelling)


def words(keys: list[str], names: dict[str, Any]) -> list[str]:
    """Keys of CHECKS or BRINGS in the reader's language."""
    return [str(names[key]) for key in keys if key in names]


def meetings() -> "QuerySet[Meeting]":
    """Meetings of the present actor's ring, newest first, with `open_items`; for a page of them."""
    still = Count("follow_ups", filter=Q(follow_ups__done_on__isnull=True))
    found: Any = Meeting.objects.select_related("area").annotate(open_items=still)
    return found.order_by("-starts_at", "-pk")


def meeting(actor: AnyActor, meeting_id: int) -> Meeting:
    """A meeting with what it agreed on, the first due first (2 statements); NotFound outside the actor's ring."""
    with acting_as(actor):
        items = Prefetch("follow_ups", FollowUp.objects.select_related("owner").order_by("due_on", "pk"))
        rows = Meeting.objects.select_related("area", "called_by").prefetch_related(items)
        found: Meeting | None = rows.filter(pk=meeting_id).first()
    if found is None:
        raise NotFound(_("没有找到这次会议，或者不在您的服务范围内。"))
    return found


def meetings_near(actor: Actor, now: datetime) -> list[Meeting]:
    """Meetings of the ring in the week before and after, and any of which the actor has something left to see to, the
    first to begin first; `follow_ups` are the actor's own open ones (2 statements)."""
    week = timedelta(days=7)
    mine = FollowUp.objects.filter(owner_id=actor.user_id, done_on__isnull=True)
    with acting_as(actor):
        found = Meeting.objects.filter(
            Q(starts_at__range=(now - week, now + week)) | Exists(mine.filter(meeting=OuterRef("pk")))
        )
        items = Prefetch("follow_ups", mine.order_by("due_on", "pk"))
        return list(found.prefetch_related(items).order_by("starts_at", "pk"))


def could_own(actor: Actor) -> list[User]:
    """Who may see to what was agreed on: the actor, and their colleagues (2 statements)."""
    return [User.objects.get(pk=actor.user_id), *colleagues(actor)]


def meeting_areas(actor: Actor) -> list[Area]:
    """Areas of the actor's posts and the grids below (1 statement for each post's area)."""
    found: list[Area] = []
    for path in near_paths(actor):
        found += Area.objects.filter(path__startswith=path, active=True).order_by("path")
    return found


def _running() -> Any:
    return VisitPlan.objects.filter(ended_on__isnull=True, care__ended_on__isnull=True).select_related(
        "area", "care", *_HOME
    )


def _stop(plan: Any, day: date) -> Stop | None:
    found = rules.due(plan.rhythm, plan.starts_on, plan.last_day, plan.made_that_day, day)
    if found is None:
        return None
    return Stop(
        plan=plan,
        address=home_of(plan),
        due=found,
        overdue=found.since < day and plan.last_day is not None,
        absent_today=plan.absent_today,
        checks=words(plan.checks, CHECKS),
        brings=words(plan.brings, BRINGS),
    )


def _door(stop: Stop) -> tuple[float, float]:
    building = stop.plan.care.resident.household.dwelling.building
    return building.lon, building.lat
