"""The log of looks at personal data, as the privacy officer reads it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.models import ReadLog, Unit, User
from wangge.domain.access.policy import may_inspect
from wangge.domain.access.services import log_look
from wangge.platform.errors import NotAllowed

# Reading the log is a look as well: kept as it stands, a face translates it.
PURPOSE = gettext_noop("检查个人信息的使用情况")
DATA_CLASS = gettext_noop("查看记录")


@dataclass(frozen=True, slots=True)
class LookFilters:
    """What the log is narrowed to; empty or None = all."""

    who: str = ""
    unit_id: int | None = None
    purpose: str = ""
    data_class: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of the log with names; `behalf` is the holder whose post a stand-in used."""

    row: ReadLog
    user: str
    behalf: str
    unit: str


def inspect(actor: AnyActor, filters: LookFilters, channel: str) -> "QuerySet[ReadLog]":
    """Looks that pass the filters, newest first; this reading is written down first. NotAllowed for others."""
    if not may_inspect(actor):
        raise NotAllowed(_("只有个人信息保护负责人可以查看。"))
    log_look(actor, subject="read log", data_class=DATA_CLASS, purpose=PURPOSE, channel=channel)
    wanted = Q()
    if filters.who:
        found = User.objects.filter(Q(name__icontains=filters.who) | Q(username__icontains=filters.who))
        ids = found.values("pk")
        wanted &= Q(user_id__in=ids) | Q(on_behalf_of__in=ids)
    if filters.unit_id:
        wanted &= Q(unit_id=filters.unit_id)
    for name in ("purpose", "data_class"):
        if value := getattr(filters, name):
            wanted &= Q(**{name: value})
    if filters.since:
        wanted &= Q(at__gte=_start(filters.since))
    if filters.until:
        wanted &= Q(at__lt=_start(date.fromordinal(filters.until.toordinal() + 1)))
    return ReadLog.objects.filter(wanted).order_by("-at", "-pk")


def with_people(rows: list[ReadLog]) -> list[Seen]:
    """The lines with the names of people and units (2 statements)."""
    ids = {one for row in rows for one in (row.user_id, row.on_behalf_of) if one}
    people = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    units = dict(Unit.objects.filter(pk__in={row.unit_id for row in rows}).values_list("pk", "name"))
    return [
        Seen(
            row,
            people.get(row.user_id or 0, ""),
            people.get(row.on_behalf_of or 0, ""),
            units.get(row.unit_id or 0, ""),
        )
        for row in rows
    ]


def choices() -> dict[str, list[str]]:
    """Purposes and classes that the log holds (2 statements)."""
    return {
        name: list(ReadLog.objects.order_by(name).values_list(name, flat=True).distinct())
        for name in ("purpose", "data_class")
    }


def units_that_looked() -> "QuerySet[Unit]":
    """Units whose people looked (1 statement)."""
    return Unit.objects.filter(pk__in=ReadLog.objects.values("unit_id")).order_by("name")


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
