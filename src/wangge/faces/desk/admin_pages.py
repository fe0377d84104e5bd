"""What the pages of the administration share: who may edit, the area looked at, forms over services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import may_administer
from wangge.domain.places.models import Area
from wangge.domain.places.queries import ancestors
from wangge.faces.desk.forms.errors import show
from wangge.platform import clock
from wangge.platform.errors import NotAllowed, WanggeError
from wangge.platform.language import english

PAGE_ROWS = 50


class ServiceForm(forms.Form):
    """A form whose checks are the service's: its errors come back at the fields they name."""

    result: Any = None

    def submit(self, act: Callable[..., Any]) -> bool:
        """Run `act(**cleaned_data)`; False, with the errors shown at their fields, when it refuses."""
        if not self.is_valid():
            return False
        try:
            self.result = act(**self.cleaned_data)
        except WanggeError as refusal:
            show(self, refusal)
        return not self.errors


def must_administer(request: Any) -> None:
    """Raises NotAllowed for everybody but administrators; the services ask again."""
    if not may_administer(request.actor):
        raise NotAllowed(_("只有平台管理员可以修改这里的内容。"))


def page(request: Any, template: str, **context: Any) -> HttpResponse:
    """Render a page of the administration; `can_edit` tells the template whether to offer changes."""
    shared = {"can_edit": may_administer(request.actor), "english": english()}
    return render(request, f"desk/admin/{template}", shared | context)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when it is nothing; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: Any,
    form: forms.Form,
    *,
    title: str,
    back: str,
    action: str = "",
    note: str = "",
    danger: bool = False,
    part: str = "",
    **more: Any,
) -> HttpResponse:
    """A page that holds one form; `part` is a template with more beside it, which reads `more`."""
    context = {
        "form": form,
        "title": title,
        "back": back,
        "action": action or _("保存"),
        "note": note,
        "danger": danger,
        "part": part,
    }
    context |= more
    return render(request, "desk/admin/form.html", context, status=422 if form.errors else 200)


def done(request: HttpRequest, text: str, to: str) -> HttpResponse:
    """After a change: say so on the next page."""
    messages.success(request, text)
    return redirect(to)


def attempt(request: HttpRequest, act: Callable[[], Any], text: str, to: str) -> HttpResponse:
    """A change of one button: done, or the reason why not, on the page it came from."""
    try:
        act()
    except NotAllowed:
        raise
    except WanggeError as refusal:
        messages.error(request, refusal.text)
        return redirect(to)
    return done(request, text, to)


@dataclass(frozen=True, slots=True)
class AreaBar:
    """The area a list looks at, the way down to it, and where one can go from here."""

    area: Area
    above: tuple[Area, ...]
    below: tuple[Area, ...]

    def at(self, level: str) -> Area | None:
        """The area of a level on the way down, itself included."""
        return next((area for area in (*self.above, self.area) if area.level == level), None)


def area_bar(request: Any) -> AreaBar:
    """The area of `?area=`, or the one of the actor's first post, or the top (3 statements)."""
    area = _asked_area(request)
    line = tuple(ancestors(area))
    below = tuple(area.children.filter(active=True).order_by("code"))
    return AreaBar(area, line[:-1], below)


def _asked_area(request: Any) -> Area:
    asked = request.GET.get("area", "")
    posts = request.actor.posts if isinstance(request.actor, Actor) else ()
    if asked:
        found = Area.objects.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None
    elif posts:
        found = Area.objects.filter(pk=posts[0].area_id).first()
    else:
        found = Area.objects.filter(parent__isnull=True, active=True).order_by("code").first()
    if found is None:
        raise Http404
    return found


def asked_day(request: HttpRequest, name: str = "day") -> date:
    """The day of `?day=`, today when none or nonsense is given."""
    try:
        return parse_date(request.GET.get(name, "")) or clock.today()
    except ValueError:
        return clock.today()


def asked_id(request: HttpRequest, name: str) -> int | None:
    """A number of the address, None when it is none."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else None


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
