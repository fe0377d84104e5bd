"""Borders between grids, drawn on the map and saved from a day on."""

import json
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
from wangge.domain.places.services import border_import
from wangge.domain.places.services.borders import redraw
from wangge.domain.places.services.map_import import in_wgs
from wangge.domain.register.services.following import follow_borders
from wangge.faces.desk.admin_pages import ServiceForm, done, must_administer, posted
from wangge.faces.desk.forms.errors import show
from wangge.faces.desk.forms.widgets import DayField
from wangge.platform import clock
from wangge.platform.errors import WanggeError
from wangge.platform.geodata.reading import read

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
        follow_borders()
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


class FileForm(ServiceForm):
    """First a file; its preview then sends the shapes themselves back."""

    file = forms.FileField(
        label=gettext_lazy("边界文件"),
        required=False,
        help_text=gettext_lazy("GeoJSON、打成 zip 的 Shapefile 或 GeoPackage；每个图形带网格的编码或名称。"),
    )
    datum = forms.ChoiceField(
        label=gettext_lazy("坐标系"),
        choices=[
            ("wgs84", gettext_lazy("CGCS2000 或 WGS-84")),
            ("gcj02", gettext_lazy("GCJ-02（高德、腾讯地图）")),
            ("bd09", gettext_lazy("BD-09（百度地图）")),
        ],
    )
    level = forms.ChoiceField(
        label=gettext_lazy("是哪一级的边界"),
        choices=[(Level.GRID, Level.GRID.label), (Level.COMMUNITY, Level.COMMUNITY.label)],
    )
    on = DayField(label=gettext_lazy("从哪天起"))
    note = forms.CharField(label=gettext_lazy("依据"), max_length=500, required=False)
    shapes = forms.CharField(required=False, widget=forms.HiddenInput)


def from_file(request: Any, area_id: int) -> HttpResponse:
    """Borders from a file: shown on the map with what is wrong, then saved from a day on."""
    must_administer(request)
    area = _area(area_id)
    back = reverse("desk:area", args=[area.pk])
    form = FileForm(
        posted(request), request.FILES or None, initial={"on": clock.today(), "level": Level.GRID}
    )

    def act(shapes: str, on: Any, note: str, **_more: Any) -> Area:
        border_import.save(request.actor, area, border_import.read_shapes(shapes), on, note)
        follow_borders()
        return area

    if "save" in request.POST and form.submit(act):
        return done(request, _("新的边界已保存。"), back)
    context = {"area": area, "form": form, "back": back} | _seen(request, area, form)
    return render(request, "desk/admin/borders_file.html", context, status=422 if form.errors else 200)


def _seen(request: Any, area: Area, form: FileForm) -> dict[str, Any]:
    """The preview of a file that was sent, none otherwise."""
    if "save" in request.POST or not request.FILES.get("file") or not form.is_valid():
        if request.method == "POST" and "save" not in request.POST and "file" not in request.FILES:
            form.add_error("file", _("请选择边界文件。"))
        return {}
    try:
        features = in_wgs(read(form.cleaned_data["file"].read()), form.cleaned_data["datum"])
        matched = border_import.match(area, form.cleaned_data["level"], features)
    except WanggeError as refusal:
        show(form, refusal)
        return {}
    faults = border_import.faults_of(area, matched.shapes, matched.names)
    form.data = sent = request.POST.copy()
    sent["shapes"] = json.dumps({key: shape.wkb_hex for key, shape in matched.shapes.items()})
    return {
        "matched": matched,
        "faults": faults,
        "wrong": [fault for fault in faults if not fault.warning],
        "drawn": json.dumps(border_import.preview(matched, faults), ensure_ascii=False),
    }


def _area(area_id: int) -> Area:
    return get_object_or_404(Area, pk=area_id, active=True, level__in=_DRAWN)
