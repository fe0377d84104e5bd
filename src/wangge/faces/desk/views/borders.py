"""Borders between grids, drawn on the map and saved from a day on."""

from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.places import borders
from wangge.domain.places.models import Area, Level
from wangge.domain.places.services.borders import redraw
from wangge.faces.desk.admin_pages import ServiceForm, done, must_administer, posted
from wangge.faces.desk.forms.widgets import DayField
from wangge.platform import clock
from wangge.platform.errors import WanggeError

# Areas whose grids are drawn at once: more would be too many for one hand.
_DRAWN = (Level.STREET, Level.COMMUNITY)


class BordersForm(ServiceForm):
    on = DayField(label=gettext_lazy("从哪天起"))
    note = forms.CharField(
        label=gettext_lazy("依据"), max_length=500, required=False, help_text=gettext_lazy("例如批复的文号。")
    )
    changed = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": gettext_lazy("还没有改动任何边界。")}
    )
    base = forms.CharField(widget=forms.HiddenInput, max_length=16)


def edit(request: Any, area_id: int) -> HttpResponse:
    """The editor; what was drawn comes back when it cannot be saved, and the mark tells who came second."""
    must_administer(request)
    area = _area(area_id)
    back = reverse("desk:area", args=[area.pk])
    problem, base = "", ""
    try:
        base = borders.borders_of(area).base
    except WanggeError as refusal:
        problem = refusal.text
    form = BordersForm(posted(request), initial={"on": clock.today(), "base": base})

    def act(changed: str, **values: Any) -> Area:
        redraw(request.actor, area, borders.read_changes(changed), **values)
        return area

    # The mark of the drawing is its guard: the service refuses one that is gone.
    if request.method == "POST" and form.submit(act):
        return done(request, _("新的边界已保存。"), back)
    context = {"area": area, "form": form, "back": back, "problem": problem}
    return render(request, "desk/admin/borders.html", context, status=422 if form.errors else 200)


@require_safe
def data(request: Any, area_id: int) -> HttpResponse:
    """The arcs to draw on."""
    must_administer(request)
    return JsonResponse(
        borders.borders_of(_area(area_id)).as_data(), json_dumps_params={"ensure_ascii": False}
    )


@require_POST
def check(request: Any, area_id: int) -> HttpResponse:
    """What is wrong with a drawing, as GeoJSON with sentences."""
    must_administer(request)
    found = borders.borders_of(_area(area_id))
    drawn = borders.redrawn(found, borders.read_changes(request.POST.get("changed", "")))
    features = [fault.as_feature() for fault in borders.faults_of(found, drawn)]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _area(area_id: int) -> Area:
    return get_object_or_404(Area, pk=area_id, active=True, level__in=_DRAWN)
