"""Drafts of the rules: collected, tried on past cases, published from a day on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wangge.domain.cases.queries.responsibility import visible_ids
from wangge.domain.catalogue.queries import matters_with_conditions
from wangge.domain.rulebook.files import as_json, as_workbook, tables
from wangge.domain.rulebook.problems import problems_of
from wangge.domain.rulebook.queries import (
    change_page,
    draft_page,
    drafts,
    simulation_page,
    upload_page,
)
from wangge.domain.rulebook.services import changes as changing
from wangge.domain.rulebook.services import drafts as drafting
from wangge.domain.rulebook.services import simulations, uploads
from wangge.faces.desk.admin_pages import (
    ServiceForm,
    attempt,
    done,
    form_page,
    must_administer,
    page,
    posted,
)
from wangge.faces.desk.draft_words import change_lines
from wangge.faces.desk.forms.widgets import DayField
from wangge.platform import clock
from wangge.platform.errors import Conflict, NotFound

MOST_FOUND = 8


class DraftForm(ServiceForm):
    name = forms.CharField(
        label=gettext_lazy("方案名称"), max_length=80, help_text=gettext_lazy("例如：2027 年汛期调整。")
    )
    note = forms.CharField(
        label=gettext_lazy("为什么改"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PublishForm(ServiceForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    starts_on = DayField(label=gettext_lazy("从哪天起生效"))


class UploadForm(ServiceForm):
    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("从这里导出、改过的 xlsx 或 JSON，最大 5 MB。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.json"}),
    )


def all_drafts(request: Any) -> HttpResponse:
    """Every draft, the open ones first."""
    must_administer(request)
    return page(request, "drafts.html", rows=drafts())


def new_draft(request: Any) -> HttpResponse:
    """Begin a draft."""
    must_administer(request)
    form = DraftForm(posted(request))
    if request.method == "POST" and form.submit(lambda **v: drafting.new_draft(request.actor, **v)):
        return redirect("desk:draft", form.result.pk)
    return form_page(request, form, title=_("新建变更方案"), back=reverse("desk:drafts"))


def draft(request: Any, draft_id: int, form: PublishForm | None = None) -> HttpResponse:
    """A draft: its changes, what is wrong with it, what trying it showed, and publishing."""
    must_administer(request)
    found = draft_page(draft_id)
    words = request.GET.get("q", "").strip()[:40]
    problems = problems_of(found.draft) if found.open else []
    initial = {"version": found.draft.version, "starts_on": clock.today()}
    return page(
        request,
        "draft.html",
        draft=found.draft,
        is_open=found.open,
        lines=change_lines(found.changes, problems),
        general=[problem for problem in problems if problem.change is None],
        blocked=sum(problem.blocks for problem in problems),
        simulation=found.simulation,
        uploads=found.uploads,
        publishing=form or PublishForm(initial=initial),
        words=words,
        matters=matters_with_conditions(words, MOST_FOUND) if words else [],
    )


@require_POST
def publish(request: Any, draft_id: int) -> HttpResponse:
    """Make the draft's changes hold from a day on."""
    must_administer(request)
    form = PublishForm(request.POST)
    if form.submit(
        lambda version, starts_on: drafting.publish(request.actor, draft_id, starts_on, version=version)
    ):
        text = _("已发布，从 %(day)s 起生效。") % {"day": form.cleaned_data["starts_on"].isoformat()}
        return done(request, text, reverse("desk:draft", args=[draft_id]))
    answer = draft(request, draft_id, form)
    answer.status_code = 422
    return answer


@require_POST
def drop(request: Any, draft_id: int) -> HttpResponse:
    must_administer(request)
    return attempt(
        request,
        lambda: drafting.drop(request.actor, draft_id),
        _("已放弃这个方案，内容仍可查看。"),
        reverse("desk:draft", args=[draft_id]),
    )


@require_POST
def remove_change(request: Any, change_id: int) -> HttpResponse:
    must_administer(request)
    change = change_page(change_id)
    return attempt(
        request,
        lambda: changing.remove(request.actor, change_id),
        _("已从方案中移除。"),
        reverse("desk:draft", args=[change.draft_id]),
    )


@require_POST
def keep_change(request: Any, change_id: int) -> HttpResponse:
    """What holds was changed meanwhile, and the draft's version shall win."""
    must_administer(request)
    change = change_page(change_id)
    return attempt(
        request,
        lambda: changing.take_anew(request.actor, change_id),
        _("仍按方案的内容，发布时替换现行的规定。"),
        reverse("desk:draft", args=[change.draft_id]),
    )


@require_POST
def simulate(request: Any, draft_id: int) -> HttpResponse:
    """Try the draft on the cases of the last year."""
    must_administer(request)
    try:
        made = simulations.simulate(request.actor, draft_id)
    except Conflict as refusal:
        messages.error(request, refusal.text)
        return redirect("desk:draft", draft_id)
    return redirect("desk:simulation", made.pk)


def simulation(request: Any, simulation_id: int) -> HttpResponse:
    """How far a simulation is, and what it showed; htmx asks for the part that moves."""
    must_administer(request)
    found = simulation_page(simulation_id)
    result = found.result or {}
    examples = [one for row in result.get("moved", ()) for one in row["examples"]]
    examples += [*result.get("newly_late", ()), *result.get("newly_on_time", ())]
    units = result.get("units", ())
    same = [row for row in units if (row["before"], row["late_before"]) == (row["after"], row["late_after"])]
    template = "simulation_part.html" if request.htmx else "simulation.html"
    return page(
        request,
        template,
        simulation=found,
        result=result,
        same_units=same,
        changed_units=[row for row in units if row not in same],
        stale=found.draft_version != found.draft.version,
        under_way=found.state in simulations.OPEN,
        visible=visible_ids(request.actor, [one[0] for one in examples]),
    )


@require_POST
def cancel_simulation(request: Any, simulation_id: int) -> HttpResponse:
    must_administer(request)
    found = simulation_page(simulation_id)
    return attempt(
        request,
        lambda: simulations.cancel(request.actor, simulation_id),
        _("已取消试算。"),
        reverse("desk:draft", args=[found.draft_id]),
    )


def export(request: Any, form: str) -> HttpResponse:
    """All rules as a file: catalogue, responsibility list and the districts' own days."""
    kinds = {
        "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_workbook),
        "json": ("application/json", as_json),
    }
    if form not in kinds:
        raise NotFound(_("没有这种格式。"))
    kind, written = kinds[form]
    answer = HttpResponse(written(tables()), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="wangge-rules-{clock.today():%Y%m%d}.{form}"'
    return answer


def upload(request: Any, draft_id: int) -> HttpResponse:
    """A file into a draft, after a look at what it would change."""
    must_administer(request)
    found = draft_page(draft_id)
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.submit(
        lambda file: uploads.upload(request.actor, draft_id, file.name, file.read())
    ):
        return redirect("desk:rule-upload", form.result.pk)
    title = _("把文件导入“%(name)s”") % {"name": found.draft.name}
    note = _("先给您看每一行会怎样改，确认后才写进方案；发布之前都不生效。")
    back = reverse("desk:draft", args=[draft_id])
    return form_page(request, form, title=title, back=back, note=note, action=_("上传并预览"), files=True)


def uploaded(request: Any, upload_id: int) -> HttpResponse:
    """What a file would change, row by row."""
    must_administer(request)
    found = upload_page(upload_id)
    counts = dict.fromkeys(("new", "changed", "unchanged", "error"), 0)
    for row in found.rows:
        counts[row["state"]] += 1
    shown = [row for row in found.rows if row["state"] != "unchanged"]
    return page(request, "upload.html", upload=found, counts=counts, shown=shown[:500], more=len(shown) - 500)


@require_POST
def take_upload(request: Any, upload_id: int) -> HttpResponse:
    must_administer(request)
    found = upload_page(upload_id)
    return attempt(
        request,
        lambda: uploads.take(request.actor, upload_id),
        _("已写进方案，请看问题、试算，再发布。"),
        reverse("desk:draft", args=[found.draft_id]),
    )
