"""Rosters: my shift today, the week of the station, the month as a sheet."""

import io
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.models import Post
from wangge.domain.register.services.base import visible
from wangge.domain.shifts import queries, services
from wangge.domain.shifts.models import Shift, ShiftKind
from wangge.faces.desk.admin_pages import ServiceForm, asked_day, attempt, done, form_page, posted
from wangge.faces.desk.forms.visits import key_of
from wangge.platform import clock
from wangge.platform.errors import NotAllowed, NotFound
from wangge.platform.given import day as given_day
from wangge.platform.sheets.writing import XLSX, Column, write_xlsx

WEEK = timedelta(days=7)


class RosterForm(ServiceForm):
    """A post's shifts of a week."""

    post_id = forms.TypedChoiceField(label=gettext_lazy("谁"), coerce=int)
    kind = forms.ChoiceField(label=gettext_lazy("哪个班"), choices=ShiftKind.choices)
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("哪几天"), coerce=given_day, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, posts: list[Post], monday: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        post: Any = self.fields["post_id"]
        post.choices = [(one.pk, f"{one.area.name} {one.user.name}") for one in posts]
        days: Any = self.fields["days"]
        week = [monday + timedelta(days=n) for n in range(7)]
        days.choices = [
            (day.isoformat(), f"{day:%m-%d} {date_format(day, 'l')}") for day in week if day >= clock.today()
        ]


def must_roster(request: Any) -> None:
    """Raises NotAllowed for posts whose work is on no roster."""
    if not rosters(request.actor):
        raise NotAllowed(_("网格和社区的岗位才排班。"))


def rosters(actor: Any) -> bool:
    """Whether the actor's work is on a roster."""
    return isinstance(actor, Actor) and actor.has(*queries.ROSTERED)


@require_safe
def roster(request: Any) -> HttpResponse:
    """My shifts today, each begun and ended with one press; the week of the ring."""
    must_roster(request)
    monday = _monday(request)
    context = {
        "mine": queries.mine(request.actor, clock.today()),
        "days": queries.week(request.actor, monday),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - WEEK,
        "after": monday + WEEK,
        "today": clock.today(),
        "plans": request.actor.has(*queries.PLANNERS) and monday + WEEK > clock.today(),
        "stands_in": {post.id for post in request.actor.posts if post.on_behalf_of is not None},
    }
    return render(request, "desk/visits/roster.html", context)


def plan(request: Any) -> HttpResponse:
    """Shifts of one post in a week."""
    _must_plan(request)
    monday = _monday(request)
    form = RosterForm(queries.rostered_posts(request.actor, clock.today()), monday, posted(request))
    if request.method == "POST" and form.submit(
        lambda **v: bool(services.plan(request.actor, key_of(form), **v))
    ):
        return done(request, _("已排班。"), _at(monday))
    return form_page(request, form, title=_("排班"), back=_at(monday), action=_("排班"))


@require_POST
def copy_week(request: Any) -> HttpResponse:
    """The week before once more; a second time adds nothing."""
    _must_plan(request)
    monday = _monday(request)
    made = services.copy_week(request.actor, monday)
    text = _("已复制 %(n)d 个班。") % {"n": made} if made else _("上周没有可以复制的班，或者都排过了。")
    return done(request, text, _at(monday))


@require_POST
def act(request: Any, shift_id: int, what: str) -> HttpResponse:
    """On duty, off duty, off the roster."""
    must_roster(request)
    shift = visible(request.actor, Shift, shift_id)
    acts = {
        "begin": (services.begin, _("已上班。")),
        "end": (services.end, _("已下班。")),
        "remove": (services.remove, _("已取消这个班。")),
    }
    if what not in acts:
        raise NotFound(_("没有这个操作。"))
    run, text = acts[what]
    return attempt(request, lambda: run(request.actor, shift_id), text, _at(_monday_of(shift.day)))


@require_safe
def month(request: Any) -> HttpResponse:
    """Everybody's month, to read and to print."""
    must_roster(request)
    first = asked_day(request).replace(day=1)
    context = {
        "first": first,
        "before": first - timedelta(days=1),
        "after": (first + timedelta(days=31)).replace(day=1),
        "rows": queries.month(request.actor, first),
    }
    return render(request, "desk/visits/month.html", context)


@require_safe
def month_file(request: Any) -> FileResponse:
    """The month as a book: one row for each shift."""
    must_roster(request)
    first = asked_day(request).replace(day=1)
    columns = [
        Column(name, width)
        for name, width in (
            (_("姓名"), 12),
            (_("网格或单位"), 24),
            (_("日期"), 14),
            (_("班次"), 12),
            (_("上班"), 20),
            (_("下班"), 20),
            (_("替班人"), 12),
        )
    ]
    rows = (
        (
            one.name,
            one.place,
            line.shift.day,
            line.shift.get_kind_display(),
            line.shift.begun_at,
            line.shift.ended_at,
            line.instead,
        )
        for one in queries.month(request.actor, first)
        for line in one.lines
    )
    out = io.BytesIO()
    write_xlsx(out, _("考勤表"), columns, rows)
    out.seek(0)
    name = f"{_('考勤表')}-{first:%Y-%m}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


def _must_plan(request: Any) -> None:
    if not request.actor.has(Role.STATION_OFFICER, Role.STATION_HEAD):
        raise NotAllowed(_("由社区工作站排班。"))


def _monday(request: Any) -> date:
    return _monday_of(asked_day(request))


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _at(monday: date) -> str:
    return f"{reverse('desk:shifts')}?day={monday.isoformat()}"
