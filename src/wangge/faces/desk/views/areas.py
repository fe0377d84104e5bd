"""The tree of areas: looked at by all staff, changed from a date on by administrators."""

from abc import abstractmethod
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wangge.domain.access.policy import may_plan
from wangge.domain.cases.services.areas import find_again, follow_areas
from wangge.domain.catalogue.models import Subject
from wangge.domain.places.models import LEVELS, Area, Kind, Level
from wangge.domain.places.queries import ancestors, last_change
from wangge.domain.places.services import changes, versions
from wangge.domain.places.services.changes import Changed, Part
from wangge.domain.places.services.sizes import LARGEST, set_grid_size
from wangge.domain.places.sizes import bounds_of, of_grid_size
from wangge.domain.places.tree import below, found, life_of
from wangge.domain.register.services.following import follow_borders
from wangge.faces.desk.admin_pages import (
    ServiceForm,
    done,
    form_page,
    must_administer,
    page,
    posted,
    revision_guard,
    values_guard,
)
from wangge.faces.desk.forms.widgets import DayField
from wangge.platform import clock


@require_safe
def tree(request: Any) -> HttpResponse:
    """The top of the tree, opened step by step; or what a search finds."""
    words = request.GET.get("q", "").strip()[:40]
    hits = list(found(words)) if words else []
    return page(request, "areas.html", q=words, hits=hits, top=() if words else below(None))


@require_safe
def children(request: Any, area_id: int) -> HttpResponse:
    """The next level of the tree, for htmx; without JavaScript one follows the names."""
    area = get_object_or_404(Area, pk=area_id)
    return render(request, "desk/admin/area_branch.html", {"areas": below(area)})


@require_safe
def area(request: Any, area_id: int) -> HttpResponse:
    """One area: what it is today, what lies in it, where it came from, its codes and its outline."""
    shown = get_object_or_404(Area.objects.select_related("parent"), pk=area_id)
    return page(
        request,
        "area.html",
        area=shown,
        above=list(ancestors(shown))[:-1],
        below=below(shown),
        below_level=_level_below(shown),
        life=life_of(shown),
        kinds=_kinds_for(shown),
        bounds=bounds_of(shown.pk) if shown.level == Level.DISTRICT else None,
        plannable=shown.active and shown.level == Level.COMMUNITY and may_plan(request.actor, shown.path),
        drawable=shown.active and shown.level in (Level.STREET, Level.COMMUNITY),
    )


class GridSizeForm(ServiceForm):
    least = forms.IntegerField(label=gettext_lazy("每个网格最少户数"), min_value=1, max_value=LARGEST)
    most = forms.IntegerField(label=gettext_lazy("每个网格最多户数"), min_value=1, max_value=LARGEST)
    note = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, help_text=gettext_lazy("例如通知的文号。")
    )


def grid_size(request: Any, area_id: int) -> HttpResponse:
    """How many homes a grid of the district should hold: borders outside that are warned about."""
    must_administer(request)
    district = get_object_or_404(Area, pk=area_id, level=Level.DISTRICT)
    guard = revision_guard(request, Subject.GRID_SIZE, district.pk)
    form = GridSizeForm(posted(request), initial=of_grid_size(district.pk))
    back = reverse("desk:area", args=[district.pk])
    if request.method == "POST" and form.submit(
        lambda **values: set_grid_size(request.actor, district.pk, **values), guard
    ):
        return done(request, _("网格规模已保存，画边界时按新的提醒。"), back)
    title = _("%(area)s的网格规模") % {"area": district.name}
    note = _("画边界和导入边界时，住房套数在这个范围以外的网格会提醒，不会拒绝。")
    return form_page(request, form, title=title, back=back, note=note, guard=guard)


def _level_below(area: Area) -> str:
    at = LEVELS.index(area.level) + 1
    return str(Level(LEVELS[at]).label) if at < len(LEVELS) else ""


class ChangeForm(ServiceForm):
    """What every change asks: from which day, and on what grounds."""

    on = DayField(label=gettext_lazy("从哪天起"))
    note = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("例如批复的文号。"),
    )

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.area = area
        self.order_fields([name for name in self.fields if name not in ("on", "note")])

    @abstractmethod
    def change(self, actor: Any, values: dict[str, Any]) -> Changed:
        """Make the change through its service."""


class FoundForm(ChangeForm):
    code = forms.CharField(label=gettext_lazy("编码"), max_length=15)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Kind.choices)

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(area, *args, **options)
        self.fields["code"].initial = area.code
        if area.level != Level.COMMUNITY:
            del self.fields["kind"]

    def change(self, actor: Any, values: dict[str, Any]) -> Changed:
        part = Part(values["code"], values["name"], kind=values.get("kind", Kind.ORDINARY))
        return changes.found(actor, self.area, part, values["on"], note=values["note"])


class RenameForm(ChangeForm):
    name = forms.CharField(label=gettext_lazy("新名称"), max_length=100)

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(area, *args, **options)
        self.fields["name"].initial = area.name

    def change(self, actor: Any, values: dict[str, Any]) -> Changed:
        return changes.rename(actor, self.area, values["name"], values["on"], note=values["note"])


class AreaField(forms.CharField):
    """An area by its official code."""

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if not code:
            return None
        area = Area.objects.filter(code=code, active=True).first()
        if area is None:
            raise forms.ValidationError(_("没有编码为 %(code)s 的区划。") % {"code": code})
        return area


class MoveForm(ChangeForm):
    parent = AreaField(label=gettext_lazy("划归（上级编码）"), max_length=15)
    code = forms.CharField(
        label=gettext_lazy("新编码"),
        max_length=15,
        required=False,
        help_text=gettext_lazy("不填就沿用原编码；下级的编码跟着改。"),
    )

    def change(self, actor: Any, values: dict[str, Any]) -> Changed:
        return changes.move(
            actor,
            self.area,
            values["parent"],
            values["on"],
            code=values["code"] or None,
            note=values["note"],
        )


class MergeForm(ChangeForm):
    sources = forms.ModelMultipleChoiceField(
        label=gettext_lazy("并入这里的区划"),
        queryset=Area.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(area, *args, **options)
        beside = Area.objects.filter(parent=area.parent, level=area.level, active=True).exclude(pk=area.pk)
        self.fields["sources"].queryset = beside.order_by("code")  # type: ignore[attr-defined]

    def change(self, actor: Any, values: dict[str, Any]) -> Changed:
        return changes.merge(actor, list(values["sources"]), self.area, values["on"], note=values["note"])


class SplitForm(ChangeForm):
    """Into two; what is not given to the second part goes to the first."""

    first_code = forms.CharField(label=gettext_lazy("第一部分的编码"), max_length=15)
    first_name = forms.CharField(label=gettext_lazy("第一部分的名称"), max_length=100)
    second_code = forms.CharField(label=gettext_lazy("第二部分的编码"), max_length=15)
    second_name = forms.CharField(label=gettext_lazy("第二部分的名称"), max_length=100)
    second_children = forms.ModelMultipleChoiceField(
        label=gettext_lazy("划给第二部分的下级"),
        queryset=Area.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("没有勾选的下级归第一部分。"),
    )

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(area, *args, **options)
        self.fields["first_code"].initial, self.fields["first_name"].initial = area.code, area.name
        inside = Area.objects.filter(parent=area, active=True).order_by("code")
        self.fields["second_children"].queryset = inside  # type: ignore[attr-defined]
        if area.level == Level.GRID:
            del self.fields["second_children"]

    def change(self, actor: Any, values: dict[str, Any]) -> Changed:
        second = {child.pk for child in values.get("second_children", ())}
        inside = Area.objects.filter(parent=self.area, active=True).values_list("pk", flat=True)
        parts = [
            Part(values["first_code"], values["first_name"], tuple(pk for pk in inside if pk not in second)),
            Part(values["second_code"], values["second_name"], tuple(sorted(second))),
        ]
        return changes.split(actor, self.area, parts, values["on"], note=values["note"])


class CloseForm(ChangeForm):
    def change(self, actor: Any, values: dict[str, Any]) -> Changed:
        return changes.close(actor, self.area, values["on"], note=values["note"])


# kind in the address: the form, its title, its button.
KINDS: dict[str, tuple[type[ChangeForm], Any, Any]] = {
    "found": (FoundForm, gettext_lazy("在%(area)s之下设立区划"), gettext_lazy("设立下级")),
    "rename": (RenameForm, gettext_lazy("%(area)s更名"), gettext_lazy("更名")),
    "move": (MoveForm, gettext_lazy("%(area)s变更隶属"), gettext_lazy("变更隶属")),
    "merge": (MergeForm, gettext_lazy("把别的区划并入%(area)s"), gettext_lazy("合并")),
    "split": (SplitForm, gettext_lazy("把%(area)s拆成两个"), gettext_lazy("拆分")),
    "close": (CloseForm, gettext_lazy("撤销%(area)s"), gettext_lazy("撤销")),
}


def _kinds_for(area: Area) -> list[tuple[str, Any]]:
    """The changes that make sense for an area, with their words."""
    if not area.active:
        return []
    kept = {"found"} if area.level == Level.GRID else set()
    kept |= {"move", "merge", "split"} if area.parent_id is None else set()
    return [(kind, button) for kind, (_form, _title, button) in KINDS.items() if kind not in kept]


def change(request: Any, area_id: int, kind: str) -> HttpResponse:
    """One of the six changes of the tree, from a day on."""
    must_administer(request)
    if request.method == "POST":
        versions.lock()
    area = get_object_or_404(Area.objects.select_related("parent"), pk=area_id)
    if kind not in dict(_kinds_for(area)):
        raise Http404
    form_class, title, button = KINDS[kind]
    form = form_class(area, posted(request), initial={"on": clock.today()})

    def act(**values: Any) -> Changed:
        made = form.change(request.actor, values)
        follow_areas(made.repaths)
        find_again()
        follow_borders()
        return made

    guard = values_guard(request, area.name, area.code, area.parent_id, area.active, last_change(area))
    if request.method == "POST" and form.submit(act, guard):
        return done(request, _("区划变更已登记。"), reverse("desk:area", args=[_after(form.result, area).pk]))
    note = _("变更从选定的日子起生效，以前的名称、编码和隶属都保留。")
    return form_page(
        request,
        form,
        title=str(title) % {"area": area.name},
        back=reverse("desk:area", args=[area_id]),
        action=str(button),
        note=note,
        danger=kind == "close",
        guard=guard,
    )


def _after(made: Changed, area: Area) -> Area:
    """Where to look after a change: the area just founded, otherwise the one changed."""
    return made.change.area or area if made.change.kind == "found" else area
