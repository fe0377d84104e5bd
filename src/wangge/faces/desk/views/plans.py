"""Plans of grids: asked for, compared side by side, printed. Editing and publishing stand in plan_edits."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.policy import may_plan
from wangge.domain.places.models import Area, Level
from wangge.domain.places.sizes import bounds_for
from wangge.domain.planning import queries, rules
from wangge.domain.planning.models import Plan
from wangge.domain.planning.picture import Picture, ground_of
from wangge.domain.planning.services import asking
from wangge.domain.planning.sheet import plan_sheet
from wangge.faces.desk.admin_pages import PAGE_ROWS, ServiceForm, area_bar, form_page, posted
from wangge.faces.desk.forms.widgets import RangeInput
from wangge.faces.desk.plan_drawing import drawing_of

_STEP = 25


@require_safe
def plans(request: Any) -> HttpResponse:
    """The plans of an area's communities, newest first."""
    bar = area_bar(request)
    inside = queries.communities_of(bar.area)
    plannable = [one for one in inside if may_plan(request.actor, one.path)]
    context = {
        "bar": bar,
        "rows": queries.plans_of([one.pk for one in inside])[:PAGE_ROWS],
        "communities": plannable,
        "one": plannable[0] if len(plannable) == 1 else None,
    }
    return render(request, "desk/plans.html", context)


class PlanForm(ServiceForm):
    way = forms.ChoiceField(
        label=gettext_lazy("怎样划"),
        choices=[
            ("new", gettext_lazy("重新划分：不管现在的网格，从头找最好的分法")),
            ("mend", gettext_lazy("在现有网格上调整：网格数不变，人口变了以后补一补")),
        ],
        widget=forms.RadioSelect,
        initial="new",
    )
    least = forms.IntegerField(label=gettext_lazy("每个网格至少（户）"), min_value=1, max_value=5000)
    most = forms.IntegerField(label=gettext_lazy("每个网格至多（户）"), min_value=2, max_value=5000)
    wanted = forms.IntegerField(
        label=gettext_lazy("分成几个网格"),
        required=False,
        min_value=1,
        max_value=rules.MOST_GRIDS,
        help_text=gettext_lazy("只用于重新划分。不填就由系统定一个最合适的数。"),
    )
    freedom = forms.IntegerField(
        label=gettext_lazy("调整时：少变动 … 形状好"),
        min_value=0,
        max_value=100,
        widget=RangeInput(attrs={"step": _STEP}),
        help_text=gettext_lazy("只用于调整。最左边变动最少，最右边不怕变动、只求形状好。"),
    )


def new_plan(request: Any, area_id: int) -> HttpResponse:
    """Ask for alternatives of one community."""
    area = get_object_or_404(Area, pk=area_id, active=True, level=Level.COMMUNITY)
    asking.check_planner(request.actor, area)
    bounds = bounds_for(area)
    usual = {"least": bounds.least, "most": bounds.most, "freedom": 2 * _STEP}
    form = PlanForm(posted(request), initial=usual)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]

        def act(way: str, freedom: int, **values: Any) -> Plan:
            return asking.ask(request.actor, key, area, freedom=freedom if way == "mend" else None, **values)

        if key is None:
            form.add_error(None, _("请重新打开这一页再提交。"))
        elif form.submit(act):
            return redirect("desk:plan", form.result.pk)
    title = _("给%(area)s划分网格") % {"area": area.short_name}
    note = _("按登记的楼栋、小区、住房和道路计算，约半分钟。算出来的只是方案，公布以前什么都不会变。")
    back = f"{reverse('desk:plans')}?area={area.pk}"
    return form_page(request, form, title=title, back=back, action=_("开始计算"), note=note)


@require_safe
def plan(request: Any, plan_id: int) -> HttpResponse:
    """How far the search is; then the alternatives side by side."""
    shown = queries.plan_with(plan_id)
    context: dict[str, Any] = {"plan": shown, "percent": round(100 * shown.share)}
    if shown.ended_at and not request.htmx:
        divisions = queries.divisions_of(shown)
        ground = ground_of(divisions[0]) if divisions else None
        context["choices"] = [
            {
                "division": one,
                "aim": rules.aim_words(one.alternative.aim),
                "drawing": drawing_of(Picture(ground, one), houses=False),
            }
            for one in divisions
            if ground
        ]
    template = "desk/parts/plan_progress.html" if request.htmx else "desk/plan.html"
    answer = render(request, template, context)
    if request.htmx and shown.ended_at:
        answer.headers["HX-Refresh"] = "true"
    return answer


@require_POST
def cancel(request: Any, plan_id: int) -> HttpResponse:
    """Stop the search."""
    asking.cancel(request.actor, queries.plan_with(plan_id))
    return redirect("desk:plan", plan_id)


@require_safe
def sheet(request: Any, plan_id: int, number: int) -> HttpResponse:
    """One alternative on A3."""
    division = queries.division_of(queries.plan_with(plan_id), number)
    answer = HttpResponse(plan_sheet(Picture(ground_of(division), division)), content_type="application/pdf")
    name = f"{division.plan.area.code}-{plan_id}-{number}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
