"""A hotline's list of orders becomes cases: upload, columns, check, import, and back again."""

import io
import uuid
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wangge.domain.access.services import log_look
from wangge.domain.orders import queries, rules, services
from wangge.domain.orders.models import OrderImport, Outcome, State
from wangge.domain.orders.services.staging import HOTLINE, may_import
from wangge.faces.desk.forms import errors
from wangge.faces.desk.signing import must_prove_again
from wangge.platform.errors import NotAllowed, NotFound, WanggeError
from wangge.platform.sheets.writing import XLSX, write_xlsx

# Not shown in the preview: which column it is can be told without.
PERSONAL = ("name", "phone")


class UploadForm(forms.Form):
    """`key` is made when the form is opened, so that a second sending is the same import."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("工单清单"),
        help_text=gettext_lazy("xlsx、xls、ods 或 csv，最多 20 MB、50,000 行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )
    source = forms.CharField(
        label=gettext_lazy("来源"),
        max_length=40,
        initial=HOTLINE,
        help_text=gettext_lazy("同一来源里，工单编号相同的就是同一件，不会导入两次。"),
    )


class ColumnsForm(forms.Form):
    """For each field of an order, its column."""

    def __init__(self, batch: OrderImport, data: Any = None) -> None:
        super().__init__(data, initial={name: str(at) for name, at in batch.columns.items()})
        choices = [(str(n), f"{letter(n)}  {name}") for n, name in enumerate(batch.header)]
        for name, label in rules.FIELD_NAMES.items():
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=[("", gettext_lazy("没有这一列")), *choices]
            )

    def columns(self) -> dict[str, int]:
        return {name: int(at) for name, at in self.cleaned_data.items() if at}


def letter(at: int) -> str:
    """The spreadsheet's name of a column, from 0: A, B, …, AA."""
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)


@require_http_methods(["GET", "POST"])
def imports(request: Any) -> HttpResponse:
    """My imports, and the upload of another."""
    _must_import(request)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            batch = services.start(
                request.actor, given["key"], given["file"].name, given["file"].read(), given["source"]
            )
            return redirect("desk:order-import", batch.pk)
        except WanggeError as error:
            errors.show(form, error)
    context = {"form": form, "batches": queries.imports_of(request.actor)}
    return render(request, "desk/orders.html", context, status=422 if form.errors else 200)


@require_safe
def order_import(request: Any, import_id: int) -> HttpResponse:
    """Where one import stands; while the worker is at it, only the part that changes is asked for again."""
    batch = _mine(request, import_id)
    template = "desk/parts/order_progress.html" if request.htmx else "desk/order_import.html"
    response = render(request, template, _context(batch, ColumnsForm(batch)))
    if request.htmx and batch.state not in queries.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def columns(request: Any, import_id: int) -> HttpResponse:
    """Say which column is what; the check begins."""
    batch = _mine(request, import_id)
    form = ColumnsForm(batch, request.POST)
    if form.is_valid():
        try:
            services.set_columns(request.actor, import_id, form.columns())
            return redirect("desk:order-import", import_id)
        except WanggeError as error:
            errors.show(form, error)
    return render(request, "desk/order_import.html", _context(batch, form), status=422)


@require_POST
def act(request: Any, import_id: int, what: str) -> HttpResponse:
    """Import the good rows, stop, or take the import back."""
    _mine(request, import_id)
    acts = {"confirm": services.confirm, "cancel": services.cancel, "undo": services.begin_undo}
    if what not in acts:
        raise NotFound(_("没有这个操作。"))
    acts[what](request.actor, import_id)
    return redirect("desk:order-import", import_id)


@require_safe
def returned(request: Any, import_id: int) -> HttpResponse | FileResponse:
    """The rows that did not become cases, as they came, with a column that says why. A look at personal data."""
    batch = _mine(request, import_id)
    must_prove_again(request)
    log_look(
        request.actor,
        subject=f"order import {batch.pk}",
        data_class="热线工单内容、姓名、电话",
        purpose=gettext_noop("退回有误的热线工单"),
        channel="export",
    )
    out = io.BytesIO()
    columns, rows = queries.returned(batch, _("错误"), _("行号"))
    write_xlsx(out, _("有误的工单"), columns, rows)
    out.seek(0)
    name = f"{batch.file_name.rsplit('.', 1)[0]}-{_('有误')}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


def _must_import(request: HttpRequest) -> None:
    if not may_import(request.actor):  # type: ignore[attr-defined]
        raise NotAllowed(_("只有话务员和派遣员可以导入热线工单。"))


def _mine(request: Any, import_id: int) -> OrderImport:
    batch = queries.import_of(import_id)
    if batch is None:
        raise NotFound(_("没有找到这次导入。"))
    return batch


def _context(batch: OrderImport, form: ColumnsForm) -> dict[str, Any]:
    counts = queries.outcomes(batch)
    naming = batch.state == State.COLUMNS
    return {
        "batch": batch,
        "form": form,
        "running": batch.state in queries.RUNNING,
        "progress": queries.progress(batch),
        "good": counts.get(Outcome.GOOD, 0),
        "same": counts.get(Outcome.SAME, 0),
        "wrong": counts.get(Outcome.WRONG, 0) + counts.get(Outcome.CHANGED, 0),
        "wrong_rows": [] if naming else [_shown(row) for row in queries.wrong_rows(batch)],
        "most_wrong": queries.SHOWN_WRONG,
        "preview": _preview(batch) if naming else [],
        "made": batch.orders.filter(undone=False).count() if batch.ended_at else 0,
        "undone": batch.orders.filter(undone=True).count() if batch.ended_at else 0,
        "moved": queries.moved_on(batch) if batch.state == State.DONE else [],
    }


def _preview(batch: OrderImport) -> list[list[str]]:
    """The first rows; names and phones are covered."""
    covered = {batch.columns.get(name) for name in PERSONAL}
    return [
        ["***" if at in covered and cell else cell for at, cell in enumerate(row)]
        for row in queries.first_rows(batch)
    ]


def _shown(row: queries.WrongRow) -> tuple[int, str, list[tuple[str, str]]]:
    problems = [(str(rules.FIELD_NAMES[field]), text) for field, text in row.problems]
    return row.number, str(row.outcome.label), problems
