"""A hotline's list of orders becomes cases: upload, columns, check, import, and back again."""

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
from wangge.domain.sheets.queries import SHOWN_WRONG, outcomes, progress
from wangge.faces.desk import sheets
from wangge.faces.desk.signing import must_prove_again
from wangge.platform.errors import NotAllowed, NotFound

# Not shown in the preview: which column it is can be told without.
PERSONAL = ("name", "phone")


class UploadForm(sheets.FileForm):
    file = sheets.file_field(
        gettext_lazy("工单清单"), gettext_lazy("xlsx、xls、ods 或 csv，最多 20 MB、50,000 行。")
    )
    source = forms.CharField(
        label=gettext_lazy("来源"),
        max_length=40,
        initial=HOTLINE,
        help_text=gettext_lazy("同一来源里，工单编号相同的就是同一件，不会导入两次。"),
    )


@require_http_methods(["GET", "POST"])
def imports(request: Any) -> HttpResponse:
    """My imports, and the upload of another."""
    _must_import(request)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"key": uuid.uuid4()})

    def start() -> OrderImport:
        given = form.cleaned_data
        return services.start(
            request.actor, given["key"], given["file"].name, given["file"].read(), given["source"]
        )

    if request.method == "POST" and (batch := sheets.taken(form, start)):
        return redirect("desk:order-import", batch.pk)
    context = {"form": form, "batches": queries.imports_of(request.actor)}
    return render(request, "desk/orders.html", context, status=422 if form.errors else 200)


@require_safe
def order_import(request: Any, import_id: int) -> HttpResponse:
    """Where one import stands; while the worker is at it, only the part that changes is asked for again."""
    batch = _mine(request, import_id)
    template = "desk/parts/order_progress.html" if request.htmx else "desk/order_import.html"
    response = render(request, template, _context(batch, sheets.ColumnsForm(batch, rules.FIELD_NAMES)))
    if request.htmx and batch.state not in queries.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def columns(request: Any, import_id: int) -> HttpResponse:
    """Say which column is what; the check begins."""
    batch = _mine(request, import_id)
    form = sheets.ColumnsForm(batch, rules.FIELD_NAMES, request.POST)
    if sheets.taken(form, lambda: services.set_columns(request.actor, import_id, form.columns())):
        return redirect("desk:order-import", import_id)
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
    return sheets.way_back(batch, _("有误的工单"), *queries.returned(batch, _("错误"), _("行号")))


def _must_import(request: HttpRequest) -> None:
    if not may_import(request.actor):  # type: ignore[attr-defined]
        raise NotAllowed(_("只有话务员和派遣员可以导入热线工单。"))


def _mine(request: Any, import_id: int) -> OrderImport:
    batch = queries.import_of(import_id)
    if batch is None:
        raise NotFound(_("没有找到这次导入。"))
    return batch


def _context(batch: OrderImport, form: sheets.ColumnsForm) -> dict[str, Any]:
    counts = outcomes(batch)
    naming = batch.state == State.COLUMNS
    return {
        "batch": batch,
        "form": form,
        "running": batch.state in queries.RUNNING,
        "progress": progress(batch),
        "good": counts.get(Outcome.GOOD, 0),
        "same": counts.get(Outcome.SAME, 0),
        "wrong": counts.get(Outcome.WRONG, 0) + counts.get(Outcome.CHANGED, 0),
        "wrong_rows": []
        if naming
        else [sheets.shown(row, rules.FIELD_NAMES) for row in queries.wrong_rows(batch)],
        "most_wrong": SHOWN_WRONG,
        "preview": sheets.preview(batch, queries.first_rows(batch), PERSONAL) if naming else [],
        "made": batch.orders.filter(undone=False).count() if batch.ended_at else 0,
        "undone": batch.orders.filter(undone=True).count() if batch.ended_at else 0,
        "moved": queries.moved_on(batch) if batch.state == State.DONE else [],
    }
