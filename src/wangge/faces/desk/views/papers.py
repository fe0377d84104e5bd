"""Lists and cases to take along: as a spreadsheet, and on paper."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from wangge.domain.access.models import Unit
from wangge.domain.access.services import log_look
from wangge.domain.cases.models import Case, Channel
from wangge.domain.cases.queries import lists
from wangge.domain.cases.services.processes import definition_of, definitions_in_use
from wangge.domain.catalogue.queries import groups
from wangge.domain.places.models import Area
from wangge.faces.desk.case_page import case_context
from wangge.faces.desk.forms.filters import Choices, FilterForm
from wangge.faces.desk.rows import light, rows
from wangge.faces.web.tones import LIGHTS
from wangge.platform import clock
from wangge.platform.given import whole
from wangge.platform.language import named
from wangge.platform.sheets.writing import XLSX, Column, Value, write_xlsx

MOST_EXPORTED = 20_000
MOST_PRINTED = 500
# Seven digits or more in somebody's words may be a telephone's or an identity card's; a date is neither.
_LONG_NUMBER = re.compile(r"(?<!\d)(?!20\d\d-\d{1,2}-\d{1,2}(?!\d))\d(?:[\- ]?\d){6,}")


@require_safe
def export(request: Any) -> FileResponse:
    """The list as a spreadsheet: what the filters show inside the actor's scope. Who took what is logged."""
    filters = lists.Filters.from_query(request.GET)
    return _book(request, lists.listing(request.actor, filters), " ".join(_filter_words(request, filters)))


@require_safe
def export_work(request: Any) -> FileResponse:
    """My work as a spreadsheet."""
    return _book(request, lists.my_work(request.actor, request.GET.get("asked", "")), _("我的工作"))


def _book(request: Any, found: Any, filters: str) -> FileResponse:
    out = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115 - the answer closes it
    cases = found[:MOST_EXPORTED].iterator(chunk_size=1000)
    count = write_xlsx(out, _("案件清单"), _columns(), _values(cases))
    log_look(
        request.actor,
        subject=f"list of {count} cases",
        data_class=gettext_noop("案件清单，不含姓名电话"),
        purpose=without_numbers(filters) or gettext_noop("全部案件"),
        channel="export",
    )
    out.seek(0)
    day = timezone.localtime(clock.now()).strftime("%Y%m%d-%H%M")
    return FileResponse(out, as_attachment=True, filename=f"{_('案件清单')}-{day}.xlsx", content_type=XLSX)


def _columns() -> list[Column]:
    return [
        Column(_("编号"), 22),
        Column(_("事项"), 24),
        Column(_("内容"), 40),
        Column(_("社区、网格"), 18),
        Column(_("地址"), 24),
        Column(_("渠道"), 12),
        Column(_("状态"), 12),
        Column(_("时限"), 10),
        Column(_("责任单位"), 18),
        Column(_("上报时间"), 17),
        Column(_("期限"), 17),
        Column(_("结束时间"), 17),
    ]


def _values(cases: Iterable[Case]) -> Iterator[list[Value]]:
    for case in cases:
        yield [
            case.number,
            named(case.matter) if case.matter else "",
            without_numbers(case.description),
            case.area.short_name,
            without_numbers(case.address),
            str(Channel(case.channel).label),
            named(definition_of(case.process_id).state(case.state)),
            str(LIGHTS[light(case)][1]),
            case.responsible.short_name,
            case.reported_at,
            case.case_due_at or case.due_at,
            case.closed_at,
        ]


def without_numbers(text: str) -> str:
    """The words with every number of seven digits or more covered."""
    return _LONG_NUMBER.sub(lambda found: "*" * len(found.group()), text)


@require_safe
def print_list(request: Any) -> HttpResponse:
    """The list for A4, with the filters named at its head."""
    filters = lists.Filters.from_query(request.GET)
    found = lists.listing(request.actor, filters)
    context = {
        "rows": rows(found[:MOST_PRINTED], clock.now()),
        "total": found.count(),
        "most": MOST_PRINTED,
        "filters": _filter_words(request, filters),
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


def _filter_words(request: Any, filters: lists.Filters) -> list[str]:
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
