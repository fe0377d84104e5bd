"""Taking in a report: the grid worker on the street, the station's counter, the phone operator."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wangge.domain.access.actor import Actor
from wangge.domain.cases.models import Case, Channel
from wangge.domain.cases.queries.lists import recent_places
from wangge.domain.cases.queries.public import same_nearby
from wangge.domain.cases.services.intake import STAFF_CHANNELS, report, settle_on_the_spot
from wangge.domain.cases.services.receipts import receipt_code
from wangge.domain.places.maps import centre_of_area
from wangge.domain.places.models import Facility
from wangge.domain.places.queries import areas_named, plan_area
from wangge.faces.desk import matters
from wangge.faces.desk.forms import errors
from wangge.faces.desk.forms.intake import IntakeForm
from wangge.platform import clock
from wangge.platform.errors import NotAllowed, NotFound, WanggeError
from wangge.platform.given import whole

# The code is for the caller: it can be read out while the conversation lasts, and not looked up later.
CODE_SHOWN_FOR = timedelta(minutes=30)


@require_http_methods(["GET", "POST"])
def take_in(request: Any) -> HttpResponse:
    """The form of the actor's channel; a POST takes the report in, and settles it if that was done on the spot."""
    channel = channel_of(request.actor)
    if request.method == "GET":
        return _form(request, IntakeForm(channel, initial=_start(request)))
    if "look" in request.POST:
        # Without scripts the search for a matter comes back with what was typed.
        return _form(request, IntakeForm(channel, initial=request.POST.dict()))
    form = IntakeForm(channel, request.POST, request.FILES)
    if form.is_valid():
        try:
            return _reported(request, form)
        except WanggeError as error:
            errors.show(form, error)
    return _form(request, form, status=422)


def channel_of(actor: Actor) -> Channel:
    """The channel that goes with the actor's posts; NotAllowed without one."""
    for channel, roles in STAFF_CHANNELS.items():
        if actor.has(*roles):
            return channel
    raise NotAllowed(_("您的岗位不登记上报。发现问题时，请用居民上报页面，或告诉所在社区工作站。"))


def _start(request: Any) -> dict[str, Any]:
    """The key, and what a link prefilled: the place of an earlier report, a facility, or the wish to settle."""
    start: dict[str, Any] = {"key": uuid.uuid4(), "settled": request.GET.get("settled") == "1"}
    for name in ("lon", "lat", "area", "address", "facility", "matter"):
        if value := request.GET.get(name, "")[:200]:
            start[name] = value
    return start


def _reported(request: Any, form: IntakeForm) -> HttpResponse:
    given = form.report()
    if form.cleaned_data.get("settled"):
        filled = form.cleaned_data
        done = settle_on_the_spot(request.actor, given, filled["condition"], filled["proof"], filled["note"])
        messages.success(request, _("已上报并当场解决，等待他人核查。"))
    else:
        done = report(request.actor, given)
    return redirect("desk:reported", done.case.pk)


@require_safe
def reported(request: Any, case_id: int) -> HttpResponse:
    """What was taken in: number, who has it, and for a caller the receipt code in large type."""
    case = (
        Case.objects.filter(pk=case_id, reported_by_id=request.actor.user_id)
        .select_related("responsible", "matter", "area")
        .first()
    )
    if case is None:
        raise NotFound(_("没有找到您登记的这条上报。"))
    fresh = clock.now() - case.reported_at < CODE_SHOWN_FOR
    for_caller = case.channel != Channel.WORKER and fresh
    context = {"case": case, "code": receipt_code(case.key) if for_caller else "", "for_caller": for_caller}
    return render(request, "desk/reported.html", context)


@require_safe
def area_options(request: Any) -> HttpResponse:
    """Fragment: communities and grids whose name or code holds the words."""
    words = request.GET.get("area_words", "").strip()[:40]
    found = areas_named(words, _paths(request.actor)) if words else []
    chosen = request.GET.get("area", "")
    return render(request, "desk/parts/area_options.html", {"areas": found, "words": words, "chosen": chosen})


@require_safe
def nearby(request: Any) -> HttpResponse:
    """Fragment: the same thing already reported close to the chosen point."""
    try:
        lon, lat = float(request.GET.get("lon", "")), float(request.GET.get("lat", ""))
    except ValueError:
        return HttpResponse("")
    matter = request.GET.get("matter", "")
    found = same_nearby(lon, lat, whole(matter))
    return render(request, "desk/parts/nearby.html", {"nearby": found})


def _paths(actor: Actor) -> list[str]:
    return [post.area_path for post in actor.posts]


def _form(request: Any, form: IntakeForm, status: int = 200) -> HttpResponse:
    actor: Actor = request.actor
    matter, condition = _held(form, "matter"), _held(form, "condition")
    area = plan_area([post.area_id for post in actor.posts])
    # A grid or community is looked at closely; a wider area is shown whole.
    near = next((post for post in actor.posts if post.area_level in ("grid", "community")), None)
    centre = centre_of_area(near.area_id) if near else None
    chosen = _held(form, "area")
    area_id = whole(chosen)
    context = {
        "form": form,
        "worker": form.channel == Channel.WORKER,
        "operator": form.channel == Channel.OPERATOR,
        "places": recent_places(actor) if form.channel == Channel.WORKER else [],
        "map_area": area,
        "lookup": reverse("maps:at"),
        "centre": f"{centre[0]},{centre[1]}" if centre else "",
        "areas": areas_named("", _paths(actor), area_id) if area_id else [],
        "chosen": chosen,
        "facility": facility_of(_held(form, "facility")),
        "photos_lost": form.is_bound and bool(form.files),
        **matters.options(request.POST.get("matter_words", ""), matter),
        **matters.condition_options(matter, condition),
    }
    return render(request, "desk/report.html", context, status=status)


def facility_of(value: str) -> Facility | None:
    """The facility that the form is about (at most 1 statement)."""
    facility_id = whole(value)
    return Facility.objects.filter(pk=facility_id).first() if facility_id else None


def _held(form: IntakeForm, name: str) -> str:
    return str(form[name].value() or "") if name in form.fields else ""
