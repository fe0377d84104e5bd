"""Care on application and with consent: the form with its text, the list of reviews, the end."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.policy import near_paths
from wangge.domain.register.consents import newest
from wangge.domain.register.models import CareKind, CareNeed, Resident
from wangge.domain.register.queries.homes import address_of, care_to_review
from wangge.domain.register.services import care, looking
from wangge.domain.register.services.base import kept
from wangge.faces.desk.admin_pages import (
    PAGE_ROWS,
    attempt,
    done,
    form_page,
    one_at_a_time,
    posted,
    values_guard,
)
from wangge.faces.desk.forms.register import CareForm, PurposeForm, ReviewForm
from wangge.faces.desk.views.register import must_serve, opened
from wangge.faces.desk.views.register_people import disclosed, of_dwelling
from wangge.platform import clock
from wangge.platform.errors import NotFound


@require_safe
def care_list(request: Any) -> HttpResponse:
    """Running care, the next review first; who and what stays masked."""
    must_serve(request)
    rows = Paginator(care_to_review(request.actor), PAGE_ROWS).get_page(request.GET.get("page"))
    purposes: Any = PurposeForm(opened(request.actor)).fields["purpose"]
    context = {
        "rows": rows,
        "lines": [(one, address_of(one.resident.household.dwelling)) for one in rows],
        "today": clock.today(),
        "purposes": purposes.choices,
        "keeps": near_paths(request.actor),
    }
    return render(request, "desk/register/care.html", context)


def apply(request: Any, resident_id: int) -> HttpResponse:
    """The application with the text that is agreed to."""
    must_serve(request)
    found = kept(request.actor, Resident, resident_id, "household")
    today = clock.today()
    form = CareForm(found.area, posted(request), initial={"consent_on": today})
    back = of_dwelling(found.household.dwelling_id)
    if request.method == "POST" and form.submit(lambda **v: care.apply(request.actor, resident_id, **v)):
        return done(request, _("已登记照料申请。"), back)
    return form_page(
        request,
        form,
        title=_("申请照料"),
        back=back,
        note=_("请先把下面的同意书读给本人听，本人同意后再登记。"),
        part="desk/register/consent.html",
        consent=newest(),
    )


@require_POST
def show(request: Any, care_id: int) -> HttpResponse:
    """Who asked for which care, with a purpose, written down first."""
    must_serve(request)
    found = looking.show_care(request.actor, care_id, request.POST.get("purpose", ""))
    facts = [
        (_("姓名"), found.resident.name),
        (_("电话"), found.resident.phone or "—"),
        (_("照料"), CareKind(str(found.kind)).label if found.kind else _("已删除")),
        (_("希望得到什么帮助"), found.asks or "—"),
        (_("由谁提供"), found.provider or "—"),
    ]
    return disclosed(request, _("照料申请"), facts, reverse("desk:care"))


@one_at_a_time
def review(request: Any, care_id: int) -> HttpResponse:
    """Still needed: the next review and the new end."""
    must_serve(request)
    found = kept(request.actor, CareNeed, care_id)
    now = {"provider_id": found.provider_id, "review_on": found.review_on, "ends_on": found.ends_on}
    form = ReviewForm(found.area, posted(request), initial=now)
    guard = values_guard(request, found.version)
    back = reverse("desk:care")
    if request.method == "POST" and form.submit(lambda **v: care.review(request.actor, care_id, **v), guard):
        return done(request, _("已复核。"), back)
    return form_page(request, form, title=_("复核照料"), back=back, guard=guard, action=_("继续提供"))


@require_POST
def act(request: Any, care_id: int, what: str) -> HttpResponse:
    """No longer needed, or the consent is withdrawn: ends at once, and what was needed is deleted."""
    must_serve(request)
    kept(request.actor, CareNeed, care_id)
    acts = {"end": (care.end, _("照料已结束。")), "withdraw": (care.withdraw, _("已撤回同意，照料已结束。"))}
    if what not in acts:
        raise NotFound(_("没有这个操作。"))
    run, text = acts[what]
    return attempt(request, lambda: run(request.actor, care_id), text, reverse("desk:care"))
