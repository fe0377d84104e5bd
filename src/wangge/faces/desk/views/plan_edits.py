"""One alternative of a plan: edited on the map with live scores, its grids named, published from a day on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.policy import may_administer
from wangge.domain.places.models import GridCodeScheme
from wangge.domain.planning import queries, rules
from wangge.domain.planning.picture import Picture, ground_of
from wangge.domain.planning.queries import Division
from wangge.domain.planning.services import asking, editing, naming, publishing
from wangge.faces.desk.admin_pages import (
    ServiceForm,
    done,
    form_page,
    must_administer,
    one_at_a_time,
    posted,
    values_guard,
)
from wangge.faces.desk.forms.widgets import DayField
from wangge.faces.desk.plan_drawing import drawing_of
from wangge.platform import clock
from wangge.platform.errors import NotAllowed, WanggeError
from wangge.platform.given import whole


@require_safe
def alternative(request: Any, plan_id: int, number: int) -> HttpResponse:
    """The map; of the unit of `?unit=` what giving it to each neighbouring grid would do."""
    division = queries.division_of(queries.plan_with(plan_id), number)
    picture = Picture(ground_of(division), division)
    unit = whole(request.GET.get("unit", ""))
    chosen = unit if unit is not None and 0 <= unit < len(division.grid) else None
    names = picture.short_names
    units = division.plan.units
    context = {
        "plan": division.plan,
        "division": division,
        "aim": rules.aim_words(division.alternative.aim),
        "drawing": drawing_of(picture),
        "unit": chosen,
        "chosen": units[chosen] if chosen is not None else None,
        "own": names[division.grid[chosen]] if chosen is not None else "",
        "options": _options(division, names, chosen) if chosen is not None else [],
        "units": sorted((one["name"], place, names[division.grid[place]]) for place, one in enumerate(units)),
        "grids": _grids(picture),
        "editable": division.plan.published_at is None,
        "publishes": may_administer(request.actor),
    }
    return render(request, "desk/alternative.html", context)


def _options(division: Division, names: list[str], unit: int) -> list[dict[str, Any]]:
    plan = division.plan
    return [
        {
            "option": one,
            "name": names[one.grid],
            "words": rules.score_words(
                one.score, _outside_after(division, unit, one.grid), plan.least, plan.most
            ),
            "verdict": rules.verdict(one.gain, one.breaks),
        }
        for one in division.options(unit)
    ]


def _outside_after(division: Division, unit: int, to: int) -> int:
    homes = list(division.homes)
    homes[division.grid[unit]] -= division.plan.units[unit]["homes"]
    homes[to] += division.plan.units[unit]["homes"]
    return rules.outside(homes, division.plan.least, division.plan.most)


def _grids(picture: Picture) -> list[dict[str, Any]]:
    division = picture.division
    plan = division.plan
    return [
        {
            "name": name["name"],
            "code": name["code"],
            "new": name["area"] is None,
            "tone": tone,
            "homes": homes,
            "fits": plan.least <= homes <= plan.most,
        }
        for name, tone, homes in zip(division.alternative.names, picture.tones, division.homes, strict=True)
    ]


@require_POST
def edit(request: Any, plan_id: int, number: int) -> HttpResponse:
    """Give a unit, take an edit back or make it again; then the page with that unit chosen."""
    plan = queries.plan_with(plan_id)
    where = reverse("desk:alternative", args=[plan_id, number])
    revision, unit = whole(request.POST.get("revision", "")), whole(request.POST.get("unit", ""))
    try:
        if request.POST.get("act") == "give":
            to = whole(request.POST.get("to", ""))
            values = (-1 if one is None else one for one in (revision, unit, to))
            editing.give(request.actor, plan, number, *values)
        else:
            turn = editing.redo if request.POST.get("act") == "redo" else editing.undo
            unit = turn(request.actor, plan, number, -1 if revision is None else revision)
    except NotAllowed:
        raise
    except WanggeError as refusal:
        messages.error(request, refusal.text)
    return redirect(where if unit is None else f"{where}?unit={unit}#edit")


class NamesForm(ServiceForm):
    """A name for each grid; a code too for those that are new."""

    def __init__(self, division: Division, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._names = division.alternative.names
        for number, one in enumerate(self._names):
            homes = division.homes[number]
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("%(code)s 的名称（%(homes)d 户）") % {"code": one["code"], "homes": homes},
                max_length=100,
                initial=one["name"],
            )
            if one["area"] is None:
                self.fields[f"code_{number}"] = forms.CharField(
                    label=_("新网格的编码"),
                    max_length=15,
                    initial=one["code"],
                    help_text=_("社区编码加三位顺序号；沿用的网格编码不变。"),
                )

    def pairs(self, values: dict[str, str]) -> list[tuple[str, str]]:
        return [
            (values[f"name_{number}"], values.get(f"code_{number}", one["code"]))
            for number, one in enumerate(self._names)
        ]


@one_at_a_time
def names(request: Any, plan_id: int, number: int) -> HttpResponse:
    """Names and codes of the grids."""
    plan = queries.plan_with(plan_id)
    asking.check_planner(request.actor, plan.area)
    division = queries.division_of(plan, number)
    form = NamesForm(division, posted(request))
    guard = values_guard(request, division.alternative.names)
    back = reverse("desk:alternative", args=[plan_id, number])

    def act(**values: Any) -> None:
        naming.name_grids(request.actor, division.alternative, form.pairs(values))

    if request.method == "POST" and form.submit(act, guard):
        return done(request, _("网格的名称已保存。"), back)
    note = _("和现有网格大部分相同的，沿用原来的名称和编码，岗位和办过的事都跟着走；其余是新网格。")
    return form_page(request, form, title=_("给网格命名编码"), back=back, note=note, guard=guard)


class PublishForm(ServiceForm):
    on = DayField(label=gettext_lazy("从哪天起"))
    note = forms.CharField(
        label=gettext_lazy("依据"), max_length=500, required=False, help_text=gettext_lazy("例如批复的文号。")
    )
    scheme = forms.ModelChoiceField(
        label=gettext_lazy("另按本地方案编码"),
        queryset=GridCodeScheme.objects.none(),
        required=False,
        empty_label=gettext_lazy("不另编码"),
        help_text=gettext_lazy("国家编码总是有的。生效那天同时按本地方案给新网格编码。"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["scheme"].queryset = GridCodeScheme.objects.order_by("pk")  # type: ignore[attr-defined]


@one_at_a_time
def publish(request: Any, plan_id: int, number: int) -> HttpResponse:
    """The alternative becomes the community's grids from a day on."""
    must_administer(request)
    plan = queries.plan_with(plan_id)
    division = queries.division_of(plan, number)
    form = PublishForm(posted(request), initial={"on": clock.today()})
    guard = values_guard(request, division.alternative.revision, division.alternative.names)
    back = reverse("desk:alternative", args=[plan_id, number])

    def act(**values: Any) -> None:
        publishing.publish(request.actor, plan, number, **values)

    if request.method == "POST" and form.submit(act, guard):
        return done(request, _("网格方案已公布。"), reverse("desk:area", args=[plan.area_id]))
    return form_page(
        request,
        form,
        title=_("公布%(area)s的网格方案") % {"area": plan.area.short_name},
        back=back,
        action=_("公布"),
        note=_("；").join(division.words),
        guard=guard,
        part="desk/parts/plan_changes.html",
        changes=_changes(division),
    )


def _changes(division: Division) -> dict[str, Any]:
    names = division.alternative.names
    staying = {one["area"] for one in names}
    present = {unit["grid"] for unit in division.plan.units}
    return {
        "kept": sum(one["area"] is not None for one in names),
        "new": [one["name"] for one in names if one["area"] is None],
        "gone": len(present - staying),
        "moved_homes": division.moved_homes,
        "faults": division.fault_words,
    }
