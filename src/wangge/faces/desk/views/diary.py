"""The diary of the grids: written in half a minute, found, answered, made a case, read again by the week."""

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.policy import near_paths
from wangge.domain.access.scope import acting_as
from wangge.domain.register.queries.homes import address_of
from wangge.domain.register.services.base import keeps, visible
from wangge.domain.register.services.people import dwelling_of
from wangge.domain.visits import queries
from wangge.domain.visits.models import DiaryEntry
from wangge.domain.visits.services import diary
from wangge.faces.desk.admin_pages import (
    PAGE_ROWS,
    asked_day,
    asked_id,
    attempt,
    done,
    form_page,
    form_status,
    posted,
)
from wangge.faces.desk.forms.register import grids_of
from wangge.faces.desk.forms.visits import CommentForm, EntryFilter, EntryForm, key_of
from wangge.platform.errors import NotAllowed
from wangge.platform.given import FIRST_DAY, LAST_DAY


def must_visit(request: Any) -> None:
    """Raises NotAllowed for posts that serve no doors: visits and their diary are the grid's and its station's."""
    if not near_paths(request.actor):
        raise NotAllowed(_("探访和民情日记由网格和社区的人员使用。"))


@require_safe
def entries(request: Any) -> HttpResponse:
    """Entries of the actor's ring, newest first; by words and kind."""
    must_visit(request)
    filters = EntryFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.entries(asked.get("q", ""), asked.get("kind", ""))
    rows = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "rows": rows,
        "query": request.GET.urlencode(),
        "lines": [(one, queries.place_of(one)) for one in rows],
    }
    return render(request, "desk/visits/diary.html", context)


def new_entry(request: Any) -> HttpResponse:
    """A note; of a dwelling when opened from its page."""
    must_visit(request)
    dwelling_id = asked_id(request, "dwelling")
    dwelling = dwelling_of(request.actor, dwelling_id) if dwelling_id else None
    form = EntryForm([] if dwelling else grids_of(request.actor), posted(request))
    back = reverse("desk:household-of-dwelling", args=[dwelling_id]) if dwelling else reverse("desk:diary")
    if request.method == "POST" and form.submit(
        lambda **v: diary.write_entry(request.actor, key_of(form), dwelling_id=dwelling_id, **v)
    ):
        return done(request, _("已记下。"), reverse("desk:entry", args=[form.result.pk]))
    note = address_of(dwelling) if dwelling else ""
    return form_page(request, form, title=_("记日记"), back=back, note=note, action=_("记下"))


def entry(request: Any, entry_id: int) -> HttpResponse:
    """An entry with what was said to it, and the field to say more."""
    must_visit(request)
    found = queries.entry(request.actor, entry_id)
    form = CommentForm(posted(request))
    here = reverse("desk:entry", args=[entry_id])
    if request.method == "POST" and form.submit(
        lambda **v: diary.comment(request.actor, key_of(form), entry_id, **v)
    ):
        return done(request, _("已发出。"), here)
    context = {
        "entry": found,
        "place": queries.place_of(found),
        "form": form if diary.may_comment(request.actor, found) else None,
        "keeps": keeps(request.actor, found.area),
    }
    return render(request, "desk/visits/entry.html", context, status=form_status(form))


@require_POST
def make_case(request: Any, entry_id: int) -> HttpResponse:
    """The entry is reported as a case, with one press."""
    must_visit(request)
    visible(request.actor, DiaryEntry, entry_id)
    here = reverse("desk:entry", args=[entry_id])
    return attempt(request, lambda: diary.make_case(request.actor, entry_id), _("已转为案件。"), here)


@require_safe
def week(request: Any) -> HttpResponse:
    """What a week's notes were about, by kind; no counts of who wrote how many."""
    must_visit(request)
    day = asked_day(request)
    monday = day - timedelta(days=day.weekday())
    with acting_as(request.actor):
        found = queries.week(monday)
    context = {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": _within(monday - timedelta(days=7)),
        "after": _within(monday + timedelta(days=7)),
        "lines": [(one, queries.place_of(one)) for one in found],
    }
    return render(request, "desk/visits/week.html", context)


def _within(day: date) -> date | None:
    return day if FIRST_DAY <= day <= LAST_DAY else None
