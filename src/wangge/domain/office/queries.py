"""Reads of a member of staff's notices, saved views and hand-over lists."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.queries.lists import Filters, listing
from wangge.domain.office.models import HandOver, HandOverLine, Mail, Notice, SavedView
from wangge.platform import clock
from wangge.platform.db.instances import Instances, all_columns
from wangge.platform.errors import NotFound

MOST_COUNTED = 200
MOST_IN_VIEW = 1000
# How long a removed view can be brought back.
KEPT_DAYS = 30


_NOTICES: Instances[Notice] = Instances(Notice, *all_columns(Notice))


@dataclass(frozen=True, slots=True)
class Unread:
    """How many notices wait, and the urgent ones among them, newest first."""

    total: int
    urgent: list[Notice]


def unread(actor: Actor) -> Unread:
    """The actor's unread notices, at most MOST_COUNTED of them (1 statement)."""
    waiting = "user_id = %s AND read_at IS NULL ORDER BY made_at DESC, id DESC LIMIT %s"
    found = _NOTICES.where(waiting, [actor.user_id, MOST_COUNTED])
    return Unread(len(found), [notice for notice in found if notice.urgent])


def notices(actor: Actor) -> "QuerySet[Notice]":
    """The actor's notices, newest first."""
    return Notice.objects.filter(user_id=actor.user_id).order_by("-made_at", "-pk")


def saved_views(actor: Actor) -> list[SavedView]:
    """The actor's views and those shared with their units, own ones first, by name (1 statement)."""
    views = SavedView.objects.filter(removed_at__isnull=True).select_related("user", "unit")
    return sorted(views, key=lambda view: (view.user_id != actor.user_id, view.name))


def removed_views(actor: Actor) -> "QuerySet[SavedView]":
    """The actor's own views removed in the last days, the latest first (1 statement)."""
    since = clock.now() - timedelta(days=KEPT_DAYS)
    return SavedView.objects.filter(user_id=actor.user_id, removed_at__gte=since).order_by("-removed_at")


def counted(actor: Actor, view: SavedView) -> int:
    """How many cases the actor sees through a view, at most MOST_IN_VIEW + 1 (1 statement, 2 with an area)."""
    found = listing(actor, Filters.from_query(view.filters)).order_by()
    return int(found[: MOST_IN_VIEW + 1].count())


def failed_mail() -> int:
    """How many mails to reporters were given up (1 statement)."""
    with acting_as(System("count of failed mail")):
        count: int = Mail.objects.filter(state=Mail.State.FAILED).count()
        return count


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """A list with its lines, the one it follows and the one that followed it."""

    handover: HandOver
    lines: list[HandOverLine]
    later: HandOver | None


def handovers(actor: Actor) -> "QuerySet[HandOver]":
    """Lists that the actor gives, takes over or heads, the newest first, each with its `count` of lines."""
    rows = HandOver.objects.select_related("giver", "receiver", "post__area", "post__unit", "unit")
    return rows.annotate(count=Count("lines")).order_by("-made_at", "-pk")


def handovers_waiting(actor: Actor) -> list[HandOver]:
    """Lists that wait for the actor's answer, and own ones that were sent back and not made again (1 statement)."""
    waiting = Q(receiver_id=actor.user_id, state=HandOver.State.WAITING)
    returned = Q(giver_id=actor.user_id, state=HandOver.State.SENT_BACK, later__isnull=True)
    rows = HandOver.objects.filter(waiting | returned).select_related("giver", "receiver")
    return list(rows.order_by("from_day", "pk"))


def handover_page(actor: Actor, handover_id: int) -> HandOverPage:
    """One list (3 statements); NotFound outside the actor's view."""
    with acting_as(actor):
        rows = HandOver.objects.select_related(
            "giver", "receiver", "made_by", "post__area", "post__unit", "unit", "earlier"
        )
        found = rows.filter(pk=handover_id).first()
        if found is None:
            raise NotFound(_("没有找到这份交接单。"))
        later = HandOver.objects.filter(earlier=found).first()
        return HandOverPage(found, list(HandOverLine.objects.filter(handover=found)), later)
