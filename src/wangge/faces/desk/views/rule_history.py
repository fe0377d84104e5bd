"""What was changed in a matter, a calendar or a list: who, when, what in words; comparing and restoring."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.domain.cases.services.dispatching import of_duties, restore_duties
from wangge.domain.catalogue import services
from wangge.domain.catalogue.models import Matter, Revision, Subject
from wangge.domain.catalogue.queries import revisions_of
from wangge.domain.catalogue.services.snapshots import of_calendar, of_matter
from wangge.domain.places.models import Area
from wangge.domain.places.services.sizes import restore_grid_size
from wangge.domain.places.sizes import of_grid_size
from wangge.faces.desk.admin_pages import asked_id, attempt, must_administer, page
from wangge.faces.desk.rule_words import differences
from wangge.platform.language import named

ROWS = 20


@dataclass(frozen=True, slots=True)
class About:
    """A subject: its name, its page, what it is now, and how an earlier version comes back."""

    name: str
    address: str
    snapshot: Callable[[int], dict[str, Any]]
    restore: Callable[..., None]


def _about(subject: str, of: int) -> About:
    match subject:
        case Subject.MATTER:
            name = named(get_object_or_404(Matter, pk=of))
            address = reverse("desk:matter", args=[of])
            return About(name, address, of_matter, services.restore_matter)
        case Subject.CALENDAR:
            name = _("%(area)s的工作日历") % {"area": get_object_or_404(Area, pk=of).name}
            address = f"{reverse('desk:calendar')}?area={of}"
            return About(name, address, of_calendar, services.restore_calendar)
        case Subject.DUTIES:
            name = _("%(area)s的责任清单") % {"area": get_object_or_404(Area, pk=of).name}
            address = f"{reverse('desk:responsibility')}?area={of}"
            return About(name, address, of_duties, restore_duties)
        case Subject.GRID_SIZE:
            name = _("%(area)s的网格规模") % {"area": get_object_or_404(Area, pk=of).name}
            return About(name, reverse("desk:area", args=[of]), of_grid_size, restore_grid_size)
    raise Http404


def history(request: Any, subject: str, of: int) -> HttpResponse:
    """All changes, the newest first; `?from=` and `?to=` compare two versions (0: before the first change)."""
    about = _about(subject, of)
    revisions = revisions_of(Subject(subject), of)
    rows = Paginator(revisions, ROWS).get_page(request.GET.get("page"))
    older, newer = asked_id(request, "from"), asked_id(request, "to")
    compared = None
    if older is not None:
        newest = about.snapshot(of)
        left = _version(revisions, older, newest)
        compared = differences(left, _version(revisions, newer, newest) if newer else newest)
    return page(
        request,
        "rule_history.html",
        about=about,
        subject=subject,
        of=of,
        rows=rows,
        changes=[(row, differences(row.before, row.after)) for row in rows],
        versions=list(revisions[:200]),
        older=older,
        newer=newer,
        compared=compared,
    )


def _version(revisions: Any, revision_id: int, newest: dict[str, Any]) -> dict[str, Any]:
    """What the subject was after a change; before all of them for 0."""
    if not revision_id:
        first = revisions.last()
        return first.before if first else newest
    found: dict[str, Any] = get_object_or_404(revisions, pk=revision_id).after
    return found


@require_POST
def restore(request: Any, revision_id: int) -> HttpResponse:
    """Bring back what a change made, or with `before` what was before it: a new change."""
    must_administer(request)
    revision = get_object_or_404(Revision, pk=revision_id)
    of = revision.matter_id or revision.area_id
    assert of is not None
    about = _about(revision.subject, of)
    before = request.POST.get("before") == "1"
    return attempt(
        request,
        lambda: about.restore(request.actor, revision, before=before),
        _("已恢复，作为一次新的修改记在这里。"),
        reverse("desk:rule-history", args=[revision.subject, of]),
    )
