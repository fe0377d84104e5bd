"""What phones brought and the server could not carry out: read, and marked as looked at."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.policy import may_settle_records
from wangge.domain.field import queries
from wangge.domain.field.services import looking
from wangge.faces.desk.admin_pages import PAGE_ROWS, done
from wangge.faces.desk.field_words import shown


@require_safe
def records(request: Any) -> HttpResponse:
    """Records that were refused, that differ, or that were laid aside (5 statements, whatever their number)."""
    actor = queries.must_look(request.actor)
    everything = request.GET.get("show") == "all"
    with queries.scope_of(actor):
        rows = Paginator(queries.records(actor, looked=everything), PAGE_ROWS).get_page(
            request.GET.get("page")
        )
        found = queries.lines(actor, list(rows))
        aside = queries.lines(actor, list(queries.asides(actor, looked=everything)))
    context = {
        "rows": rows,
        "found": [shown(line) for line in found],
        "aside": [shown(line) for line in aside],
        "all": everything,
        "reads": may_settle_records(actor),
    }
    return render(request, "desk/field_records.html", context)


@require_POST
def look_at_record(request: Any, record_id: uuid.UUID) -> HttpResponse:
    """Somebody has seen to it."""
    looking.look_at_record(request.actor, record_id)
    return _looked(request)


@require_POST
def look_at_aside(request: Any, aside_id: int) -> HttpResponse:
    """Somebody has seen to it."""
    looking.look_at_aside(request.actor, aside_id)
    return _looked(request)


def _looked(request: Any) -> HttpResponse:
    return done(request, _("已标为看过。"), reverse("desk:field-records"))
