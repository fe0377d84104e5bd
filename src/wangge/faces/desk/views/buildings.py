"""Buildings and dwellings: the list, the cut-away, rooms from a pattern, one dwelling."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.policy import may_keep_places
from wangge.domain.cases.queries.places import open_cases_at
from wangge.domain.places import housing
from wangge.domain.places.models import (
    Area,
    Building,
    BuildingKind,
    Compound,
    Dwelling,
    DwellingBatch,
    DwellingUse,
    Level,
)
from wangge.domain.places.patterns import Pattern
from wangge.domain.places.services import buildings as building_services
from wangge.domain.places.services import dwellings as services
from wangge.faces.desk.admin_pages import (
    PAGE_ROWS,
    ServiceForm,
    area_bar,
    attempt,
    done,
    form_page,
    one_at_a_time,
    posted,
    values_guard,
)
from wangge.faces.desk.forms.errors import show
from wangge.faces.desk.views.register import serves_people
from wangge.faces.desk.words import USE_LETTERS
from wangge.platform import clock
from wangge.platform.errors import NotAllowed, WanggeError


@require_safe
def buildings(request: Any) -> HttpResponse:
    """Buildings of an area by their signs, with how many of their dwellings I may see and how many are empty."""
    bar, words = area_bar(request), request.GET.get("q", "").strip()[:40]
    page = Paginator(housing.buildings_in(bar.area, words), PAGE_ROWS).get_page(request.GET.get("page"))
    counts = housing.dwelling_counts(page)
    rows = [(row, sum(counts[row.pk].values()), counts[row.pk].get(DwellingUse.EMPTY, 0)) for row in page]
    keeps = bar.area.level in (Level.STREET, Level.COMMUNITY, Level.GRID) and may_keep_places(
        request.actor, bar.area.path
    )
    context = {"bar": bar, "q": words, "page": page, "rows": rows, "keeps": keeps}
    return render(request, "desk/buildings.html", context)


@require_safe
def building(request: Any, building_id: int) -> HttpResponse:
    """The cut-away: floors by flats, their use, what is empty; no names."""
    shown = _building(building_id)
    cut, keeps = housing.cut_away(shown), may_keep_places(request.actor, shown.area.path)
    context = {
        "building": shown,
        "title": building_title(shown),
        "cut": cut,
        "point": f"{shown.lon},{shown.lat}",
        "uses": [
            (value, label, USE_LETTERS[value], cut.uses[value])
            for value, label in DwellingUse.choices
            if value in cut.uses
        ],
        "open_cases": open_cases_at(request.actor, shown),
        "panoramas": housing.panoramas_of(shown),
        "keeps": keeps,
        "batches": housing.batches_of(shown) if keeps else [],
    }
    return render(request, "desk/building.html", context)


class BuildingForm(ServiceForm):
    address = forms.CharField(label=gettext_lazy("门牌地址"), max_length=120, required=False)
    compound = forms.ModelChoiceField(
        label=gettext_lazy("小区"), queryset=Compound.objects.none(), required=False
    )
    number = forms.CharField(
        label=gettext_lazy("楼号"), max_length=20, required=False, help_text=gettext_lazy("例如 3栋。")
    )
    name = forms.CharField(label=gettext_lazy("楼名"), max_length=60, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=BuildingKind.choices)
    floors = forms.IntegerField(label=gettext_lazy("地上层数"), min_value=1, max_value=200)

    def __init__(self, communities: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = Compound.objects.filter(area__in=communities, removed_on=None).order_by("name")
        self.fields["compound"].queryset = known  # type: ignore[attr-defined]


class NewBuildingForm(BuildingForm):
    lon = forms.FloatField(
        widget=forms.HiddenInput, error_messages={"required": gettext_lazy("请在地图上选位置。")}
    )
    lat = forms.FloatField(widget=forms.HiddenInput)


def new_building(request: Any) -> HttpResponse:
    """A building by its place on the map and its signs; its rooms come next."""
    bar = area_bar(request)
    if not may_keep_places(request.actor, bar.area.path):
        raise NotAllowed(_("楼栋和房屋由所在网格、社区和街道的人员维护。"))
    communities = Area.objects.filter(
        level=Level.COMMUNITY, path__startswith=bar.area.path
    ) | Area.objects.filter(pk=bar.area.parent_id or 0)
    form = NewBuildingForm(communities, posted(request), initial={"floors": 7})
    if request.method == "POST" and form.submit(
        lambda **values: building_services.add(request.actor, **values)
    ):
        return done(
            request, _("楼栋已登记，接着可以生成房屋。"), reverse("desk:building", args=[form.result.pk])
        )
    context = {"form": form, "bar": bar, "back": f"{reverse('desk:buildings')}?area={bar.area.pk}"}
    return render(request, "desk/building_new.html", context, status=422 if form.errors else 200)


@one_at_a_time
def edit_building(request: Any, building_id: int) -> HttpResponse:
    """Other signs, type or floors."""
    shown = _building(building_id)
    fields = ("address", "compound", "number", "name", "kind", "floors")
    initial = {name: getattr(shown, f"{name}_id" if name == "compound" else name) for name in fields}
    form = BuildingForm([shown.area.parent_id], posted(request), initial=initial)
    guard = values_guard(request, *initial.values())

    def act(**values: Any) -> Building:
        return building_services.change(request.actor, shown, **values)

    back = reverse("desk:building", args=[shown.pk])
    services.check_keeper(request.actor, shown)
    if request.method == "POST" and form.submit(act, guard):
        return done(request, _("楼栋已修改。"), back)
    return form_page(request, form, title=building_title(shown), back=back, guard=guard)


@require_POST
def remove_building(request: Any, building_id: int) -> HttpResponse:
    """It was pulled down."""
    shown = _building(building_id)
    return attempt(
        request,
        lambda: building_services.remove(request.actor, shown, clock.today()),
        _("楼栋已登记为拆除。"),
        f"{reverse('desk:buildings')}?area={shown.area_id}",
    )


class PatternForm(ServiceForm):
    floors = forms.CharField(
        label=gettext_lazy("楼层"), max_length=80, help_text=gettext_lazy("例如 1-12，或 -1,1-3,5-12。")
    )
    stairwells = forms.IntegerField(
        label=gettext_lazy("单元数"), min_value=0, max_value=40, help_text=gettext_lazy("不分单元的楼写 0。")
    )
    per_floor = forms.IntegerField(label=gettext_lazy("每单元每层户数"), min_value=1, max_value=99)
    room = forms.CharField(
        label=gettext_lazy("房号的样子"),
        max_length=40,
        help_text=gettext_lazy("{floor} 是楼层，{no:02} 是两位的户序号，{stair} 是单元。"),
    )
    first = forms.IntegerField(label=gettext_lazy("户序号从几开始"), min_value=0, max_value=99)
    use = forms.ChoiceField(label=gettext_lazy("用途"), choices=DwellingUse.choices)

    def pattern(self) -> Pattern:
        return Pattern(**{name: self.cleaned_data[name] for name in Pattern.__dataclass_fields__})


def generate(request: Any, building_id: int) -> HttpResponse:
    """Rooms from a pattern: shown first, made when confirmed."""
    shown = _building(building_id)
    services.check_keeper(request.actor, shown)
    start = {
        "floors": f"1-{shown.floors}",
        "stairwells": 1,
        "per_floor": 2,
        "room": "{floor}{no:02}",
        "first": 1,
    }
    form = PatternForm(posted(request), initial=start | {"use": DwellingUse.UNKNOWN})
    back = reverse("desk:building", args=[shown.pk])
    if "make" in request.POST and form.submit(
        lambda **values: services.generate(request.actor, shown, form.pattern())
    ):
        return done(request, _("房屋已生成。"), back)
    preview = (
        _preview(request, shown, form) if request.method == "POST" and "make" not in request.POST else None
    )
    context = {
        "form": form,
        "building": shown,
        "title": building_title(shown),
        "preview": preview,
        "back": back,
    }
    return render(request, "desk/generate.html", context, status=422 if form.errors else 200)


def _preview(request: Any, building: Building, form: PatternForm) -> services.Preview | None:
    if not form.is_valid():
        return None
    try:
        return services.preview(request.actor, building, form.pattern())
    except WanggeError as refusal:
        show(form, refusal)
        return None


@require_POST
def undo_batch(request: Any, batch_id: int) -> HttpResponse:
    """Take back what was made from one pattern."""
    batch = get_object_or_404(DwellingBatch.objects.select_related("building__area"), pk=batch_id)
    return attempt(
        request,
        lambda: services.undo(request.actor, batch),
        _("这一批房屋已撤销。"),
        reverse("desk:building", args=[batch.building_id]),
    )


class DwellingForm(ServiceForm):
    room = forms.CharField(label=gettext_lazy("房号"), max_length=20)
    use = forms.ChoiceField(label=gettext_lazy("用途"), choices=DwellingUse.choices)


class NewDwellingForm(DwellingForm):
    stairwell = forms.IntegerField(
        label=gettext_lazy("单元"), min_value=0, max_value=40, help_text=gettext_lazy("不分单元的楼写 0。")
    )
    floor = forms.IntegerField(label=gettext_lazy("楼层"), min_value=-9, max_value=200)

    field_order = ("stairwell", "floor", "room", "use")


def new_dwelling(request: Any, building_id: int) -> HttpResponse:
    """One dwelling more."""
    shown = _building(building_id)
    services.check_keeper(request.actor, shown)
    form = NewDwellingForm(posted(request), initial={"stairwell": 1, "floor": 1})
    back = reverse("desk:building", args=[shown.pk])
    if request.method == "POST" and form.submit(
        lambda **values: services.add(request.actor, shown, **values)
    ):
        return done(request, _("房屋已登记。"), back)
    return form_page(
        request, form, title=_("在%(building)s加一套房屋") % {"building": building_title(shown)}, back=back
    )


@require_safe
def dwelling(request: Any, dwelling_id: int) -> HttpResponse:
    """One dwelling: where it is and what it is used for. Who lives there stands on the register's own page."""
    shown = _dwelling(dwelling_id)
    context = {
        "dwelling": shown,
        "title": dwelling_title(shown),
        "letter": USE_LETTERS[shown.use],
        "report": _report_here(shown),
        "keeps": may_keep_places(request.actor, shown.area.path),
        "serves": serves_people(request.actor),
    }
    return render(request, "desk/dwelling.html", context)


@one_at_a_time
def edit_dwelling(request: Any, dwelling_id: int) -> HttpResponse:
    """Another number or use."""
    shown = _dwelling(dwelling_id)
    services.check_keeper(request.actor, shown.building)
    form = DwellingForm(posted(request), initial={"room": shown.room, "use": shown.use})
    guard = values_guard(request, shown.room, shown.use)
    back = reverse("desk:dwelling", args=[shown.pk])

    def act(**values: Any) -> Dwelling:
        return services.change(request.actor, shown, **values)

    if request.method == "POST" and form.submit(act, guard):
        return done(request, _("房屋已修改。"), back)
    return form_page(request, form, title=dwelling_title(shown), back=back, guard=guard)


@require_POST
def remove_dwelling(request: Any, dwelling_id: int) -> HttpResponse:
    """A dwelling that was entered by mistake."""
    shown = _dwelling(dwelling_id)
    back = reverse("desk:building", args=[shown.building_id])
    return attempt(request, lambda: services.remove(request.actor, shown), _("房屋已删除。"), back)


def _report_here(dwelling: Dwelling) -> str:
    """The form of a report with this place filled in."""
    at = {"lon": dwelling.building.lon, "lat": dwelling.building.lat, "address": dwelling_title(dwelling)}
    return f"{reverse('desk:report')}?{urlencode(at)}"


def dwelling_title(dwelling: Dwelling) -> str:
    """ "宝业花园3栋1单元502"."""
    return f"{building_title(dwelling.building)}{dwelling.stairwell or ' '}{dwelling.room}"


def building_title(building: Building) -> str:
    """ "宝业花园3栋", "厚德里12号"."""
    return f"{building.compound or ''}{building}"


def _building(building_id: int) -> Building:
    return get_object_or_404(Building.objects.select_related("area__parent", "compound"), pk=building_id)


def _dwelling(dwelling_id: int) -> Dwelling:
    """One in my ring; everybody else's does not exist."""
    rows = Dwelling.objects.select_related("building__area", "building__compound", "stairwell", "area")
    found: Dwelling = get_object_or_404(rows, pk=dwelling_id)
    return found
