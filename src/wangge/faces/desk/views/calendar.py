"""The working calendar of a district: a year at a glance, own days, hours, and a calculator to check it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.domain.catalogue import services
from wangge.domain.catalogue.calendar import Day, calendar_of, days_of_year, hours_of
from wangge.domain.catalogue.models import Subject
from wangge.domain.places.models import Area, Level
from wangge.engines.worktime import CHINA, Duration, Unit, WorkCalendar
from wangge.faces.desk.admin_pages import (
    AreaBar,
    ServiceForm,
    area_bar,
    asked_day,
    done,
    form_page,
    must_administer,
    page,
    posted,
    revision_guard,
)
from wangge.faces.desk.views.catalogue import UNIT_NAMES
from wangge.platform import clock

YEARS = range(2004, 2100)


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks of seven; None where a day belongs to another month."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    working_days: int


class Calculator(forms.Form):
    begin = forms.DateTimeField(
        label=gettext_lazy("从"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    amount = forms.IntegerField(label=gettext_lazy("时限"), min_value=1, max_value=services.LONGEST_LIMIT)
    unit = forms.ChoiceField(label=gettext_lazy("单位"), choices=UNIT_NAMES)
    area = forms.CharField(required=False, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a local day contributes to a limit."""

    date: date
    run: timedelta


@dataclass(frozen=True, slots=True)
class Answer:
    """When a limit ends, and how it was counted day by day."""

    due: datetime
    clock: bool
    days: tuple[Counted, ...]


def year(request: Any) -> HttpResponse:
    """Twelve months of a district, its hours, and the calculator."""
    bar = area_bar(request)
    district = _district(bar)
    asked = request.GET.get("year", "")
    shown = (
        int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in YEARS else clock.today().year
    )
    days = days_of_year(district.pk, shown)
    form = _calculator(request, district, shown)
    return page(
        request,
        "calendar.html",
        bar=bar,
        district=district,
        year=shown,
        months=_months(days),
        own=[day for day in days if day.override],
        hours=_week_words(hours_of(district.pk)),
        known_until=CHINA.known_until,
        calculator=form,
        answer=_answer(form, calendar_of(district.pk)),
        today=clock.today(),
    )


def _district(bar: AreaBar) -> Area:
    """The district around the area looked at; above it, its first district."""
    inside = bar.at(Level.DISTRICT)
    below = Area.objects.filter(path__startswith=bar.area.path, level=Level.DISTRICT, active=True)
    found = inside or below.order_by("code").first()
    if found is None:
        raise Http404
    return found


def _months(days: Sequence[Day]) -> list[Month]:
    return [_month(list(group)) for _number, group in groupby(days, lambda day: day.date.month)]


def _month(days: list[Day]) -> Month:
    cells: list[Day | None] = [None] * days[0].date.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))
    return Month(days[0].date, weeks, sum(day.working for day in days))


def _week_words(week: Sequence[Sequence[tuple[time, time]]]) -> list[tuple[str, str]]:
    """Each weekday with its hours as they are typed: "09:00-12:00 13:00-18:00"."""
    return [(str(WEEKDAYS[n]), _periods_words(periods)) for n, periods in enumerate(week)]


def _periods_words(periods: Sequence[tuple[time, time]]) -> str:
    return " ".join(f"{begins:%H:%M}-{ends:%H:%M}" for begins, ends in periods)


def _calculator(request: Any, district: Area, shown: int) -> Calculator:
    fixed = {"area": str(district.pk), "year": str(shown)}
    if "amount" in request.GET:
        return Calculator(request.GET.dict() | fixed)
    begin = timezone.localtime(clock.now()).replace(second=0, microsecond=0, tzinfo=None)
    return Calculator(initial={"begin": begin, "amount": 2, "unit": Unit.WORK_DAY.value} | fixed)


def _answer(form: Calculator, calendar: WorkCalendar) -> Answer | None:
    if not form.is_bound or not form.is_valid():
        return None
    begin = form.cleaned_data["begin"]
    duration = Duration(form.cleaned_data["amount"], Unit(form.cleaned_data["unit"]))
    try:
        due = calendar.due(begin, duration)
    except ValueError:
        form.add_error("begin", _("这个日期超出了日历的范围。"))
        return None
    basis = calendar.basis(duration.unit)
    days = () if basis == "clock" else tuple(_counted(calendar, begin, due))
    return Answer(due, basis == "clock", days)


def _counted(calendar: WorkCalendar, begin: datetime, due: datetime) -> Iterator[Counted]:
    """The working days that the limit ran over, with the time each took."""
    zone = timezone.get_current_timezone()
    day, last = begin.astimezone(zone).date(), due.astimezone(zone).date()
    while day <= last:
        tomorrow = day + timedelta(days=1)
        opens, closes = (datetime.combine(d, time(), zone) for d in (day, tomorrow))
        run = calendar.elapsed(max(begin, opens), min(due, closes), "work")
        if run:
            yield Counted(day, run)
        day = tomorrow


class DayForm(ServiceForm):
    working = forms.ChoiceField(
        label=gettext_lazy("这一天"),
        choices=[
            ("", gettext_lazy("按国家安排")),
            ("1", gettext_lazy("上班")),
            ("0", gettext_lazy("不上班")),
        ],
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("例如通知的文号；按国家安排时不用填。"),
    )


def day(request: Any) -> HttpResponse:
    """Override one day of a district, or let the national calendar hold again."""
    must_administer(request)
    district = _district(area_bar(request))
    guard = revision_guard(request, Subject.CALENDAR, district.pk)
    shown = asked_day(request)
    before = district.calendar_overrides.filter(day=shown).first()
    initial = {"working": str(int(before.working)), "note": before.note} if before else {}
    form = DayForm(posted(request), initial=initial)
    back = f"{reverse('desk:calendar')}?area={district.pk}&year={shown.year}"

    def act(working: str, note: str) -> None:
        if working:
            services.override_day(request.actor, district.pk, shown, working=working == "1", note=note)
        else:
            services.clear_override(request.actor, district.pk, shown)

    if request.method == "POST" and form.submit(act, guard):
        return done(request, _("已保存。新计算的时限按这一安排。"), back)
    title = _("%(area)s %(day)s 是否上班") % {"area": district.name, "day": shown.isoformat()}
    note = _("已经答复居民的时限不变；从现在起计算的时限按新的安排。")
    return form_page(request, form, title=title, back=back, note=note, guard=guard)


class PeriodsField(forms.CharField):
    """The hours of a day as "09:00-12:00 13:00-18:00"; empty for a day off."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace("，", " ").replace(",", " ").replace("：", ":")
        try:
            pairs = [part.split("-") for part in text.split()]
            return [(time.fromisoformat(begins), time.fromisoformat(ends)) for begins, ends in pairs]
        except ValueError:
            raise forms.ValidationError(_("请写成 09:00-12:00 13:00-18:00 的样子。")) from None


class HoursForm(ServiceForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number, name in WEEKDAYS.items():
            self.fields[f"day{number}"] = PeriodsField(
                label=name,
                required=False,
                max_length=60,
                help_text=_("不填就是不上班。") if not number else "",
            )


def hours(request: Any) -> HttpResponse:
    """The hours of work of a district on each weekday."""
    must_administer(request)
    district = _district(area_bar(request))
    guard = revision_guard(request, Subject.CALENDAR, district.pk)
    week = hours_of(district.pk)
    initial = {f"day{number}": _periods_words(periods) for number, periods in enumerate(week)}
    form = HoursForm(posted(request), initial=initial)
    back = f"{reverse('desk:calendar')}?area={district.pk}"
    if request.method == "POST" and form.submit(
        lambda **days: services.set_hours(request.actor, district.pk, list(days.values())), guard
    ):
        return done(request, _("工作时间已保存。"), back)
    return form_page(
        request,
        form,
        title=_("%(area)s的工作时间") % {"area": district.name},
        back=back,
        note=_("例如 09:00-12:00 13:00-18:00。新计算的时限按这一安排。"),
        guard=guard,
    )
