"""Reporting: one page, under a minute on a phone."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wangge.domain.access.actor import Public
from wangge.domain.access.serving import ServedStreet, served_streets
from wangge.domain.cases import services
from wangge.domain.cases.models import Channel
from wangge.domain.cases.queries.public import same_nearby
from wangge.domain.cases.services.photos import MOST_PHOTOS
from wangge.domain.catalogue.models import Matter
from wangge.domain.catalogue.queries import component_classes, matter_of_class
from wangge.domain.catalogue.reporting import frequent_matters, matters_like
from wangge.domain.places.facilities import by_code
from wangge.domain.places.maps import centre_of_area, drawn_streets
from wangge.domain.places.models import Area, Facility, FacilityState, Level
from wangge.faces.portal import limits
from wangge.faces.portal.forms import ReportForm
from wangge.platform.errors import Conflict, Invalid, WanggeError
from wangge.platform.given import whole
from wangge.platform.language import named

# The services name fields of a report; these are shown beside another field of the page.
_SHOWN_AT = {"area": "place"}


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form; a report leads to its status page."""
    if request.method == "POST":
        return _take_in(request)
    if facility := _facility(request.GET.get("facility", "")):
        return _page(request, ReportForm.opened(channel=Channel.QR, **_about(facility)), facility.area)
    area = _area(request.GET.get("area", ""))
    channel = Channel.QR if area and request.GET.get("via") == "qr" else Channel.WEB
    form = ReportForm.opened(channel=channel, area=area.pk if area else None)
    return _page(request, form, area)


@require_safe
def from_poster(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code of a poster leads to: the form with its grid or community filled in."""
    area = _area(code)
    if area is None:
        raise Http404
    return redirect(reverse("portal:report", query={"area": area.code, "via": "qr"}))


@require_safe
def from_facility(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code on a facility leads to: the form with place, matter and the facility itself filled in."""
    if _facility(code) is None:
        raise Http404
    return redirect(reverse("portal:report", query={"facility": code}))


@require_safe
def nearby(request: HttpRequest) -> HttpResponse:
    """A fragment: open cases near the chosen place, without anybody's words; empty without a place."""
    found: list[Any] = []
    try:
        matter = request.GET.get("matter", "")
        lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
        found = same_nearby(lon, lat, whole(matter))
    except (KeyError, ValueError):
        pass  # no place chosen yet: nothing to hint at
    return render(request, "portal/parts/nearby.html", {"found": found})


@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """A fragment: matters that resemble the typed words, as choices."""
    words = request.GET.get("matter_words", "").strip()[:40]
    page = {"matters": matters_like(words) if len(words) > 1 else [], "words": words}
    return render(request, "portal/parts/matters.html", page)


def _take_in(request: HttpRequest) -> HttpResponse:
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        limits.check(limits.REPORTS, request)
        reported = services.report(Public(), form.report())
    except Invalid as error:
        for name, text in error.fields.items():
            shown = _SHOWN_AT.get(name, name)
            form.add_error(shown if shown in form.fields else None, text)
        return _page(request, form, status=error.status)
    except Conflict as error:
        form.add_error(None, _("这份上报刚才已经提交过，内容不同。要另报一件，请再按一次“提交”。"))
        return _page(request, form, status=error.status)
    except WanggeError as error:
        form.add_error(None, error.text)
        return _page(request, form, status=error.status)
    if not reported.again:
        limits.count(limits.REPORTS, request)
    return redirect(reverse("portal:status", args=[reported.receipt_code], query={"new": "1"}))


def _page(
    request: HttpRequest, form: ReportForm, area: Area | None = None, status: int = 200
) -> HttpResponse:
    streets = served_streets()
    chosen_area, chosen_matter = form["area"].value(), form["matter"].value()
    area = area or _area_by_id(chosen_area)
    facility = _facility_by_id(form["facility"].value())
    frequent = frequent_matters()
    page = {
        "form": form,
        "key": _key(form, status),
        "area": area,
        "facility": facility,
        "facility_name": _class_name(facility),
        "from_poster": form["channel"].value() == Channel.QR,
        "streets": streets,
        "street": _street(streets, area, request.GET.get("street", "")),
        "centre": centre_of_area(area.pk) if area else None,
        "chosen_area": str(chosen_area or ""),
        "chosen_matter": str(chosen_matter or ""),
        "frequent": [(matter, str(matter.pk) == str(chosen_matter)) for matter in frequent],
        "other": _other(chosen_matter, frequent),
        "most_photos": MOST_PHOTOS,
        "had_photos": bool(request.FILES),
    }
    return render(request, "portal/report.html", page, status=status)


def _key(form: ReportForm, status: int) -> object:
    """The key made when the form was opened, or a new one if that is broken or used up for other content."""
    used_up = status == Conflict.status or "key" in form.errors
    return uuid.uuid4() if used_up else form["key"].value()


def _street(streets: list[ServedStreet], area: Area | None, code: str) -> ServedStreet | None:
    """Whose map is shown: the area's street, the one asked for, else the first with a town plan."""
    if area:
        return next((s for s in streets if area.path.startswith(s.street.path)), None)
    if asked := next((s for s in streets if s.street.code == code), None):
        return asked
    drawn = drawn_streets(served.street.pk for served in streets)
    return next((s for s in streets if s.street.pk in drawn), streets[0] if streets else None)


def _facility(code: str) -> Facility | None:
    """A facility that stands, by the 17 digits on it."""
    found = by_code(code) if code else None
    return found if found and found.state != FacilityState.REMOVED else None


def _facility_by_id(value: object) -> Facility | None:
    facility_id = whole(value)
    return Facility.objects.filter(pk=facility_id).first() if facility_id else None


def _class_name(facility: Facility | None) -> str:
    of_class = component_classes().get(facility.class_code) if facility else None
    return named(of_class) if of_class else ""


def _about(facility: Facility) -> dict[str, Any]:
    """What a scanned facility fills in."""
    matter = matter_of_class(facility.class_code)
    return {
        "facility": facility.pk,
        "area": facility.area_id,
        "lon": facility.lon,
        "lat": facility.lat,
        "address": facility.place,
        "matter": matter.pk if matter else None,
    }


def _area(code: str) -> Area | None:
    """A community or grid that can be reported to, by its code."""
    return _reportable().filter(code=code).first() if code else None


def _area_by_id(value: object) -> Area | None:
    area_id = whole(value)
    return _reportable().filter(pk=area_id).first() if area_id else None


def _reportable() -> "QuerySet[Area]":
    return Area.objects.filter(active=True, level__in=[Level.COMMUNITY, Level.GRID])


def _other(chosen: object, frequent: list[Matter]) -> Matter | None:
    """The chosen matter when it is not among the frequent ones."""
    matter_id = whole(chosen)
    if matter_id is None or any(matter.pk == matter_id for matter in frequent):
        return None
    return Matter.objects.filter(pk=matter_id, enabled=True).first()
