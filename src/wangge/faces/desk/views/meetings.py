"""Meetings and activities of a grid or community: called, held with minutes, followed up."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.register.services.base import visible
from wangge.domain.visits import queries
from wangge.domain.visits.models import (
    LONGEST_MINUTES,
    LONGEST_NOTE,
    LONGEST_TEXT,
    MOST_PEOPLE,
    FollowUp,
    MeetingKind,
)
from wangge.domain.visits.services import meetings as services
from wangge.faces.desk.admin_pages import (
    PAGE_ROWS,
    ServiceForm,
    attempt,
    done,
    form_page,
    form_status,
    one_at_a_time,
    posted,
    values_guard,
)
from wangge.faces.desk.forms.visits import key_of
from wangge.faces.desk.forms.widgets import DayField
from wangge.faces.desk.views.diary import must_visit
from wangge.platform import clock
from wangge.platform.given import FIRST_DAY, LAST_DAY


class MeetingForm(ServiceForm):
    kind = forms.ChoiceField(label=gettext_lazy("哪一类"), choices=MeetingKind.choices)
    title = forms.CharField(label=gettext_lazy("议什么、办什么"), max_length=80)
    area_id = forms.TypedChoiceField(label=gettext_lazy("社区或网格"), coerce=int)
    place = forms.CharField(label=gettext_lazy("在哪里"), max_length=120)
    starts_at = forms.DateTimeField(
        label=gettext_lazy("什么时候"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    invitation = forms.CharField(
        label=gettext_lazy("通知的话"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=gettext_lazy("可以复制到居民群、贴在楼道。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, areas: list[Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["area_id"]
        field.choices = [(area.pk, area.name) for area in areas]

    def clean_starts_at(self) -> Any:
        """A time of this calendar."""
        given = self.cleaned_data["starts_at"]
        if not FIRST_DAY < given.date() < LAST_DAY:
            raise forms.ValidationError(_("日期应在 1900 年至 2199 年之间。"))
        return given


class MinutesForm(ServiceForm):
    came = forms.IntegerField(
        label=gettext_lazy("来了多少人"),
        min_value=0,
        max_value=MOST_PEOPLE,
        help_text=gettext_lazy("只记人数，不记名单。"),
    )
    minutes = forms.CharField(
        label=gettext_lazy("会议记录"),
        max_length=LONGEST_MINUTES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class FollowUpForm(ServiceForm):
    text = forms.CharField(label=gettext_lazy("要办的事"), max_length=LONGEST_NOTE)
    owner_id = forms.TypedChoiceField(label=gettext_lazy("谁来办"), coerce=int)
    due_on = DayField(label=gettext_lazy("哪天前"))

    def __init__(self, people: list[Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["owner_id"]
        field.choices = [(user.pk, user.name) for user in people]


@require_safe
def meetings(request: Any) -> HttpResponse:
    """Meetings of the ring, newest first."""
    must_visit(request)
    rows = Paginator(queries.meetings(), PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "desk/visits/meetings.html", {"rows": rows})


def new_meeting(request: Any) -> HttpResponse:
    """A meeting is called."""
    must_visit(request)
    form = MeetingForm(queries.meeting_areas(request.actor), posted(request))
    if request.method == "POST" and form.submit(lambda **v: services.call(request.actor, key_of(form), **v)):
        return done(request, _("已登记。"), reverse("desk:meeting", args=[form.result.pk]))
    return form_page(request, form, title=_("召集会议、活动"), back=reverse("desk:meetings"))


def meeting(request: Any, meeting_id: int) -> HttpResponse:
    """A meeting, its minutes, what it agreed on, and the field for more."""
    must_visit(request)
    found = queries.meeting(request.actor, meeting_id)
    form = FollowUpForm(queries.could_own(request.actor), posted(request))
    if request.method == "POST" and form.submit(
        lambda **v: services.agree(request.actor, key_of(form), meeting_id, **v)
    ):
        return done(request, _("已记下。"), reverse("desk:meeting", args=[meeting_id]))
    context = {
        "meeting": found,
        "form": form,
        "today": clock.today(),
        "began": found.starts_at <= clock.now(),
    }
    return render(request, "desk/visits/meeting.html", context, status=form_status(form))


@one_at_a_time
def minutes(request: Any, meeting_id: int) -> HttpResponse:
    """How many came and what was said."""
    must_visit(request)
    found = queries.meeting(request.actor, meeting_id)
    form = MinutesForm(posted(request), initial={"came": found.came, "minutes": found.minutes})
    guard = values_guard(request, found.version)
    back = reverse("desk:meeting", args=[meeting_id])
    if request.method == "POST" and form.submit(
        lambda **v: services.keep_minutes(request.actor, meeting_id, **v), guard
    ):
        return done(request, _("已保存记录。"), back)
    return form_page(request, form, title=_("会议记录"), back=back, note=found.title, guard=guard)


@require_POST
def finish(request: Any, follow_up_id: int) -> HttpResponse:
    """What was agreed on is done."""
    must_visit(request)
    found = visible(request.actor, FollowUp, follow_up_id, "meeting")
    to = reverse("desk:meeting", args=[found.meeting.pk])
    return attempt(request, lambda: services.finish(request.actor, follow_up_id), _("已办好。"), to)
