"""A list of households becomes part of the register: upload, columns, check, import with a pause, and back again."""

import uuid
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wangge.domain.access.services import log_look
from wangge.domain.enrolment import columns as naming
from wangge.domain.enrolment import queries, services
from wangge.domain.enrolment.models import Enrolment, Outcome, State
from wangge.domain.enrolment.services.staging import must_enrol
from wangge.domain.register.queries.homes import address_of
from wangge.domain.sheets.queries import SHOWN_WRONG, outcomes, progress
from wangge.faces.desk import sheets
from wangge.faces.desk.signing import must_prove_again
from wangge.platform.errors import NotFound

ACTS = {
    "confirm": services.confirm,
    "pause": services.pause,
    "resume": services.resume,
    "cancel": services.cancel,
    "undo": services.begin_undo,
}


class UploadForm(sheets.FileForm):
    file = sheets.file_field(
        gettext_lazy("住户清单"),
        gettext_lazy("xlsx、xls、ods、csv 或 txt，最多 20 MB、200,000 行；一人一行。"),
    )


def _columns_form(batch: Enrolment, data: Any = None) -> sheets.ColumnsForm:
    return sheets.ColumnsForm(batch, naming.FIELD_NAMES, data, batch.unread)


@require_http_methods(["GET", "POST"])
def enrolments(request: Any) -> HttpResponse:
    """My lists, and the upload of another."""
    must_enrol(request.actor)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"key": uuid.uuid4()})

    def start() -> Enrolment:
        given = form.cleaned_data
        return services.start(request.actor, given["key"], given["file"].name, given["file"].read())

    if request.method == "POST" and (batch := sheets.taken(form, start)):
        return redirect("desk:enrolment", batch.pk)
    context = {"form": form, "batches": queries.enrolments_of(request.actor)}
    return render(request, "desk/register/enrolments.html", context, status=422 if form.errors else 200)


@require_safe
def enrolment(request: Any, enrolment_id: int) -> HttpResponse:
    """Where one list stands; while the worker is at it, only the part that changes is asked for again."""
    batch = _mine(request, enrolment_id)
    part = "progress" if request.htmx else ""
    template = "desk/register/enrolment_progress.html" if part else "desk/register/enrolment.html"
    response = render(request, template, _context(batch, _columns_form(batch)))
    if part and batch.state not in queries.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def columns(request: Any, enrolment_id: int) -> HttpResponse:
    """Say which column is what; the check begins."""
    batch = _mine(request, enrolment_id)
    form = _columns_form(batch, request.POST)
    if sheets.taken(form, lambda: services.set_columns(request.actor, enrolment_id, form.columns())):
        return redirect("desk:enrolment", enrolment_id)
    context = _context(batch, form) | {"naming": True}
    return render(request, "desk/register/enrolment.html", context, status=422)


@require_POST
def act(request: Any, enrolment_id: int, what: str) -> HttpResponse:
    """Register the good rows, pause, go on, stop, or take the list back."""
    _mine(request, enrolment_id)
    if what not in ACTS:
        raise NotFound(_("没有这个操作。"))
    ACTS[what](request.actor, enrolment_id)
    return redirect("desk:enrolment", enrolment_id)


@require_safe
def returned(request: Any, enrolment_id: int) -> HttpResponse | FileResponse:
    """The rows that were not registered, as they came, with a column that says why. A look at personal data."""
    batch = _mine(request, enrolment_id)
    must_prove_again(request)
    log_look(
        request.actor,
        subject=f"enrolment {batch.pk}",
        data_class="清单里的姓名、电话、住址等",
        purpose=gettext_noop("退回有误的住户清单"),
        channel="export",
    )
    return sheets.way_back(batch, _("有误的行"), *queries.returned(batch, _("行号"), _("错误")))


def _mine(request: Any, enrolment_id: int) -> Enrolment:
    must_enrol(request.actor)
    batch = queries.enrolment_of(enrolment_id)
    if batch is None:
        raise NotFound(_("没有找到这次导入。"))
    return batch


def _context(batch: Enrolment, form: sheets.ColumnsForm) -> dict[str, Any]:
    counts = outcomes(batch)
    naming_columns = batch.state == State.COLUMNS
    return {
        "batch": batch,
        "form": form,
        "running": batch.state in queries.RUNNING,
        "naming": naming_columns,
        "progress": progress(batch),
        "good": counts.get(Outcome.GOOD, 0),
        "same": counts.get(Outcome.SAME, 0),
        "held": counts.get(Outcome.HELD, 0),
        "wrong": counts.get(Outcome.WRONG, 0),
        "wrong_rows": []
        if naming_columns
        else [sheets.shown(row, naming.FIELD_NAMES) for row in queries.wrong_rows(batch)],
        "most_wrong": SHOWN_WRONG,
        "preview": sheets.preview(batch, queries.first_rows(batch), naming.PERSONAL)
        if naming_columns
        else [],
        "came": queries.came(batch),
        "staying": [(one, address_of(one)) for one in queries.staying(batch)] if batch.stay_done else [],
    }
