"""Drafts of processes: begun, looked at with diagram and tables, undone, put away, published."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from wangge.domain.cases.models import Process, ProcessDraft
from wangge.domain.cases.services import drafts, simulating
from wangge.domain.cases.services.processes import newest
from wangge.engines.flow import Definition, Element, draw
from wangge.faces.desk.admin_pages import (
    ServiceForm,
    attempt,
    done,
    form_page,
    form_status,
    must_administer,
    one_at_a_time,
    page,
    posted,
    values_guard,
)
from wangge.faces.desk.forms.errors import show
from wangge.faces.desk.forms.process import HeadForm
from wangge.faces.desk.process_simulation import Report, report_of
from wangge.faces.desk.process_vocabulary import STEP_WORDS
from wangge.faces.desk.process_words import ProblemRow, change_rows, part_rows, problem_rows
from wangge.faces.desk.views.processes import file_of
from wangge.platform.errors import Conflict, WanggeError
from wangge.platform.language import english

BUILT_IN, FILE = "built-in", "file"
LAST_STEPS = 12


class BeginForm(ServiceForm):
    """Where a draft begins."""

    name = forms.CharField(label=lazy("草稿名称"), max_length=80, help_text=lazy("例如：核查限时改为半天"))
    base = forms.ChoiceField(label=lazy("以哪个为底稿"))
    file = forms.FileField(
        label=lazy("流程文件（TOML 或 JSON）"),
        required=False,
        help_text=lazy("底稿选“上传的文件”时用。"),
        widget=forms.FileInput(attrs={"accept": ".toml,.json"}),
    )
    note = forms.CharField(
        label=lazy("改什么、为什么"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        versions = Process.objects.order_by("-version")
        self.fields["base"].choices = [  # type: ignore[attr-defined]
            *((str(row.pk), _("第 %(version)d 版") % {"version": row.version}) for row in versions),
            (BUILT_IN, _("产品自带")),
            (FILE, _("上传的文件")),
        ]

    def clean_file(self) -> Any:
        file, base = self.cleaned_data["file"], self.cleaned_data.get("base")
        if file and base and base != FILE:
            raise forms.ValidationError(_("选了文件，底稿却不是“上传的文件”。请改选底稿，或去掉文件。"))
        return file


class DescribeForm(ServiceForm):
    name = forms.CharField(label=lazy("草稿名称"), max_length=80)
    note = forms.CharField(
        label=lazy("改什么、为什么"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class PublishForm(ServiceForm):
    reason = forms.CharField(
        label=lazy("不试算就发布的理由"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def new(request: Any) -> HttpResponse:
    """Begin a draft from a version, the product's own process, or a file; also how an older one is restored."""
    must_administer(request)
    base = request.GET.get("base", "") or str(newest().pk)
    form = BeginForm(posted(request), request.FILES or None, initial={"base": base})

    def act(name: str, base: str, file: Any, note: str) -> ProcessDraft:
        if base == FILE:
            content = file.read(drafts.LARGEST_FILE + 1) if file else b""
            data = drafts.read_file(file.name if file else "", content)
            return drafts.begin(request.actor, name=name, note=note, data=data)
        version = None if base == BUILT_IN else Process.objects.get(pk=int(base))
        return drafts.begin(request.actor, name=name, note=note, base=version)

    if request.method == "POST" and form.submit(act):
        return redirect("desk:process-draft", form.result.pk)
    return form_page(
        request,
        form,
        title=_("新建流程草稿"),
        back=reverse("desk:processes"),
        action=_("建立草稿"),
        note=_("草稿不影响正在用的流程，发布后才对新的事件生效。"),
        files=True,
    )


def draft(request: Any, draft_id: int) -> HttpResponse:
    """The draft: problems, diagram, tables, what was done so far."""
    must_administer(request)
    found = _draft(draft_id)
    return _draft_page(request, found, HeadForm(initial=found.data, states=_state_choices(found)))


def _draft_page(request: Any, found: ProcessDraft, head: HeadForm) -> HttpResponse:
    problems = problem_rows(found.data, drafts.problems_of(found.data))
    definition = Definition.from_data(found.data)
    steps = found.steps.select_related("made_by").order_by("-number").defer("data")
    base = found.based_on
    return page(
        request,
        "process_draft.html",
        draft=found,
        definition=definition,
        problems=problems,
        diagram=diagram(found, definition, problems),
        parts=part_rows(definition, problems),
        steps=[(step, STEP_WORDS.get(step.what, step.what)) for step in steps[:LAST_STEPS]],
        can_redo=found.steps.filter(number=found.step + 1).exists(),
        can_undo=found.steps.filter(number=found.step - 1).exists(),
        head=head,
        changes=change_rows(base.definition, found.data) if base else None,
        report=_report(found),
        simulated=drafts.is_simulated(found),
        newest=newest(),
        status=form_status(head),
    )


def diagram(found: ProcessDraft, definition: Definition, problems: list[ProblemRow]) -> str:
    """The draft as SVG: each state leads to its form, those with problems are marked."""
    wrong = {
        (row.element.branch, row.element.key)
        for row in problems
        if row.element and row.element.kind == "state"
    }
    return draw(
        definition,
        "en" if english() else "zh",
        wrong=wrong,
        link=lambda branch, state: element_url(found.pk, Element(branch, "state", state)),
    )


def element_url(draft_id: int, element: Element, name: str = "desk:process-draft-element") -> str:
    """The address of a state or move of a draft."""
    url = reverse(name, args=[draft_id, element.kind, element.key])
    return f"{url}?branch={element.branch}" if element.branch else url


@require_POST
def head(request: Any, draft_id: int) -> HttpResponse:
    """Name the process, choose its start."""
    must_administer(request)
    found = _draft(draft_id)
    form = HeadForm(request.POST, states=_state_choices(found))
    back = reverse("desk:process-draft", args=[draft_id])
    if not form.is_valid():
        return _draft_page(request, found, form)
    return attempt(
        request, lambda: drafts.set_head(request.actor, draft_id, **form.cleaned_data), _("已保存。"), back
    )


@one_at_a_time
def describe(request: Any, draft_id: int) -> HttpResponse:
    """Name the draft, say what and why."""
    must_administer(request)
    found = _draft(draft_id)
    form = DescribeForm(posted(request), initial={"name": found.name, "note": found.note})
    guard = values_guard(request, found.name, found.note)
    back = reverse("desk:process-draft", args=[draft_id])
    if request.method == "POST" and form.submit(
        lambda **given: drafts.describe(request.actor, draft_id, **given), guard
    ):
        return done(request, _("已保存。"), back)
    return form_page(request, form, title=_("草稿说明"), back=back, guard=guard)


@require_POST
def step(request: Any, draft_id: int) -> HttpResponse:
    """Undo or redo."""
    must_administer(request)
    by = 1 if request.POST.get("by") == "1" else -1
    version = _number(request.POST.get("version"))
    text = _("已重做。") if by == 1 else _("已撤销。")
    back = reverse("desk:process-draft", args=[draft_id])
    return attempt(request, lambda: drafts.step_to(request.actor, draft_id, by, version), text, back)


@require_POST
def discard(request: Any, draft_id: int) -> HttpResponse:
    """Put the draft away."""
    must_administer(request)
    return attempt(
        request, lambda: drafts.discard(request.actor, draft_id), _("草稿已放弃。"), reverse("desk:processes")
    )


def publish(request: Any, draft_id: int) -> HttpResponse:
    """The last look before new cases follow the draft."""
    must_administer(request)
    found = _draft(draft_id)
    form = PublishForm(posted(request))
    simulated = drafts.is_simulated(found)
    if request.method == "POST" and form.is_valid():
        try:
            process = drafts.publish_draft(
                request.actor,
                draft_id,
                _number(request.POST.get("version")),
                reason=form.cleaned_data["reason"],
            )
        except Conflict as refusal:
            messages.error(request, refusal.text)
            return redirect("desk:process-draft", draft_id)
        except WanggeError as refusal:
            show(form, refusal)
        else:
            text = _("已发布第 %(version)d 版。新的事件按这一版办理。") % {"version": process.version}
            return done(request, text, reverse("desk:process", args=[process.pk]))
    present = newest()
    if simulated:
        del form.fields["reason"]
    return page(
        request,
        "process_publish.html",
        draft=found,
        form=form,
        newest=present,
        changes=change_rows(present.definition, found.data),
        problems=problem_rows(found.data, drafts.problems_of(found.data)),
        report=_report(found),
        simulated=simulated,
        status=form_status(form),
    )


def simulation(request: Any, draft_id: int) -> HttpResponse:
    """Start a simulation, or look at the newest one."""
    must_administer(request)
    found = _draft(draft_id)
    back = reverse("desk:process-draft-simulation", args=[draft_id])
    if request.method == "POST":
        if request.POST.get("cancel"):
            return attempt(
                request, lambda: simulating.cancel(request.actor, draft_id), _("试算已取消。"), back
            )
        return attempt(request, lambda: simulating.start(request.actor, draft_id), _("试算已开始。"), back)
    part = "process_simulation_part.html" if request.headers.get("HX-Request") else "process_simulation.html"
    return page(request, part, draft=found, report=_report(found), problems=drafts.problems_of(found.data))


def download(request: Any, draft_id: int, form: str) -> HttpResponse:
    """The draft as a file."""
    must_administer(request)
    found = _draft(draft_id)
    return file_of(found.data, f"{found.process}-draft-{found.pk}", form)


def _draft(draft_id: int) -> ProcessDraft:
    return get_object_or_404(
        ProcessDraft.objects.select_related("based_on", "edited_by", "published"), pk=draft_id
    )


def _report(found: ProcessDraft) -> Report | None:
    run = found.simulations.first()
    return report_of(run, found) if run else None


def _state_choices(found: ProcessDraft) -> list[tuple[str, Any]]:
    return [(state["key"], state["name"]) for state in found.data["states"]]


def _number(text: str | None) -> int:
    if not text or not text.isdecimal() or len(text) > 9:
        raise Http404
    return int(text)
