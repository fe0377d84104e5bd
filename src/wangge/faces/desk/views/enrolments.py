"""A list of households becomes part of the register: upload, columns, check, import with a pause, and back again."""

import io
import uuid
from typing import Any

from django import forms
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
from wangge.faces.desk.forms import errors
from wangge.faces.desk.signing import must_prove_again
from wangge.faces.desk.views.orders import letter
from wangge.platform.errors import NotFound, WanggeError
from wangge.platform.sheets.writing import XLSX, write_xlsx

ACTS = {
    "confirm": services.confirm,
    "pause": services.pause,
    "resume": services.resume,
    "cancel": services.cancel,
    "undo": services.begin_undo,
}


class UploadForm(forms.Form):
    """`key` is made when the form is opened, so that a second sending is the same list."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("住户清单"),
        help_text=gettext_lazy("xlsx、xls、ods、csv 或 txt，最多 20 MB、200,000 行；一人一行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )


class ColumnsForm(forms.Form):
    """For each field of a person, its column."""

    def __init__(self, batch: Enrolment, data: Any = None) -> None:
        super().__init__(data, initial={name: str(at) for name, at in batch.columns.items()})
        choices = [
            (str(n), f"{letter(n)}  {name}")
            for n, name in enumerate(batch.header)
            if name not in batch.unread
        ]
        for name, label in naming.FIELD_NAMES.items():
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=[("", gettext_lazy("没有这一列")), *choices]
            )

    def columns(self) -> dict[str, int]:
        return {name: int(at) for name, at in self.cleaned_data.items() if at}


@require_http_methods(["GET", "POST"])
def enrolments(request: Any) -> HttpResponse:
    """My lists, and the upload of another."""
    must_enrol(request.actor)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            batch = services.start(request.actor, given["key"], given["file"].name, given["file"].read())
            return redirect("desk:enrolment", batch.pk)
        except WanggeError as error:
            errors.show(form, error)
    context = {"form": form, "batches": queries.enrolments_of(request.actor)}
    return render(request, "desk/register/enrolments.html", context, status=422 if form.errors else 200)


@require_safe
def enrolment(request: Any, enrolment_id: int) -> HttpResponse:
    """Where one list stands; while the worker is at it, only the part that changes is asked for again."""
    batch = _mine(request, enrolment_id)
    part = "progress" if request.htmx else ""
    template = "desk/register/enrolment_progress.html" if part else "desk/register/enrolment.html"
    response = render(request, template, _context(batch, ColumnsForm(batch)))
    if part and batch.state not in queries.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def columns(request: Any, enrolment_id: int) -> HttpResponse:
    """Say which column is what; the check begins."""
    batch = _mine(request, enrolment_id)
    form = ColumnsForm(batch, request.POST)
    if form.is_valid():
        try:
            services.set_columns(request.actor, enrolment_id, form.columns())
            return redirect("desk:enrolment", enrolment_id)
        except WanggeError as error:
            errors.show(form, error)
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
    out = io.BytesIO()
    write_xlsx(out, _("有误的行"), *queries.returned(batch, _("行号"), _("错误")))
    out.seek(0)
    name = f"{batch.file_name.rsplit('.', 1)[0]}-{_('有误')}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


def _mine(request: Any, enrolment_id: int) -> Enrolment:
    must_enrol(request.actor)
    batch = queries.enrolment_of(enrolment_id)
    if batch is None:
        raise NotFound(_("没有找到这次导入。"))
    return batch


def _context(batch: Enrolment, form: ColumnsForm) -> dict[str, Any]:
    counts = queries.outcomes(batch)
    naming_columns = batch.state == State.COLUMNS
    return {
        "batch": batch,
        "form": form,
        "running": batch.state in queries.RUNNING,
        "naming": naming_columns,
        "progress": queries.progress(batch),
        "good": counts.get(Outcome.GOOD, 0),
        "same": counts.get(Outcome.SAME, 0),
        "held": counts.get(Outcome.HELD, 0),
        "wrong": counts.get(Outcome.WRONG, 0),
        "wrong_rows": [] if naming_columns else [_shown(row) for row in queries.wrong_rows(batch)],
        "most_wrong": queries.SHOWN_WRONG,
        "preview": _preview(batch) if naming_columns else [],
        "came": queries.came(batch),
        "staying": [(one, address_of(one)) for one in queries.staying(batch)] if batch.stay_done else [],
    }


def _preview(batch: Enrolment) -> list[list[str]]:
    """The first rows; what tells who somebody is is covered."""
    covered = {batch.columns.get(name) for name in naming.PERSONAL}
    return [
        ["***" if at in covered and cell else cell for at, cell in enumerate(row)]
        for row in queries.first_rows(batch)
    ]


def _shown(row: queries.WrongRow) -> tuple[int, list[tuple[str, str]]]:
    return row.number, [(str(naming.FIELD_NAMES[field]), text) for field, text in row.problems]
