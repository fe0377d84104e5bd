"""Panoramas of a building: looked round in, added, removed."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.policy import may_keep_places
from wangge.domain.places.models import Building, Panorama
from wangge.domain.places.services import panoramas as services
from wangge.domain.places.services.dwellings import check_keeper
from wangge.faces.desk.admin_pages import ServiceForm, attempt, done, form_page, posted
from wangge.faces.desk.forms.widgets import DayField, PhotoField
from wangge.faces.desk.views.buildings import building_title
from wangge.faces.web.photos import kept_picture
from wangge.platform import clock


@require_safe
def panorama(request: Any, panorama_id: int) -> HttpResponse:
    """One panorama, to turn round in; without scripts the flat photo."""
    shown = _panorama(panorama_id)
    context = {
        "panorama": shown,
        "place": building_title(shown.building),
        "keeps": may_keep_places(request.actor, shown.area.path),
    }
    return render(request, "desk/panorama.html", context)


@require_safe
def photo(request: Any, panorama_id: int) -> HttpResponse:
    """The photo, flat; `?small` for a list."""
    return kept_picture(_panorama(panorama_id).file, small="small" in request.GET)


class PanoramaForm(ServiceForm):
    title = forms.CharField(
        label=gettext_lazy("在哪里拍的"),
        max_length=services.LONGEST_TITLE,
        help_text=gettext_lazy("例如“大门口”“三楼走廊”。"),
    )
    taken_on = DayField(label=gettext_lazy("拍摄日期"))
    photo = PhotoField(
        label=gettext_lazy("全景照片"),
        help_text=gettext_lazy("宽是高的两倍，最大 10 MB。拍地方，不拍人；位置等隐藏信息会去掉。"),
    )


def new_panorama(request: Any, building_id: int) -> HttpResponse:
    """A panorama more."""
    shown = get_object_or_404(Building.objects.select_related("area", "compound"), pk=building_id)
    check_keeper(request.actor, shown)
    form = PanoramaForm(posted(request), request.FILES or None, initial={"taken_on": clock.today()})
    back = reverse("desk:building", args=[shown.pk])
    if request.method == "POST" and form.submit(
        lambda **values: services.add(request.actor, shown, **values)
    ):
        return done(request, _("全景照片已保存。"), back)
    title = _("%(building)s的全景照片") % {"building": building_title(shown)}
    return form_page(request, form, title=title, back=back, files=True)


@require_POST
def remove_panorama(request: Any, panorama_id: int) -> HttpResponse:
    """Not shown any more."""
    shown = _panorama(panorama_id)
    back = reverse("desk:building", args=[shown.building_id])
    return attempt(request, lambda: services.remove(request.actor, shown), _("全景照片已删除。"), back)


def _panorama(panorama_id: int) -> Panorama:
    """One in my ring; everybody else's does not exist."""
    rows = Panorama.objects.filter(removed_at=None).select_related(
        "building__area", "building__compound", "area"
    )
    found: Panorama = get_object_or_404(rows, pk=panorama_id)
    return found
