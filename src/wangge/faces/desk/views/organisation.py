"""Units, posts and stand-ins: who works where, on any day."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wangge.domain.access import services
from wangge.domain.access.actor import Role
from wangge.domain.access.models import ROLE_NAMES, Post, StandIn, Unit, UnitKind, User
from wangge.domain.access.queries import grid_teams, posts_on, successors, units_serving, units_under
from wangge.domain.access.services import ROLE_PLACES
from wangge.domain.cases.services import units as cases_of_units
from wangge.domain.catalogue.words import DUTIES
from wangge.domain.places.models import Area, Level
from wangge.faces.desk.admin_pages import (
    PAGE_ROWS,
    ServiceForm,
    area_bar,
    asked_day,
    asked_id,
    attempt,
    done,
    form_page,
    form_status,
    must_administer,
    one_at_a_time,
    page,
    posted,
    values_guard,
)
from wangge.faces.desk.forms.widgets import DayField
from wangge.platform import clock

ALL_DUTIES = [("", gettext_lazy("全部领域")), *DUTIES.items()]
ALL_KINDS = [("", gettext_lazy("全部类型")), *UnitKind.choices]


class UnitFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("名称"), required=False, max_length=40)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=ALL_KINDS, required=False)
    duty = forms.ChoiceField(label=gettext_lazy("职责领域"), choices=ALL_DUTIES, required=False)
    area = forms.CharField(required=False, widget=forms.HiddenInput)


class UnitForm(ServiceForm):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    short_name = forms.CharField(
        label=gettext_lazy("简称"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("列表里用，例如“环卫”。不填就用名称。"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=UnitKind.choices)
    duty = forms.ChoiceField(
        label=gettext_lazy("职责领域"),
        choices=[("", gettext_lazy("不分领域")), *DUTIES.items()],
        required=False,
        help_text=gettext_lazy("派遣时按事项的职责领域推荐主办单位。"),
    )
    phone = forms.CharField(label=gettext_lazy("办公电话"), max_length=30, required=False)
    address = forms.CharField(
        label=gettext_lazy("办公地址"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("居民上门找的地方，印在网格公示牌上。"),
    )
    active = forms.BooleanField(label=gettext_lazy("在用"), required=False, initial=True)


def units(request: Any) -> HttpResponse:
    """Units of an area and below, with the number of people in each today."""
    bar = area_bar(request)
    filters = UnitFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = units_under(
        bar.area.path, words=asked.get("q", ""), kind=asked.get("kind", ""), duty=asked.get("duty", "")
    )
    rows = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    return page(request, "units.html", bar=bar, filters=filters, rows=rows)


def new_unit(request: Any) -> HttpResponse:
    must_administer(request)
    area = area_bar(request).area
    form = UnitForm(posted(request))
    back = f"{reverse('desk:units')}?area={area.pk}"
    if request.method == "POST" and form.submit(
        lambda **v: services.save_unit(request.actor, area=area, **v)
    ):
        return done(request, _("已设立单位。"), reverse("desk:unit", args=[form.result.pk]))
    return form_page(request, form, title=_("在%(area)s设立单位") % {"area": area.name}, back=back)


@one_at_a_time
def unit(request: Any, unit_id: int) -> HttpResponse:
    """A unit with its people on a day; an administrator changes it here."""
    found = get_object_or_404(Unit.objects.select_related("area"), pk=unit_id)
    day = asked_day(request)
    before = {name: getattr(found, name) for name in UnitForm.base_fields}
    form = UnitForm(posted(request), initial=before)
    # Closing asks about the open cases first; it has a page of its own.
    del form.fields["active"]
    guard = values_guard(request, before)
    if request.method == "POST":
        must_administer(request)
        if form.submit(lambda **v: services.save_unit(request.actor, unit_id, **v), guard):
            return done(request, _("已保存。"), reverse("desk:unit", args=[unit_id]))
    held = posts_on(day).filter(unit=found).order_by("role", "user__name")
    context = {"unit": found, "day": day, "posts": held, "form": form, "guard": guard}
    return page(request, "unit.html", status=form_status(form, guard), **context)


class CloseUnitForm(ServiceForm):
    successor = forms.TypedChoiceField(
        label=gettext_lazy("接续的单位"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, unit: Unit, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["successor"]
        field.choices = [("", _("没有在办案件，不用接续")), *((one.pk, one.name) for one in successors(unit))]


def close_unit(request: Any, unit_id: int) -> HttpResponse:
    """Close a unit, and say who takes over what it has open."""
    must_administer(request)
    found = get_object_or_404(Unit.objects.select_related("area"), pk=unit_id, active=True)
    form = CloseUnitForm(found, posted(request))
    back = reverse("desk:unit", args=[unit_id])
    if request.method == "POST" and form.submit(
        lambda successor: cases_of_units.close_unit(request.actor, unit_id, successor)
    ):
        return done(request, _("单位已停用。"), back)
    count = cases_of_units.open_cases(found)
    note = (
        _(
            "这个单位还有 %(n)d 件在办案件。选择接续的单位后，案件、协办和责任清单逐项移交，并记入每件案件的经过。"
        )
        % {"n": count}
        if count
        else _("这个单位没有在办案件。停用后不再出现在派遣名单里，办过的事都保留。")
    )
    return form_page(
        request,
        form,
        title=_("停用“%(name)s”") % {"name": found.name},
        back=back,
        note=note,
        action=_("停用单位"),
        danger=True,
    )


@require_POST
def open_unit(request: Any, unit_id: int) -> HttpResponse:
    """A closed unit works again."""
    must_administer(request)
    get_object_or_404(Unit, pk=unit_id)
    return attempt(
        request,
        lambda: services.set_unit_active(request.actor, unit_id, True),
        _("单位已重新启用。"),
        reverse("desk:unit", args=[unit_id]),
    )


class PostFilter(forms.Form):
    day = DayField(label=gettext_lazy("日期"), required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("岗位"),
        choices=[("", gettext_lazy("全部岗位")), *((role.value, name) for role, name in ROLE_NAMES.items())],
        required=False,
    )
    q = forms.CharField(label=gettext_lazy("姓名"), required=False, max_length=40)
    area = forms.CharField(required=False, widget=forms.HiddenInput)


def posts(request: Any) -> HttpResponse:
    """Who holds which post in an area and below on a day, stand-ins beside the holder."""
    bar, day = area_bar(request), asked_day(request)
    filters = PostFilter({"day": day} | request.GET.dict())
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = posts_on(day).filter(area__path__startswith=bar.area.path)
    if asked.get("role"):
        found = found.filter(role=asked["role"])
    if asked.get("q"):
        found = found.filter(user__name__icontains=asked["q"])
    found = found.order_by("area__path", "role", "starts_on", "pk")
    rows = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    return page(request, "posts.html", bar=bar, day=day, filters=filters, rows=rows, tab="posts")


def teams(request: Any) -> HttpResponse:
    """The team of every grid of a street, of a community, or of one grid, on a day; a grid without a worker is a gap."""
    bar, day = area_bar(request), asked_day(request)
    fits = bar.area.level in (Level.STREET, Level.COMMUNITY, Level.GRID)
    rows = grid_teams(bar.area, day) if fits else []
    gaps = sum(team.worker is None for team in rows)
    return page(request, "teams.html", bar=bar, day=day, teams=rows, gaps=gaps, fits=fits, tab="teams")


class UserField(forms.CharField):
    """Somebody by account, or by a name that only one active account has."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=60, widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}), **options
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        active = User.objects.filter(is_active=True)
        found = active.filter(username=text).first()
        named = [found] if found else list(active.filter(name=text)[:2])
        if len(named) != 1:
            raise forms.ValidationError(
                _("有几位同名的人，请填写账号。") if named else _("没有这个在用的账号。")
            )
        return named[0].pk


class PostForm(ServiceForm):
    user_id = UserField(label=gettext_lazy("人员"), help_text=gettext_lazy("填写账号，或不重名的姓名。"))
    role = forms.ChoiceField(label=gettext_lazy("岗位"))
    unit_id = forms.TypedChoiceField(label=gettext_lazy("单位"), coerce=int, empty_value=None, required=False)
    starts_on = DayField(label=gettext_lazy("从哪天起"))
    ends_on = DayField(
        label=gettext_lazy("到哪天止"), required=False, help_text=gettext_lazy("不填就是一直任职。")
    )

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fitting = [role for role in Role if ROLE_PLACES[role][0] in (None, area.level)]
        self.fields["role"].choices = [(role.value, ROLE_NAMES[role]) for role in fitting]  # type: ignore[attr-defined]
        self.fields["unit_id"].choices = [  # type: ignore[attr-defined]
            ("", _("不属于单位")),
            *((unit.pk, unit.name) for unit in units_serving(area)),
        ]


def new_post(request: Any) -> HttpResponse:
    """Give somebody a post in the area of the address."""
    must_administer(request)
    area = area_bar(request).area
    first = {
        "starts_on": clock.today(),
        "role": request.GET.get("role"),
        "user_id": request.GET.get("user"),
        "unit_id": asked_id(request, "unit") or serving_unit(area),
    }
    form = PostForm(area, posted(request), initial=first)
    back = request.GET.get("back") if request.GET.get("back") in ("teams", "posts") else "posts"
    address = f"{reverse(f'desk:{back}')}?area={area.pk}"
    if request.method == "POST" and form.submit(
        lambda **v: services.give_post(request.actor, area_id=area.pk, **v)
    ):
        return done(request, _("已安排岗位。"), address)
    title = _("在%(area)s安排岗位") % {"area": area.name}
    return form_page(
        request, form, title=title, back=address, part="desk/admin/people_list.html", people=people()
    )


def serving_unit(area: Area) -> int | None:
    """The nearest station or centre, which most posts belong to."""
    centres = (UnitKind.STATION, UnitKind.STREET_CENTRE, UnitKind.DISTRICT_CENTRE)
    return units_serving(area).filter(kind__in=centres).values_list("pk", flat=True).first()


def people() -> Any:
    """Active accounts for the suggestions of a field."""
    return User.objects.filter(is_active=True).order_by("username").values("username", "name")[:500]


class EndForm(ServiceForm):
    on = DayField(label=gettext_lazy("最后一天"))


@one_at_a_time
def end_post(request: Any, post_id: int) -> HttpResponse:
    must_administer(request)
    post = get_object_or_404(posts_of_anybody(), pk=post_id)
    form = EndForm(posted(request), initial={"on": post.ends_on or clock.today()})
    guard = values_guard(request, post.ends_on, saved={"on": post.ends_on})
    back = reverse("desk:user", args=[post.user_id])
    if request.method == "POST" and form.submit(
        lambda on: services.end_post(request.actor, post_id, on), guard
    ):
        return done(request, _("岗位已安排结束。"), back)
    return form_page(
        request,
        form,
        title=_("结束岗位"),
        back=back,
        note=_post_words(post),
        action=_("结束岗位"),
        danger=True,
        guard=guard,
    )


class StandInForm(ServiceForm):
    user_id = UserField(label=gettext_lazy("替班人"), help_text=gettext_lazy("填写账号，或不重名的姓名。"))
    starts_on = DayField(label=gettext_lazy("从哪天起"))
    ends_on = DayField(label=gettext_lazy("到哪天止"))
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, required=False)


def stand_in(request: Any, post_id: int) -> HttpResponse:
    """Somebody takes over a post for some days."""
    must_administer(request)
    post = get_object_or_404(posts_of_anybody(), pk=post_id)
    form = StandInForm(posted(request), initial={"starts_on": clock.today()})
    back = f"{reverse('desk:posts')}?area={post.area_id}"
    if request.method == "POST" and form.submit(
        lambda **v: services.stand_in(request.actor, post_id=post_id, **v)
    ):
        return done(request, _("已安排替班。"), back)
    return form_page(
        request,
        form,
        title=_("安排替班"),
        back=back,
        note=_post_words(post),
        part="desk/admin/people_list.html",
        people=people(),
    )


@one_at_a_time
def end_stand_in(request: Any, stand_in_id: int) -> HttpResponse:
    must_administer(request)
    taken = get_object_or_404(StandIn.objects.select_related("post__area", "user"), pk=stand_in_id)
    last = min(max(clock.today(), taken.starts_on), taken.ends_on)
    form = EndForm(posted(request), initial={"on": last})
    guard = values_guard(request, taken.ends_on, saved={"on": taken.ends_on})
    back = f"{reverse('desk:posts')}?area={taken.post.area_id}"
    if request.method == "POST" and form.submit(
        lambda on: services.end_stand_in(request.actor, stand_in_id, on), guard
    ):
        return done(request, _("替班已安排结束。"), back)
    note = _("%(name)s 的替班，%(begin)s 至 %(end)s") % {
        "name": taken.user.name,
        "begin": taken.starts_on,
        "end": taken.ends_on,
    }
    return form_page(
        request, form, title=_("结束替班"), back=back, note=note, action=_("结束替班"), guard=guard
    )


def posts_of_anybody() -> Any:
    return Post.objects.select_related("user", "unit", "area")


def _post_words(post: Post) -> str:
    words = [
        post.user.name,
        str(post.get_role_display()),
        post.unit.name if post.unit else "",
        post.area.name,
    ]
    return " · ".join(word for word in words if word)
