"""What the pages of the administration share: who may edit, the area looked at, forms over services."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import may_administer
from wangge.domain.catalogue.models import Subject
from wangge.domain.catalogue.queries import last_revision, revisions_of
from wangge.domain.catalogue.services.revisions import hold_subject
from wangge.domain.places.models import Area
from wangge.domain.places.queries import ancestors
from wangge.faces.desk.forms.errors import show
from wangge.platform import clock
from wangge.platform.errors import NotAllowed, WanggeError
from wangge.platform.given import day, whole
from wangge.platform.hold import hold
from wangge.platform.language import english
from wangge.platform.once.services import once, was_sent

PAGE_ROWS = 50


class ServiceForm(forms.Form):
    """A form whose checks are the service's: its errors come back at the fields they name.

    Each form that is opened has a key of its own: sent twice, it acts once. `again_sent` says that it had come before.
    """

    result: Any = None
    again_sent = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"] = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def submit(self, act: Callable[..., Any], guard: "Guard | None" = None) -> bool:
        """Run `act(**cleaned_data)` once; False, with the errors shown at their fields, when it refuses, and when the
        guard tells that somebody else saved first."""
        if (guard and not guard.clear(self)) or not self.is_valid():
            return False
        values = dict(self.cleaned_data)
        key = values.pop("key", None)
        try:
            if key is None:
                self.result = act(**values)
            else:
                self.result, self.again_sent = once(key, self._sent(), lambda: act(**values))
        except WanggeError as refusal:
            show(self, refusal)
        return not self.errors

    def came_before(self) -> bool:
        """Whether this very form was worked on already: what it is compared with may be its own doing."""
        return self.is_valid() and was_sent(self.cleaned_data.get("key"))

    def _sent(self) -> dict[str, list[str]]:
        """What was typed, without passwords: not even a hash of one is kept here."""
        return {
            name: self.data.getlist(name)  # type: ignore[attr-defined]
            for name, field in self.fields.items()
            if not isinstance(field.widget, forms.PasswordInput)
        }


@dataclass(frozen=True, slots=True)
class Both:
    """A field that somebody else and this person filled in differently."""

    label: str
    saved: str
    mine: str


class Guard:
    """Keeps a form from overwriting what somebody else saved since it was opened.

    `seen` is what the form was opened on and sends back: the number of a version, or `seen_of` what it changes.
    A form that sends none is not guarded. `saved` holds values that the form's initial ones do not show.
    """

    def __init__(
        self, request: Any, seen: int, who: str = "", saved: Mapping[str, Any] | None = None
    ) -> None:
        self.seen = seen
        self.who = who
        self.saved = dict(saved or {})
        self.both: list[Both] = []
        sent = whole(request.POST.get("seen", "")) if request.method == "POST" else None
        self.stale = sent is not None and sent != seen

    def clear(self, form: "ServiceForm") -> bool:
        """Whether the form may be saved; if not, `both` shows each field that differs from what is saved now."""
        if not self.stale:
            return True
        if form.came_before():
            self.stale = False
            return True
        for name, field in form.fields.items():
            if isinstance(field.widget, forms.HiddenInput):
                continue
            saved = self.saved.get(name, form.get_initial_for_field(field, name))
            mine = form.data.get(name, "")
            if field.has_changed(saved, mine):
                self.both.append(Both(str(field.label), _shown(field, saved), _shown(field, mine)))
        return False


def seen_of(*values: Any) -> int:
    """A signed hash of what a form was opened on; it shows nothing of the values."""
    digest = salted_hmac("wangge.seen", json.dumps(values, default=str), algorithm="sha256")
    return int(digest.hexdigest()[:15], 16)


def one_at_a_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What is sent to one address is worked on in turn: nothing changes between the guard's look and the saving."""

    @wraps(view)
    def in_turn(request: Any, *words: Any, **named: Any) -> HttpResponse:
        if request.method == "POST":
            hold(f"address {request.path}")
        return view(request, *words, **named)

    return in_turn


def values_guard(request: Any, *values: Any, saved: Mapping[str, Any] | None = None) -> Guard:
    """The guard of a form over values that have no version of their own: those it was opened on (no statement).

    The view is `one_at_a_time`.
    """
    return Guard(request, seen_of(*values), saved=saved)


def revision_guard(request: Any, subject: Subject, of: int) -> Guard:
    """The guard of a form over a subject with a history (1 statement; 2 when it is sent, 3 after a clash).

    Made before anything of the subject is read: when the form is sent, nobody else changes it from here on.
    """
    if request.method == "POST":
        hold_subject(subject, of)
    guard = Guard(request, last_revision(subject, of))
    if guard.stale and (last := revisions_of(subject, of).first()):
        guard.who = last.user.name if last.user else ""
    return guard


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("是") if field.to_python(value) else _("否")
    if isinstance(field, forms.ChoiceField):
        return str({str(key): words for key, words in field.choices}.get(str(value), value or ""))  # type: ignore
    return "" if value is None else str(value)


def must_administer(request: Any) -> None:
    """Raises NotAllowed for everybody but administrators; the services ask again."""
    if not may_administer(request.actor):
        raise NotAllowed(_("只有平台管理员可以修改这里的内容。"))


def page(request: Any, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page of the administration; `can_edit` tells the template whether to offer changes."""
    shared = {"can_edit": may_administer(request.actor), "english": english()}
    return render(request, f"desk/admin/{template}", shared | context, status=status)


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
    guard: Guard | None = None,
    **more: Any,
) -> HttpResponse:
    """A page that holds one form; `part` is a template with more beside it, which reads `more`.

    `guard` shows both versions when somebody else saved first; sending again then saves this person's.
    """
    context = {
        "form": form,
        "title": title,
        "back": back,
        "action": action or _("保存"),
        "note": note,
        "danger": danger,
        "part": part,
        "guard": guard,
    }
    context |= more
    return render(request, "desk/admin/form.html", context, status=form_status(form, guard))


def form_status(form: forms.Form, guard: Guard | None = None) -> int:
    """200 of a form that is opened, 422 of one to be mended, 409 of one that somebody else was faster with."""
    clash = guard is not None and guard.stale
    return 409 if clash else 422 if form.errors else 200


def done(request: HttpRequest, text: str, to: str) -> HttpResponse:
    """After a change: say so on the next page."""
    messages.success(request, text)
    return redirect(to)


def pdf_answer(data: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows; `name` is offered for saving it."""
    answer = HttpResponse(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


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
        found = Area.objects.filter(pk=whole(asked) or 0).first()
    elif posts:
        found = Area.objects.filter(pk=posts[0].area_id).first()
    else:
        found = Area.objects.filter(parent__isnull=True, active=True).order_by("code").first()
    if found is None:
        raise Http404
    return found


def asked_day(request: HttpRequest, name: str = "day") -> date:
    """The day of `?day=`, today when none or nonsense is given."""
    return day(request.GET.get(name, "")) or clock.today()


def asked_id(request: HttpRequest, name: str) -> int | None:
    """A number of the address, None when it is none."""
    return whole(request.GET.get(name, ""))
