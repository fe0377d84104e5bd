"""The forms by which changes enter a draft: a condition, a row of the list, a day of the calendar."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wangge.domain.cases.models import Responsibility
from wangge.domain.cases.queries.responsibility import rows_set_in
from wangge.domain.catalogue.models import Condition, Matter
from wangge.domain.catalogue.services import condition_faults
from wangge.domain.catalogue.services.snapshots import CONDITION_FIELDS
from wangge.domain.places.models import Area, Level
from wangge.domain.rulebook.bases import (
    condition_base,
    condition_subject,
    day_base,
    day_subject,
    duty_subject,
)
from wangge.domain.rulebook.models import DraftChange, Kind
from wangge.domain.rulebook.queries import change_of, change_page, draft_page
from wangge.domain.rulebook.services import changes as changing
from wangge.faces.desk.admin_pages import (
    Guard,
    area_bar,
    asked_id,
    attempt,
    done,
    form_page,
    must_administer,
    page,
    posted,
)
from wangge.faces.desk.forms.widgets import DayField
from wangge.faces.desk.rule_words import limit_example
from wangge.faces.desk.views.calendar import DayForm
from wangge.faces.desk.views.catalogue import ConditionForm
from wangge.faces.desk.views.responsibility import DutyRowForm, when_part
from wangge.platform import clock
from wangge.platform.errors import Invalid
from wangge.platform.given import day as day_of
from wangge.platform.language import named


def _guard(request: Any, change: DraftChange | None) -> Guard:
    """Two people at one change of one draft."""
    who = change.edited_by.name if change and change.edited_by else ""
    return Guard(request, change.version if change else 0, who)


def condition(request: Any, draft_id: int, matter_id: int) -> HttpResponse:
    """A condition as it shall be (`?number=`), or a new one; `?check` answers while it is typed."""
    must_administer(request)
    found = draft_page(draft_id)
    matter = Matter.objects.filter(pk=matter_id).first()
    number = asked_id(request, "number")
    base = condition_base(matter_id, number) if number else None
    if matter is None or (number and base is None):
        raise Http404
    change = change_of(draft_id, condition_subject(matter_id, number)) if number else None
    values = (change.values if change and change.kind == Kind.CONDITION else None) or base or {}
    form = ConditionForm(posted(request), initial={name: values.get(name) for name in CONDITION_FIELDS})
    if "check" in request.GET:
        return _condition_check(request, form, matter)
    guard = _guard(request, change)
    back = reverse("desk:draft", args=[draft_id])
    if request.method == "POST" and form.submit(
        lambda **v: changing.put_condition(
            request.actor, draft_id, matter_id, number, v, seen=guard.seen if number else None
        ),
        guard,
    ):
        return done(request, _("已写进方案。"), back)
    told = {"name": named(matter), "number": number, "draft": found.draft.name}
    title = _("“%(name)s”的条件 %(number)s") % told if number else _("给“%(name)s”增加立案条件") % told
    note = _("写进方案“%(draft)s”，发布以后才生效。") % told
    live = f"?number={number}&check=1" if number else "?check=1"
    return form_page(request, form, title=title, back=back, note=note, guard=guard, live=live)


def _condition_check(request: Any, form: ConditionForm, matter: Matter) -> HttpResponse:
    faults, example = {}, ""
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in CONDITION_FIELDS}
        row = Condition(matter=matter, number=0, **values)
        faults = condition_faults(row)
        if "amount" not in faults and "unit" not in faults:
            example = limit_example(request.actor)(row)
    texts = [*faults.values(), *(text for found in form.errors.values() for text in found)]
    return page(request, "live_check.html", faults=texts, example=example)


@require_POST
def end_condition(request: Any, draft_id: int, matter_id: int) -> HttpResponse:
    must_administer(request)
    number = asked_id(request, "number")
    if number is None:
        raise Http404
    return attempt(
        request,
        lambda: changing.put_condition(request.actor, draft_id, matter_id, number, None),
        _("已写进方案。"),
        reverse("desk:draft", args=[draft_id]),
    )


class DraftDutyForm(DutyRowForm):
    duty = forms.ChoiceField(label=gettext_lazy("职责领域"), required=False)
    code = forms.CharField(
        label=gettext_lazy("或单个事项的编码"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("填了编码就只管这一个事项，例如 06011。"),
    )
    field_order = ("duty", "code", "unit_id", "note", "when", "when_name")

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(area, *args, **options)
        del self.fields["starts_on"]
        choices = DutyRowForm.base_fields["duty"].choices  # type: ignore[attr-defined]
        self.fields["duty"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


def duty(request: Any, draft_id: int) -> HttpResponse:
    """A row of the responsibility list as it shall be in the area of the address."""
    must_administer(request)
    found, bar = draft_page(draft_id), area_bar(request)
    change = _asked_change(request, draft_id)
    row = Responsibility.objects.filter(pk=asked_id(request, "row") or 0).first()
    values: dict[str, Any] = change.values if change else _row_values(row)
    matter = Matter.objects.filter(pk=values.get("matter_id") or 0).first()
    initial = values | {"code": matter.code if matter else ""}
    form = DraftDutyForm(bar.area, posted(request), initial=initial)
    guard = _guard(request, change)
    back = reverse("desk:draft", args=[draft_id])

    def act(duty: str, code: str, **more: Any) -> Any:
        chosen = _by_code(code)
        given = more | {"matter_id": chosen, "duty": "" if chosen else duty}
        same = change and duty_subject(bar.area.pk, given) == change.subject
        seen = guard.seen if same else None
        return changing.put_duty(request.actor, draft_id, bar.area.pk, given, seen=seen)

    if request.method == "POST" and form.submit(act, guard):
        return done(request, _("已写进方案。"), back)
    own = [row for row in rows_set_in(bar.area) if row.ends_on is None]
    title = _("%(area)s：由谁主办") % {"area": bar.area.name}
    note = _("写进方案“%(draft)s”，发布以后才生效。") % {"draft": found.draft.name}
    more = when_part() | {"part": "desk/admin/draft_duty.html", "bar": bar, "own": own, "draft": found.draft}
    return form_page(request, form, title=title, back=back, note=note, guard=guard, **more)


def _asked_change(request: Any, draft_id: int) -> DraftChange | None:
    asked = asked_id(request, "change")
    change = change_page(asked) if asked else None
    return change if change and change.draft_id == draft_id and change.kind == Kind.DUTY else None


def _row_values(row: Responsibility | None) -> dict[str, Any]:
    names = ("matter_id", "duty", "unit_id", "when", "when_name", "note")
    return {name: getattr(row, name) for name in names} if row else {}


def _by_code(code: str) -> int | None:
    if not code.strip():
        return None
    found = Matter.objects.filter(code=code.strip()).exclude(kind="component").first()
    if found is None:
        raise Invalid({"code": _("目录里没有这个编码的事项。")})
    return found.pk


@require_POST
def end_duty(request: Any, draft_id: int, row_id: int) -> HttpResponse:
    must_administer(request)
    return attempt(
        request,
        lambda: changing.end_duty(request.actor, draft_id, row_id),
        _("已写进方案。"),
        reverse("desk:draft", args=[draft_id]),
    )


class DraftDayForm(DayForm):
    day = DayField(label=gettext_lazy("日期"))
    field_order = ("day", "working", "note")


def day(request: Any, draft_id: int) -> HttpResponse:
    """A day of a district's calendar as it shall be."""
    must_administer(request)
    found, bar = draft_page(draft_id), area_bar(request)
    district = bar.at(Level.DISTRICT)
    if district is None:
        below = Area.objects.filter(path__startswith=bar.area.path, level=Level.DISTRICT, active=True)
        district = below.order_by("code").first()
    if district is None:
        raise Http404
    shown = _asked_date(request)
    change = change_of(draft_id, day_subject(district.pk, shown.isoformat())) if shown else None
    values = change.values if change else (day_base(district.pk, shown) if shown else None) or {}
    working = {True: "1", False: "0", None: ""}[values.get("working")]
    initial = {"day": shown or clock.today(), "working": working, "note": values.get("note", "")}
    form = DraftDayForm(posted(request), initial=initial)
    guard = _guard(request, change)
    back = reverse("desk:draft", args=[draft_id])
    district_id = district.pk

    def act(day: date, working: str, note: str) -> Any:
        seen = guard.seen if day == shown else None
        told = working == "1" if working else None
        return changing.put_day(request.actor, draft_id, district_id, day, told, note, seen=seen)

    if request.method == "POST" and form.submit(act, guard):
        return done(request, _("已写进方案。"), back)
    title = _("%(area)s：哪天上班，哪天不上班") % {"area": district.name}
    note = _("写进方案“%(draft)s”，发布以后才生效。") % {"draft": found.draft.name}
    return form_page(request, form, title=title, back=back, note=note, guard=guard)


def _asked_date(request: Any) -> date | None:
    return day_of(request.GET.get("day", ""))


def edit(request: Any, change_id: int) -> HttpResponse:
    """To the form of a change."""
    must_administer(request)
    change = change_page(change_id)
    match change.kind:
        case Kind.CONDITION | Kind.END_CONDITION:
            address = reverse("desk:draft-condition", args=[change.draft_id, change.matter_id])
            return redirect(f"{address}?number={change.subject.split()[-1]}")
        case Kind.DAY:
            address = reverse("desk:draft-day", args=[change.draft_id])
            return redirect(f"{address}?area={change.area_id}&day={change.values['day']}")
        case _:
            address = reverse("desk:draft-duty", args=[change.draft_id])
            return redirect(f"{address}?area={change.area_id}&change={change.pk}")
