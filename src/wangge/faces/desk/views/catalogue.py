"""The catalogue of matters: read by all staff, changed by administrators."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_list_or_404, get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wangge.domain.cases.models import Procedure
from wangge.domain.catalogue import services
from wangge.domain.catalogue.models import Condition, Matter, MatterKind, Subject
from wangge.domain.catalogue.queries import (
    groups,
    last_version,
    matter_page,
    matters_found,
    neighbours_of,
)
from wangge.domain.catalogue.words import DUTIES, PROOFS
from wangge.domain.places.models import Level
from wangge.engines.worktime import Unit
from wangge.faces.desk.admin_pages import (
    PAGE_ROWS,
    ServiceForm,
    asked_id,
    attempt,
    done,
    form_page,
    must_administer,
    one_at_a_time,
    page,
    posted,
    revision_guard,
    values_guard,
)
from wangge.faces.desk.rule_words import limit_example
from wangge.platform import clock
from wangge.platform.language import named

UNIT_NAMES = [
    (Unit.URGENT_HOUR.value, gettext_lazy("紧急工作时（昼夜计时）")),
    (Unit.URGENT_DAY.value, gettext_lazy("紧急工作日（昼夜计时）")),
    (Unit.WORK_HOUR.value, gettext_lazy("工作时")),
    (Unit.WORK_DAY.value, gettext_lazy("工作日")),
    (Unit.HOUR.value, gettext_lazy("小时（按工作时间）")),
    (Unit.DAY.value, gettext_lazy("天（按工作日）")),
]
STATES = [("", gettext_lazy("全部状态")), ("1", gettext_lazy("启用")), ("0", gettext_lazy("停用"))]


class MatterFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("编码、旧编码或名称"), required=False, max_length=40)
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[("", gettext_lazy("全部类别")), *MatterKind.choices],
        required=False,
    )
    enabled = forms.ChoiceField(label=gettext_lazy("状态"), choices=STATES, required=False)
    group = forms.CharField(required=False, max_length=4, widget=forms.HiddenInput)


class ConditionForm(ServiceForm):
    text = forms.CharField(label=gettext_lazy("立案条件"), max_length=200)
    text_en = forms.CharField(label=gettext_lazy("立案条件（英文）"), max_length=200, required=False)
    amount = forms.IntegerField(label=gettext_lazy("处置时限"), min_value=1, max_value=services.LONGEST_LIMIT)
    unit = forms.ChoiceField(label=gettext_lazy("时限单位"), choices=UNIT_NAMES)
    level = forms.ChoiceField(
        label=gettext_lazy("办理层级"),
        choices=[(level.value, Level(level).label) for level in services.CASE_LEVELS],
        help_text=gettext_lazy("通常能办结的最低一级。"),
    )
    procedure = forms.ChoiceField(label=gettext_lazy("办理程序"), choices=Procedure.choices)
    closing_condition = forms.CharField(
        label=gettext_lazy("结案条件"), max_length=200, help_text=gettext_lazy("做到什么才算办好。")
    )
    closing_condition_en = forms.CharField(
        label=gettext_lazy("结案条件（英文）"), max_length=200, required=False
    )
    proof = forms.ChoiceField(label=gettext_lazy("结案凭证"), choices=list(PROOFS.items()))
    on_the_spot = forms.BooleanField(label=gettext_lazy("网格员可以当场解决"), required=False)


class NationalForm(ServiceForm):
    """What may be changed of a matter of the national list."""

    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    explain = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("给居民看：包括什么，不包括什么。"),
    )
    explain_en = forms.CharField(label=gettext_lazy("说明（英文）"), max_length=400, required=False)
    lead_role = forms.ChoiceField(
        label=gettext_lazy("职责领域"),
        choices=list(DUTIES.items()),
        help_text=gettext_lazy("责任清单没有单独规定时，由这个领域的单位主办。"),
    )
    legacy_code = forms.CharField(
        label=gettext_lazy("旧编码"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("GB/T 30428.2-2013 的编码，旧案件按它对应。"),
    )
    position = forms.IntegerField(
        label=gettext_lazy("次序"),
        min_value=0,
        max_value=9999,
        required=False,
        help_text=gettext_lazy("同一大类里小的排在前面，相同的按编码。"),
    )


class MatterForm(NationalForm):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    field_order = ("name",)


class LocalMatterForm(MatterForm):
    group_code = forms.ChoiceField(
        label=gettext_lazy("本地大类"), choices=[(str(code), str(code)) for code in services.LOCAL_GROUPS]
    )
    group_name = forms.CharField(
        label=gettext_lazy("大类名称"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("新的大类需要名称；已有的大类沿用原名。"),
    )


def matters(request: Any) -> HttpResponse:
    """Matters by group, code or name, with deadlines counted in conditions."""
    filters = MatterFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    enabled = {"1": True, "0": False}.get(asked.get("enabled", ""))
    found = matters_found(
        asked.get("q", "").strip(),
        kind=asked.get("kind", ""),
        group=asked.get("group", ""),
        enabled=enabled,
    )
    rows = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    return page(request, "catalogue.html", filters=filters, rows=rows, groups=groups(), asked=asked)


def matter(request: Any, matter_id: int) -> HttpResponse:
    """A matter: what a resident sees, its conditions of today and to come, and the earlier wording of each."""
    found = matter_page(matter_id)
    if found is None:
        raise Http404
    rows: list[Condition] = found.rows  # type: ignore[attr-defined]
    today, limit = clock.today(), limit_example(request.actor)
    present = [row for row in rows if row.valid.lower <= today and not _ended(row)]
    return page(
        request,
        "matter.html",
        matter=found,
        present=[(row, limit(row), _last_day(row)) for row in present],
        coming=[row for row in rows if row.valid.lower > today],
        past=[row for row in rows if _ended(row)],
        neighbours=neighbours_of(found),
    )


def _ended(row: Condition) -> bool:
    return row.valid.upper is not None and row.valid.upper <= clock.today()


def _last_day(row: Condition) -> date | None:
    """The last day of a condition whose end is set, None while it is open."""
    return row.valid.upper - timedelta(days=1) if row.valid.upper else None


def revise_matter(request: Any, matter_id: int) -> HttpResponse:
    """A matter's own words, duty, old code and place in the list, changed at once."""
    must_administer(request)
    guard = revision_guard(request, Subject.MATTER, matter_id)
    found = get_object_or_404(Matter, pk=matter_id)
    kind = MatterForm if found.kind == MatterKind.LOCAL else NationalForm
    form = kind(posted(request), initial={name: getattr(found, name) for name in kind.base_fields})
    back = reverse("desk:matter", args=[matter_id])
    if request.method == "POST" and form.submit(
        lambda **v: services.revise_matter(request.actor, matter_id, v), guard
    ):
        return done(request, _("已保存。"), back)
    title = _("修改“%(name)s”") % {"name": named(found)}
    note = _("这里的改动立即生效；条件和时限在事项页上改，也可以写进变更方案，从某天起一起生效。")
    return form_page(request, form, title=title, back=back, note=note, guard=guard)


class GroupForm(ServiceForm):
    name = forms.CharField(label=gettext_lazy("大类名称"), max_length=40)


@one_at_a_time
def rename_group(request: Any, group_code: str) -> HttpResponse:
    """Another name for a group of the city's own."""
    must_administer(request)
    first = get_list_or_404(Matter, kind=MatterKind.LOCAL, group_code=group_code, parent=None)[0]
    form = GroupForm(posted(request), initial={"name": first.group_name})
    guard = values_guard(request, first.group_name)
    back = f"{reverse('desk:catalogue')}?kind=local&group={group_code}"
    if request.method == "POST" and form.submit(
        lambda name: services.rename_group(request.actor, group_code, name), guard
    ):
        return done(request, _("已保存。"), back)
    title = _("本地大类 %(code)s 的名称") % {"code": group_code}
    return form_page(request, form, title=title, back=back, guard=guard)


def new_matter(request: Any) -> HttpResponse:
    """A local matter: in a group of the city's own, or under a national one (`?parent=`)."""
    must_administer(request)
    parent = Matter.objects.filter(pk=asked_id(request, "parent") or 0).first()
    form = (MatterForm if parent else LocalMatterForm)(
        posted(request), initial={"lead_role": parent.lead_role if parent else None}
    )
    if request.method == "POST" and form.submit(
        lambda **v: services.add_matter(request.actor, parent_id=parent.pk if parent else None, **v)
    ):
        address = reverse("desk:new-condition", args=[form.result.pk])
        return done(request, _("已建立本地事项，接着写立案条件和时限，然后启用。"), address)
    title = _("在“%(name)s”下新建本地细类") % {"name": named(parent)} if parent else _("新建本地事项")
    back = reverse("desk:matter", args=[parent.pk]) if parent else reverse("desk:catalogue")
    return form_page(request, form, title=title, back=back)


@require_POST
def set_enabled(request: Any, matter_id: int) -> HttpResponse:
    """Offer a matter for reporting, or stop offering it."""
    must_administer(request)
    found = get_object_or_404(Matter, pk=matter_id)
    enabled = request.POST.get("enabled") == "1"
    text = _("已启用，可以上报。") if enabled else _("已停用，不再受理新的上报。")
    return attempt(
        request,
        lambda: services.set_enabled(request.actor, found.pk, enabled),
        text,
        reverse("desk:matter", args=[matter_id]),
    )


def new_condition(request: Any, matter_id: int) -> HttpResponse:
    must_administer(request)
    found = get_object_or_404(Matter, pk=matter_id)
    form = ConditionForm(posted(request))
    if request.method == "POST" and form.submit(
        lambda **v: services.add_condition(request.actor, matter_id, v)
    ):
        return done(request, _("已增加立案条件。"), reverse("desk:matter", args=[matter_id]))
    title = _("给“%(name)s”增加立案条件") % {"name": named(found)}
    return form_page(request, form, title=title, back=reverse("desk:matter", args=[matter_id]))


def condition(request: Any, condition_id: int) -> HttpResponse:
    """Change a condition from today on; what somebody else saved meanwhile is shown beside one's own."""
    must_administer(request)
    opened = get_object_or_404(Condition.objects.select_related("matter"), pk=condition_id)
    guard = revision_guard(request, Subject.MATTER, opened.matter_id)
    found = opened
    if "seen" in request.POST or request.method == "GET":
        found = last_version(opened)
    before: dict[str, Any] = {name: getattr(found, name) for name in ConditionForm.base_fields}
    form = ConditionForm(posted(request), initial=before)
    back = reverse("desk:matter", args=[found.matter_id])
    if request.method == "POST" and form.submit(
        lambda **v: services.revise_condition(request.actor, found.pk, v), guard
    ):
        return done(request, _("已保存，从今天起按新的条件立案。"), back)
    title = _("修改“%(name)s”的条件 %(number)s") % {"name": named(found.matter), "number": found.number}
    note = _("改动从今天起生效。已经立案的事件仍按立案时的条件和时限办理。")
    return form_page(request, form, title=title, back=back, note=note, guard=guard)


@require_POST
def end_condition(request: Any, condition_id: int) -> HttpResponse:
    must_administer(request)
    found = get_object_or_404(Condition, pk=condition_id)
    return attempt(
        request,
        lambda: services.end_condition(request.actor, condition_id),
        _("已停用这一条件。"),
        reverse("desk:matter", args=[found.matter_id]),
    )
