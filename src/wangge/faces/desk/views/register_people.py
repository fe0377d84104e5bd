"""Households and residents: moving in, changes, moving out, two rows of one person, values kept for a service."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.domain.register.models import Detail, DetailKind, Household, Merge, Resident
from wangge.domain.register.queries.homes import address_of, home
from wangge.domain.register.services import details, merging, people
from wangge.domain.register.services.base import kept
from wangge.domain.register.services.details import NEEDS
from wangge.faces.desk.admin_pages import attempt, done, form_page, one_at_a_time, posted, values_guard
from wangge.faces.desk.forms.register import (
    ChangeResidentForm,
    DayForm,
    DetailForm,
    HouseholdForm,
    MergeForm,
    ResidentForm,
    changes,
)
from wangge.faces.desk.views.register import must_serve
from wangge.platform import clock
from wangge.platform.errors import Invalid


def of_dwelling(dwelling_id: int) -> str:
    return reverse("desk:household-of-dwelling", args=[dwelling_id])


def new_household(request: Any, dwelling_id: int) -> HttpResponse:
    """A household moves into a dwelling."""
    must_serve(request)
    dwelling = people.dwelling_of(request.actor, dwelling_id)
    form = HouseholdForm(posted(request))
    if request.method == "POST" and form.submit(
        lambda **v: people.add_household(request.actor, dwelling_id, **v)
    ):
        to = reverse("desk:new-resident", args=[form.result.pk])
        return done(request, _("已登记一户，请登记住的人。"), to)
    title = _("在%(address)s登记一户") % {"address": address_of(home(request.actor, dwelling.pk).dwelling)}
    return form_page(request, form, title=title, back=of_dwelling(dwelling_id))


@one_at_a_time
def household(request: Any, household_id: int) -> HttpResponse:
    """Another way of living there, or another day of moving in."""
    must_serve(request)
    found = kept(request.actor, Household, household_id)
    form = HouseholdForm(posted(request), initial={"stay": found.stay, "since": found.since})
    guard = values_guard(request, found.version)
    back = of_dwelling(found.dwelling_id)
    if request.method == "POST" and form.submit(
        lambda **v: people.change_household(request.actor, household_id, **v), guard
    ):
        return done(request, _("已保存。"), back)
    return form_page(request, form, title=_("修改这一户"), back=back, guard=guard)


@one_at_a_time
def move_out(request: Any, household_id: int) -> HttpResponse:
    """The whole household leaves."""
    must_serve(request)
    found = kept(request.actor, Household, household_id)
    form = DayForm(posted(request), initial={"on": clock.today()})
    guard = values_guard(request, found.version)
    back = of_dwelling(found.dwelling_id)
    if request.method == "POST" and form.submit(
        lambda **v: people.move_out(request.actor, household_id, **v), guard
    ):
        return done(request, _("已登记迁出。"), back)
    note = _("这一户的人都按这一天迁出。他们的信息两年后自动删除。")
    return form_page(
        request, form, title=_("整户迁出"), back=back, guard=guard, note=note, action=_("登记迁出")
    )


def new_resident(request: Any, household_id: int) -> HttpResponse:
    """A person moves into a household."""
    must_serve(request)
    found = kept(request.actor, Household, household_id)
    form = ResidentForm(posted(request), initial={"relation": "head", "residence": "unknown"})
    back = of_dwelling(found.dwelling_id)
    if request.method == "POST" and form.submit(
        lambda **v: people.add_resident(request.actor, household_id, **v)
    ):
        to = request.path if "more" in request.POST else back
        return done(request, _("已登记一人。"), to)
    note = _("只登记服务用得到的。电话、出生年份可以不填。本人能看到谁查看过。")
    return form_page(request, form, title=_("登记住的人"), back=back, note=note, again=_("保存并登记下一人"))


@one_at_a_time
def resident(request: Any, resident_id: int) -> HttpResponse:
    """Change a person; the form is opened empty, because opening a page discloses nothing."""
    must_serve(request)
    found = kept(request.actor, Resident, resident_id, "household")
    form = ChangeResidentForm(posted(request))
    guard = values_guard(request, found.version)
    back = of_dwelling(found.household.dwelling_id)
    if request.method == "POST" and form.submit(
        lambda **v: people.change_resident(request.actor, resident_id, **changes(v)), guard
    ):
        return done(request, _("已保存。"), back)
    note = _("只填要改的，留空的不变。这里不显示现在登记的内容。")
    return form_page(request, form, title=_("修改登记"), back=back, guard=guard, note=note)


@one_at_a_time
def resident_leaves(request: Any, resident_id: int) -> HttpResponse:
    """One person of a household leaves."""
    must_serve(request)
    found = kept(request.actor, Resident, resident_id, "household")
    form = DayForm(posted(request), initial={"on": clock.today()})
    guard = values_guard(request, found.version)
    back = of_dwelling(found.household.dwelling_id)
    if request.method == "POST" and form.submit(
        lambda **v: people.resident_leaves(request.actor, resident_id, **v), guard
    ):
        return done(request, _("已登记迁出。"), back)
    return form_page(request, form, title=_("一人迁出"), back=back, guard=guard, action=_("登记迁出"))


@require_POST
def merge(request: Any) -> HttpResponse:
    """Two people who were shown are one; can be undone on the page of the dwelling."""
    must_serve(request)
    form = MergeForm(request.POST)
    if not form.is_valid():
        raise Invalid({"gone": _("请选择要合并的两条登记。")})
    stays = kept(request.actor, Resident, form.cleaned_data["kept"], "household")
    return attempt(
        request,
        lambda: merging.merge(request.actor, stays.pk, form.cleaned_data["gone"]),
        _("已合并为一人。合并错了可以在显示这一户时撤销。"),
        of_dwelling(stays.household.dwelling_id),
    )


@require_POST
def undo_merge(request: Any, merge_id: int) -> HttpResponse:
    """Both rows as they were."""
    must_serve(request)
    found = kept(request.actor, Merge, merge_id, "kept__household")
    to = of_dwelling(found.kept.household.dwelling_id)
    return attempt(request, lambda: merging.undo(request.actor, merge_id), _("已撤销合并。"), to)


def new_detail(request: Any, resident_id: int) -> HttpResponse:
    """A value that a service requires: an ID number, or a sex."""
    must_serve(request)
    found = kept(request.actor, Resident, resident_id, "household")
    form = DetailForm(posted(request))
    back = of_dwelling(found.household.dwelling_id)
    if request.method == "POST" and form.submit(lambda **v: details.add(request.actor, resident_id, **v)):
        return done(request, _("已保存，只用于这项服务。"), back)
    return form_page(request, form, title=_("登记服务需要的信息"), back=back)


@require_POST
def show_detail(request: Any, detail_id: int) -> HttpResponse:
    """The value in full for its service; the look is written down first."""
    must_serve(request)
    detail = details.show(request.actor, detail_id, request.POST.get("purpose", ""))
    back = of_dwelling(detail.resident.household.dwelling_id)
    facts = [(DetailKind(detail.kind).label, detail.value), (_("用于"), _(NEEDS[detail.need].name))]
    return disclosed(request, _("服务需要的信息"), facts, back)


@require_POST
def remove_detail(request: Any, detail_id: int) -> HttpResponse:
    """The service is done, the value goes."""
    must_serve(request)
    found = kept(request.actor, Detail, detail_id, "resident__household")
    to = of_dwelling(found.resident.household.dwelling_id)
    return attempt(request, lambda: details.remove(request.actor, detail_id), _("已删除。"), to)


def disclosed(request: Any, title: str, facts: list[tuple[Any, Any]], back: str) -> HttpResponse:
    """A page of what was just disclosed; the browser does not keep it."""
    context = {"title": title, "facts": facts, "back": back}
    answer = render(request, "desk/register/disclosed.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
