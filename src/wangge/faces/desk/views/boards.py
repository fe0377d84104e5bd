"""Notice boards of grids at the desk: what stands on them, posters and cards to print, a whole community's set."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.policy import may_administer, may_keep_places
from wangge.domain.boards import queries, services
from wangge.domain.boards.drawing import cards_pdf, poster_pdf
from wangge.domain.boards.models import Card
from wangge.domain.places.models import Area, Level
from wangge.faces.desk.admin_pages import (
    ServiceForm,
    area_bar,
    done,
    form_page,
    one_at_a_time,
    pdf_answer,
    posted,
    values_guard,
)
from wangge.faces.desk.forms.widgets import PhotoField
from wangge.platform.errors import Invalid, NotAllowed, NotFound

_PAPERS = {"poster": poster_pdf, "cards": cards_pdf}
_SHOWN = (Level.STREET, Level.COMMUNITY, Level.GRID)


class SetForm(ServiceForm):
    """Nothing but the key: a set is asked for once."""


@require_safe
def boards(request: Any) -> HttpResponse:
    """The grids of a street, community or grid: who is on each board, and what is missing there."""
    bar = area_bar(request)
    shown = bar.area.level in _SHOWN
    where, lines = queries.duties_of(bar.area)
    context = {
        "bar": bar,
        "shown": shown,
        "boards": queries.boards_below(bar.area) if shown else [],
        "duties": lines.splitlines(),
        "duties_of": where,
        "keeps": shown and _keeps(request.actor, bar.area),
        "form": SetForm(),
    }
    return render(request, "desk/boards.html", context)


@require_safe
def paper(request: Any, code: str, what: str) -> HttpResponse:
    """The poster or the sheet of cards of one grid as PDF."""
    grid = get_object_or_404(Area, code=code, active=True, level=Level.GRID)
    draw = _PAPERS.get(what)
    if draw is None:
        raise NotFound(_("没有这种公示牌。"))
    return pdf_answer(draw(grid, report_links()), f"{code}-{what}.pdf")


@require_POST
def new_set(request: Any, area_id: int) -> HttpResponse:
    """Ask for posters and cards of all grids of an area in one file."""
    area = get_object_or_404(Area, pk=area_id, active=True, level__in=_SHOWN)
    form = SetForm(request.POST)
    if not form.is_valid() or form.cleaned_data["key"] is None:
        raise Invalid({"key": _("请回到公示牌页面再按一次。")})
    run = services.start(request.actor, form.cleaned_data["key"], area, report_links())
    return redirect("desk:board-set", run.pk)


@require_safe
def board_set(request: Any, run_id: int) -> HttpResponse:
    """How far a set is; while the worker is at it, only the part that changes is asked for again."""
    context = {"run": queries.print_run(run_id)}
    template = "desk/parts/board_set.html" if request.htmx else "desk/board_set.html"
    return render(request, template, context)


@require_safe
def set_file(request: Any, run_id: int) -> HttpResponse:
    """The finished PDF of a set."""
    run = queries.print_run(run_id)
    path = Path(settings.MEDIA_ROOT) / run.file
    if not run.file or not path.exists():
        raise NotFound(_("这份公示牌还没有画好，或已过保存期。"))
    return pdf_answer(path.read_bytes(), f"{run.area.code}-boards.pdf")


class DutiesForm(ServiceForm):
    lines = forms.CharField(
        label=gettext_lazy("网格员为您做什么"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("每行一条。本级和下级没有另写的网格都用这些；全部清空就用上级的。"),
    )


@one_at_a_time
def edit_duties(request: Any, area_id: int) -> HttpResponse:
    """The duties that the boards of an area show."""
    area = get_object_or_404(Area, pk=area_id, active=True, level__in=_SHOWN)
    if not _keeps(request.actor, area):
        raise NotAllowed(_("公示的职责由所在社区、街道的人员或平台管理员维护。"))
    _where, lines = queries.duties_of(area)
    form = DutiesForm(posted(request), initial={"lines": lines})
    guard = values_guard(request, lines)
    back = f"{reverse('desk:boards')}?area={area.pk}"
    if request.method == "POST" and form.submit(
        lambda **values: services.set_duties(request.actor, area, **values), guard
    ):
        return done(request, _("公示的职责已保存。"), back)
    title = _("%(area)s公示的职责") % {"area": area.short_name}
    return form_page(request, form, title=title, back=back, guard=guard)


class CardForm(ServiceForm):
    phone = forms.CharField(
        label=gettext_lazy("工作电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("办公用的号码。不要写私人手机。"),
    )
    photo = PhotoField(label=gettext_lazy("照片"), required=False)
    no_photo = forms.BooleanField(label=gettext_lazy("不再公开照片"), required=False)


@one_at_a_time
def own_card(request: Any) -> HttpResponse:
    """What the public board shows of me: my own decision, taken back as easily."""
    if not request.actor.has(Role.GRID_WORKER, Role.GRID_LEAD):
        raise NotAllowed(_("公示牌上只有网格员和网格长。"))
    card = queries.card_of(request.actor.user_id)
    initial = {"phone": card.phone if card else ""}
    form = CardForm(posted(request), request.FILES or None, initial=initial)
    guard = values_guard(request, initial["phone"], card.photo if card else "")

    def act(**values: Any) -> Card | None:
        return services.give_card(request.actor, **values)

    back = reverse("desk:account")
    if request.method == "POST" and form.submit(act, guard):
        return done(request, _("已保存，公示牌页面马上更新。"), back)
    note = _("网格公示牌对所有人公开。姓名按岗位公示；电话和照片由您自己决定给不给，随时可以收回。")
    return form_page(request, form, title=_("公示牌上的我"), back=back, note=note, guard=guard, files=True)


def report_links() -> str:
    """The address of a grid's report form, with {code} where its code goes."""
    path = reverse("portal:poster-code", args=["CODE"]).replace("CODE", "{code}")
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def _keeps(actor: Actor, area: Area) -> bool:
    return may_keep_places(actor, area.path) or may_administer(actor)
