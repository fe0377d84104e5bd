"""A file of a grid's residents to take away, for a stated purpose."""

import io
from typing import Any

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wangge.domain.access.actor import Actor
from wangge.domain.register.purposes import purposes_of
from wangge.domain.register.services import exporting
from wangge.faces.desk.forms.errors import show
from wangge.faces.desk.forms.register import PurposeForm
from wangge.faces.desk.signing import must_prove_again
from wangge.platform.errors import NotAllowed, WanggeError
from wangge.platform.sheets.writing import XLSX, write_xlsx


class ExportForm(PurposeForm):
    """Which grid, which columns, why."""

    grid = forms.TypedChoiceField(label=gettext_lazy("网格"), coerce=int)
    more = forms.MultipleChoiceField(
        label=gettext_lazy("除姓名、住址外还要"),
        required=False,
        choices=[(name, label) for name, (label, _logged) in exporting.MORE.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只选这次用得着的。"),
    )
    field_order = ("grid", "more", "purpose")

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(purposes_of(actor), *args, **options)
        grids: Any = self.fields["grid"]
        grids.choices = [(one.pk, one.name) for one in exporting.grids_to_export(actor)]


@require_http_methods(["GET", "POST"])
def export(request: Any) -> HttpResponse | FileResponse:
    """The form, and the file that it asks for; the looks are written down before it leaves."""
    if not exporting.may_export(request.actor):
        raise NotAllowed(_("导出居民登记由社区工作站负责人办理。"))
    must_prove_again(request)
    form = ExportForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            taken = exporting.export(
                request.actor, grid_id=given["grid"], purpose=given["purpose"], more=given["more"]
            )
            return _file(taken)
        except WanggeError as error:
            show(form, error)
    context = {"form": form, "most": exporting.MOST_PEOPLE, "files": exporting.FILES.most}
    return render(request, "desk/register/export.html", context, status=422 if form.errors else 200)


def _file(taken: exporting.Exported) -> FileResponse:
    out = io.BytesIO()
    write_xlsx(out, taken.grid.name, taken.columns, taken.rows(), taken.mark)
    out.seek(0)
    name = f"{taken.grid.name}-{_('居民登记')}.xlsx"
    answer = FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)
    answer["Cache-Control"] = "no-store"
    return answer
