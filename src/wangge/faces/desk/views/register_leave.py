"""Leave to look: errands of a street, grants for one person, figures for who sees nobody; corrections that residents ask."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.actor import Role
from wangge.domain.places.models import Level
from wangge.domain.register.models import Correction, Grant, Resident
from wangge.domain.register.queries.figures import figures as figures_of
from wangge.domain.register.queries.rights import my_grants, waiting_corrections
from wangge.domain.register.services import correcting, leave, looking
from wangge.domain.register.services.base import kept
from wangge.faces.desk.admin_pages import PAGE_ROWS, area_bar, attempt, done, form_page, posted
from wangge.faces.desk.forms.register import ErrandForm, GrantForm, RefuseForm
from wangge.faces.desk.views.register import must_serve
from wangge.faces.desk.views.register_people import disclosed, of_dwelling
from wangge.platform.errors import NotAllowed, NotFound


def errand(request: Any) -> HttpResponse:
    """A street states why it looks at its register, for some hours."""
    if not request.actor.has(Role.STREET_DISPATCHER, Role.STREET_LEADER):
        raise NotAllowed(_("只有街道的岗位按事由查看居民登记。"))
    form = ErrandForm(posted(request))
    back = reverse("desk:register")
    if request.method == "POST" and form.submit(lambda **v: leave.begin_errand(request.actor, **v)):
        return done(request, _("可以查看了，%(n)d 小时后自动结束。") % {"n": leave.ERRAND_HOURS}, back)
    note = _("街道只在有事由时查看居民登记。事由、案件和每次查看都有记录，居民能看到。")
    return form_page(request, form, title=_("写明查看事由"), back=back, note=note, action=_("开始查看"))


@require_POST
def end_errand(request: Any) -> HttpResponse:
    """Done looking."""
    must_serve(request)
    return attempt(
        request, lambda: leave.end_errands(request.actor), _("已结束查看。"), reverse("desk:register")
    )


@require_safe
def grants(request: Any) -> HttpResponse:
    """What the actor was granted, and what the actor's ring has granted to others."""
    return render(request, "desk/register/grants.html", {"grants": my_grants(request.actor)})


@require_POST
def show_grant(request: Any, grant_id: int) -> HttpResponse:
    """The one person of a grant, for its purpose, written down first."""
    found = looking.show_granted(request.actor, grant_id, request.POST.get("purpose", ""))
    facts = [
        (_("姓名"), found.name),
        (_("电话"), found.phone or "—"),
        (_("出生年份"), found.birth_year or "—"),
        (_("户籍类别"), found.get_residence_display()),
    ]
    return disclosed(request, _("授权查看的居民"), facts, reverse("desk:grants"))


@require_POST
def end_grant(request: Any, grant_id: int) -> HttpResponse:
    """Taken back before its time."""
    kept(request.actor, Grant, grant_id)
    return attempt(
        request, lambda: leave.end_grant(request.actor, grant_id), _("已收回授权。"), reverse("desk:grants")
    )


def new_grant(request: Any, resident_id: int) -> HttpResponse:
    """One user may see one resident, for a case and some days."""
    must_serve(request)
    found = kept(request.actor, Resident, resident_id, "household")
    form = GrantForm(posted(request))
    back = of_dwelling(found.household.dwelling_id)
    if request.method == "POST" and form.submit(lambda **v: leave.grant(request.actor, resident_id, **v)):
        return done(request, _("已授权。"), back)
    note = _("对方只能看到这一个人，只用于这件案件，到期自动收回。每次查看都有记录。")
    return form_page(request, form, title=_("授权查看一人"), back=back, note=note, action=_("授权"))


@require_safe
def figures(request: Any) -> HttpResponse:
    """How many households and people live where, small figures left out; nobody single."""
    bar = area_bar(request)
    rows = figures_of(request.actor, bar.area)
    context = {"bar": bar, "rows": rows, "leads_down": bar.area.level != Level.COMMUNITY}
    return render(request, "desk/register/figures.html", context)


@require_safe
def corrections(request: Any) -> HttpResponse:
    """What residents say is right, the oldest first; the content stays masked."""
    must_serve(request)
    rows = Paginator(waiting_corrections(request.actor), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"rows": rows, "purpose": correcting.PURPOSE}
    return render(request, "desk/register/corrections.html", context)


@require_POST
def show_correction(request: Any, correction_id: int) -> HttpResponse:
    """What is registered and what the person asks for, side by side; written down first."""
    must_serve(request)
    return _shown(request, correction_id, request.POST.get("purpose", ""), RefuseForm())


def _shown(
    request: Any, correction_id: int, purpose: str, form: RefuseForm, status: int = 200
) -> HttpResponse:
    shown = correcting.show(request.actor, correction_id, purpose)
    names = {"name": _("姓名"), "phone": _("电话"), "birth_year": _("出生年份")}
    differences = [(names[column], now, asked) for column, now, asked in shown.differences]
    context = {"shown": shown, "differences": differences, "form": form, "back": reverse("desk:corrections")}
    answer = render(request, "desk/register/correction.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def decide(request: Any, correction_id: int, what: str) -> HttpResponse:
    """Take the correction over, or say why not."""
    must_serve(request)
    kept(request.actor, Correction, correction_id)
    back = reverse("desk:corrections")
    if what == "take":
        return attempt(request, lambda: correcting.take(request.actor, correction_id), _("已更正。"), back)
    if what == "refuse":
        form = RefuseForm(request.POST)
        if not form.is_valid():
            return _shown(request, correction_id, correcting.PURPOSE, form, 422)
        answer = form.cleaned_data["answer"]
        return attempt(
            request, lambda: correcting.refuse(request.actor, correction_id, answer), _("已答复。"), back
        )
    raise NotFound(_("没有这个操作。"))
