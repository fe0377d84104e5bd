"""Lists and cases on paper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.domain.access.models import Unit
from wangge.domain.cases.queries import lists
from wangge.domain.cases.services.processes import definitions_in_use
from wangge.domain.catalogue.queries import groups
from wangge.domain.places.models import Area
from wangge.faces.desk.case_page import case_context
from wangge.faces.desk.forms.filters import Choices, FilterForm
from wangge.faces.desk.rows import rows
from wangge.platform import clock
from wangge.platform.given import whole

MOST_PRINTED = 500


@require_safe
def print_list(request: Any) -> HttpResponse:
    """The list for A4, with the filters named at its head."""
    filters = lists.Filters.from_query(request.GET)
    found = lists.listing(request.actor, filters)
    context = {
        "rows": rows(found[:MOST_PRINTED], clock.now()),
        "total": found.count(),
        "most": MOST_PRINTED,
        "filters": filter_words(request, filters),
        "now": clock.now(),
    }
    return render(request, "desk/print/cases.html", context)


@require_safe
def print_case(request: Any, case_id: int) -> HttpResponse:
    """The sheet of one case for A4: facts, history, and the photos unless `photos=0`. Never the reporter's contact."""
    context = case_context(request.actor, case_id)
    return render(
        request,
        "desk/print/case.html",
        context | {"with_photos": request.GET.get("photos") != "0", "now": clock.now()},
    )


def filter_words(request: Any, filters: lists.Filters) -> list[str]:
    """The filters that are set, in words: 状态：处置中."""
    chosen_areas = Area.objects.filter(pk=whole(filters.area) or 0)
    definitions = [definition for _pk, definition in definitions_in_use()]
    units = Unit.objects.filter(pk=whole(filters.unit) or 0)
    form = FilterForm(request.GET, Choices.among(definitions, list(chosen_areas), groups(), units))
    said = []
    for bound in form:
        value = getattr(filters, bound.name, "")
        if value:
            choices = dict(getattr(bound.field, "choices", ()))
            said.append(
                _("%(label)s：%(value)s") % {"label": bound.label, "value": choices.get(value) or value}
            )
    return said
