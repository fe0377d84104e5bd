"""Public facilities on the desk: found, looked at with their cases, entered, changed, taken away."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.models import Unit
from wangge.domain.access.policy import may_keep_places
from wangge.domain.boards.drawing.labels import MOST_LABELS, labels_pdf
from wangge.domain.cases.queries.places import cases_of_facility
from wangge.domain.catalogue.queries import component_classes, matter_of_class
from wangge.domain.places import facilities as reads
from wangge.domain.places.models import Area, Facility, FacilityState, Level
from wangge.domain.places.services import facilities as services
from wangge.faces.desk.admin_pages import (
    PAGE_ROWS,
    AreaBar,
    ServiceForm,
    area_bar,
    asked_id,
    attempt,
    done,
    one_at_a_time,
    pdf_answer,
    posted,
    values_guard,
)
from wangge.faces.desk.forms.widgets import PhotoField
from wangge.faces.desk.frame import takes_reports
from wangge.faces.web.photos import kept_picture
from wangge.faces.web.qr import qr_of
from wangge.platform.errors import NotAllowed, NotFound
from wangge.platform.language import named

# A removed one is made by its own button, which says what follows.
_STATES = [choice for choice in FacilityState.choices if choice[0] != FacilityState.REMOVED]


@require_safe
def facilities(request: Any) -> HttpResponse:
    """Facilities of an area by words, class, state and keeper."""
    asked = _asked(request)
    page = Paginator(asked.found, PAGE_ROWS).get_page(request.GET.get("page"))
    classes = component_classes()
    context = {
        "bar": asked.bar,
        "q": asked.words,
        "page": page,
        "rows": [(row, classes.get(row.class_code)) for row in page],
        "classes": _class_choices(),
        "chosen": asked.chosen,
        "query": request.GET.urlencode(),
        "states": FacilityState.choices,
        "owners": reads.owners_below(asked.bar.area),
        "owner": asked.owner,
        "filtered": bool(asked.words or asked.owner or any(asked.chosen.values())),
        "keeps": _keeps_below(request, asked.bar.area),
    }
    return render(request, "desk/facilities.html", context)


@require_safe
def labels(request: Any) -> HttpResponse:
    """Labels with QR codes for the facilities of a list, as PDF."""
    standing = _asked(request).found.exclude(state=FacilityState.REMOVED)
    path = reverse("portal:facility-code", args=["CODE"]).replace("CODE", "{code}")
    data = labels_pdf(list(standing[: MOST_LABELS + 1]), f"{settings.PUBLIC_URL.rstrip('/')}{path}")
    return pdf_answer(data, "labels.pdf")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a list of facilities was asked for, and what fits."""

    bar: AreaBar
    words: str
    chosen: dict[str, str]
    owner: int | None
    found: Any


def _asked(request: Any) -> _Asked:
    bar = area_bar(request)
    words = request.GET.get("q", "").strip()[:40]
    chosen = {name: request.GET.get(name, "")[:10] for name in ("class", "state")}
    owner = asked_id(request, "owner")
    found = reads.facilities_in(bar.area, words, chosen["class"], chosen["state"], owner)
    return _Asked(bar, words, chosen, owner, found)


@require_safe
def facility(request: Any, facility_id: int) -> HttpResponse:
    """One facility: its code in words, state, photo, keeper, place, and the cases about it."""
    shown = _facility(facility_id)
    of_class = component_classes().get(shown.class_code)
    standing = shown.state != FacilityState.REMOVED
    context = {
        "facility": shown,
        "title": _title(shown),
        "parts": reads.code_parts(shown),
        "of_class": of_class,
        "standing": standing,
        "point": f"{shown.lon},{shown.lat}",
        "cases": cases_of_facility(shown),
        "keeps": may_keep_places(request.actor, shown.area.path),
        "qr": qr_of(reverse("portal:facility-code", args=[shown.code])) if standing else "",
        "report": report_address(shown) if standing and takes_reports(request.actor) else "",
    }
    return render(request, "desk/facility.html", context)


@require_safe
def photo(request: Any, facility_id: int) -> HttpResponse:
    """The photo of a facility."""
    shown = _facility(facility_id)
    if not shown.photo:
        raise NotFound(_("这个部件还没有照片。"))
    return kept_picture(shown.photo, small="small" in request.GET)


class FacilityForm(ServiceForm):
    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=_STATES)
    place = forms.CharField(
        label=gettext_lazy("位置说明"),
        max_length=services.LONGEST_PLACE,
        required=False,
        help_text=gettext_lazy("例如“永兴街12号门口，人行道上”。"),
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("权属单位"), queryset=Unit.objects.none(), required=False
    )
    photo = PhotoField(
        label=gettext_lazy("照片"),
        required=False,
        help_text=gettext_lazy("拍部件本身，不拍人。位置等隐藏信息会去掉。"),
    )
    lon = forms.FloatField(
        widget=forms.HiddenInput, error_messages={"required": gettext_lazy("请在地图上选位置。")}
    )
    lat = forms.FloatField(widget=forms.HiddenInput)

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        owners = reads.owners_below(area)
        self.fields["owner"].queryset = Unit.objects.filter(pk__in=[one.pk for one in owners])  # type: ignore


class NewFacilityForm(FacilityForm):
    class_code = forms.ChoiceField(label=gettext_lazy("类别"))
    code = forms.CharField(
        label=gettext_lazy("部件编码"),
        max_length=25,
        required=False,
        help_text=gettext_lazy("部件上已有 17 位编码的照抄；没有就留空，按国家标准自动编号。"),
    )

    field_order = ("class_code", "code", "state", "place", "owner", "photo")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: Any = self.fields["class_code"]
        choices.choices = [("", _("请选择")), *_class_choices()]


def new_facility(request: Any) -> HttpResponse:
    """A facility by its place on the map and its class; the code comes by itself."""
    bar = area_bar(request)
    if not _keeps_below(request, bar.area):
        raise NotAllowed(_("部件由所在网格、社区和街道的人员维护。"))
    form = NewFacilityForm(bar.area, posted(request), request.FILES or None)
    if request.method == "POST" and form.submit(lambda **values: services.add(request.actor, **values)):
        return done(request, _("部件已登记。"), reverse("desk:facility", args=[form.result.pk]))
    back = f"{reverse('desk:facilities')}?area={bar.area.pk}"
    return _form_page(request, form, title=_("登记部件"), back=back, map_area=bar.area)


@one_at_a_time
def edit_facility(request: Any, facility_id: int) -> HttpResponse:
    """As it was found today: state, place, keeper, photo."""
    shown = _facility(facility_id)
    services.check_keeper(request.actor, shown.area)
    initial = {name: getattr(shown, name) for name in ("state", "place", "lon", "lat")}
    initial["owner"] = shown.owner_id
    form = FacilityForm(shown.area, posted(request), request.FILES or None, initial=initial)
    guard = values_guard(request, *initial.values(), shown.photo)

    def act(**values: Any) -> Facility:
        return services.change(request.actor, shown, **values)

    back = reverse("desk:facility", args=[shown.pk])
    if request.method == "POST" and form.submit(act, guard):
        return done(request, _("部件已修改。"), back)
    return _form_page(request, form, title=_title(shown), back=back, map_area=shown.area, guard=guard)


@require_POST
def retire_facility(request: Any, facility_id: int) -> HttpResponse:
    """It was taken away."""
    shown = _facility(facility_id)
    return attempt(
        request,
        lambda: services.retire(request.actor, shown),
        _("部件已登记为移除。"),
        reverse("desk:facility", args=[shown.pk]),
    )


def report_address(facility: Facility) -> str:
    """The staff's form of a report with the facility, its place and its class filled in."""
    about = {
        "facility": facility.pk,
        "lon": facility.lon,
        "lat": facility.lat,
        "address": facility.place or facility.area.name,
    }
    if matter := matter_of_class(facility.class_code):
        about["matter"] = matter.pk
    return f"{reverse('desk:report')}?{urlencode(about)}"


def _form_page(request: Any, form: forms.Form, *, guard: Any = None, **context: Any) -> HttpResponse:
    status = 409 if guard and guard.stale else 422 if form.errors else 200
    return render(request, "desk/facility_form.html", context | {"form": form, "guard": guard}, status=status)


def _class_choices() -> list[tuple[str, str]]:
    return [(code, f"{code} {named(matter)}") for code, matter in component_classes().items()]


def _keeps_below(request: Any, area: Area) -> bool:
    below = area.level in (Level.STREET, Level.COMMUNITY, Level.GRID)
    return below and may_keep_places(request.actor, area.path)


def _title(facility: Facility) -> str:
    """ "供水井盖 000012"."""
    of_class = component_classes().get(facility.class_code)
    return f"{named(of_class) if of_class else facility.class_code} {facility.code[11:]}"


def _facility(facility_id: int) -> Facility:
    rows = Facility.objects.select_related("area__parent", "owner")
    return get_object_or_404(rows, pk=facility_id)
