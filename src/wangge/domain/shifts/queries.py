"""Reads of rosters."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.models import Post, StandIn
from wangge.domain.access.queries import posts_on
from wangge.domain.access.scope import acting_as
from wangge.domain.shifts.models import Shift

# Who makes the roster of the community of their post, and whose it is.
PLANNERS = (Role.STATION_OFFICER, Role.STATION_HEAD)
ROSTERED = (Role.GRID_WORKER, Role.GRID_LEAD, Role.STATION_OFFICER, Role.STATION_HEAD)


@dataclass(frozen=True, slots=True)
class Line:
    """A shift with who stands in on its day."""

    shift: Shift
    instead: str


@dataclass(frozen=True, slots=True)
class Month:
    """A person's month: the shifts, on how many of them somebody was on duty, how many another took over."""

    name: str
    place: str
    lines: list[Line]
    kept: int
    taken_over: int


def planned_paths(actor: Actor) -> tuple[str, ...]:
    """Paths of the areas whose roster the actor makes."""
    return tuple(sorted({post.area_path for post in actor.posts if post.role in PLANNERS}))


def rostered_posts(actor: Actor, day: date) -> list[Post]:
    """Posts of a day that the actor may put on the roster (2 statements)."""
    here = Q(pk__in=[])
    for path in planned_paths(actor):
        here |= Q(area__path__startswith=path)
    return list(posts_on(day).filter(here, role__in=ROSTERED).order_by("area__code", "user__name", "pk"))


def mine(actor: Actor, day: date, last: date | None = None) -> list[Shift]:
    """The actor's shifts of a day, or from a day to the last, those of posts they stand in for today too (1 statement)."""
    with acting_as(actor):
        posts = [post.id for post in actor.posts]
        found = Shift.objects.filter(
            Q(user_id=actor.user_id) | Q(post_id__in=posts), day__range=(day, last or day)
        )
        return list(found.select_related("user", "area", "begun_by").order_by("starts_at", "pk"))


def week(actor: Actor, monday: date) -> list[tuple[date, list[Line]]]:
    """The seven days from a Monday, each with its shifts in the actor's ring (2 statements)."""
    with acting_as(actor):
        lines = _lines(Shift.objects.filter(day__gte=monday, day__lt=monday + timedelta(days=7)))
    days = [monday + timedelta(days=n) for n in range(7)]
    return [(day, [line for line in lines if line.shift.day == day]) for day in days]


def month(actor: Actor, first: date) -> list[Month]:
    """Everybody's month in the actor's ring, by place and name (2 statements)."""
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    with acting_as(actor):
        lines = _lines(Shift.objects.filter(day__gte=first, day__lt=after))
    lines.sort(key=lambda line: (line.shift.area.code, line.shift.user.name, line.shift.post_id))
    found = []
    for _post, group in groupby(lines, key=lambda line: line.shift.post_id):
        own = list(group)
        found.append(
            Month(
                name=own[0].shift.user.name,
                place=own[0].shift.area.name,
                lines=own,
                kept=sum(line.shift.begun_at is not None for line in own),
                taken_over=sum(bool(line.instead) for line in own),
            )
        )
    return found


def _lines(found: "QuerySet[Any]") -> list[Line]:
    rows = found.select_related("user", "area", "post", "begun_by")
    rows = rows.prefetch_related(
        Prefetch("post__stand_ins", StandIn.objects.select_related("user"))
    ).order_by("day", "starts_at", "area__code", "pk")
    return [Line(shift, _instead(shift)) for shift in rows]


def _instead(shift: Shift) -> str:
    taken = shift.post.stand_ins.all()
    return next((one.user.name for one in taken if one.starts_on <= shift.day <= one.ends_on), "")
