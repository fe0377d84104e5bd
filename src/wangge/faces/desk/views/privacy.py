"""What the product keeps about people, why, and who looked: for the privacy officer."""

import tempfile
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access import audit, looks
from wangge.domain.access.policy import may_inspect
from wangge.domain.access.processing import record
from wangge.faces.desk.admin_pages import PAGE_ROWS
from wangge.faces.desk.forms.widgets import DayField
from wangge.platform import clock
from wangge.platform.errors import NotAllowed

MOST_PRINTED = 1000


class LookFilter(forms.Form):
    who = forms.CharField(label=gettext_lazy("姓名或账号"), required=False, max_length=40)
    unit_id = forms.TypedChoiceField(label=gettext_lazy("单位"), coerce=int, empty_value=None, required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("目的"), required=False)
    data_class = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    since = DayField(label=gettext_lazy("从哪天"), required=False)
    until = DayField(label=gettext_lazy("到哪天"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = looks.choices()
        units = ((unit.pk, unit.name) for unit in looks.units_that_looked())
        given: dict[str, Any] = {
            "unit_id": [("", _("全部单位")), *units],
            "purpose": [("", _("全部目的")), *((value, _(value)) for value in known["purpose"] if value)],
            "data_class": [
                ("", _("全部类别")),
                *((value, _(value)) for value in known["data_class"] if value),
            ],
        }
        for name, values in given.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]


@require_safe
def privacy(request: Any) -> HttpResponse:
    """Purposes as the fields declare them, and the log of looks; the reading itself is logged."""
    filters, found = _found(request, "desk")
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "record": record(),
        "filters": filters,
        "rows": page,
        "seen": looks.with_people(list(page.object_list)),
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/admin/privacy.html", context)


@require_safe
def printed(request: Any) -> HttpResponse:
    """The looks that pass the filters on one sheet, at most MOST_PRINTED."""
    filters, found = _found(request, "print")
    asked = [(filters[name].label, filters.cleaned_data.get(name)) for name in filters.fields]
    context = {
        "asked": [(label, value) for label, value in asked if value],
        "seen": looks.with_people(list(found[:MOST_PRINTED])),
        "count": found.count(),
        "most": MOST_PRINTED,
    }
    return render(request, "desk/admin/privacy_print.html", context)


@require_safe
def processing(request: Any) -> HttpResponse:
    """The record of processing on sheets, for the file or an authority."""
    if not may_inspect(request.actor):
        raise NotAllowed(_("只有个人信息保护负责人可以查看。"))
    return render(request, "desk/admin/processing.html", {"record": record()})


@require_POST
def export(request: Any) -> FileResponse:
    """Every look with its place in the chains, as verify_audit.py reads it; the export is a look itself."""
    lines = audit.export(request.actor)
    out = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115 - the answer closes it
    out.writelines(lines)
    out.seek(0)
    name = f"looks-{clock.today():%Y%m%d}.jsonl"
    return FileResponse(out, as_attachment=True, filename=name, content_type="application/jsonl")


def _found(request: Any, channel: str) -> tuple[LookFilter, Any]:
    if not may_inspect(request.actor):
        raise NotAllowed(_("只有个人信息保护负责人可以查看。"))
    filters = LookFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    return filters, looks.inspect(request.actor, looks.LookFilters(**asked), channel)
